"""What an actor may know of introductions: the query and the permission say the same; training rows."""

from datetime import datetime

import pytest

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, permissions, queries
from keqiao.apps.market.models import DeclineReason, Introduction, Need
from keqiao.apps.market.queries.training import GRADES_BY_REASON, TrainingRow
from keqiao.apps.parties.actors import VISITOR, Actor, system
from tests.apps.acting import administrator, broker, broker_at, coordinator, editor, officer, person
from tests.factories.market import IntroductionFactory, NeedFactory, OfferFactory
from tests.factories.parties import BrokerFactory, OrganizationFactory, StationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def everybody() -> dict[str, Actor]:
    branch = StationFactory(kind="branch")
    station, other = StationFactory(parent=branch), StationFactory()
    author = UserFactory()
    firm, school = OrganizationFactory(), OrganizationFactory()
    need, offer = NeedFactory(organization=firm), OfferFactory(organization=school)
    owner = BrokerFactory(station=station).user
    IntroductionFactory(need=need, offer=offer, station=station, owner=owner)
    IntroductionFactory(need=NeedFactory(author=author, area="229902"), station=other)
    IntroductionFactory(need=NeedFactory(area="229903"))
    IntroductionFactory(need=NeedFactory(area="999999"), offer=offer, station=other, owner=owner)
    return {
        "seeker": editor(firm), "provider": editor(school), "owner": broker_at(station, owner),
        "colleague": broker_at(station, UserFactory()), "above": coordinator(branch, UserFactory()),
        "beside": coordinator(other, UserFactory()), "author": broker(author), "no station": broker(UserFactory()),
        "officer": officer("229901"), "region": officer("229999"), "administrator": administrator(),
        "person": person(), "visitor": VISITOR, "left": person(owner), "product": system("test"),
    }  # fmt: skip


def test_query_and_permission_agree_for_everybody() -> None:
    seen = {}
    for name, actor in everybody().items():
        by_query = set(queries.introductions_for(actor).values_list("pk", flat=True))
        rows = Introduction.objects.select_related(*queries.introductions.JOINED)
        by_permission = {row.pk for row in rows if permissions.can_see_introduction(actor, row).allowed}
        assert by_query == by_permission, name
        seen[name] = len(by_query)

    assert seen == {
        "seeker": 1, "provider": 2, "owner": 3, "colleague": 2, "above": 1, "beside": 2, "author": 2, "no station": 1,
        "officer": 1, "region": 4, "administrator": 0, "person": 0, "visitor": 0, "left": 0, "product": 4,
    }  # fmt: skip


def test_introduction_of_others_looks_like_none() -> None:
    row = IntroductionFactory(station=StationFactory())

    with pytest.raises(Introduction.DoesNotExist):
        queries.introduction(row.key, person())
    assert queries.introduction(row.key, editor(row.need.organization)) == row


def kept_back() -> Introduction:
    row: Introduction = IntroductionFactory(need=NeedFactory(secrecy="introduction"), willing=True)
    return row


def member(row: Introduction) -> tuple[Actor, object]:
    user = UserFactory()
    return editor(row.offer.organization, user), user


def test_disclosure_waits_for_the_promises_of_both(now: datetime) -> None:
    row = kept_back()
    actor, user = member(row)
    refusals = []
    for side in ("seeker", "provider"):
        with pytest.raises(Refused) as refusal:
            actions.disclose(row.need, to=user, by=actor, at=now)  # type: ignore[arg-type]
        refusals.append(refusal.value.reason)
        setattr(row, f"{side}_nda_at", now)
        row.save()

    assert refusals == ["introduction_needed"] * 2
    assert queries.face(row.need, actor).hidden == "disclose_first"
    actions.disclose(row.need, to=user, by=actor, at=now)  # type: ignore[arg-type]
    face = queries.face(row.need, actor)
    assert (face.hidden, face.text, face.organization_key) == ("", row.need.text, row.need.organization.key)


@pytest.mark.parametrize("change", [{"state": "declined", "reason": "timing", "closed_side": "seeker"},
                                    {"provider_nda_at": None}])  # fmt: skip
def test_disclosure_ends_with_what_opened_it(change: dict[str, object], now: datetime) -> None:
    row = kept_back()
    actor, user = member(row)
    row.seeker_nda_at = row.provider_nda_at = row.closed_at = now
    row.save()
    actions.disclose(row.need, to=user, by=actor, at=now)  # type: ignore[arg-type]

    Introduction.objects.filter(pk=row.pk).update(**change)

    assert queries.face(row.need, actor).hidden == "introduction_needed"


def test_disclosure_stays_open_when_the_need_is_withdrawn(now: datetime) -> None:
    row = kept_back()
    actor, user = member(row)
    row.seeker_nda_at = row.provider_nda_at = now
    row.save()
    Need.objects.update(state="withdrawn")
    row.need.refresh_from_db()

    actions.disclose(row.need, to=user, by=actor, at=now)  # type: ignore[arg-type]

    assert queries.face(row.need, actor).text == row.need.text


def test_disclosure_does_not_open_to_others(now: datetime) -> None:
    row = kept_back()
    row.seeker_nda_at = row.provider_nda_at = now
    row.save()
    stranger = editor(OrganizationFactory(), UserFactory())

    assert queries.face(row.need, stranger).hidden == "introduction_needed"


@pytest.mark.parametrize("secrecy", ["abstract_only", "introduction"])
def test_seeker_is_known_to_the_provider_once_both_are_willing(secrecy: str) -> None:
    row = IntroductionFactory(need=NeedFactory(secrecy=secrecy), station=StationFactory())
    actor, colleague = editor(row.offer.organization), broker_at(row.station)
    knows = permissions.knows_counterpart

    assert [knows(actor, row, side) for side in ("seeker", "provider")] == [False, True]
    assert not knows(colleague, row, "seeker")
    assert knows(coordinator(row.station), row, "seeker")
    row.state = "interested"
    assert knows(actor, row, "seeker")
    assert not knows(colleague, row, "seeker")


def test_training_rows_grade_what_came_of_each_pair() -> None:
    agreed = IntroductionFactory(state="agreed", score=0.7, rank=1)
    IntroductionFactory(willing=True)
    IntroductionFactory()
    rows = {reason: IntroductionFactory(declined=True, reason=reason) for reason in DeclineReason}

    found = {(row.need, row.offer): row for row in queries.training_rows()}

    assert len(found) == 2 + len(GRADES_BY_REASON)
    assert found[agreed.need.key, agreed.offer.key] == TrainingRow(
        agreed.need.key, agreed.offer.key, 3, 0.7, 1, "broker", agreed.updated_at
    )
    grades = {
        reason: row.grade for reason in rows if (row := found.get((rows[reason].need.key, rows[reason].offer.key)))
    }
    assert grades == GRADES_BY_REASON


def test_training_rows_hold_a_pair_once_by_its_latest() -> None:
    row = IntroductionFactory(declined=True, reason="not_relevant")
    IntroductionFactory(need=row.need, offer=row.offer, willing=True)

    assert [found.grade for found in queries.training_rows()] == [2]
