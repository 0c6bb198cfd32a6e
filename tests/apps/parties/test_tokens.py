"""Keys for programs: what is kept of them, and writes that are done once however many send them at once."""

import threading
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions
from keqiao.apps.parties.actions.tokens import digest_of
from keqiao.apps.parties.actors import VISITOR, system
from keqiao.apps.parties.models import ApiToken, KeptAnswer, Organization
from tests.apps.acting import last_entry, person
from tests.factories.parties import UserFactory

SENDERS = 50


def made(at: datetime) -> ApiToken:
    user = UserFactory()
    return actions.create_token(user, name="同步", scopes=["needs:read"], days=30, by=person(user), at=at)[0]


@pytest.mark.django_db
def test_secret_is_not_kept(now: datetime) -> None:
    user = UserFactory()

    row, secret = actions.create_token(user, name="同步", scopes=["needs:read"], days=30, by=person(user), at=now)

    kept = ApiToken.objects.values().get()
    assert secret not in str(kept)
    assert (row.prefix, kept["digest"]) == (secret[:11], digest_of(secret))
    assert last_entry()[0] == "token.create"


@pytest.mark.django_db
def test_key_for_somebody_else_is_refused(now: datetime) -> None:
    with pytest.raises(Refused, match="only_yourself"):
        actions.create_token(UserFactory(), name="x", scopes=["needs:read"], days=1, by=VISITOR, at=now)


@pytest.mark.django_db
@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_key_needs_scopes_that_there_are(scopes: list[str], now: datetime) -> None:
    user = UserFactory()
    with pytest.raises(ValidationError, match="权限范围"):
        actions.create_token(user, name="x", scopes=scopes, days=1, by=person(user), at=now)


@pytest.mark.django_db
def test_key_lives_no_longer_than_a_year(now: datetime) -> None:
    user = UserFactory()
    row, _ = actions.create_token(user, name="x", scopes=["needs:read"], days=9999, by=person(user), at=now)

    assert row.expires_at == now + timedelta(days=366)


@pytest.mark.django_db
def test_kept_answers_are_forgotten_after_a_day(now: datetime) -> None:
    token = made(now)
    by = person(token.user)
    actions.once(token, key="a", request_digest="d", do=lambda: (201, {}), by=by, at=now)

    early = actions.forget_answers(by=system("worker"), at=now + timedelta(hours=23))
    late = actions.forget_answers(by=system("worker"), at=now + timedelta(hours=25))

    assert (early, late, KeptAnswer.objects.count()) == (0, 1, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.databases
@pytest.mark.slow
def test_same_write_sent_by_fifty_at_once_is_done_once(now: datetime) -> None:
    token = made(now)
    by, barrier = person(token.user), threading.Barrier(SENDERS)
    answers: list[object] = []

    def do() -> tuple[int, dict[str, object]]:
        row = actions.register_organization(key="once", name="一次", kind="platform", by=system("test"), at=now)
        return 201, {"pk": row.pk}

    def send() -> None:
        try:
            barrier.wait()
            answers.append(actions.once(token, key="k", request_digest="d", do=do, by=by, at=now)[:2])
        except Exception as error:  # the thread hands its failure to the test
            answers.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    pk = Organization.objects.get(key="once").pk
    assert answers == [(201, {"pk": pk})] * SENDERS
    assert list(ledger.verify()) == []
