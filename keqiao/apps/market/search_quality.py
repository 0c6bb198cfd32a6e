"""How good the ranking is: what there is to judge, what the judgements measure, what an entry would change."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from keqiao.catalogue import matcher
from keqiao.engines.matching import Entry, Matcher, Query, agreement, interval, ndcg, precision

from . import answers, queries
from .models import Grade, Need, Secrecy

DEPTH, FIRST_PAGE, PLAIN_DEPTH = 10, 5, 5
MOST_NEEDS = 300  # a measurement shares the worker with everything else: about ten seconds
MOST_TOUCHED, MOST_LOOKED_AT = 5, 200


@dataclass(frozen=True)
class Measures:
    """One measurement. Means over the needs of which something useful is known; None where there is none."""

    needs: int
    pairs: int
    entries: int
    model: str
    ndcg: float | None = None
    ndcg_low: float | None = None
    ndcg_high: float | None = None
    precision: float | None = None
    judged: float | None = None
    agreement: float | None = None


@dataclass(frozen=True)
class Touched:
    """A need in which an entry would fire: the keys of its first offers without it and with it."""

    need: Need
    trade: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def query_of(need: Need) -> Query:
    """What everyone may read of the need, as its public page asks: judging and measuring see no more."""
    return answers.query_of(need, full=need.secrecy == Secrecy.PUBLIC)


def pool(need: Need, *, judge: str, on: date) -> list[str] | None:
    """Keys of the offers to be judged for a need; None while there is no index.

    Method: pooling (Spärck Jones and van Rijsbergen 1975) of the ranking's first ten and of the first five without
    the thesaurus, so that what an entry brought in can be told from what was there before. The order is by a digest of
    need, offer and judge: it shows nothing of the ranking, and each judge meets another one, always the same.
    """
    engine = answers.current_matcher("offer")
    if engine is None:
        return None
    found = _first(engine, query_of(need), DEPTH)
    plain = _first(engine, replace(query_of(need), expand=False), PLAIN_DEPTH)
    # What was taken down or expired since the index was written is nobody's to judge.
    public = queries.published("offer", on=on).filter(key__in={*found, *plain}).values_list("key", flat=True)
    return sorted(public, key=lambda key: _shuffled(need.key, key, judge))


def ranking(need: Need) -> tuple[str, ...]:
    """Keys of the offers the ranking puts first for a need, best first; none while there is no index."""
    engine = answers.current_matcher("offer")
    return _first(engine, query_of(need), DEPTH) if engine else ()


def _first(engine: Matcher, query: Query, depth: int) -> tuple[str, ...]:
    return tuple(match.key for match in engine.answer(query, top=depth).matches)


def _shuffled(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


def measure(*, on: date) -> Measures | None:
    """Measure the ranking of today against all graded pairs; None while there is no index.

    nDCG@10 and precision@5 (useful from grade 2), the share of the first ten that somebody has judged, and the
    agreement of the judges. What nobody judged counts as useless, so the figures are a lower bound; `judged` says by
    how much to trust them.
    """
    engine = answers.current_matcher("offer")
    if engine is None:
        return None
    graded = _graded()
    measured = [key for key, gains in graded.items() if any(gain >= Grade.HELPS for gain in gains.values())]
    rows = Need.objects.filter(key__in=measured[:MOST_NEEDS]).prefetch_related("indicators").order_by("pk")
    found = [(_first(engine, query_of(row), DEPTH), graded[row.key]) for row in rows]
    common = {
        "needs": len(found),
        "pairs": sum(map(len, graded.values())),
        "entries": len(queries.thesaurus_entries()),
        "model": matcher.model_stamp(answers.own_model_path()),
        "agreement": agreement(queries.grades_by_pair()),
    }
    return Measures(**common, **_means(found))  # type: ignore[arg-type] # fields of two kinds, each of its own type


def _graded() -> dict[str, dict[str, int]]:
    """Grades by need and offer; the needs whose latest grade is newest come first."""
    graded: dict[str, dict[str, int]] = defaultdict(dict)
    for row in sorted(queries.training_rows(), key=lambda row: row.at, reverse=True):
        graded[row.need][row.offer] = row.grade
    return graded


def _means(found: Sequence[tuple[Sequence[str], Mapping[str, int]]]) -> dict[str, float]:
    if not found:
        return {}
    gains = [ndcg(ranked, grades, depth=DEPTH) for ranked, grades in found]
    low, high = interval(gains)
    return {
        "ndcg": _mean(gains),
        "ndcg_low": low,
        "ndcg_high": high,
        "precision": _mean(precision(ranked, grades, depth=FIRST_PAGE) for ranked, grades in found),
        "judged": _mean(sum(key in grades for key in ranked) / max(len(ranked), 1) for ranked, grades in found),
    }


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return sum(known) / len(known)


def touched_by(entry: Entry, *, without: str = "", on: date) -> list[Touched] | None:
    """Published needs in which `entry` would fire, newest first, with their first offers before and after.

    `without` is the key of the row that the entry would replace. None while there is no index.
    """
    engine = answers.current_matcher("offer")
    if engine is None:
        return None
    others = queries.thesaurus_entries(without=without)
    before = matcher.matcher_over(engine.index, engine.model, extra=others)
    after = matcher.matcher_over(engine.index, engine.model, extra=[*others, entry])
    touched = []
    for need in _holding(entry.trade, on=on):
        query = query_of(need)
        fired = [one.trade for one in after.prepared(query).expansions if one.technical == entry.technical]
        if fired:
            orders = (_first(one, query, FIRST_PAGE) for one in (before, after))
            touched.append(Touched(need, fired[0], *orders))
        if len(touched) == MOST_TOUCHED:
            break
    return touched


def _holding(phrases: Iterable[str], *, on: date) -> list[Need]:
    """Published needs with one of the phrases in title or abstract."""
    wanted = Q()
    for phrase in phrases:
        wanted |= Q(title__icontains=phrase) | Q(abstract__icontains=phrase)
    if not wanted:
        return []
    return list(queries.published("need", on=on).filter(wanted).prefetch_related("indicators")[:MOST_LOOKED_AT])
