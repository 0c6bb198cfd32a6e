"""The worker: a list of steps, taken one after the other, again and again.

Each step takes up what the rows say is due, holds no state of its own and may be killed at any moment: it repeats a
little and loses nothing. A step that fails is logged and tried again later; the others go on.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import FrameType

from django.db import close_old_connections, connection
from django.utils import timezone

from keqiao.apps.market import actions as market
from keqiao.apps.market import indexing
from keqiao.apps.operations import heartbeat, locks
from keqiao.apps.operations.heartbeat import Heartbeat, StepState
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties import importing
from keqiao.apps.parties.actors import system
from keqiao.apps.post import actions as post
from keqiao.apps.post import delivering
from keqiao.apps.programmes import actions as programmes
from keqiao.apps.proposals import actions as proposals

log = logging.getLogger("keqiao.worker")
POLL_SECONDS = 0.4
STAND_BY_SECONDS = 1.0
PAUSE_AFTER_ERROR_SECONDS = 30.0


@dataclass(frozen=True)
class Step:
    """One thing the worker does: what, and how long it rests between two times (0: on every pass).

    `do` is given the moment, and may return how much it did: a number above zero asks for the next pass at once.
    A step is taken by one worker at a time even if several machines share a database; one that tends something in the
    home folder, as each machine has its own, says `everywhere`.
    """

    name: str
    do: Callable[[datetime], object]
    every_seconds: float = 0
    everywhere: bool = False


def _expire(at: datetime) -> None:
    market.expire_due(by=system("worker"), at=at)


def _remind(at: datetime) -> None:
    market.remind_due(by=system("worker"), at=at)


def _escalate(at: datetime) -> None:
    market.contacts.escalate_due(by=system("worker"), at=at)


def _tune(at: datetime) -> None:
    """Let SQLite renew what it knows of the tables, so that it picks the right index as they grow."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize=0x10002")


def _index(at: datetime) -> int:
    return indexing.catch_up_all(at=at)


def _forget(at: datetime) -> None:
    parties.forget_answers(by=system("worker"), at=at)


def _find_duplicates(at: datetime) -> None:
    parties.find_duplicates(by=system("worker"), at=at)


def _import(at: datetime) -> int:
    return importing.advance_next(at=at)


def _look(at: datetime) -> int:
    return market.searches.look(by=system("worker"), at=at)


def _measure(at: datetime) -> int:
    return market.judgements.measure_due(by=system("worker"), at=at)


def _reckon(at: datetime) -> int:
    return programmes.reckon_due(by=system("worker"), at=at)


def _read_replies(at: datetime) -> int:
    return proposals.read_again_due(by=system("worker"), at=at)


def _link_replies(at: datetime) -> int:
    return proposals.link_due(by=system("worker"), at=at)


def _follow_promises(at: datetime) -> int:
    return proposals.follow_due(by=system("worker"), at=at)


def _remind_units(at: datetime) -> None:
    proposals.remind_due(by=system("worker"), at=at)
    proposals.report_quarter(by=system("worker"), at=at)


def _take_up(at: datetime) -> int:
    return post.take_up(by=system("worker"), at=at)


def _deliver(at: datetime) -> int:
    return delivering.deliver(by=system("worker"), at=at)


def _tidy(at: datetime) -> int:
    return post.tidy(by=system("worker"), at=at)


STEPS: tuple[Step, ...] = (
    Step("expire", _expire, every_seconds=600),
    Step("remind", _remind, every_seconds=3600),
    Step("escalate", _escalate, every_seconds=60),
    Step("tune", _tune, every_seconds=600, everywhere=True),
    Step("forget", _forget, every_seconds=3600),
    Step("index", _index, everywhere=True),
    Step("import", _import),
    Step("measure", _measure, every_seconds=5),
    Step("reckon", _reckon, every_seconds=2),
    Step("replies", _read_replies, every_seconds=5),
    Step("links", _link_replies, every_seconds=5),
    Step("promises", _follow_promises, every_seconds=2),
    Step("units", _remind_units, every_seconds=3600),
    Step("look", _look, every_seconds=5),
    Step("duplicates", _find_duplicates, every_seconds=3600),
    Step("post", _take_up),
    Step("deliver", _deliver),
    Step("tidy", _tidy, every_seconds=3600),
)


def work() -> None:
    """Take the steps until told to stop, or until the process that started this one is gone.

    A second worker on the same home folder stands by and takes over when the first has died.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    parent = os.getppid()
    due: dict[str, float] = {}
    try:
        while os.getppid() == parent:
            try:
                with locks.hold("site", shared=True), locks.hold("worker"), Watch(STEPS) as watch:
                    _take_all(parent, due, watch)
            except locks.Busy:
                time.sleep(STAND_BY_SECONDS)
    except KeyboardInterrupt:
        pass


def _take_all(parent: int, due: dict[str, float], watch: "Watch") -> None:
    while os.getppid() == parent:
        close_old_connections()
        if not take_due(STEPS, due, watch=watch):
            time.sleep(POLL_SECONDS)


def take_due(steps: Sequence[Step], due: dict[str, float], *, watch: "Watch | None" = None) -> bool:
    """Take each step whose time has come and note in `due` when it comes again; whether one of them has more to do."""
    is_busy = False
    watch = watch or Watch(steps)
    for step in steps:
        if time.monotonic() < due.get(step.name, 0):
            continue
        pause = step.every_seconds
        try:
            with watch.step(step):
                done = _take(step)
            is_busy = is_busy or (isinstance(done, int) and done > 0)
        except Exception:  # whatever it is, the other steps must go on
            log.exception("the step %s failed; it is tried again in %d s", step.name, PAUSE_AFTER_ERROR_SECONDS)
            pause = PAUSE_AFTER_ERROR_SECONDS
            connection.close()  # a broken connection must not fail the next step too
        due[step.name] = time.monotonic() + pause
    return is_busy


def _take(step: Step) -> object:
    if step.everywhere:
        return step.do(timezone.now())
    with locks.turn(f"step:{step.name}") as is_mine:
        return step.do(timezone.now()) if is_mine else 0


class Watch:
    """Keeps the heartbeat: what the worker does, and how each step fared. A thread of its own writes it down."""

    def __init__(self, steps: Sequence[Step]) -> None:
        now = timezone.now().isoformat()
        self.states = {step.name: StepState(step.name, step.every_seconds) for step in steps}
        self.beat = Heartbeat(at=now, pid=os.getpid(), started_at=now, steps=list(self.states.values()))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_beating, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _keep_beating(self) -> None:
        while True:
            self.beat.at = timezone.now().isoformat()
            try:
                heartbeat.write(self.beat)
            except OSError:  # a full disk must not end the worker
                log.exception("the heartbeat could not be written")
            if self._over.wait(heartbeat.BEAT_SECONDS):
                return

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        state, started = self.states[step.name], time.monotonic()
        self.beat.step, self.beat.step_at = step.name, timezone.now().isoformat()
        try:
            yield
            state.ended_at, state.failures = timezone.now().isoformat(), 0
        except Exception as error:
            state.failed_at, state.error = timezone.now().isoformat(), type(error).__name__
            state.failures += 1
            raise
        finally:
            state.took_ms = round((time.monotonic() - started) * 1000)
            self.beat.step = self.beat.step_at = ""


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
