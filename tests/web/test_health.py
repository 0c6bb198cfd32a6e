"""What machines ask: up and ready, whatever the host, without a session, a redirect or a word too much."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from keqiao.apps.operations import heartbeat
from keqiao.apps.operations.heartbeat import SILENT_AFTER, STUCK_AFTER, Heartbeat
from tests.web.world import World


@pytest.fixture
def own_home(tmp_path: Path) -> Iterator[Path]:
    with override_settings(HOME=tmp_path):
        yield tmp_path


def beat(*, age: object = None, step_age: object = None) -> None:
    now = timezone.now()
    at = now - age if age else now  # type: ignore[operator]
    step_at = (now - step_age).isoformat() if step_age else ""  # type: ignore[operator]
    heartbeat.write(Heartbeat(at.isoformat(), 1, at.isoformat(), step="index" if step_age else "", step_at=step_at))


@pytest.mark.django_db
def test_health_asks_nothing_and_hears_every_host(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = Client().get("/health/", headers={"host": "10.9.8.7:8000"})

    assert (response.status_code, response.json()) == (200, {"status": "up"})
    assert response.cookies == {}


@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["keqiao.example.cn"])
def test_health_is_not_sent_to_https() -> None:
    assert Client().get("/health/").status_code == 200
    assert Client().post("/health/").status_code == 200


def test_ready_says_one_word_to_strangers(world: World, own_home: Path) -> None:
    beat()

    response = Client().get("/ready/", headers={"host": "10.9.8.7"})

    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("ages", "reason"),
    [
        (None, "worker is never_ran"),
        ({"age": SILENT_AFTER * 2}, "worker is silent"),
        ({"step_age": STUCK_AFTER * 2}, "worker is stuck"),
    ],
)
def test_ready_waits_for_the_worker_and_logs_why(
    ages: dict[str, object] | None, reason: str, world: World, own_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if ages is not None:
        beat(**ages)

    response = Client().get("/ready/")

    assert (response.status_code, response.json()) == (503, {"status": "not ready"})
    assert [record.getMessage() for record in caplog.records] == [f"not ready: {reason}"]


def test_ready_without_an_index_is_not_ready(world: World, own_home: Path, own_index: None) -> None:
    beat()

    assert Client().get("/ready/").status_code == 503


def test_ready_without_room_on_the_disk_is_not_ready(
    world: World, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat()
    monkeypatch.setattr("keqiao.apps.operations.readiness.LEAST_FREE_BYTES", 2**70)

    assert Client().get("/ready/").status_code == 503


def test_ready_costs_one_query(
    world: World, own_home: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    beat()
    Client().get("/ready/")

    with django_assert_max_num_queries(1):
        Client().get("/ready/")
