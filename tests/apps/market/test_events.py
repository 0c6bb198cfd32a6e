"""Making an event, showing things at it, inviting, registering, waiting."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.actions import event_guests as guests
from keqiao.apps.market.actions import events
from keqiao.apps.market.models import Event, EventRegistration
from keqiao.apps.market.queries import events as queries
from keqiao.apps.parties.actors import VISITOR, Actor, Grant
from keqiao.apps.parties.models import Organization, Role, User
from tests.apps.acting import broker, broker_at, coordinator, editor, last_entry, officer, person
from tests.factories.base import MOMENT
from tests.factories.events import EventFactory, EventInvitationFactory, EventItemFactory, EventRegistrationFactory
from tests.factories.market import NeedFactory, OfferFactory
from tests.factories.parties import OrganizationFactory, StationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def values(now: datetime, **given: Any) -> dict[str, Any]:
    start = now + timedelta(days=7)
    return {
        "title": "丝束粘连对接会", "starts_at": start, "ends_at": start + timedelta(hours=3),
        "closes_at": start - timedelta(days=1),
    } | given  # fmt: skip


def member(user: User, organization: Organization) -> Actor:
    return person(user, Grant(Role.MEMBER, organization.key))


def places(event: Event) -> list[str]:
    return list(event.registrations.order_by("registered_at", "pk").values_list("state", flat=True))


def test_need_becomes_an_event_in_one_step(now: datetime) -> None:
    user, need, offer = UserFactory(), NeedFactory(), OfferFactory()

    event = events.create_event(listings=[need, offer], by=broker(user), at=now, **values(now))

    assert (event.state, event.owner, event.slots) == ("draft", user, 9)
    assert [item.listing for item in event.items.all()] == [need, offer]
    assert last_entry() == ("event.create", f"user:{user.key}", f"event:{event.key}", "done", "")
    assert list(ledger.verify()) == []


def test_roadshow_begins_with_the_usual_criteria(now: datetime) -> None:
    event = events.create_event(by=broker(UserFactory()), at=now, **values(now, kind="roadshow"))

    assert sum(row.weight for row in event.criteria.all()) == 100


@pytest.mark.parametrize("who", [VISITOR, person(), person(None, Grant(Role.ADMINISTRATOR))])
def test_event_is_not_made_by_others(who: Actor, now: datetime) -> None:
    with pytest.raises(Refused, match="not_event_maker"):
        events.create_event(by=who, at=now, **values(now))

    assert Event.objects.count() == 0


def test_event_of_another_station_is_refused(now: datetime) -> None:
    user, mine, other = UserFactory(), StationFactory(), StationFactory()

    with pytest.raises(Refused, match="not_at_this_station"):
        events.create_event(by=broker_at(mine, user), at=now, **values(now, station=other))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_at": MOMENT}, "ends_at"),
        ({"title": ""}, "title"),
        ({"capacity": 0}, "capacity"),
        ({"slot_minutes": 1}, "slot_minutes"),
        ({"online_link": "javascript:alert(1)"}, "online_link"),
    ],
)
def test_wrong_values_name_the_field(given: dict[str, Any], field: str, now: datetime) -> None:
    with pytest.raises(ValidationError) as caught:
        events.create_event(by=broker(UserFactory()), at=now, **values(now, **given))

    assert list(caught.value.message_dict) == [field]
    assert Event.objects.count() == 0


def test_only_published_listings_are_shown_and_only_once(now: datetime) -> None:
    item = EventItemFactory()
    by = officer("229901")

    with pytest.raises(Refused, match="not_public"):
        events.add_item(item.event, listing=NeedFactory(state="draft"), by=by, at=now)
    with pytest.raises(Refused, match="on_show_already"):
        events.add_item(item.event, listing=item.need, by=by, at=now)

    assert item.event.items.count() == 1


def test_event_runs_through_its_states(now: datetime) -> None:
    event = EventFactory(state="draft", published_at=None)
    by = officer("229901")
    with pytest.raises(Refused, match="nothing_on_show"):
        events.take_step(event, step="publish", by=by, at=now)
    EventItemFactory(event=event)

    reached = []
    for step in ("publish", "start", "finish"):
        events.take_step(event, step=step, by=by, at=now)
        reached.append(event.state)

    assert reached == ["published", "running", "done"]
    with pytest.raises(Refused, match="event_is_done"):
        events.cancel_event(event, reason="venue", by=by, at=now)


def test_cancelled_event_says_why(now: datetime) -> None:
    event = EventFactory()

    events.cancel_event(event, reason="weather", note="大雪", by=officer("229901"), at=now)

    assert (event.state, event.reason, event.note) == ("cancelled", "weather", "大雪")
    assert last_entry()[-1] == "weather"


def test_runner_is_the_owner_the_station_or_the_office(now: datetime) -> None:
    station = StationFactory(parent=StationFactory(kind="branch"))
    owner = UserFactory()
    event = EventFactory(station=station, owner=owner, state="draft", published_at=None)
    runners = [broker(owner), broker_at(station), coordinator(station.parent), officer("229901"), officer("229999")]
    others = [
        VISITOR,
        broker(),
        broker_at(StationFactory()),
        officer("229902"),
        person(owner),
        editor(OrganizationFactory()),
    ]

    for actor in (*runners, *others):
        allowed = actor in runners
        assert (event in queries.events_run_by(actor)) == allowed, actor
        if allowed:
            assert queries.event(event.key, actor) == event
        else:
            with pytest.raises(Event.DoesNotExist):
                queries.event(event.key, actor)


def test_registration_takes_a_place_and_accepts_the_invitation(now: datetime) -> None:
    event, user, body = EventFactory(capacity=1), UserFactory(), OrganizationFactory()
    invitation = EventInvitationFactory(event=event, organization=body)

    row = guests.register(event, user=user, organization=body, by=member(user, body), at=now)

    invitation.refresh_from_db()
    assert (row.state, invitation.state) == ("in", "accepted")
    with pytest.raises(Refused, match="registered_already"):
        guests.register(event, user=user, organization=body, by=member(user, body), at=now)


def test_registration_for_another_body_or_person_is_refused(now: datetime) -> None:
    event, user, body = EventFactory(), UserFactory(), OrganizationFactory()

    with pytest.raises(Refused, match="not_of_organization"):
        guests.register(event, user=user, organization=OrganizationFactory(), by=member(user, body), at=now)
    with pytest.raises(Refused, match="only_yourself"):
        guests.register(event, user=UserFactory(), organization=body, by=member(user, body), at=now)
    with pytest.raises(Refused, match="registration_closed"):
        guests.register(event, user=user, organization=body, by=member(user, body), at=event.closes_at)

    assert EventRegistration.objects.count() == 0


def test_first_who_waits_gets_the_free_place(now: datetime) -> None:
    event = EventFactory(capacity=1)
    first = EventRegistrationFactory(event=event)
    for _ in range(2):
        user, body = UserFactory(), OrganizationFactory()
        guests.register(event, user=user, organization=body, by=member(user, body), at=now)
    assert places(event) == ["in", "waiting", "waiting"]

    guests.withdraw(first, by=member(first.user, first.organization), at=now)

    assert places(event) == ["withdrawn", "in", "waiting"]


def test_more_places_are_given_to_those_who_wait(now: datetime) -> None:
    event = EventFactory(capacity=1)
    EventRegistrationFactory(event=event)
    for _ in range(2):
        EventRegistrationFactory(event=event, state="waiting")

    events.edit_event(event, capacity=2, by=officer("229901"), at=now)

    assert places(event) == ["in", "in", "waiting"]


def test_invitation_is_declined_with_a_reason(now: datetime) -> None:
    invitation = EventInvitationFactory()
    by = editor(invitation.organization)
    with pytest.raises(ValidationError):
        guests.decline_invitation(invitation, reason="", by=by, at=now)
    with pytest.raises(Refused, match="not_editor_of_organization"):
        guests.decline_invitation(invitation, reason="timing", by=editor(OrganizationFactory()), at=now)

    guests.decline_invitation(invitation, reason="timing", by=by, at=now)

    assert (invitation.state, invitation.reason) == ("declined", "timing")
    with pytest.raises(Refused, match="invitation_answered"):
        guests.decline_invitation(invitation, reason="timing", by=by, at=now)


def test_body_is_invited_once(now: datetime) -> None:
    event, body = EventFactory(), OrganizationFactory()

    guests.invite(event, organization=body, score=0.5, by=officer("229901"), at=now)

    with pytest.raises(Refused, match="invited_already"):
        guests.invite(event, organization=body, by=officer("229901"), at=now)
    assert queries.report(event)["invited"] == 1


def test_check_in_is_noted_by_those_who_run_the_event(now: datetime) -> None:
    row = EventRegistrationFactory()

    with pytest.raises(Refused, match="not_event_runner"):
        guests.check_in(row, here=True, by=member(row.user, row.organization), at=now)
    guests.check_in(row, here=True, by=officer("229901"), at=now)

    assert queries.place_counts(row.event) == {"in": 1, "waiting": 0, "withdrawn": 0, "checked_in": 1}
