"""The steps of the worker: taken when due, again at once when there is more, never stopped by one that fails."""

import logging
from datetime import datetime

import pytest

from keqiao.cli._worker import STEPS, Step, take_due


def noted(name: str, taken: list[str], *, done: int = 0) -> Step:
    def do(at: datetime) -> int:
        taken.append(name)
        return done

    return Step(name, do)


def test_steps_are_taken_in_order_and_only_when_due() -> None:
    taken: list[str] = []
    steps = (Step("rare", noted("rare", taken).do, every_seconds=600), noted("each", taken))
    due: dict[str, float] = {}

    take_due(steps, due)
    take_due(steps, due)

    assert taken == ["rare", "each", "each"]


@pytest.mark.parametrize(("done", "is_busy"), [(0, False), (3, True)])
def test_step_with_more_to_do_asks_for_the_next_pass_at_once(*, done: int, is_busy: bool) -> None:
    assert take_due((noted("import", [], done=done),), {}) is is_busy


def test_step_that_fails_is_logged_and_rests_while_the_others_go_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []

    def fail(at: datetime) -> None:
        taken.append("broken")
        raise ZeroDivisionError

    steps, due = (Step("broken", fail), noted("sound", taken)), {}
    # Tools that set up logging for themselves, as import-linter does, switch loggers off.
    monkeypatch.setattr(logging.getLogger("keqiao.worker"), "disabled", False)
    with caplog.at_level(logging.ERROR):
        take_due(steps, due)
        take_due(steps, due)

    assert taken == ["broken", "sound", "sound"]
    assert ["the step broken failed" in record.getMessage() for record in caplog.records] == [True]


def test_steps_have_names_of_their_own() -> None:
    assert len({step.name for step in STEPS}) == len(STEPS)
