"""The one door to the database: every write happens inside `action` and leaves its entry.

    with ledger.action("need.publish", by=actor, at=now, subject=need.key) as entry:
        entry.require(permissions.can_publish(actor, need))
        ...
        entry.change(state=need.state)

The entries of an action and of the actions inside it are appended as the last statements of the outermost
transaction, under one lock, so that the chain has no gaps and no forks. A `Refused` rolls everything back and leaves
one entry that says who was refused what, and why; if an action inside was refused, one for it as well.

A bulk action (`folds=True`) leaves one entry for all that the actions inside it did: how many they were, whom they
concern, and a digest over what each of them would have written.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from . import hashing
from .models import Chain, Entry, EntryValues, Outcome


class Actor(Protocol):
    """Whoever acts: a person, the system, a visitor."""

    @property
    def key(self) -> str: ...


class Verdict(Protocol):
    """What a permission answers: allowed or not, and the reason code."""

    @property
    def allowed(self) -> bool: ...
    @property
    def reason(self) -> str: ...


class Refused(Exception):
    """The actor may not do this, or the thing is not in a state for it. `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Draft:
    """An entry in the making."""

    kind: str
    actor: str
    at: datetime
    subject: str
    reason: str = ""
    outcome: str = Outcome.DONE
    count: int | None = None
    values: dict[str, Any] = field(default_factory=dict, repr=False)

    def change(self, **values: Any) -> None:
        """Note what fields hold now; values of personal fields are erasable later."""
        self.values.update(values)

    def require(self, verdict: Verdict) -> None:
        """Go on only if the permission allows it; else the action is rolled back and the refusal is recorded."""
        if not verdict.allowed:
            raise Refused(verdict.reason)

    def fold(self, drafts: "list[Draft]") -> None:
        """Stand for these entries: their number, their subjects, and a digest of all that they would have said."""
        done = [draft for draft in drafts if draft.outcome == Outcome.DONE]
        said = [[draft.kind, draft.subject, str(draft.outcome), draft.reason, draft.values] for draft in drafts]
        self.count = len(done) if self.count is None else self.count
        self.change(
            subjects=list(dict.fromkeys(draft.subject for draft in done)),
            digest=hashing.value_digest(hashing.DEFAULT_ALGORITHM, "", "folded", said),
        )


_pending: ContextVar[list[Draft] | None] = ContextVar("keqiao_ledger_pending", default=None)
# SQLite takes one writer at a time; queueing inside the process is faster and fairer than its busy loop.
_sqlite_gate = threading.RLock()


@contextmanager
def action(kind: str, *, by: Actor, at: datetime, subject: str = "", folds: bool = False) -> Iterator[Draft]:
    """One atomic, recorded write. Nested actions join the outermost transaction.

    With `folds` the actions inside leave no entries of their own; this one stands for them.
    """
    draft = Draft(kind=kind, actor=by.key, at=at, subject=subject)
    pending = _pending.get()
    if pending is not None:
        with _nested(draft, pending, folds=folds):
            yield draft
        return
    drafts: list[Draft] = []
    try:
        with _gate(), _outermost(drafts):
            yield draft
            if folds:
                draft.fold(drafts)
                drafts.clear()
            drafts.append(draft)
            _append(drafts)
    except Refused as refusal:
        refused = replace(draft, outcome=Outcome.REFUSED, reason=refusal.reason, count=None, values={})
        _record_refusals([*(() if folds else drafts), refused])
        raise


@contextmanager
def attempt() -> Iterator[None]:
    """A write inside an action that may break a constraint: failing undoes it alone, and the action can go on."""
    if _pending.get() is None:
        raise RuntimeError("a write may be attempted only inside an action")
    with transaction.atomic():
        yield


def _record_refusals(drafts: list[Draft]) -> None:
    """All is rolled back; what stays is who was refused what, and of the actions inside what exactly."""
    with _gate(), _outermost([]):
        _append([draft for draft in drafts if draft.outcome == Outcome.REFUSED])


@contextmanager
def _nested(draft: Draft, pending: list[Draft], *, folds: bool) -> Iterator[None]:
    """Undo what a failed inner action wrote and noted, so that an outer one that goes on keeps no half of it."""
    before = len(pending)
    try:
        with transaction.atomic():
            yield
    except BaseException as error:
        del pending[before:]
        if isinstance(error, Refused):
            pending.append(replace(draft, outcome=Outcome.REFUSED, reason=error.reason, count=None, values={}))
        raise
    if folds:
        draft.fold(pending[before:])
        del pending[before:]
    pending.append(draft)


def record(
    kind: str, *, by: Actor, at: datetime, subject: str = "", outcome: str = Outcome.DONE, reason: str = ""
) -> None:
    """Append an entry for something that writes no row: a sign-in, a refusal, a disclosure."""
    draft = Draft(kind=kind, actor=by.key, at=at, subject=subject, outcome=outcome, reason=reason)
    pending = _pending.get()
    if pending is not None:
        pending.append(draft)
        return
    with _gate(), _outermost([]):
        _append([draft])


def erase_values(subject: str, *, by: Actor, at: datetime, reason: str) -> int:
    """Delete the values (not the entries) kept of one subject, and record that it was done."""
    with action("ledger.erase", by=by, at=at, subject=subject) as entry:
        entry.reason = reason
        entry.count = EntryValues.objects.filter(entry__subject=subject).delete()[0]
    return entry.count


@contextmanager
def _outermost(drafts: list[Draft]) -> Iterator[None]:
    token = _pending.set(drafts)
    try:
        with transaction.atomic():
            yield
    finally:
        _pending.reset(token)


@contextmanager
def _gate() -> Iterator[None]:
    if connection.vendor == "sqlite":
        with _sqlite_gate:
            yield
    else:
        yield


def _append(drafts: list[Draft]) -> None:
    chain = Chain.objects.select_for_update().get(pk=1)
    entries, kept = [], []
    for draft in drafts:
        entry, values = _entry(draft, seq=chain.seq + 1, previous=chain.digest)
        entries.append(entry)
        if values:
            kept.append(values)
        chain.seq, chain.digest = entry.seq, entry.digest
    Entry.objects.bulk_create(entries)
    EntryValues.objects.bulk_create(kept)
    chain.save(update_fields=["seq", "digest"])


def _entry(draft: Draft, *, seq: int, previous: str) -> tuple[Entry, EntryValues | None]:
    alg, salt = hashing.DEFAULT_ALGORITHM, secrets.token_hex(16)
    facts: dict[str, Any] = {}
    if draft.values:
        facts["fields"] = {name: hashing.value_digest(alg, salt, name, value) for name, value in draft.values.items()}
    if draft.count is not None:
        facts["count"] = draft.count
    row: dict[str, Any] = {
        "seq": seq,
        "at": draft.at,
        "kind": draft.kind,
        "actor": draft.actor,
        "subject": draft.subject,
        "outcome": str(draft.outcome),
        "reason": draft.reason,
        "facts": facts,
        "alg": alg,
        "previous": previous,
    }
    entry = Entry(**row, digest=hashing.entry_digest(row))
    return entry, EntryValues(entry=entry, salt=salt, values=draft.values) if draft.values else None
