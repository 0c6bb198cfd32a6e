"""The life of an introduction: who brings two sides together, who answers, what follows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market.actions import introductions as actions
from keqiao.apps.market.introduction_states import STEPS
from keqiao.apps.market.models import DeclineReason, Introduction, IntroductionState, Side
from keqiao.apps.parties.actors import VISITOR, Actor, system
from tests.apps.acting import administrator, broker, broker_at, coordinator, editor, last_entry, officer, person
from tests.factories.market import IntroductionFactory, NeedFactory, OfferFactory
from tests.factories.parties import BrokerFactory, OrganizationFactory, StationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def introduce(by: Actor, at: datetime, **values: Any) -> Introduction:
    need, offer = values.pop("need", None) or NeedFactory(), values.pop("offer", None) or OfferFactory()
    return actions.introduce(need=need, offer=offer, source=values.pop("source", "match"), by=by, at=at, **values)


def test_introduce_puts_the_broker_in_charge_at_their_station(now: datetime) -> None:
    place = BrokerFactory()
    row = introduce(broker_at(place.station, place.user), now, score=0.62, rank=2)

    assert (row.owner, row.station, row.state, row.score, row.rank) == (place.user, place.station, "proposed", 0.62, 2)
    # Saturday; three working days later is Wednesday, and its whole day still counts.
    assert row.due_at == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    entry = Entry.objects.get(kind="introduction.create")
    assert (entry.subject, entry.outcome) == (f"introduction:{row.key}", "done")
    assert entry.facts["fields"].keys() == {"need", "offer", "source", "score", "rank", "owner", "station"}
    assert list(ledger.verify()) == []


def test_introduce_by_an_editor_waits_in_the_queue_of_the_place(now: datetime) -> None:
    branch, nearer = StationFactory(kind="branch", area="229900"), StationFactory(kind="branch", area="229901")
    StationFactory(area="229901"), StationFactory(area="229902"), StationFactory(area="229901", is_active=False)
    need = NeedFactory(area="229901")

    row = introduce(editor(need.organization), now, need=need)

    assert (row.owner, row.station) == (None, nearer)
    assert branch != nearer


def test_introduce_is_for_those_concerned(now: datetime) -> None:
    need, offer, stranger = NeedFactory(), OfferFactory(), OrganizationFactory()
    verdicts = {}
    who = {
        "visitor": VISITOR, "person": person(), "administrator": administrator(), "other firm": editor(stranger),
        "other place": officer("229902"),
    }  # fmt: skip
    for name, actor in who.items():
        with pytest.raises(Refused) as refusal:
            introduce(actor, now, need=need, offer=offer)
        verdicts[name] = refusal.value.reason

    assert verdicts == {"visitor": "sign_in_first"} | dict.fromkeys(list(who)[1:], "not_introducer")
    assert Introduction.objects.count() == 0


def test_introduce_works_for_each_of_those_concerned(now: datetime) -> None:
    station = StationFactory()
    users = [UserFactory() for _ in range(3)]
    for by in (broker(users[0]), coordinator(station, users[1]), officer("229901", users[2])):
        assert introduce(by, now).state == "proposed"
    need, offer = NeedFactory(), OfferFactory()
    assert introduce(editor(offer.organization), now, need=need, offer=offer).owner is None
    assert Introduction.objects.exclude(owner=None).count() == 3


@pytest.mark.parametrize("which", ["need", "offer"])
@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_introduce_takes_published_listings_only(which: str, how: str, now: datetime) -> None:
    factory = NeedFactory if which == "need" else OfferFactory
    change = {"state": "withdrawn"} if how == "withdrawn" else {"expires_date": now.date()}

    with pytest.raises(Refused, match="not_public"):
        introduce(system("test"), now, **{which: factory(**change)})


def test_introduce_does_not_bring_a_body_to_itself(now: datetime) -> None:
    body = OrganizationFactory()

    with pytest.raises(Refused, match="same_organization"):
        introduce(system("test"), now, need=NeedFactory(organization=body), offer=OfferFactory(organization=body))


def test_introduce_makes_one_of_a_pair(now: datetime) -> None:
    row = introduce(system("test"), now)

    with pytest.raises(Refused, match="already_introduced"):
        introduce(broker(UserFactory()), now, need=row.need, offer=row.offer)


def test_introduce_again_after_a_no_is_for_brokers(now: datetime) -> None:
    row = IntroductionFactory(declined=True)

    with pytest.raises(Refused, match="introduced_before"):
        introduce(editor(row.offer.organization), now, need=row.need, offer=row.offer)
    assert introduce(broker(UserFactory()), now, need=row.need, offer=row.offer).state == "proposed"


def test_database_keeps_one_open_introduction_of_a_pair(now: datetime) -> None:
    row = IntroductionFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        IntroductionFactory(need=row.need, offer=row.offer)


def test_answer_of_both_makes_them_willing(now: datetime) -> None:
    row = IntroductionFactory()
    later = now + timedelta(days=1)

    actions.answer(row, side="seeker", answer="yes", by=editor(row.need.organization), at=now)
    assert (row.state, row.contacted_at, row.interested_at) == ("contacted", now, None)
    actions.answer(row, side="provider", answer="yes", by=editor(row.offer.organization), at=later)

    assert (row.state, row.contacted_at, row.interested_at) == ("interested", now, later)
    assert (row.seeker_answered_at, row.provider_answered_at) == (now, later)
    assert row.due_at is not None


def test_answer_noted_by_the_broker_leaves_nothing_due(now: datetime) -> None:
    place = BrokerFactory()
    row = IntroductionFactory(owner=place.user, station=place.station)

    actions.answer(row, side="seeker", answer="yes", by=broker_at(place.station, place.user), at=now)

    assert (row.seeker_answer, row.state, row.due_at) == ("yes", "contacted", None)


def test_answer_is_for_the_side_and_who_is_in_charge(now: datetime) -> None:
    row = IntroductionFactory(station=StationFactory())
    refusals = {}
    who = {
        "other side": editor(row.offer.organization), "colleague": broker_at(row.station),
        "administrator": administrator(), "officer": officer("229901"), "visitor": VISITOR,
    }  # fmt: skip
    for name, actor in who.items():
        with pytest.raises(Refused) as refusal:
            actions.answer(row, side="seeker", answer="yes", by=actor, at=now)
        refusals[name] = refusal.value.reason

    assert refusals == dict.fromkeys(who, "not_editor_of_side")
    assert Introduction.objects.get().seeker_answer == ""


def test_answer_no_ends_it_with_its_reason(now: datetime) -> None:
    row = IntroductionFactory(next_action="call", next_action_date=now.date())

    actions.answer(
        row, side="provider", answer="no", reason="capacity", note=" 明年再说 ", by=editor(row.offer.organization),
        at=now,
    )  # fmt: skip

    row.refresh_from_db()
    assert (row.state, row.closed_side, row.reason, row.note) == ("declined", "provider", "capacity", "明年再说")
    assert (row.closed_at, row.due_at, row.next_action, row.next_action_date) == (now, None, "", None)
    assert last_entry()[0::4] == ("introduction.decline", "capacity")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"answer": "maybe"}, "answer"),
        ({"side": "broker"}, "answer"),
        ({"answer": "no"}, "reason"),
        ({"answer": "no", "reason": "bored"}, "reason"),
        ({"answer": "no", "reason": "other", "note": " "}, "note"),
    ],
)
def test_answer_says_what_is_missing(values: dict[str, str], code: str, now: datetime) -> None:
    row = IntroductionFactory()
    given: dict[str, Any] = {"side": "seeker", "answer": "yes"} | values

    with pytest.raises(ValidationError) as error:
        actions.answer(row, by=system("test"), at=now, **given)
    assert error.value.code == code
    assert Introduction.objects.get().state == "proposed"


def test_answer_is_given_once(now: datetime) -> None:
    row = IntroductionFactory(seeker_answer="yes")

    with pytest.raises(Refused, match="already_answered"):
        actions.answer(row, side="seeker", answer="yes", by=system("test"), at=now)


def test_secrecy_is_promised_by_the_side_alone(now: datetime) -> None:
    place = BrokerFactory()
    row = IntroductionFactory(owner=place.user, station=place.station)

    with pytest.raises(Refused, match="not_editor_of_side"):
        actions.promise_secrecy(row, side="seeker", by=broker_at(place.station, place.user), at=now)
    actions.promise_secrecy(row, side="seeker", by=editor(row.need.organization), at=now)
    with pytest.raises(Refused, match="already_promised"):
        actions.promise_secrecy(row, side="seeker", by=editor(row.need.organization), at=now)

    assert (row.seeker_nda_at, row.provider_nda_at) == (now, None)


def at_state(state: str) -> Introduction:
    if state == "declined":
        return IntroductionFactory(declined=True)
    return IntroductionFactory(state=state)


TAKE = {
    "talk": lambda row, at: actions.talk(row, by=system("test"), at=at),
    "agree": lambda row, at: actions.agree(row, by=system("test"), at=at),
    "resume": lambda row, at: actions.resume(row, by=system("test"), at=at),
    "decline": lambda row, at: actions.decline(row, side="broker", reason="timing", by=system("test"), at=at),
    "reopen": lambda row, at: actions.reopen(row, by=system("test"), at=at),
}


@pytest.mark.parametrize("state", list(IntroductionState))
@pytest.mark.parametrize("step", sorted(TAKE))
def test_step_starts_from_its_states_only(step: str, state: IntroductionState, now: datetime) -> None:
    row = at_state(state)

    if state in STEPS[step].sources:
        TAKE[step](row, now)
        assert Introduction.objects.get().state == STEPS[step].target
        assert last_entry()[0::3] == (f"introduction.{step}", "done")
    else:
        with pytest.raises(Refused, match=f"introduction_is_{state.value}"):
            TAKE[step](row, now)
        assert Introduction.objects.get().state == state


def test_moments_stay_those_of_the_first_time(now: datetime) -> None:
    row = IntroductionFactory(willing=True, interested_at=now)
    moments = [now + timedelta(days=number) for number in range(4)]

    actions.talk(row, by=system("test"), at=moments[0])
    actions.agree(row, by=system("test"), at=moments[1])
    actions.resume(row, by=system("test"), at=moments[2])
    actions.agree(row, by=system("test"), at=moments[3])

    assert (row.talking_at, row.agreed_at, row.closed_at) == (moments[0], moments[1], moments[3])


def test_reopen_asks_the_side_anew(now: datetime) -> None:
    row = IntroductionFactory(declined=True, provider_answer="yes")

    actions.reopen(row, by=editor(row.need.organization), at=now)

    row.refresh_from_db()
    assert (row.state, row.seeker_answer, row.provider_answer) == ("contacted", "", "yes")
    assert (row.reason, row.closed_side, row.closed_at) == ("", "", None)
    assert row.due_at is not None


def test_reopen_after_the_brokers_no_keeps_both_answers(now: datetime) -> None:
    row = IntroductionFactory(declined=True, closed_side=Side.BROKER, seeker_answer="yes", provider_answer="yes")

    actions.reopen(row, by=system("test"), at=now)

    assert row.state == "interested"


def test_reopen_is_not_for_the_other_side(now: datetime) -> None:
    row = IntroductionFactory(declined=True)

    with pytest.raises(Refused, match="not_in_charge"):
        actions.reopen(row, by=editor(row.offer.organization), at=now)


def test_reopen_makes_no_second_one_of_a_pair(now: datetime) -> None:
    row = IntroductionFactory(declined=True)
    IntroductionFactory(need=row.need, offer=row.offer)

    with pytest.raises(Refused, match="already_introduced"):
        actions.reopen(row, by=system("test"), at=now)


@pytest.mark.parametrize("reason", [reason for reason in DeclineReason if reason != "other"])
def test_decline_takes_every_classified_reason(reason: str, now: datetime) -> None:
    row = IntroductionFactory()

    actions.decline(row, side="broker", reason=reason, by=system("test"), at=now)

    assert Introduction.objects.get().reason == reason
