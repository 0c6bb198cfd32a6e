"""The broker's daily work: contact log, next action, messages, hand-over, what is late."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry, EntryValues
from keqiao.apps.market import queries
from keqiao.apps.market.actions import contacts as actions
from keqiao.apps.market.models import Contact, Introduction, Message
from keqiao.apps.parties.actors import Actor, system
from keqiao.apps.parties.models import Membership
from tests.apps.acting import administrator, broker_at, coordinator, editor, last_entry, officer
from tests.factories.market import IntroductionFactory
from tests.factories.parties import BrokerFactory, StationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def place() -> Membership:
    return BrokerFactory(station=StationFactory(parent=StationFactory(kind="branch")))


@pytest.fixture
def row(place: Membership) -> Introduction:
    return IntroductionFactory(owner=place.user, station=place.station)


def owner(row: Introduction) -> Actor:
    assert row.station is not None
    return broker_at(row.station, row.owner)


def log(row: Introduction, by: Actor, at: datetime, **values: Any) -> Contact:
    given: dict[str, Any] = {"kind": "call", "text": "电话里说下周来看样品", "held_date": localdate(at)} | values
    return actions.log_contact(row, by=by, at=at, **given)


def test_logged_call_is_the_markets_answer(row: Introduction, now: datetime) -> None:
    contact = log(row, owner(row), now, side="seeker", person="王工")

    row.refresh_from_db()
    assert (row.state, row.contacted_at, row.due_at) == ("contacted", now, None)
    assert (contact.author, contact.person, contact.side) == (row.owner, "王工", "seeker")


def test_logged_words_and_names_stay_out_of_the_ledger(row: Introduction, now: datetime) -> None:
    log(row, owner(row), now, person="王工")

    assert [kept.values.keys() for kept in EntryValues.objects.all()] == [{"kind", "side", "state"}]


def test_note_leaves_the_answer_due(row: Introduction, now: datetime) -> None:
    log(row, owner(row), now, kind="note")

    assert (row.state, row.due_at is None) == ("proposed", False)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "pigeon"}, "kind"),
        ({"kind": "hand_over"}, "kind"),
        ({"text": "  "}, "text"),
        ({"held_date": date(2026, 11, 22)}, "held_date"),
        ({"person": "王" * 61}, "person"),
        ({"side": "nobody"}, "side"),
    ],
)
def test_log_says_what_is_wrong(values: dict[str, Any], field: str, row: Introduction, now: datetime) -> None:
    with pytest.raises(ValidationError) as error:
        log(row, owner(row), now, **values)

    assert list(error.value.message_dict) == [field]
    assert Contact.objects.count() == 0


@pytest.mark.parametrize("who", ["seeker", "provider", "colleague", "officer", "administrator"])
def test_log_is_for_who_is_in_charge(who: str, row: Introduction, now: datetime) -> None:
    assert row.station is not None
    actor = {
        "seeker": editor(row.need.organization), "provider": editor(row.offer.organization),
        "colleague": broker_at(row.station, UserFactory()), "officer": officer("229901"),
        "administrator": administrator(),
    }[who]  # fmt: skip
    with pytest.raises(Refused, match="not_in_charge"):
        log(row, actor, now)


@pytest.mark.parametrize("level", ["station", "branch"])
def test_log_is_for_the_coordinators_above_too(level: str, row: Introduction, now: datetime) -> None:
    assert row.station is not None
    assert row.station.parent is not None
    station = row.station if level == "station" else row.station.parent

    assert log(row, coordinator(station, UserFactory()), now).pk


def test_plan_sets_and_clears_the_next_action(row: Introduction, now: datetime) -> None:
    row.action_escalated_at = now
    row.save()

    actions.plan(row, next_action="带样品去厂里", next_action_date=date(2026, 11, 24), by=owner(row), at=now)
    assert (row.next_action, row.next_action_date, row.action_escalated_at) == (
        "带样品去厂里", date(2026, 11, 24), None,
    )  # fmt: skip
    actions.plan(row, next_action=" ", next_action_date=None, by=owner(row), at=now)
    assert (row.next_action, row.next_action_date) == ("", None)


@pytest.mark.parametrize(
    ("action", "day", "field"),
    [
        ("打电话", None, "next_action"),
        ("", date(2026, 12, 1), "next_action"),
        ("打电话", date(2026, 11, 20), "next_action_date"),
        ("打" * 201, date(2026, 12, 1), "next_action"),
    ],
)
def test_plan_says_what_is_wrong(action: str, day: date | None, field: str, row: Introduction, now: datetime) -> None:
    with pytest.raises(ValidationError) as error:
        actions.plan(row, next_action=action, next_action_date=day, by=owner(row), at=now)
    assert list(error.value.message_dict) == [field]


def test_plan_is_refused_once_it_is_closed(now: datetime, place: Membership) -> None:
    row = IntroductionFactory(declined=True, owner=place.user, station=place.station)

    with pytest.raises(Refused, match="introduction_is_declined"):
        actions.plan(row, next_action="x", next_action_date=now.date(), by=owner(row), at=now)


def test_message_of_a_side_waits_for_an_answer(place: Membership, now: datetime) -> None:
    row = IntroductionFactory(owner=place.user, station=place.station, due_at=None, state="contacted")

    first = actions.write_message(row, text=" 何时能看样品？ ", by=editor(row.need.organization, UserFactory()), at=now)
    assert (first.side, first.text) == ("seeker", "何时能看样品？")
    assert row.due_at is not None
    reply = actions.write_message(row, text="周四", by=owner(row), at=now)

    assert (reply.side, row.due_at) == ("broker", None)


@pytest.mark.parametrize("text", ["", "  \n", "长" * 2001])
def test_message_says_what_is_wrong(text: str, row: Introduction, now: datetime) -> None:
    with pytest.raises(ValidationError) as error:
        actions.write_message(row, text=text, by=owner(row), at=now)
    assert list(error.value.message_dict) == ["text"]
    assert Message.objects.count() == 0


def test_take_is_for_brokers_of_the_station(place: Membership, now: datetime) -> None:
    row = IntroductionFactory(station=place.station)

    with pytest.raises(Refused, match="not_at_station"):
        actions.take(row, by=broker_at(StationFactory(), UserFactory()), at=now)
    actions.take(row, by=broker_at(place.station, place.user), at=now)

    assert row.owner == place.user
    assert Contact.objects.get().kind == "hand_over"


def test_take_leaves_what_somebody_is_in_charge_of(row: Introduction, now: datetime) -> None:
    assert row.station is not None

    with pytest.raises(Refused, match="somebody_in_charge"):
        actions.take(row, by=broker_at(row.station, UserFactory()), at=now)


def test_take_is_possible_when_the_role_of_the_owner_has_ended(
    row: Introduction, place: Membership, now: datetime
) -> None:
    place.to_date = localdate(now)
    place.save()
    colleague = BrokerFactory(station=place.station).user

    assert list(queries.ownerless(Introduction.objects.all(), on=localdate(now))) == [row]
    actions.take(row, by=broker_at(place.station, colleague), at=now)

    assert row.owner == colleague
    assert list(queries.ownerless(Introduction.objects.all(), on=localdate(now))) == []


def test_hand_over_moves_the_matter_to_the_receivers_station(row: Introduction, now: datetime) -> None:
    other = BrokerFactory()

    actions.hand_over(row, to=other.user, reason="expertise", by=owner(row), at=now)

    row.refresh_from_db()
    assert (row.owner, row.station) == (other.user, other.station)
    assert last_entry()[0::4] == ("introduction.hand_over", "expertise")


def test_hand_over_needs_somebody_who_can_be_in_charge(row: Introduction, now: datetime) -> None:
    with pytest.raises(Refused, match="cannot_be_in_charge"):
        actions.hand_over(row, to=UserFactory(), reason="workload", by=owner(row), at=now)
    with pytest.raises(Refused, match="already_in_charge"):
        actions.hand_over(row, to=row.owner, reason="workload", by=owner(row), at=now)
    with pytest.raises(ValidationError):
        actions.hand_over(row, to=BrokerFactory().user, reason="", by=owner(row), at=now)


def test_hand_over_all_moves_what_is_open_and_nothing_else(place: Membership, now: datetime) -> None:
    rows = [IntroductionFactory(owner=place.user, station=place.station) for _ in range(3)]
    closed = IntroductionFactory(owner=place.user, station=place.station, declined=True)
    to = BrokerFactory(station=place.station).user

    by = broker_at(place.station, place.user)
    done = actions.hand_over_all(owner=place.user, to=to, reason="staff_change", by=by, at=now)

    assert done == 3
    assert set(Introduction.objects.filter(owner=to)) == set(rows)
    assert Introduction.objects.get(owner=place.user) == closed
    assert Entry.objects.get(kind="user.hand_over").facts["count"] == 3
    assert Entry.objects.filter(kind="introduction.hand_over").count() == 3


def test_hand_over_all_is_all_or_nothing(place: Membership, now: datetime) -> None:
    IntroductionFactory(owner=place.user, station=place.station)
    IntroductionFactory(owner=place.user, station=StationFactory())
    assert place.station is not None
    assert place.station.parent is not None
    by = coordinator(place.station.parent, UserFactory())
    to = BrokerFactory(station=place.station).user

    with pytest.raises(Refused, match="not_in_charge"):
        actions.hand_over_all(owner=place.user, to=to, reason="absence", by=by, at=now)
    assert Introduction.objects.filter(owner=place.user).count() == 2


def test_escalation_comes_once_for_each_thing_that_is_late(now: datetime) -> None:
    late = now + timedelta(days=5)
    row = IntroductionFactory(next_action="打电话", next_action_date=localdate(late))
    IntroductionFactory(willing=True)
    IntroductionFactory(declined=True, next_action_date=localdate(now))

    worker = system("worker")
    assert [actions.escalate_due(by=worker, at=moment) for moment in (now, late, late)] == [0, 1, 0]
    row.refresh_from_db()
    assert (row.escalated_at, row.action_escalated_at) == (late, None)
    next_day = late + timedelta(days=1)
    assert [actions.escalate_due(by=worker, at=next_day) for _ in range(2)] == [1, 0]

    reasons = Entry.objects.filter(kind="introduction.escalate").order_by("seq").values_list("reason", flat=True)
    assert list(reasons) == ["answer_late", "action_late"]
    assert list(ledger.verify()) == []


def test_escalation_is_the_products_alone(now: datetime) -> None:
    IntroductionFactory(due_at=now)

    assert actions.escalate_due(by=administrator(), at=now) == 0
    assert last_entry()[3:] == ("refused", "product_only")
