"""Fifty people press at once for the last ten places: ten get one, forty wait."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.market.actions import event_guests as guests
from keqiao.apps.market.models import Event, EventRegistration
from keqiao.apps.parties.actors import Grant
from keqiao.apps.parties.models import Role
from tests.apps.acting import person
from tests.factories.events import EventFactory, EventRegistrationFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases, pytest.mark.slow]

PEOPLE, PLACES = 50, 10


def test_last_places_are_given_once_each(now: datetime) -> None:
    event, body = EventFactory(capacity=PLACES + 2), OrganizationFactory()
    EventRegistrationFactory.create_batch(2, event=event)
    users = UserFactory.create_batch(PEOPLE)
    shown = [Event.objects.get() for _ in users]
    barrier, problems = threading.Barrier(PEOPLE), []

    def press(number: int) -> None:
        user, at = users[number], now + timedelta(milliseconds=number)
        try:
            barrier.wait()
            by = person(user, Grant(Role.MEMBER, body.key))
            guests.register(shown[number], user=user, organization=body, by=by, at=at)
        except Exception as error:  # the thread hands its failure to the test
            problems.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    states = list(EventRegistration.objects.filter(organization=body).values_list("state", flat=True))
    assert problems == []
    assert (states.count("in"), states.count("waiting")) == (PLACES, PEOPLE - PLACES)
    assert list(ledger.verify()) == []
