"""The worker: a list of steps, taken one after the other, again and again.

Each step takes up what the rows say is due, holds no state of its own and may be killed at any moment: it repeats a
little and loses nothing. A step that fails is logged and tried again later; the others go on.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import FrameType

from django.db import close_old_connections, connection
from django.utils import timezone

from keqiao.apps.market import actions as market
from keqiao.apps.market import indexing
from keqiao.apps.parties.actors import system

log = logging.getLogger("keqiao.worker")
POLL_SECONDS = 0.4
PAUSE_AFTER_ERROR_SECONDS = 30.0


@dataclass(frozen=True)
class Step:
    """One thing the worker does: what, and how long it rests between two times (0: on every pass).

    `do` is given the moment, and may return how much it did: a number above zero asks for the next pass at once.
    """

    name: str
    do: Callable[[datetime], object]
    every_seconds: float = 0


def _expire(at: datetime) -> None:
    market.expire_due(by=system("worker"), at=at)


def _escalate(at: datetime) -> None:
    market.contacts.escalate_due(by=system("worker"), at=at)


def _tune(at: datetime) -> None:
    """Let SQLite renew what it knows of the tables, so that it picks the right index as they grow."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize=0x10002")


def _index(at: datetime) -> int:
    return indexing.catch_up_all(at=at)


STEPS: tuple[Step, ...] = (
    Step("expire", _expire, every_seconds=600),
    Step("escalate", _escalate, every_seconds=60),
    Step("tune", _tune, every_seconds=600),
    Step("index", _index),
)


def work() -> None:
    """Take the steps until told to stop, or until the process that started this one is gone."""
    signal.signal(signal.SIGTERM, _interrupt)
    parent = os.getppid()
    due: dict[str, float] = {}
    try:
        while os.getppid() == parent:
            close_old_connections()
            if not take_due(STEPS, due):
                time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        pass


def take_due(steps: Sequence[Step], due: dict[str, float]) -> bool:
    """Take each step whose time has come and note in `due` when it comes again; whether one of them has more to do."""
    is_busy = False
    for step in steps:
        if time.monotonic() < due.get(step.name, 0):
            continue
        pause = step.every_seconds
        try:
            done = step.do(timezone.now())
            is_busy = is_busy or (isinstance(done, int) and done > 0)
        except Exception:  # whatever it is, the other steps must go on
            log.exception("the step %s failed; it is tried again in %d s", step.name, PAUSE_AFTER_ERROR_SECONDS)
            pause = PAUSE_AFTER_ERROR_SECONDS
        due[step.name] = time.monotonic() + pause
    return is_busy


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
