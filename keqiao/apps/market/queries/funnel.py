"""From shown to registered: how many published needs reached each step, by place, field, kind or month.

A need counts once at every step up to the last it reached; one that was withdrawn counts as far as it came. The month
is the one of its publication, so that a row follows the same needs from step to step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet
from django.db.models.functions import Cast, Substr, TruncMonth

from keqiao.apps.market.models import Need

STEPS = ("shown", "introduced", "willing", "talking", "agreed", "registered")
DIMENSIONS = ("area", "field", "need_kind", "month")
FEWEST = 3  # fewer needs in a row of a public table could be told apart
POOLED = "other"

_REACHED = {
    "introduced": Q(introductions__isnull=False),
    "willing": Q(introductions__interested_at__isnull=False),
    "talking": Q(introductions__talking_at__isnull=False),
    "agreed": Q(introductions__agreed_at__isnull=False) | Q(agreements__signed_date__isnull=False),
    "registered": Q(agreements__registration__registered_date__isnull=False),
}


@dataclass(frozen=True)
class Funnel:
    """One row: what it counts (an empty key for all), and how many needs reached each of STEPS."""

    key: str
    counts: tuple[int, ...]

    def __getitem__(self, step: str) -> int:
        return self.counts[STEPS.index(step)]


def published_needs(*, year: int | None = None, areas: Iterable[str] = (), field: str = "") -> QuerySet[Need]:
    """Needs that were ever published, of one year, of some places, of one field."""
    rows = Need.objects.filter(published_at__isnull=False)
    if year is not None:
        rows = rows.filter(published_at__year=year)
    if areas:
        rows = rows.filter(area__in=tuple(areas))
    return rows.filter(field=field) if field else rows


def funnel_total(rows: QuerySet[Need]) -> Funnel:
    """All of the needs as one row."""
    counted = rows.aggregate(**_counts())
    return Funnel("", tuple(counted[step] for step in STEPS))


def funnel_by(dimension: str, rows: QuerySet[Need], *, fewest: int = FEWEST) -> list[Funnel]:
    """One row for each place, field, kind or month that has needs.

    Rows of fewer than `fewest` needs are pooled under "other", and the smallest of the others with them until the pool
    itself is large enough: what is left out can then not be found by taking the rows from the total.
    """
    key: Any = F(dimension)
    if dimension == "month":
        # A month as text sorts as time does, and both databases say it alike.
        key = Substr(Cast(TruncMonth("published_at"), CharField()), 1, 7)
    found = rows.order_by().values(group=key).annotate(**_counts()).order_by("group").values_list("group", *STEPS)
    table = [Funnel(group or "", tuple(counts)) for group, *counts in found]
    pooled = _pool(table, fewest=fewest)
    return pooled if dimension == "month" else sorted(pooled, key=lambda row: (row.key == POOLED, -row["shown"]))


def _counts() -> dict[str, Count]:
    """Whoever reached a later step counts at the ones before, so that a step is never wider than the one above it."""
    counts, reached = {}, Q()
    for step in reversed(STEPS[1:]):
        reached |= _REACHED[step]
        counts[step] = Count("pk", filter=reached, distinct=True)
    return {"shown": Count("pk", distinct=True)} | counts


def _pool(table: list[Funnel], *, fewest: int) -> list[Funnel]:
    by_size = sorted(table, key=lambda row: row["shown"])
    pooled: list[Funnel] = []
    for row in by_size:
        if row["shown"] >= fewest and (not pooled or sum(small["shown"] for small in pooled) >= fewest):
            break
        pooled.append(row)
    if not pooled:
        return table
    kept = [row for row in table if row not in pooled]
    return [*kept, Funnel(POOLED, tuple(map(sum, zip(*(row.counts for row in pooled), strict=True))))]


def years_of(rows: QuerySet[Need]) -> list[int]:
    """The years in which needs were published, newest first."""
    found: list[date] = list(rows.dates("published_at", "year", order="DESC"))
    return [day.year for day in found]
