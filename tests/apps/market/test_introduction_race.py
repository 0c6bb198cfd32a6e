"""Fifty people press at once: one row, one entry that says it was done, and everybody else is told why not."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market.actions import contacts, introductions
from keqiao.apps.market.models import Introduction, Message, Need, Offer
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import User
from tests.apps.acting import broker_at, editor
from tests.factories.market import IntroductionFactory, NeedFactory, OfferFactory
from tests.factories.parties import BrokerFactory, StationFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases, pytest.mark.slow]

RUNNERS = 50


def race(do: Callable[[int], object]) -> Counter[str]:
    barrier = threading.Barrier(RUNNERS)
    results: list[str] = []

    def run(number: int) -> None:
        try:
            barrier.wait()
            do(number)
            results.append("done")
        except Refused as refusal:
            results.append(refusal.reason)
        except Exception as error:  # the thread hands its failure to the test
            results.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RUNNERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(results)


def test_one_of_fifty_introduces_the_pair(now: datetime) -> None:
    NeedFactory(), OfferFactory()
    station = StationFactory()
    users = [BrokerFactory(station=station).user for _ in range(RUNNERS)]
    needs, offers = [Need.objects.get() for _ in users], [Offer.objects.get() for _ in users]
    for need, offer in zip(needs, offers, strict=True):
        assert need.organization != offer.organization

    def press(number: int) -> None:
        by = broker_at(station, users[number])
        introductions.introduce(need=needs[number], offer=offers[number], source="match", by=by, at=now)

    assert race(press) == {"done": 1, "already_introduced": RUNNERS - 1}
    assert Introduction.objects.count() == 1
    assert Entry.objects.filter(kind="introduction.create", outcome="done").count() == 1
    assert list(ledger.verify()) == []


def test_both_sides_answer_at_once_and_neither_is_lost(now: datetime) -> None:
    row = IntroductionFactory()
    bodies = {"seeker": row.need.organization, "provider": row.offer.organization}
    shown = [Introduction.objects.get() for _ in range(RUNNERS)]

    def press(number: int) -> None:
        side = ("seeker", "provider")[number % 2]
        introductions.answer(shown[number], side=side, answer="yes", by=editor(bodies[side]), at=now)

    assert race(press) == {"done": 2, "already_answered": RUNNERS - 2}
    row.refresh_from_db()
    assert (row.seeker_answer, row.provider_answer, row.state) == ("yes", "yes", "interested")


def test_one_of_fifty_takes_what_nobody_is_in_charge_of(now: datetime) -> None:
    station = StationFactory()
    IntroductionFactory(station=station)
    users: list[User] = [BrokerFactory(station=station).user for _ in range(RUNNERS)]
    shown = [Introduction.objects.get() for _ in range(RUNNERS)]

    results = race(lambda number: contacts.take(shown[number], by=broker_at(station, users[number]), at=now))

    assert results == {"done": 1, "somebody_in_charge": RUNNERS - 1}
    assert Introduction.objects.get().owner in users


def test_fifty_messages_are_all_kept(now: datetime) -> None:
    row = IntroductionFactory(willing=True)
    shown = [Introduction.objects.get() for _ in range(RUNNERS)]

    results = race(
        lambda number: contacts.write_message(shown[number], text=f"第 {number} 条", by=system("test"), at=now)
    )

    assert results == {"done": RUNNERS}
    assert set(Message.objects.values_list("text", flat=True)) == {f"第 {number} 条" for number in range(RUNNERS)}
    assert Message.objects.filter(introduction=row).count() == RUNNERS
    assert list(ledger.verify()) == []
