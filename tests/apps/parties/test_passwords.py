"""Passwords that are not taken again, and those that must be changed in time."""

from datetime import date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import override_settings
from django.utils.timezone import localdate

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, passwords
from keqiao.apps.parties.actors import Actor, Grant, actor_of
from keqiao.apps.parties.models import FormerPassword, Role, User
from tests.apps.acting import administrator, broker, last_entry, officer, person, security
from tests.factories.parties import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def account(now: datetime, *words: str) -> User:
    """Somebody who has had these passwords, one a day; the last is in force."""
    first, *rest = words
    user = actions.add_user(email="ann@example.invalid", name="Ann", password=first, by=administrator(), at=now)
    for day, word in enumerate(rest, 1):
        actions.set_password(user, word, by=own(user, now), at=now + timedelta(days=day))
    return user


def own(user: User, now: datetime) -> Actor:
    return actor_of(user, on=localdate(now))


def test_one_in_force_and_four_before_it_were_used(now: datetime) -> None:
    user = account(now, *"abcdefg")

    assert [word for word in "abcdefgh" if passwords.was_used(user, word)] == list("cdefg")


def test_as_many_hashes_are_kept_as_are_compared(now: datetime) -> None:
    user = account(now, *"abcdefg")

    assert FormerPassword.objects.filter(user=user).count() == passwords.HISTORY - 1


def test_first_password_leaves_nothing_behind_it(now: datetime) -> None:
    user = actions.add_user(email="ann@example.invalid", password=None, by=administrator(), at=now)
    assert user.password_set_at is None

    actions.set_password(user, "a", by=own(user, now), at=now)

    assert (FormerPassword.objects.count(), user.password_set_at, user.check_password("a")) == (0, now, True)


def test_new_password_is_an_entry_of_the_chain(now: datetime) -> None:
    user = account(now, "a")

    actions.set_password(user, "b", by=own(user, now), at=now, reason="reset_letter")

    key = f"user:{user.key}"
    assert last_entry() == ("password.set", key, key, "done", "reset_letter")
    assert list(ledger.verify()) == []


@pytest.mark.parametrize("by", [person(), administrator(), security()])
def test_password_of_another_is_set_by_nobody(by: Actor, now: datetime) -> None:
    user = account(now, "a")

    with pytest.raises(Refused, match="only_yourself"):
        actions.set_password(user, "b", by=by, at=now)

    assert User.objects.get(pk=user.pk).check_password("a")
    assert (FormerPassword.objects.count(), last_entry()[3]) == (0, "refused")


def test_day_of_the_change_is_ninety_days_after_the_password(now: datetime) -> None:
    user = account(now, "a")
    last = localdate(now) + timedelta(days=90)

    assert passwords.change_date(user, officer("229901")) == last
    assert not passwords.is_due(user, officer("229901"), on=last - timedelta(days=1))
    assert passwords.is_due(user, officer("229901"), on=last)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR, Role.OFFICER, Role.REGISTRAR])
def test_passwords_of_those_who_administer_age(role: str, now: datetime) -> None:
    assert passwords.is_due(account(now, "a"), person(None, Grant(role)), on=date(2999, 1, 1))


@pytest.mark.parametrize("by", [broker(), person(None, Grant(Role.MANAGER, "x")), person()])
def test_passwords_of_others_do_not_age(by: Actor, now: datetime) -> None:
    user = account(now, "a")

    assert (passwords.change_date(user, by), passwords.is_due(user, by, on=date(2999, 1, 1))) == (None, False)


def test_no_password_ages_where_none_is_asked_to(now: datetime) -> None:
    user = account(now, "a")

    with override_settings(PASSWORD_DAYS=0):
        assert passwords.change_date(user, administrator()) is None
        assert not passwords.is_due(user, administrator(), on=date(2999, 1, 1))


def test_upgrade_counts_from_the_day_an_account_was_opened() -> None:
    known, none, empty = UserFactory(password="md5$a$b"), UserFactory(password="!x"), UserFactory(password="")
    upgrade = import_module("keqiao.apps.parties.migrations.0007_password_moments")

    upgrade.since_they_joined(apps, SimpleNamespace(connection=connection))

    moments = dict(User.objects.values_list("pk", "password_set_at"))
    assert moments == {known.pk: known.date_joined, none.pk: None, empty.pk: None}
