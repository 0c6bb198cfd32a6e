"""The system page: how the installation fares, in words, for administrators."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from keqiao.apps.operations import checks, heartbeat, readiness
from keqiao.apps.operations.heartbeat import Heartbeat, StepState
from keqiao.cli._worker import STEPS
from keqiao.web.office import system
from tests.web.conftest import SignIn, english
from tests.web.html import text
from tests.web.world import World


def test_page_shows_the_worker_and_a_step_that_fails(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    now = timezone.now()
    earlier = (now - timedelta(minutes=3)).isoformat()
    states = [
        StepState("index", ended_at=now.isoformat(), took_ms=12),
        StepState("expire", failed_at=earlier, error="OperationalError", failures=3),
    ]
    with override_settings(HOME=tmp_path):
        heartbeat.write(Heartbeat(now.isoformat(), 7, earlier, steps=states))
        page = text(english(sign_in("administrator")).get("/office/system/"))

    assert "Search index Fine" in page
    assert "Failed in a row 3" in page
    assert "OperationalError" in page
    assert "No backup was ever taken." in page


def test_page_without_a_worker_says_what_stands_still(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    with override_settings(HOME=tmp_path):
        page = text(english(sign_in("administrator")).get("/office/system/"))

    assert "Worker Wrong Has never run. Notices, expiry and search stand still" in page


def test_page_has_words_for_every_code() -> None:
    code = Path(checks.__file__).read_text("utf-8") + Path(readiness.__file__).read_text("utf-8")
    missing = [name for name in system.FINDINGS if f'"{name}"' not in code]
    missing += [name for name in system.REASONS if f'"{name}"' not in code]

    assert missing == []
    assert [name for name in system.STEPS if name not in {step.name for step in STEPS}] == []


@pytest.mark.parametrize("name", ["officer", "auditor", "security", "manager"])
def test_page_is_for_administrators_only(name: str, world: World, sign_in: SignIn) -> None:
    assert sign_in(name).get("/office/system/").status_code == 403
