"""Reads of the chain, and its proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from . import hashing
from .models import Chain, Entry, EntryValues


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the chain: the row, what is wrong (changed, missing, reordered, values) and a sentence."""

    seq: int
    kind: str
    message: str


def entries() -> QuerySet[Entry]:
    return Entry.objects.order_by("-seq")


def entries_of(subject: str) -> QuerySet[Entry]:
    return Entry.objects.filter(subject=subject).order_by("seq")


def last_reason(subject: str, *, kind: str) -> str:
    """The reason code of the newest entry of a kind about a subject; empty if there is none."""
    return (
        Entry.objects.filter(subject=subject, kind=kind).order_by("-seq").values_list("reason", flat=True).first() or ""
    )


def moments_of(kind: str, *, reason: str, start: datetime, end: datetime) -> dict[str, datetime]:
    """When the subjects of entries of a kind with a reason had the first of them in a span of time."""
    rows = Entry.objects.filter(kind=kind, reason=reason, outcome="done", at__gte=start, at__lt=end)
    return dict(rows.order_by("-seq").values_list("subject", "at"))


def entries_after(seq: int, *, kinds: tuple[str, ...]) -> QuerySet[Entry]:
    return Entry.objects.filter(seq__gt=seq, kind__in=kinds, outcome="done").order_by("seq")


def without_entry(subjects: Sequence[str], *, kind: str, after: datetime) -> list[str]:
    """Those of the subjects that have no entry of a kind since a moment, in their order."""
    known = Entry.objects.filter(subject__in=subjects, kind=kind, at__gte=after, outcome="done")
    have = set(known.values_list("subject", flat=True))
    return [subject for subject in subjects if subject not in have]


def last_seq() -> int:
    return Chain.objects.get(pk=1).seq


def last_digest() -> str:
    """The digest at the end of the chain: another one for every state it has ever been in."""
    return Chain.objects.get(pk=1).digest


def verify() -> Iterator[Problem]:
    """Recompute the whole chain in one pass and name every row that does not fit.

    A row whose content no longer gives its digest is changed; a number that is not there is missing; a row whose
    digest fits another place than the one it stands at is reordered.
    """
    places = _places()
    expected, previous = 1, hashing.GENESIS
    for row in Entry.objects.order_by("seq").values().iterator(chunk_size=2000):
        while expected < row["seq"]:
            yield Problem(expected, "missing", f"entry {expected} is missing")
            expected, previous = expected + 1, ""
        yield from _row_problems(dict(row), previous=previous, places=places)
        expected, previous = row["seq"] + 1, row["digest"]
    yield from _tail_problems(expected, previous)
    yield from _value_problems()


def verify_end(count: int) -> Iterator[Problem]:
    """Recompute the last entries only: quick enough for every start. The whole proof is `verify`."""
    rows: list[dict[str, Any]] = [dict(row) for row in Entry.objects.order_by("-seq").values()[:count]][::-1]
    expected, previous = (rows[0]["seq"], "") if rows else (1, hashing.GENESIS)
    places = {row["digest"]: row["seq"] for row in rows}
    for row in rows:
        while expected < row["seq"]:
            yield Problem(expected, "missing", f"entry {expected} is missing")
            expected, previous = expected + 1, ""
        yield from _row_problems(row, previous=previous, places=places)
        expected, previous = row["seq"] + 1, row["digest"]
    yield from _tail_problems(expected, previous)


def _places() -> dict[str, int]:
    return dict(Entry.objects.values_list("digest", "seq").iterator(chunk_size=5000))


def _row_problems(row: dict[str, Any], *, previous: str, places: dict[str, int]) -> Iterator[Problem]:
    seq = row["seq"]
    before = 0 if row["previous"] == hashing.GENESIS else places.get(row["previous"])
    sound = hashing.entry_digest(row) == row["digest"]
    if sound:
        # With the entry before it missing there is nothing to compare with; the gap is named already.
        if previous and row["previous"] != previous and before is None:
            yield Problem(seq, "changed", f"entry {seq} does not follow entry {seq - 1}: that entry was changed")
        return
    if home := _home(row, before):
        yield Problem(seq, "reordered", f"entry {seq} was written as entry {home} and moved")
        return
    yield Problem(seq, "changed", f"entry {seq} ({row['kind']}) was changed: its content does not give its digest")


def _home(row: dict[str, Any], before: int | None) -> int | None:
    """The number under which the row's digest is right: behind the entry it follows, or beside where it stands."""
    near = [row["seq"] - 1, row["seq"] + 1]
    candidates = near if before is None else [before + 1, before, before - 1, *near]
    return next((seq for seq in candidates if hashing.entry_digest(row | {"seq": seq}) == row["digest"]), None)


def _tail_problems(expected: int, previous: str) -> Iterator[Problem]:
    chain = Chain.objects.get(pk=1)
    for seq in range(expected, chain.seq + 1):
        yield Problem(seq, "missing", f"entry {seq} is missing at the end of the chain")
    if expected == chain.seq + 1 and previous and chain.seq and chain.digest != previous:
        yield Problem(chain.seq, "changed", f"the chain's end does not fit entry {chain.seq}")
    if chain.seq < expected - 1:
        yield Problem(expected - 1, "changed", f"the chain says it ends at {chain.seq}, but there are more entries")


def _value_problems() -> Iterator[Problem]:
    for kept in EntryValues.objects.select_related("entry").order_by("entry_id").iterator(chunk_size=2000):
        fields = kept.entry.facts.get("fields", {})
        for name, value in kept.values.items():
            if fields.get(name) != hashing.value_digest(kept.entry.alg, kept.salt, name, value):
                yield Problem(kept.entry_id, "values", f"the kept value of {name} in entry {kept.entry_id} was changed")
