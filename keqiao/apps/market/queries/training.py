"""What people's answers to introductions teach the ranking.

| what came of it | grade |
|---|---|
| agreed | 3 |
| talking, or both sides willing | 2 |
| no for the moment or the terms (`too_early`, `too_expensive`, `timing`, `conflict` …) | 1: it fitted all the same |
| no for `not_relevant`, `indicator_short` | 0 |
| no for `not_reachable`, `other`; not yet answered | left out: it says nothing about the pair |

An introduction that was reopened counts once, by what it is now; several of one pair count by the latest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from keqiao.apps.market.models import DeclineReason, Introduction, IntroductionState

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
    latest = {(row[0], row[1]): row for row in Introduction.objects.order_by("created_at", "pk").values_list(*names)}
    for need, offer in sorted(latest):
        _, _, state, reason, score, rank, source, at = latest[need, offer]
        if (grade := grade_of(state, reason)) is not None:
            yield TrainingRow(need, offer, grade, score, rank, source, at)
