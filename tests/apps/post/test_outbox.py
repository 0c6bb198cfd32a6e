"""From entries to notifications: once each, to those concerned, in words they may read."""

from datetime import datetime, timedelta

import pytest

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions as market
from keqiao.apps.market.actions import contacts, introductions
from keqiao.apps.market.models import Need
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import User
from keqiao.apps.post import actions
from keqiao.apps.post.models import Delivery, Notification, Pointer
from keqiao.apps.post.notices import notices_by_kind, topics
from tests.apps.acting import broker_at, editor, officer, person
from tests.factories.market import IntroductionFactory, NeedFactory, OfferFactory
from tests.factories.parties import BrokerFactory, MembershipFactory, OfficerFactory, StationFactory, UserFactory
from tests.factories.post import DestinationFactory, PreferenceFactory, SwitchFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
BY = system("worker")


def told(user: User) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(user=user).order_by("entry")
    return [(row.topic, row.title_en) for row in rows]


@pytest.fixture
def firm() -> tuple[User, Need]:
    place = MembershipFactory()
    return place.user, NeedFactory(organization=place.organization, title_en="Sticky tow", state="submitted")


def test_take_up_tells_the_writers_and_not_the_one_who_acted(firm: tuple[User, Need], now: datetime) -> None:
    user, need = firm
    colleague = MembershipFactory(organization=need.organization, role="manager").user
    reader = MembershipFactory(organization=need.organization, role="member").user
    officer_of_place = OfficerFactory().user
    market.return_to_author(need, reason="unclear", by=officer("229901", officer_of_place), at=now)
    market.submit(need, by=editor(need.organization, user), at=now)

    assert actions.take_up(by=BY, at=now) == 2

    returned = [("listing.decided", "Need returned: Sticky tow")]
    assert (told(user), told(colleague), told(reader)) == (returned, returned, [])
    assert told(officer_of_place) == [("listing.waiting", "Need waiting for a decision: Sticky tow")]
    row = Notification.objects.get(user=user)
    assert (row.title, row.link, row.is_urgent) == (
        f"需求条目被退回：{need.title}",
        f"/desk/needs/{need.key}/edit/",
        True,
    )
    assert row.text == "退回原因：问题不清楚，无法应答。修改后可以再次提交。"
    assert list(ledger.verify()) == []


def test_take_up_again_writes_nothing(firm: tuple[User, Need], now: datetime) -> None:
    _user, need = firm
    market.screen(need, by=officer("229901"), at=now)
    market.publish(need, by=officer("229901"), at=now)
    actions.take_up(by=BY, at=now)
    before, entries = Notification.objects.count(), ledger.last_seq()

    assert actions.take_up(by=BY, at=now) == 0
    assert (Notification.objects.count(), ledger.last_seq()) == (before, entries)


def test_take_up_after_a_lost_pointer_tells_nobody_twice(firm: tuple[User, Need], now: datetime) -> None:
    user, need = firm
    market.withdraw(need, reason="by_office", by=officer("229901"), at=now)
    actions.take_up(by=BY, at=now)
    Pointer.objects.update(seq=0)

    actions.take_up(by=BY, at=now)

    assert told(user) == [("listing.decided", "Need taken down: Sticky tow")]


def test_take_up_leaves_out_locked_accounts_and_old_entries(firm: tuple[User, Need], now: datetime) -> None:
    user, need = firm
    locked = MembershipFactory(organization=need.organization, user=UserFactory(is_active=False)).user
    market.withdraw(need, reason="by_office", by=officer("229901"), at=now - timedelta(days=8))
    assert (actions.take_up(by=BY, at=now), told(user)) == (1, [])

    market.reopen(need, by=editor(need.organization), at=now)
    market.submit(need, by=editor(need.organization), at=now)
    market.return_to_author(need, reason="unclear", by=officer("229901"), at=now)
    actions.take_up(by=BY, at=now)

    assert (len(told(user)), told(locked)) == (1, [])


def test_take_up_asks_what_the_reader_may_do_today(firm: tuple[User, Need], now: datetime) -> None:
    """Whoever left the firm between the entry and its taking up is not told."""
    user, need = firm
    market.return_to_author(need, reason="unclear", by=officer("229901"), at=now)
    user.memberships.update(to_date=(now + timedelta(days=1)).date())

    actions.take_up(by=BY, at=now + timedelta(days=2))

    assert told(user) == []


def test_take_up_is_for_the_product_alone(firm: tuple[User, Need], now: datetime) -> None:
    _user, need = firm
    market.return_to_author(need, reason="unclear", by=officer("229901"), at=now)
    with pytest.raises(Refused) as refusal:
        actions.take_up(by=person(), at=now)

    assert refusal.value.reason == "product_only"
    assert Notification.objects.count() == 0


def test_take_up_passes_over_what_is_gone(firm: tuple[User, Need], now: datetime) -> None:
    _user, need = firm
    market.return_to_author(need, reason="unclear", by=officer("229901"), at=now)
    Need.objects.all().delete()

    assert actions.take_up(by=BY, at=now) == 1
    assert Notification.objects.count() == 0


def test_take_up_plans_by_the_switches_of_each(firm: tuple[User, Need], now: datetime) -> None:
    """At once by default; a digest, a robot and silence by choice; nothing for invented people."""
    user, need = firm
    daily, robot, silent, demo = (
        MembershipFactory(organization=need.organization, user=UserFactory(is_demo=number == 3)).user
        for number in range(4)
    )
    SwitchFactory(user=daily, mode="daily")
    DestinationFactory(user=robot)
    SwitchFactory(user=silent, mode="off")
    PreferenceFactory(user=robot, quiet_from=9, quiet_to=12)
    market.return_to_author(need, reason="unclear", by=officer("229901"), at=now)

    actions.take_up(by=BY, at=now)

    planned = Delivery.objects.order_by("user", "channel").values_list("user", "channel", "is_digest", "due_at")
    tomorrow, noon = now + timedelta(hours=22), now + timedelta(hours=2)
    assert list(planned) == [
        (user.pk, "email", False, now),
        (daily.pk, "email", True, tomorrow),
        (robot.pk, "email", False, noon),
        (robot.pk, "wecom", False, noon),
    ]
    assert len(told(demo)) == 1


def test_take_up_puts_a_digest_into_one_letter(firm: tuple[User, Need], now: datetime) -> None:
    user, need = firm
    SwitchFactory(user=user, mode="daily")
    for minutes in (0, 1):
        market.return_to_author(need, reason="unclear", by=officer("229901"), at=now + timedelta(minutes=minutes))
        market.submit(need, by=editor(need.organization), at=now + timedelta(minutes=minutes))
        actions.take_up(by=BY, at=now + timedelta(minutes=minutes))

    assert Delivery.objects.get().notifications.count() == 2


def test_notices_of_an_introduction_reach_sides_and_station(now: datetime) -> None:
    station = StationFactory(area="229901")
    at_work = BrokerFactory(station=station)
    seeker, provider = MembershipFactory(), MembershipFactory()
    need = NeedFactory(organization=seeker.organization, title_en="Sticky tow")
    offer = OfferFactory(organization=provider.organization, title_en="Heat-proof oil")
    row = introductions.introduce(
        need=need, offer=offer, source="match", by=editor(seeker.organization, seeker.user), at=now
    )
    contacts.take(row, by=broker_at(station, at_work.user), at=now)
    contacts.write_message(row, text="HIDDENWORDS", by=editor(provider.organization, provider.user), at=now)

    actions.take_up(by=BY, at=now)

    pair = "Sticky tow ↔ Heat-proof oil"
    assert told(seeker.user) == [
        ("introduction.owner", f"Somebody else is in charge now: {pair}"),
        ("introduction.message", f"New message: {pair}"),
    ]
    assert told(provider.user) == [
        ("introduction.new", f"New introduction: {pair}"),
        ("introduction.owner", f"Somebody else is in charge now: {pair}"),
    ]
    assert told(at_work.user) == [("introduction.message", f"New message: {pair}")]
    assert not Notification.objects.filter(text__contains="HIDDENWORDS").exists()


def test_notices_of_what_is_late_reach_those_above(now: datetime) -> None:
    station = StationFactory(area="229901")
    coordinator = BrokerFactory(station=station, role="coordinator").user
    row = IntroductionFactory(station=station, due_at=now - timedelta(hours=1))
    contacts.escalate_due(by=BY, at=now)

    actions.take_up(by=BY, at=now)

    assert [topic for topic, _title in told(coordinator)] == ["introduction.late"]
    assert row.need.title in Notification.objects.get().title


def test_remind_tells_the_writers_once(firm: tuple[User, Need], now: datetime) -> None:
    user, _need = firm
    Need.objects.update(state="published", expires_date=(now + timedelta(days=10)).date())

    assert [market.remind_due(by=BY, at=now + timedelta(hours=hours)) for hours in (0, 1)] == [1, 0]
    actions.take_up(by=BY, at=now)

    assert told(user) == [("listing.expiring", "Need expires soon: Sticky tow")]


def test_notices_speak_of_known_topics_and_every_topic_is_spoken_of() -> None:
    spoken = {notice.topic for notices in notices_by_kind().values() for notice in notices}
    assert spoken == set(topics())
