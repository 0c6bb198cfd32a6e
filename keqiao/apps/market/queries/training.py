"""What people's judgements and their answers to introductions teach the ranking.

| what came of it | grade |
|---|---|
| agreed | 3 |
| talking, or both sides willing | 2 |
| no for the moment or the terms (`too_early`, `too_expensive`, `timing`, `conflict` …) | 1: it fitted all the same |
| no for `not_relevant`, `indicator_short` | 0 |
| no for `not_reachable`, `other`; not yet answered | left out: it says nothing about the pair |

An introduction that was reopened counts once, by what it is now; several of one pair count by the latest. Judgements
of a pair count by their lower median. Where there is both, what came of it counts: a judge reads, the two sides tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from statistics import median_low
from typing import Any

from keqiao.apps.market.models import DeclineReason, Introduction, IntroductionState, Judgement, Need
from keqiao.engines.matching import Document

from .documents import document_of, offers_table

GRADES_BY_STATE = {
    IntroductionState.AGREED: 3,
    IntroductionState.TALKING: 2,
    IntroductionState.INTERESTED: 2,
}
GRADES_BY_REASON = {
    DeclineReason.NOT_RELEVANT: 0,
    DeclineReason.INDICATOR_SHORT: 0,
    DeclineReason.TOO_EARLY: 1,
    DeclineReason.TOO_EXPENSIVE: 1,
    DeclineReason.IP_TERMS: 1,
    DeclineReason.TIMING: 1,
    DeclineReason.CAPACITY: 1,
    DeclineReason.SOLVED_OTHERWISE: 1,
    DeclineReason.CONFLICT: 1,
}


JUDGED = "judged"


@dataclass(frozen=True)
class TrainingRow:
    """One judged pair: 3 agreed … 0 not relevant, with what the matching had said of it and when it was judged."""

    need: str
    offer: str
    grade: int
    score: float | None
    rank: int | None
    source: str
    at: datetime


def grade_of(state: str, reason: str) -> int | None:
    if state == IntroductionState.DECLINED:
        return GRADES_BY_REASON.get(DeclineReason(reason)) if reason else None
    return GRADES_BY_STATE.get(IntroductionState(state))


def training_rows() -> Iterator[TrainingRow]:
    """The judged pairs, each once, in the order of needs and offers."""
    names = ("need__key", "offer__key", "state", "reason", "score", "rank", "source", "updated_at")
    found = {(row.need, row.offer): row for row in _judged()}
    latest = {(row[0], row[1]): row for row in Introduction.objects.order_by("created_at", "pk").values_list(*names)}
    for need, offer, state, reason, score, rank, source, at in latest.values():
        if (grade := grade_of(state, reason)) is not None:
            found[need, offer] = TrainingRow(need, offer, grade, score, rank, source, at)
    for pair in sorted(found):
        yield found[pair]


def _judged() -> Iterator[TrainingRow]:
    names = ("need__key", "offer__key", "grade", "at")
    rows = Judgement.objects.order_by("need__key", "offer__key", "grade").values_list(*names)
    for (need, offer), of_pair in groupby(rows, key=lambda row: row[:2]):
        said = list(of_pair)
        grade = median_low([row[2] for row in said])
        yield TrainingRow(need, offer, grade, None, None, JUDGED, max(row[3] for row in said))


def training_file(*, on: date) -> Iterator[dict[str, Any]]:
    """What `benchmarks/train.py --extra` reads: every published offer, each graded need, each graded pair.

    Only what everyone may read is in it, as in the index; grades of an offer that is no longer published are left out.
    """
    offers = set()
    for document in offers_table(on=on):
        offers.add(document.key)
        yield {"part": "offer"} | _record(document)
    graded = [row for row in training_rows() if row.offer in offers]
    wanted = list(dict.fromkeys(row.need for row in graded))
    rows = Need.objects.filter(key__in=wanted).prefetch_related("indicators").order_by("pk")
    for need in rows.iterator(chunk_size=500):
        yield {"part": "need"} | _record(document_of(need))
    for row in graded:
        yield {"part": "grade", "need": row.need, "offer": row.offer, "grade": row.grade, "source": row.source}


def _record(document: Document) -> dict[str, Any]:
    named = ("title", "text", "keywords", "kind", "field", "region", "trl")
    lines = [{"name": line.name, "op": line.op, "value": line.value, "unit": line.unit, "sense": line.sense,
              "must": line.must} for line in document.indicators]  # fmt: skip
    return {"id": document.key} | {name: getattr(document, name) for name in named} | {"indicators": lines}
