"""Soft facets: they never exclude an offer, they nudge it and are shown."""

from __future__ import annotations

from collections.abc import Iterator

from keqiao.engines.matching._pack import Packed
from keqiao.engines.matching._records import FacetNote, Query
from keqiao.engines.text import bigrams, normalise

_ALIKE = 0.5  # share of the shorter field name's bigrams that the other one must hold


def facet_notes(query: Query, record: Packed) -> list[FacetNote]:
    """Return a note for every soft facet that both sides name, in a fixed order.

    field agrees where the names are equal or largely alike; region where one code or name begins the other; trl where
    the offer is at least as mature as asked; budget where the asking price begins within the budget; deadline where
    the offer stands until then.
    """
    return list(_notes(query, record))


def _notes(query: Query, record: Packed) -> Iterator[FacetNote]:
    if query.field and record.field:
        yield FacetNote("field", query.field, record.field, _alike(query.field, record.field))
    if query.region and record.region:
        near = query.region.startswith(record.region) or record.region.startswith(query.region)
        yield FacetNote("region", query.region, record.region, near)
    if query.trl_min is not None and record.trl is not None:
        yield FacetNote("trl", str(query.trl_min), str(record.trl), record.trl >= query.trl_min)
    if query.budget_fen is not None and record.budget_fen is not None:
        within = record.budget_fen[0] <= query.budget_fen[1]
        yield FacetNote("budget", _range(query.budget_fen), _range(record.budget_fen), within)
    if query.deadline is not None and record.valid_until is not None:
        stands = record.valid_until >= query.deadline
        yield FacetNote("deadline", query.deadline.isoformat(), record.valid_until.isoformat(), stands)


def _alike(need: str, offer: str) -> bool:
    left, right = normalise(need), normalise(offer)
    if left == right or left in right or right in left:
        return True
    pairs, others = set(bigrams(left)), set(bigrams(right))
    return len(pairs & others) >= _ALIKE * max(min(len(pairs), len(others)), 1)


def _range(fen: tuple[int, int]) -> str:
    return f"{fen[0]}-{fen[1]}"
