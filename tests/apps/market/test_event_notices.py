"""Who is told what about an event, through the post itself."""

from datetime import datetime, timedelta

import pytest

from keqiao.apps.market.actions import event_guests as guests
from keqiao.apps.market.actions import event_meetings, events
from keqiao.apps.market.models import Event
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import User
from keqiao.apps.post import actions as post
from keqiao.apps.post.models import Notification
from tests.apps.acting import editor, officer
from tests.factories.events import EventFactory, EventItemFactory, EventRegistrationFactory
from tests.factories.parties import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

RUNNER = officer("229901")


def told(user: User, *, at: datetime) -> list[str]:
    """The titles in English, without the event's own."""
    post.take_up(by=system("worker"), at=at)
    rows = Notification.objects.filter(user=user).order_by("entry")
    return [row.title_en.partition(":")[0] for row in rows]


def guest(event: Event, **values) -> User:
    place = MembershipFactory()
    EventRegistrationFactory(event=event, user=place.user, organization=place.organization, **values)
    return place.user


def test_invited_body_is_told_once_the_event_is_published(now: datetime) -> None:
    place, reader = MembershipFactory(), MembershipFactory(role="member")
    event = EventFactory(state="draft", published_at=None)
    EventItemFactory(event=event)
    for body in (place.organization, reader.organization):
        guests.invite(event, organization=body, by=RUNNER, at=now)
    assert told(place.user, at=now) == []

    events.take_step(event, step="publish", by=RUNNER, at=now + timedelta(minutes=1))

    assert (told(place.user, at=now), told(reader.user, at=now)) == (["You are invited"], [])


def test_invitation_to_a_published_event_is_told_to_that_body_alone(now: datetime) -> None:
    event, earlier, later = EventFactory(), MembershipFactory(), MembershipFactory()
    guests.invite(event, organization=earlier.organization, by=RUNNER, at=now)
    guests.invite(event, organization=later.organization, by=RUNNER, at=now + timedelta(minutes=1))

    assert (told(earlier.user, at=now), told(later.user, at=now)) == (["You are invited"], ["You are invited"])


def test_answered_invitation_asks_no_more(now: datetime) -> None:
    event, place = EventFactory(), MembershipFactory()
    row = guests.invite(event, organization=place.organization, by=RUNNER, at=now)
    guests.decline_invitation(row, reason="timing", by=editor(place.organization), at=now)

    assert told(place.user, at=now) == []


def test_who_waited_is_told_of_the_place(now: datetime) -> None:
    event = EventFactory(capacity=1)
    leaves, waits, still = guest(event), guest(event, state="waiting"), guest(event, state="waiting")

    guests.withdraw(event.registrations.get(user=leaves), by=RUNNER, at=now)

    assert [told(user, at=now) for user in (leaves, waits, still)] == [[], ["You have a place now"], []]


def test_guests_are_told_of_programme_change_and_end(now: datetime) -> None:
    event = EventFactory()
    user = guest(event)
    said = []
    event_meetings.plan_meetings(event, by=RUNNER, at=now)
    said.append(told(user, at=now)[-1:])
    events.edit_event(event, summary="更多", by=RUNNER, at=now)
    said.append(told(user, at=now)[1:])
    events.edit_event(event, place="二楼", by=RUNNER, at=now)
    events.cancel_event(event, reason="weather", by=RUNNER, at=now)
    said.append(told(user, at=now)[1:])

    assert said == [["Meetings are planned"], [], ["Cancelled"]]
