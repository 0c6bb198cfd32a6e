"""Relations between the figures of two replies, recomputed: what came to a total, for whom, and printed growth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from keqiao.engines.replies._arithmetic import Interval, growth_sum, interval
from keqiao.engines.replies._entries import family_of, own_words, plain
from keqiao.engines.replies._linked import Series, Sum, point
from keqiao.engines.replies._model import Figure, Reply, Span

_ADDING = ("annual_vs_cumulative", "same_cumulative")
_PEOPLE_OR_FIRMS = {"count:人", "count:家", "count:户"}
_YEAR = re.compile(r"(?:截至)?(20\d\d)")
_AGAINST_LAST_YEAR = re.compile("同比|[较比](?:上年度?|去年|上一年度?)")
_FEW = Decimal("0.1")  # of what the earlier reply told: less in more than half a year asks for a reason
_ALIKE = 0.8  # Jaccard index of the pairs of characters of two phrases that say the same


@dataclass(frozen=True)
class _Pair:
    """One thing in an earlier and a later reply."""

    relation: str
    before: tuple[str, Figure]
    after: tuple[str, Figure]

    @property
    def docs(self) -> tuple[str, str]:
        return self.before[0], self.after[0]

    @property
    def gained(self) -> Decimal:
        return self.after[1].value - self.before[1].value

    @property
    def sentences(self) -> tuple[Span, Span]:
        return self.before[1].sentence_span, self.after[1].sentence_span


def recompute_across(replies: Mapping[str, Reply], linked: Sequence[Series], texts: Mapping[str, str]) -> Iterator[Sum]:
    """Increments of running totals, what they came to for each person or firm, and growth printed in the later reply.

    A growth or a difference is held against the figure of the year before only where both phrases say the same, both
    periods are whole years one behind the other, and the words compare with the year before; nothing else is certain
    enough to be called right or wrong. An increment is derived; suspicious where it is less than a tenth of what the
    earlier reply told while the people or firms behind it became more. O(n) for n linked figures.
    """
    behind = {doc: _behind(reply) for doc, reply in replies.items()}
    pairs = list(_pairs(replies, linked))
    taken: set[tuple[str, str]] = set()
    for one in _ratios(pairs, replies):
        taken |= {(part.doc, part.id) for part in one.parts}
        yield one
    for pair in pairs:
        yield from _printed(pair, behind[pair.after[0]], texts)
        is_taken = (pair.after[0], pair.after[1].id) in taken
        if not is_taken and pair.relation in _ADDING and _is_sum(pair) and pair.gained > 0:
            points = (point(*pair.after), point(*pair.before))
            yield Sum(pair.after[1].indicator, points, "a-b", float(pair.gained), None, "derived")


def _pairs(replies: Mapping[str, Reply], linked: Sequence[Series]) -> Iterator[_Pair]:
    """Neighbours of every series, half a year apart or more, in one unit."""
    wanted = {(one.doc, one.id) for series in linked for one in series.points}
    figures = {(doc, one.id): one for doc, reply in replies.items() for one in reply.figures if (doc, one.id) in wanted}
    for series in linked:
        for a, b in pairwise(series.points):
            before, after = figures[a.doc, a.id], figures[b.doc, b.id]
            if family_of(before.unit) != family_of(after.unit) or before.value_max or after.value_max:
                continue
            if _months(replies[b.doc].meta.date) - _months(replies[a.doc].meta.date) >= 6:
                yield _Pair(series.relation, (a.doc, before), (b.doc, after))


def _months(date: str | None) -> int:
    return int(date[:4]) * 12 + int(date[5:7]) if date else 0


def _behind(reply: Reply) -> dict[str, Figure]:
    """For every figure the growth or difference that its sentence prints right behind it."""
    found = {}
    for one, after in pairwise(reply.figures):
        if after.quantity_kind in ("growth", "delta") and one.sentence_span == after.sentence_span:
            found[one.id] = after
    return found


def _is_sum(pair: _Pair) -> bool:
    """Whether the later figure is a total that the earlier one is in, both done, in one scope."""
    done = pair.before[1].modality == pair.after[1].modality == "done"
    return done and pair.before[1].approx is None and pair.after[1].approx is None


def _printed(pair: _Pair, behind: Mapping[str, Figure], texts: Mapping[str, str]) -> Iterator[Sum]:
    """The growth or the difference that the later reply prints, against the figure of the earlier one."""
    later, earlier = pair.after[1], pair.before[1]
    told = behind.get(later.id)
    if told is None or not _AGAINST_LAST_YEAR.fullmatch(told.compared or "") or not _is_year_before(earlier, later):
        return
    if earlier.unit != later.unit or not _says_the_same(pair, texts) or not earlier.value:
        return
    if told.quantity_kind == "growth" and told.unit == "percent":
        yield growth_sum(pair.after, pair.before, told)
    elif told.quantity_kind == "delta" and told.unit == later.unit:
        yield _difference(pair, told)


def _difference(pair: _Pair, told: Figure) -> Sum:
    a, b, printed = interval(pair.after[1]), interval(pair.before[1]), interval(told)
    falls = told.indicator.endswith("降幅")
    gained = -pair.gained if falls else pair.gained
    allowed = Interval(b.low - a.high, b.high - a.low) if falls else Interval(a.low - b.high, a.high - b.low)
    exact = gained == told.value
    verdict = "ok" if exact else "ok_within_rounding" if allowed.meets(printed) else "mismatch"
    if verdict == "ok_within_rounding" and allowed.low == allowed.high and printed.low == printed.high:
        verdict = "mismatch"
    points = (point(*pair.after), point(*pair.before), point(pair.after[0], told))
    return Sum(pair.after[1].indicator, points, "a-b", float(gained), float(told.value), verdict)


def _is_year_before(earlier: Figure, later: Figure) -> bool:
    """Whether two figures are of two whole years, or of the ends of two years, one behind the other."""
    found = [_YEAR.fullmatch(one.year_or_period or "") for one in (earlier, later)]
    if not found[0] or not found[1] or earlier.modality != "done" or later.modality != "done":
        return False
    same_kind = found[0].group().startswith("截") == found[1].group().startswith("截")
    stated = earlier.approx is None and later.approx is None and not earlier.subset and not later.subset
    return same_kind and stated and int(found[1][1]) - int(found[0][1]) == 1


def _says_the_same(pair: _Pair, texts: Mapping[str, str]) -> bool:
    """Whether two phrases are the same but for a word or two, by one office."""
    said = [plain(own_words(figure, texts.get(doc, ""))[1]) for doc, figure in (pair.before, pair.after)]
    one, other = ({text[at : at + 2] for at in range(len(text) - 1)} for text in said)
    offices = {figure.department for _, figure in (pair.before, pair.after) if figure.department}
    return len(offices) < 2 and bool(one | other) and len(one & other) >= _ALIKE * len(one | other)


def _ratios(pairs: Sequence[_Pair], replies: Mapping[str, Reply]) -> Iterator[Sum]:
    """What came to one total for each person or firm that came to another of the same two sentences."""
    groups: dict[tuple[tuple[str, str], tuple[Span, Span]], list[_Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.docs, pair.sentences].append(pair)
    for group in groups.values():
        basis = next((one for one in group if one.before[1].unit in _PEOPLE_OR_FIRMS and one.relation in _ADDING), None)
        if basis is None or not _is_sum(basis) or basis.gained <= 0 or not basis.before[1].value:
            continue
        for one in group:
            if one is not basis and (found := _ratio(one, basis)) is not None:
                yield found


def _ratio(one: _Pair, basis: _Pair) -> Sum | None:
    """None where a plan or a fall leaves nothing to say."""
    if (
        one.relation not in (*_ADDING, "basis_differs")
        or one.gained < 0
        or one.before[1].unit in ("count:人", "percent")
    ):
        return None
    money = one.before[1].unit == "CNY"
    if not money and basis.before[1].unit != "count:人":
        return None  # things for each firm say nothing
    few = one.gained < one.before[1].value * _FEW
    if not few and (not money or one.relation == "basis_differs" or not _is_sum(one)):
        return None
    points = (point(*one.after), point(*one.before), point(*basis.after), point(*basis.before))
    before = float(one.before[1].value / basis.before[1].value)
    note = f"{before:.3g} before"
    computed = round(float(one.gained / basis.gained), 3)
    return Sum(one.after[1].indicator, points, "(a-b)/(c-d)", computed, None, "suspicious" if few else "derived", note)
