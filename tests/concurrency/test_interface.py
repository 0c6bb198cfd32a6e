"""Programs that change one draft at once, on both databases: If-Match lets one of them through and loses nothing.

Outside tests/web, because what threads write must be committed, and there one open transaction holds the market.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market.models import Need
from keqiao.apps.parties import actions
from keqiao.apps.parties.actors import actor_of, system
from keqiao.web.parts.rates import reset as reset_counters
from tests.factories.market import NeedFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.databases, pytest.mark.slow]

WRITERS, PATIENT = 50, 8


@pytest.fixture
def draft(committed: None) -> Need:
    reset_counters()
    return NeedFactory(organization=OrganizationFactory(), state="draft", published_at=None, keywords=[])


def keys_for(draft: Need, *, number: int, at: datetime) -> list[str]:
    """The secrets of that many editors of the draft's firm."""
    scopes, found = ["needs:read", "needs:write"], []
    for _ in range(number):
        user = UserFactory()
        actions.grant(user, role="editor", organization=draft.organization, by=system("test"), at=at)
        by = actor_of(user, on=timezone.localdate(at))
        found.append(actions.create_token(user, name="x", scopes=scopes, days=9, by=by, at=at)[1])
    return found


def read(draft: Need, secret: str) -> HttpResponse:
    return Client().get(f"/api/v1/needs/{draft.key}", headers={"Authorization": f"Bearer {secret}"})


def change(draft: Need, secret: str, *, tag: str, **values: object) -> HttpResponse:
    headers = {"Authorization": f"Bearer {secret}", "If-Match": tag}
    return Client().patch(
        f"/api/v1/needs/{draft.key}", values, content_type="application/json", headers=headers
    )  # fmt: skip


def at_once(number: int, do: Callable[[int], object]) -> list[object]:
    """What each of several threads got, in their order."""
    barrier, results = threading.Barrier(number), dict[int, object]()

    def run(own: int) -> None:
        try:
            barrier.wait()
            results[own] = do(own)
        except Exception as error:  # the thread hands its failure to the test
            results[own] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(own,)) for own in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[own] for own in range(number)]


def test_one_of_fifty_who_hold_the_same_version_changes_it(draft: Need) -> None:
    secrets = keys_for(draft, number=WRITERS, at=timezone.now() - timedelta(minutes=1))
    tag = read(draft, secrets[0])["ETag"]

    found = at_once(WRITERS, lambda own: change(draft, secrets[own], tag=tag, title=f"第 {own} 人写的").status_code)

    assert Counter(found) == {200: 1, 412: WRITERS - 1}
    draft.refresh_from_db()
    assert draft.title == f"第 {found.index(200)} 人写的"
    assert Entry.objects.filter(kind="need.edit", subject=f"need:{draft.key}").count() == 1
    assert list(ledger.verify()) == []


def test_those_who_read_again_and_try_again_lose_nothing(draft: Need) -> None:
    secrets = keys_for(draft, number=PATIENT, at=timezone.now() - timedelta(minutes=1))

    def add(own: int) -> int:
        for turn in range(1, 10 * PATIENT):
            seen = read(draft, secrets[own])
            words = [*seen.json()["keywords"], f"词 {own}"]
            answer = change(draft, secrets[own], tag=seen["ETag"], keywords=words)
            if answer.status_code == 200:
                return turn
            assert answer.status_code == 412, answer.content
        raise AssertionError("never let through")

    turns = at_once(PATIENT, add)

    draft.refresh_from_db()
    assert sorted(draft.keywords) == [f"词 {own}" for own in range(PATIENT)], turns
    assert Entry.objects.filter(kind="need.edit", outcome="done").count() == PATIENT
    assert list(ledger.verify()) == []
