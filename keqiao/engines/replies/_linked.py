"""What links among replies consist of. A point is a figure or a promise of one document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from keqiao.engines.replies._model import Figure, Span, _plain

SCHEMA = "keqiao.reply.links/1"


@dataclass(frozen=True)
class Point:
    """A figure of one reply with what is needed to show it."""

    doc: str
    id: str
    span: Span
    raw: str
    value: Any
    unit: str
    period: str | None
    modality: str
    indicator: str


@dataclass(frozen=True)
class Series:
    """Figures of different replies that speak of one thing, and how they compare.

    relation: duplicate, same_annual, same_cumulative, same_stock, annual_vs_cumulative, basis_differs, subset.
    """

    key: str
    points: tuple[Point, ...]
    relation: str
    expect: str
    note: str = ""


@dataclass(frozen=True)
class FalseLink:
    """Two figures that look alike and are not: equal numbers of different things, or one word with two scopes."""

    a: Point
    b: Point
    why: str


@dataclass(frozen=True)
class Evidence:
    """A place in a later reply that speaks of a promise; without a figure the id is None.

    why: "" where it shows the whole, else why only a part: under_way, name_part (a part of the name is spoken of),
    one_kind (a narrower thing), not_made (spoken of, not said to be made), was_there (before the promise),
    another_of_kind (of a list that stays open), another_name (of a name that tells a kind), fewer, no_number,
    some_names (other names of the promise are not spoken of).
    """

    doc: str
    id: str | None
    span: Span
    quote: str
    why: str = ""


@dataclass(frozen=True)
class Followed:
    """A promise and what later replies say of it.

    status: kept, partly, no_evidence (no later mention found in `looked` replies), pending_at_date, too_soft.
    Never "broken": silence proves nothing. Never kept or partly without evidence.
    """

    promise: Mapping[str, Any]
    status: str
    evidence: tuple[Evidence, ...] = ()
    looked: int = 0
    note: str = ""


@dataclass(frozen=True)
class Sum:
    """A relation between figures recomputed: verdict ok, ok_within_rounding, mismatch, derived or suspicious.

    formula: a/b-1 (growth), sum, part_of (a part and its whole in per cent), a-b (what came to it), a/b, b/a,
    (a-b)/(c-d) (what came to one total for each that came to another), count of names. The parts stand in the order of
    the letters, what is printed as the result last. derived: nothing is printed to hold it against; suspicious: asks
    for a reason.
    """

    name: str
    parts: tuple[Point, ...]
    formula: str
    computed: float
    stated: float | None
    verdict: str
    note: str = ""


@dataclass(frozen=True)
class Inconsistency:
    """Something in one reply or between two that a reader would ask about.

    kind: disagree, frozen, duplicate_text, status_conflict, plan_or_result, cumulative_vs_annual, no_answer, declined,
    no_next_steps, name_variant.
    """

    kind: str
    docs: tuple[str, ...]
    text: str
    spans: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True)
class Links:
    """All links among a set of replies."""

    series: tuple[Series, ...] = ()
    false_links: tuple[FalseLink, ...] = ()
    promises: tuple[Followed, ...] = ()
    arithmetic: tuple[Sum, ...] = ()
    inconsistencies: tuple[Inconsistency, ...] = ()
    docs: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The links in the form `keqiao.reply.links/1`, ready for JSON."""
        return {"schema": SCHEMA} | {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


def point(doc: str, figure: Figure) -> Point:
    """The point of a figure of document `doc`."""
    return Point(
        doc, figure.id, figure.span, "".join(figure.raw.split()), figure.value, figure.unit, figure.year_or_period,
        figure.modality, figure.indicator,
    )  # fmt: skip
