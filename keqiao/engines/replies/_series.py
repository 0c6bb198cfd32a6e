"""Figures of different replies that speak of one thing: found by their words, kept apart by scope, period and basis."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from keqiao.engines.replies._arithmetic import interval
from keqiao.engines.replies._entries import Entry, are_apart, entries
from keqiao.engines.replies._linked import FalseLink, Inconsistency, Series, point
from keqiao.engines.replies._model import Figure, Reply

_CUMULATIVE = re.compile(r"累计|目前|至今|以来|截至|近.{1,2}年|现有")
_PAIRS, _NEXT, _MOST = 6, 40, 24  # pairs of characters asked for, later figures each names, those compared
_MOST_FALSE = 2_000
_SAME, _RELATED, _STRANGE = range(3)  # how programmes belong together: 研发投入引导计划 is related to 研发投入补助
_TELLING = 3  # pairs of characters that tell a thing
_BARE = 0.3  # weighted share of the words beside the programme's name that two phrases have in common
_SAME_WORDS = 0.8  # weighted Jaccard index of two phrases that say the same
_CARE = ("basis_differs", "annual_vs_cumulative", "subset", "same_cumulative", "same_stock", "same_annual", "duplicate")


class Weights:
    """How much a pair of characters tells: the rarer among the figures, the more."""

    def __init__(self, all_entries: list[Entry], everyday: frozenset[str]) -> None:
        self.everyday = everyday
        counts = Counter(pair for one in all_entries for pair in one.pairs | one.bare)
        total = max(1, len(all_entries))
        self._weight = {pair: math.log(1 + total / count) for pair, count in counts.items()}
        self.count = counts
        self._kin: dict[tuple[str, str], int] = {}
        self._totals: dict[frozenset[str], float] = {}

    def kin(self, one: str, other: str) -> int:
        """How two programmes belong together: the same (one name within the other), related, strange."""
        found = self._kin.get((one, other))
        if found is None:
            short, long = sorted((one, other), key=len)
            is_same = bool(short) and short in long and (short == long or short not in self.everyday)
            parts = (short[at : at + 4] for at in range(len(short) - 3))
            is_related = any(part in long and part not in self.everyday for part in parts)
            found = self._kin[one, other] = _SAME if is_same else _RELATED if is_related else _STRANGE
        return found

    def of(self, pairs: frozenset[str]) -> float:
        found = self._totals.get(pairs)
        if found is None:
            found = self._totals[pairs] = self._sum(pairs)
        return found

    def _sum(self, pairs: frozenset[str]) -> float:
        weight = self._weight
        return sum([weight[pair] for pair in pairs])

    def shared(self, a: frozenset[str], b: frozenset[str]) -> float:
        """How much of the smaller set the other holds; 1 where one is too small to tell."""
        return self._sum(a & b) / min(self.of(a), self.of(b)) if min(len(a), len(b)) >= _TELLING else 1.0

    def held(self, a: frozenset[str], b: frozenset[str]) -> float:
        """How much of `a` is in `b`; 1 where `a` is too small to tell."""
        return self._sum(a & b) / self.of(a) if len(a) >= _TELLING else 1.0

    def likeness(self, a: Entry, b: Entry) -> tuple[float, float]:
        """Weighted Jaccard index, and how much of the smaller one the other holds."""
        shared = self._sum(a.pairs & b.pairs)
        if not shared:
            return 0.0, 0.0
        one, other = self.of(a.pairs), self.of(b.pairs)
        return shared / (one + other - shared), shared / min(one, other)


def series(
    replies: Mapping[str, Reply], texts: Mapping[str, str], everyday: frozenset[str]
) -> tuple[tuple[Series, ...], tuple[FalseLink, ...], tuple[Inconsistency, ...]]:
    """Link the figures of `replies`: each thing with its points by date, no more than one of each reply.

    Method: figures in order of date; an index of character pairs proposes for each its next neighbours of one unit;
    the weighted Jaccard index of their words, the programme and the scope decide; the best pairs are joined first.
    O(n · 40) comparisons for n figures.
    """
    found = sorted(entries(replies, texts), key=lambda one: (one.date, one.doc, one.figure.span))
    weights = Weights(found, everyday)
    false: list[FalseLink] = []
    odd: list[Inconsistency] = []
    groups = _Groups(found)
    for score, at, to in sorted(_proposed(found, weights), key=lambda one: (-one[0], one[1], one[2])):
        a, b = found[at], found[to]
        why = _apart(a, b, score, weights)
        if why is None:
            if groups.join(at, to):
                odd += _conflict(a, b, weights)
        elif (a.figure.value == b.figure.value or why.startswith("scope")) and len(false) < _MOST_FALSE:
            false.append(FalseLink(point(a.doc, a.figure), point(b.doc, b.figure), why))
    false += _equal_numbers(found, weights)
    return tuple(_series([found[at] for at in group], weights) for group in groups.all()), tuple(false), tuple(odd)


class _Groups:
    """Figures joined into things, one of each reply."""

    def __init__(self, found: list[Entry]) -> None:
        self._of: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._docs: dict[int, set[str]] = {}
        self._found = found

    def join(self, a: int, b: int) -> bool:
        """Join the groups of two figures; not if they would hold two figures of one reply."""
        one, other = self._group(a), self._group(b)
        if one == other or self._docs[one] & self._docs[other]:
            return False
        if len(self._members[one]) < len(self._members[other]):
            one, other = other, one
        for member in self._members[other]:
            self._of[member] = one
        self._members[one] += self._members.pop(other)
        self._docs[one] |= self._docs.pop(other)
        return True

    def _group(self, at: int) -> int:
        if at not in self._of:
            self._of[at], self._members[at], self._docs[at] = at, [at], {self._found[at].doc}
        return self._of[at]

    def all(self) -> list[list[int]]:
        """The groups of more than one figure, each in order of date."""
        return sorted(sorted(members) for members in self._members.values() if len(members) > 1)


def _proposed(found: list[Entry], weights: Weights) -> Iterator[tuple[float, int, int]]:
    """Pairs of figures of different replies that share their rarest words, with their likeness."""
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(found):
        for pair in one.pairs:
            index[one.family, pair].append(at)
    for at, one in enumerate(found):
        votes: Counter[int] = Counter()
        shared = [pair for pair in one.pairs if weights.count[pair] > 1]
        for pair in sorted(shared, key=lambda pair: (weights.count[pair], pair))[:_PAIRS]:
            places = index[one.family, pair]
            start = bisect_right(places, at)
            votes.update(places[start : start + _NEXT])
        for to, _ in votes.most_common(_MOST):
            if found[to].doc != one.doc:
                score = _score(one, found[to], weights)
                if score >= 0.3:
                    yield score, at, to


def _score(a: Entry, b: Entry, weights: Weights) -> float:
    jaccard, held = weights.likeness(a, b)
    kin = weights.kin(a.programme, b.programme)
    return max(jaccard, held * (0.8, 0.7, 0.0)[kin])


def _apart(a: Entry, b: Entry, score: float, weights: Weights) -> str | None:
    """Why two figures are not one thing; None where they are."""
    related = weights.kin(a.programme, b.programme) < _STRANGE
    why = _scope_apart(a, b) or _programme_apart(a, b, related, weights)
    if why is not None:
        return why
    if (a.is_stock and b.is_flow) or (a.is_flow and b.is_stock):
        return "what there is, and what came to it"
    if related:
        return None if score >= 0.34 else "same programme, different thing"
    return None if score >= 0.5 else "different thing"


def _scope_apart(a: Entry, b: Entry) -> str | None:
    if a.level and b.level and a.level != b.level:
        return "scope: different levels"
    if are_apart(a.where, b.where) or (a.places and b.places and a.places != b.places):
        return "scope: different places"
    return None


def _programme_apart(a: Entry, b: Entry, related: bool, weights: Weights) -> str | None:
    """Different programmes, or different things under one; what only an earlier sentence names must fit by itself."""
    if a.programme and b.programme and not related:
        return "different programme"
    if a.named and b.named and a.named not in b.named and b.named not in a.named:
        return "different programme"
    if a.led and b.led and a.led != b.led:
        return "different programme"
    if a.programme and b.programme and weights.shared(a.bare, b.bare) < _BARE:
        return "same programme, different thing"
    if any(one.is_inherited and weights.held(one.bare, other.pairs) < _BARE for one, other in ((a, b), (b, a))):
        return "same programme, different thing"
    return None


def _series(group: list[Entry], weights: Weights) -> Series:
    """A thing with its points by date; of several relations between neighbours the one that asks for most care."""
    relations = [_relation(a, b, weights) for a, b in pairwise(group)]
    relation, expect = min(relations, key=lambda one: _CARE.index(one[0]))
    shortest = min((one.figure.indicator for one in group), key=len)
    points = tuple(point(one.doc, one.figure) for one in group)
    return Series(shortest, points, relation, expect, _note(group[0].figure, group[-1].figure))


def _relation(first: Entry, second: Entry, weights: Weights) -> tuple[str, str]:
    a, b = first.figure, second.figure
    if a.value == b.value and a.unit == b.unit and first.date[:7] == second.date[:7]:
        return "duplicate", "equal"
    if a.modality != b.modality and "planned" in (a.modality, b.modality):
        return "basis_differs", "up"
    jaccard, held = weights.likeness(first, second)
    if first.date == second.date and a.value != b.value and (held > 0.75 > jaccard or jaccard < 0.3):
        return "subset", "<="
    periods = [one.year_or_period or "" for one in (a, b)]
    running = [is_running(text) for text in periods]
    annual = [bool(re.fullmatch(r"20\d\d(?:-\d\d)?", text)) for text in periods]
    if any(annual) and not all(annual) and (any(running) or "" in periods):
        return "annual_vs_cumulative", "up"
    if all(annual):
        return "same_annual", "-"
    return ("same_stock", "-") if first.is_stock or second.is_stock else ("same_cumulative", "up")


def is_running(period: str | None) -> bool:
    """Whether the words of a period say that a figure is a running total or what there is on a day."""
    return _CUMULATIVE.search(period or "") is not None


def _note(a: Figure, b: Figure) -> str:
    if not a.value:
        return ""
    change = (b.value / a.value - 1) * 100
    return f"{'' if change < 0 else '+'}{float(change):.1f}%"


def _conflict(a: Entry, b: Entry, weights: Weights) -> Iterator[Inconsistency]:
    """One thing of one period with two values, or of two periods with one and the same.

    Only where both say the same in nearly the same words: a part of it, or what is only about so much, is none.
    """
    one, other = a.figure, b.figure
    if weights.likeness(a, b)[0] < _SAME_WORDS or one.subset or other.subset or a.level != b.level:
        return
    if one.modality != "done" or other.modality != "done" or one.unit != other.unit:
        return
    docs, spans = (a.doc, b.doc), ((a.doc, one.span), (b.doc, other.span))
    same = one.year_or_period == other.year_or_period and re.fullmatch(r"20\d\d", one.year_or_period or "")
    if same and not interval(one).meets(interval(other)):
        yield Inconsistency("disagree", docs, f"{one.indicator}: {_said(one)} / {_said(other)}", spans)
    years = [re.search(r"20\d\d", one.year_or_period or a.date), re.search(r"20\d\d", other.year_or_period or b.date)]
    apart = a.date[:4] != b.date[:4]
    if (
        apart
        and one.value == other.value
        and one.value > 9
        and years[0]
        and years[1]
        and years[0].group() != years[1].group()
    ):
        yield Inconsistency(
            "frozen", docs, f"{one.indicator}: {_said(one)}, {years[0].group()} = {years[1].group()}", spans
        )


def _said(one: Figure) -> str:
    return "".join(one.raw.split())


def _equal_numbers(found: list[Entry], weights: Weights) -> Iterator[FalseLink]:
    """Equal numbers of one unit that are different things: what a search for the number would mix up."""
    groups: dict[tuple[str, object], list[Entry]] = defaultdict(list)
    for one in found:
        if one.figure.value > 9:
            groups[one.family, one.figure.value].append(one)
    count = 0
    for group in groups.values():
        for a, b in pairwise(group):
            if weights.likeness(a, b)[0] < 0.25 and count < _MOST_FALSE:
                count += 1
                yield FalseLink(point(a.doc, a.figure), point(b.doc, b.figure), "same number, different thing")
