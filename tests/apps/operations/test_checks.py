"""What forbids real use: each weak setting is found, a good production has none."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger import triggers
from keqiao.apps.operations import checks
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

GOOD: dict[str, Any] = {
    "MODE": "production", "DEMO": False, "DEBUG": False,
    "SECRET_KEY": "n4Kd82mQzpvT7wXb5LrY0sHc3Je6Ua9Fg1Oi2Bq8Rt5Wy7ZxPz",
    "ALLOWED_HOSTS": ["bridge.example.cn"], "CSRF_TRUSTED_ORIGINS": ["https://bridge.example.cn"],
    "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000, "REQUIRE_MFA": True, "PASSWORD_DAYS": 90,
    "DEFAULT_FROM_EMAIL": "bridge@example.cn",
}  # fmt: skip


@pytest.fixture
def now() -> datetime:
    """The database's clock is a real one, and the two are compared."""
    return timezone.now()


# The tests' own SQLite is none that a production would use.
OF_THE_TESTS = {"sqlite_production"}


@pytest.fixture(autouse=True)
def production(tmp_path: Path) -> Iterator[Path]:
    tmp_path.chmod(0o700)
    with override_settings(HOME=tmp_path, **GOOD):
        yield tmp_path


def codes(now: datetime, *, workers: int = 1) -> set[str]:
    found = checks.findings(at=now, workers=workers)
    assert all(finding.what and finding.why and finding.do for finding in found)
    return {finding.code for finding in found} - OF_THE_TESTS


def backed_up(now: datetime) -> None:
    ledger.record("backup.take", by=system("backup"), at=now, subject="backup:x.tar")


def test_good_production_has_nothing_against_it(now: datetime) -> None:
    backed_up(now)

    assert codes(now) == set()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"SECRET_KEY": "short"}, "weak_secret"),
        ({"SECRET_KEY": "ab" * 40}, "weak_secret"),
        ({"SECRET_KEY": "django-insecure-" + GOOD["SECRET_KEY"]}, "weak_secret"),
        ({"SECRET_KEY": "please-change-me-" + GOOD["SECRET_KEY"]}, "weak_secret"),
        ({"DEBUG": True}, "debug"),
        ({"ALLOWED_HOSTS": ["*"]}, "open_hosts"),
        ({"ALLOWED_HOSTS": [".example.cn"]}, "open_hosts"),
        ({"CSRF_TRUSTED_ORIGINS": ["http://bridge.example.cn"]}, "plain_origins"),
        ({"SESSION_COOKIE_SECURE": False}, "open_cookies"),
        ({"CSRF_COOKIE_SECURE": False}, "open_cookies"),
        ({"SECURE_SSL_REDIRECT": False}, "no_redirect"),
        ({"SECURE_HSTS_SECONDS": 0}, "no_hsts"),
        ({"DEFAULT_FROM_EMAIL": "keqiao@localhost"}, "default_sender"),
        ({"REQUIRE_MFA": False}, "no_second_factor"),
        ({"PASSWORD_DAYS": 0}, "old_passwords"),
    ],
)
def test_weak_setting_is_found(changed: dict[str, Any], code: str, now: datetime) -> None:
    backed_up(now)
    with override_settings(**changed):
        assert codes(now) == {code}


def test_second_factor_off_is_a_warning_in_production_and_nothing_in_an_office(now: datetime) -> None:
    backed_up(now)
    with override_settings(REQUIRE_MFA=False):
        found = [row for row in checks.findings(at=now) if row.code == "no_second_factor"]
        assert [row.is_error for row in found] == [False]
        with override_settings(MODE="office"):
            assert codes(now) == set()


def test_home_open_to_others_is_found(production: Path, now: datetime) -> None:
    backed_up(now)
    production.chmod(0o755)

    assert codes(now) == {"open_home"}


def test_second_web_process_is_an_error_on_sqlite_only(now: datetime) -> None:
    backed_up(now)

    assert codes(now, workers=2) == ({"sqlite_workers"} if connection.vendor == "sqlite" else set())


def test_demo_log_in_is_found_until_it_is_locked(now: datetime) -> None:
    backed_up(now)
    user = parties.add_user(email="a@example.invalid", name="a", password=None, is_demo=True, by=system("test"), at=now)

    assert codes(now) == {"demo_users"}
    parties.set_active(user, active=False, by=system("test"), at=now)
    assert codes(now) == set()


def test_backup_of_yesterday_is_enough_and_one_of_last_week_is_not(now: datetime) -> None:
    assert codes(now) == {"no_backup"}
    backed_up(now - timedelta(days=7))
    assert codes(now) == {"no_backup"}
    backed_up(now - timedelta(days=1))
    assert codes(now) == set()


def test_clock_behind_the_ledger_is_found(now: datetime) -> None:
    backed_up(now + timedelta(hours=1))

    assert codes(now) == {"clock_behind"}


def test_guards_that_were_dropped_are_found(now: datetime) -> None:
    backed_up(now)
    triggers.remove(connection)

    assert codes(now) == {"no_triggers"}


def test_changed_end_of_the_ledger_is_found(now: datetime) -> None:
    backed_up(now)
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET actor = 'user:else'")

    assert codes(now) == {"no_triggers", "ledger"}


def test_errors_come_before_warnings(now: datetime) -> None:
    with override_settings(SECURE_HSTS_SECONDS=0, DEBUG=True):
        found = [finding.is_error for finding in checks.findings(at=now)]

    assert found == sorted(found, reverse=True)
    assert set(found) == {True, False}


@pytest.mark.parametrize("content", [None, "{}", "no model"])
def test_model_that_cannot_be_read_is_found(content: str | None, now: datetime, production: Path) -> None:
    path = production / "model.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    backed_up(now)
    with override_settings(MATCHING_MODEL=str(path)):
        assert codes(now) == {"matching_model"}
