"""Figures of different replies that speak of one thing: found by their words, kept apart by scope, period and basis."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keqiao.engines.replies._arithmetic import interval
from keqiao.engines.replies._linked import FalseLink, Inconsistency, Series, point
from keqiao.engines.replies._model import Figure, Reply
from keqiao.engines.text import fold

_FAMILIES = {
    "count:户": "count:家", "count:项": "count:个", "count:件": "count:个", "count:家次": "count:家", "count:名": "count:人",
}  # fmt: skip
_SAME = (
    ("R&D", "研发"),
    ("研究与试验发展", "研发"),
    ("专项行动", "专项"),
    ("高新技术企业", "高企"),
    ("科技型中小企业", "科小"),
)
_PLAIN = re.compile(
    r"[“”（）()、，。：；\s]|20\d\d|累计|目前|共计|合计|先后|我省|我市|全省|全市|分别|给予|实施|采用|方式|"
    r"(?<!人)数$|[余多超约近达]|深入|持续|组织|帮助|推进|进行|开展|通过|其中|以及|从|对|等"
)
_PLACE = re.compile(r"[一-鿿]{2,4}?(?:新区|开发区|高新区|经开区|净月区|示范区|[市县区州盟])(?!场|域|级|面|分|外|内|间)")
_STOCK = re.compile(r"余额|现有|拥有|保有|存量|总规模|总量|在库|会员|持证")
_CUMULATIVE = re.compile(r"累计|目前|至今|以来|截至|近.{1,2}年|现有")
_MOST = 40  # candidates looked at for one figure
_COMMON = 400  # a pair of characters that more figures than this share tells nothing


@dataclass(frozen=True)
class Entry:
    """A figure with what it is compared by."""

    doc: str
    figure: Figure
    date: str
    family: str
    pairs: frozenset[str]
    programme: str
    places: frozenset[str]
    level: str


def entries(replies: Mapping[str, Reply]) -> list[Entry]:
    """Every figure that can be compared with one of another reply: no growth, no rule, nothing asked for."""
    found = []
    for doc, reply in replies.items():
        for one in reply.figures:
            if one.quantity_kind in ("growth", "delta", "duration") or one.modality in ("rule", "requested", "context"):
                continue
            found.append(_entry(doc, reply.meta.date or "", one))
    return found


def _entry(doc: str, date: str, one: Figure) -> Entry:
    text = plain(one.indicator)
    return Entry(
        doc, one, date, _FAMILIES.get(one.unit, one.unit),
        frozenset(text[at : at + 2] for at in range(len(text) - 1)), plain(one.programme or ""),
        frozenset(_PLACE.findall(fold(one.indicator))), _level(one.department),
    )  # fmt: skip


def plain(text: str) -> str:
    """A phrase without the words that every office puts differently."""
    text = fold(text).replace("＆", "&")
    for long, brief in _SAME:
        text = text.replace(long, brief)
    return _PLAIN.sub("", text)


def _level(department: str | None) -> str:
    """Province, city or county: figures of different levels never make one series."""
    if not department:
        return ""
    found = re.search(r"省|自治区|市|县|区|州", department)
    return found.group() if found else ""


class Weights:
    """How much a pair of characters tells: the rarer among the figures, the more."""

    def __init__(self, all_entries: list[Entry]) -> None:
        counts = Counter(pair for one in all_entries for pair in one.pairs)
        total = max(1, len(all_entries))
        self._weight = {pair: math.log(1 + total / count) for pair, count in counts.items()}
        self.count = counts

    def of(self, pairs: frozenset[str]) -> float:
        return sum(self._weight[pair] for pair in pairs)

    def likeness(self, a: Entry, b: Entry) -> tuple[float, float]:
        """Weighted Jaccard index, and how much of the smaller one the other holds."""
        shared = self.of(a.pairs & b.pairs)
        if not shared:
            return 0.0, 0.0
        one, other = self.of(a.pairs), self.of(b.pairs)
        return shared / (one + other - shared), shared / min(one, other)


def series(replies: Mapping[str, Reply]) -> tuple[tuple[Series, ...], tuple[FalseLink, ...], tuple[Inconsistency, ...]]:
    """Link the figures of `replies`: each figure with the one most like it in each other reply.

    Method: an index of character pairs proposes figures of the same unit; the weighted Jaccard index of their words, the
    programme and the scope decide. O(n · 40) comparisons for n figures.
    """
    found = entries(replies)
    weights = Weights(found)
    by_pair = _index(found, weights)
    linked: list[Series] = []
    false: list[FalseLink] = []
    odd: list[Inconsistency] = []
    taken: set[tuple[int, str]] = set()
    pairs = sorted(_proposed(found, by_pair, weights), key=lambda one: (-one[0], one[1], one[2]))
    for score, at, to in pairs:
        a, b = found[at], found[to]
        why = _apart(a, b, score)
        if why is None and (at, b.doc) not in taken and (to, a.doc) not in taken:
            taken |= {(at, b.doc), (to, a.doc)}
            linked.append(_series(a, b, weights))
            odd += _conflict(a, b)
        elif why and (a.figure.value == b.figure.value or why.startswith("scope")) and len(false) < 2_000:
            false.append(FalseLink(point(a.doc, a.figure), point(b.doc, b.figure), why))
    false += _equal_numbers(found, weights)
    return tuple(linked), tuple(false), tuple(odd)


def _index(found: list[Entry], weights: Weights) -> dict[tuple[str, str], list[int]]:
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(found):
        for pair in one.pairs:
            if weights.count[pair] <= _COMMON:
                index[one.family, pair].append(at)
    return index


def _proposed(
    found: list[Entry], by_pair: dict[tuple[str, str], list[int]], weights: Weights
) -> Iterator[tuple[float, int, int]]:
    """Pairs of figures of different replies that share their rarest words, with their likeness."""
    for at, one in enumerate(found):
        votes: Counter[int] = Counter()
        for pair in sorted(one.pairs, key=lambda pair: (weights.count[pair], pair))[:8]:
            for to in by_pair.get((one.family, pair), ())[:_COMMON]:
                if to > at and found[to].doc != one.doc:
                    votes[to] += 1
        for to, _ in votes.most_common(_MOST):
            jaccard, held = weights.likeness(one, found[to])
            score = max(jaccard, 0.8 * held if _same_programme(one, found[to]) else 0.0)
            if score >= 0.3:
                yield score, at, to


def _same_programme(a: Entry, b: Entry) -> bool:
    return bool(a.programme and b.programme) and (a.programme in b.programme or b.programme in a.programme)


def _apart(a: Entry, b: Entry, score: float) -> str | None:
    """Why two figures are not one thing; None where they are."""
    if a.level and b.level and a.level != b.level:
        return "scope: different levels"
    if a.places != b.places and (a.places and b.places):
        return "scope: different places"
    if a.programme and b.programme and not _same_programme(a, b) and score < 0.6:
        return "different programme"
    if _same_programme(a, b):
        return None if score >= 0.34 else "same programme, different thing"
    return None if score >= 0.5 else "different thing"


def _series(a: Entry, b: Entry, weights: Weights) -> Series:
    first, second = sorted((a, b), key=lambda one: (one.date, one.doc))
    relation, expect = _relation(first, second, weights)
    shorter = min((a.figure.indicator, b.figure.indicator), key=len)
    points = (point(first.doc, first.figure), point(second.doc, second.figure))
    return Series(shorter, points, relation, expect, _note(first.figure, second.figure))


def _relation(first: Entry, second: Entry, weights: Weights) -> tuple[str, str]:
    a, b = first.figure, second.figure
    if a.value == b.value and a.unit == b.unit and first.date[:7] == second.date[:7]:
        return "duplicate", "equal"
    if a.modality != b.modality and "planned" in (a.modality, b.modality):
        return "basis_differs", "up"
    jaccard, held = weights.likeness(first, second)
    if first.date == second.date and held > 0.75 > jaccard and a.value != b.value:
        return "subset", "<="
    periods = [one.year_or_period or "" for one in (a, b)]
    running = [bool(_CUMULATIVE.search(text)) for text in periods]
    annual = [bool(re.fullmatch(r"20\d\d(?:-\d\d)?", text)) for text in periods]
    if (annual[0] and running[1]) or (annual[1] and running[0]):
        return "annual_vs_cumulative", "up"
    if all(annual):
        return "same_annual", "-"
    return ("same_stock", "-") if _STOCK.search(a.indicator + b.indicator) else ("same_cumulative", "up")


def _note(a: Figure, b: Figure) -> str:
    if not a.value:
        return ""
    change = (b.value / a.value - 1) * 100
    return f"{'' if change < 0 else '+'}{float(change):.1f}%"


def _conflict(a: Entry, b: Entry) -> Iterator[Inconsistency]:
    """One thing of one period with two values, or of two periods with one and the same."""
    one, other = a.figure, b.figure
    if one.modality != "done" or other.modality != "done" or one.unit != other.unit:
        return
    docs, spans = (a.doc, b.doc), ((a.doc, one.span), (b.doc, other.span))
    same = one.year_or_period == other.year_or_period and re.fullmatch(r"20\d\d", one.year_or_period or "")
    if same and not interval(one).meets(interval(other)):
        yield Inconsistency("disagree", docs, f"{one.indicator}: {_said(one)} / {_said(other)}", spans)
    years = [re.search(r"20\d\d", one.year_or_period or a.date), re.search(r"20\d\d", other.year_or_period or b.date)]
    if one.value == other.value and one.value > 9 and years[0] and years[1] and years[0].group() != years[1].group():
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
        for a, b in zip(group, group[1:], strict=False):
            if weights.likeness(a, b)[0] < 0.25 and count < 2_000:
                count += 1
                yield FalseLink(point(a.doc, a.figure), point(b.doc, b.figure), "same number, different thing")
