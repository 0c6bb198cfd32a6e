"""Relations between the figures of one reply, recomputed with the rounding that their printed digits allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from keqiao.engines.replies._linked import Point, Sum, point
from keqiao.engines.replies._model import Figure, Reply

_DIGITS = re.compile(r"[\d,，. ]*\d")
_PER = {"count:家", "count:户", "count:项", "count:个", "count:人"}
_FIRMS = {"count:家", "count:户"}
_GOES = re.compile("入驻|进驻|派驻|服务")
_SAME_UNITS = {"count:户": "count:家", "count:项": "count:个"}
_PART_NEAR = 40  # characters from a whole to a part that is held against it
_PAIRS = 12  # of a growth and what it may have grown from
_NEAR, _CLOSE = 12, 24  # characters between the parts of a list, and from the last to the total
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Interval:
    """What a printed number may have been before it was rounded."""

    low: Decimal
    high: Decimal

    def meets(self, other: Interval) -> bool:
        return self.low <= other.high and other.low <= self.high


def interval(figure: Figure) -> Interval:
    """The values that round to the printed one: 1.15亿 is 1.145亿 to 1.155亿, 9090万 is 9089.5万 to 9090.5万.

    余 and 多 open the upper end to the next step of the last digit that is not 0; 约, 近, 超 and their like allow five
    per cent; a plain count is exact.
    """
    value = abs(figure.value)
    step = _step(figure)
    if figure.approx in ("余", "多"):
        return Interval(value, value + _last_place(figure, step))
    if figure.approx and figure.approx not in ("不少于", "不低于", "最高"):
        return Interval(value * Decimal("0.95"), value * Decimal("1.05"))
    return Interval(value - step / 2, value + step / 2)


def _step(figure: Figure) -> Decimal:
    """The worth of one unit in the last printed digit; 0 for a plain count and for Chinese numerals."""
    found = _DIGITS.search(
        "".join(figure.raw.split()).translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
    )
    if not figure.value:
        return Decimal(0)
    if found is None:
        return _spelled_step(figure)
    written = Decimal(re.sub("[,， ]", "", found.group()).rstrip(".") or "0")
    if not written:
        return Decimal(0)
    scale = abs(figure.value) / written
    decimals = -int(written.as_tuple().exponent)
    if figure.unit.startswith("count:") and scale == 1 and decimals <= 0:
        return Decimal(0)
    return scale * Decimal(10) ** -max(0, decimals)


def _spelled_step(figure: Figure) -> Decimal:
    """Of a number in Chinese numerals: 七成 is told to ten per cent, 两成二 to one, 十一亿八千万 to ten million."""
    if figure.unit == "percent":
        return Decimal(10) if figure.raw.strip().endswith("成") else Decimal(1)
    return Decimal(0) if figure.unit.startswith("count:") else _zeros(figure)


def _zeros(figure: Figure) -> Decimal:
    """The worth of the last digit that is not 0."""
    digits = str(int(abs(figure.value)))
    return Decimal(10) ** (len(digits) - len(digits.rstrip("0")))


def _last_place(figure: Figure, step: Decimal) -> Decimal:
    found = _DIGITS.search(figure.raw)
    if found is None:
        return _zeros(figure)
    zeros = len(found.group()) - len(found.group().rstrip("0")) if found else 0
    base = step or Decimal(1)
    return base * Decimal(10) ** (zeros if zeros else 1)


def recompute(doc: str, reply: Reply) -> Iterator[Sum]:
    """Growth against its base, totals against their parts, parts and shares of a whole, columns of tables, lists, and
    derived ratios. What stands behind 其中 is held against the one figure of its unit before it, and only where there
    is one; its growth, a rule or a plan is no part.
    """
    prose = [one for one in reply.figures if not one.in_table]
    for _, group in groupby(prose, key=lambda one: one.sentence_span):
        sentence = list(group)
        yield from _growths(doc, sentence)
        yield from _totals(doc, sentence)
        yield from _shares(doc, sentence)
        yield from _parts(doc, sentence)
        yield from _ratios(doc, sentence)
    yield from _columns(doc, [one for one in reply.figures if one.in_table])
    yield from _lists(doc, prose)
    yield from _issuers(doc, reply)


def _growths(doc: str, sentence: list[Figure]) -> Iterator[Sum]:
    """Each growth against the figures since the growth before it; a difference is told where no other two could do."""
    start = 0
    for at, growth in enumerate(sentence):
        if growth.quantity_kind != "growth" or growth.unit != "percent":
            continue
        before, start = sentence[start:at], at + 1
        if growth.compared == "年均":
            continue
        pairs = [
            (new, base)
            for base in reversed(before)
            if base.modality == "previous" and base.value
            for new in reversed(before)
            if new.modality != "previous" and new.unit == base.unit and new.quantity_kind == base.quantity_kind
        ]
        found = [growth_sum((doc, new), (doc, base), growth) for new, base in pairs[:_PAIRS]]
        right = next((one for one in found if one.verdict != "mismatch"), None)
        if right is not None or len(found) == 1:
            yield right or found[0]


def growth_sum(new: tuple[str, Figure], base: tuple[str, Figure], growth: Figure) -> Sum:
    """A printed growth against the two figures it is of, each with the document it stands in."""
    (doc, later), (other, earlier) = new, base
    computed = (later.value / earlier.value - 1) * _HUNDRED
    stated = -abs(growth.value) if growth.indicator.endswith("降幅") else growth.value
    a, b, step = interval(later), interval(earlier), _step(growth)
    allowed = Interval((a.low / b.high - 1) * _HUNDRED, (a.high / b.low - 1) * _HUNDRED)
    printed = Interval(stated - step / 2, stated + step / 2)
    if printed.low <= computed <= printed.high:
        verdict = "ok"
    else:
        verdict = "ok_within_rounding" if allowed.meets(printed) else "mismatch"
    note = f"{float(allowed.low):.2f}% – {float(allowed.high):.2f}%" if verdict != "ok" else ""
    parts = (point(doc, later), point(other, earlier), point(doc, growth))
    return Sum(later.indicator, parts, "a/b-1", round(float(computed), 2), float(stated), verdict, note)


def _totals(doc: str, sentence: list[Figure]) -> Iterator[Sum]:
    """Parts listed before 合计, one behind the other: those that come to it, else those that stand close as a list."""
    for at, total in enumerate(sentence):
        if at < 2 or not total.totals:
            continue
        parts: list[Figure] = []
        for one in reversed(sentence[:at]):
            if one.unit != total.unit or one.quantity_kind != total.quantity_kind or one.subset:
                break
            parts.insert(0, one)
        found = [_sum(doc, total.indicator, parts[first:], total) for first in range(max(0, len(parts) - 1))]
        right = next((one for one in found if one.verdict != "mismatch"), None)
        close = _close(parts, total)
        if right is not None:
            yield right
        elif len(close) >= 2:
            yield _sum(doc, total.indicator, close, total)


def _close(parts: list[Figure], total: Figure) -> list[Figure]:
    """The parts that stand as one list before the total."""
    if not parts or total.span[0] - parts[-1].span[1] > _CLOSE:
        return []
    first = len(parts) - 1
    while first and parts[first].span[0] - parts[first - 1].span[1] <= _NEAR:
        first -= 1
    return parts[first:]


def _sum(doc: str, name: str, parts: list[Figure], total: Figure) -> Sum:
    added = sum((one.value for one in parts), Decimal(0))
    ranges = [interval(one) for one in parts]
    allowed = Interval(sum((one.low for one in ranges), Decimal(0)), sum((one.high for one in ranges), Decimal(0)))
    verdict = "ok" if added == total.value else "ok_within_rounding" if allowed.meets(interval(total)) else "mismatch"
    if verdict == "ok_within_rounding" and allowed.low == allowed.high and not _step(total):
        verdict = "mismatch"
    points = tuple(point(doc, one) for one in [*parts, total])
    return Sum(name, points, "sum", float(added), float(total.value), verdict)


def _shares(doc: str, sentence: list[Figure]) -> Iterator[Sum]:
    """Shares of one whole, said one after the other: 30%前补助和70%后补助."""
    for a, b in pairwise(sentence):
        if (
            a.unit == b.unit == "percent"
            and a.quantity_kind == b.quantity_kind == "percent"
            and a.modality == b.modality == "previous"
        ):
            added = a.value + b.value
            if added == _HUNDRED:  # else they need not be of one whole
                yield Sum(a.indicator, (point(doc, a), point(doc, b)), "sum", float(added), 100.0, "ok")


def _parts(doc: str, sentence: list[Figure]) -> Iterator[Sum]:
    """Each part behind 其中 against its whole, with the share that is printed behind the part."""
    for at, part in enumerate(sentence):
        if not part.subset or not _is_count(part):
            continue
        wholes = [one for one in sentence[:at] if not one.subset and _is_count(one) and _is_like(one, part)]
        if len(wholes) != 1 or not wholes[0].value:
            continue
        share = sentence[at + 1] if at + 1 < len(sentence) else None
        if share is not None and not (share.subset and _is_share(share)):
            share = None
        found = _part(doc, part, wholes[0], share)
        is_first = not any(one.subset and _is_like(one, part) for one in sentence[:at])
        near = part.span[0] - wholes[0].span[1] <= _PART_NEAR
        if found.verdict != "mismatch" or share is not None or (is_first and near):
            yield found


def _part(doc: str, part: Figure, whole: Figure, share: Figure | None) -> Sum:
    a, b = interval(part), interval(whole)
    computed = part.value / whole.value * _HUNDRED
    figures = [part, whole] if share is None else [part, whole, share]
    points = tuple(point(doc, one) for one in figures)
    stated = None if share is None else float(share.value)
    if a.low > b.high:
        verdict = "mismatch"
    elif share is None or not b.low:
        verdict = "derived"
    else:
        allowed = Interval(a.low / b.high * _HUNDRED, a.high / b.low * _HUNDRED)
        verdict = _verdict(computed, allowed, share)
    return Sum(part.indicator, points, "part_of", round(float(computed), 2), stated, verdict)


def _is_count(one: Figure) -> bool:
    return one.quantity_kind in ("count", "amount") and one.modality == "done" and one.value_max is None


def _is_like(one: Figure, other: Figure) -> bool:
    """Figures that one can hold against each other: of one unit, of no two years."""
    same = _SAME_UNITS.get(one.unit, one.unit) == _SAME_UNITS.get(other.unit, other.unit)
    years = {period for period in (one.year_or_period, other.year_or_period) if period}
    return same and len(years) < 2


def _is_share(one: Figure) -> bool:
    return one.unit == "percent" and one.quantity_kind == "percent" and "占" in one.indicator


def _verdict(computed: Decimal, allowed: Interval, stated: Figure) -> str:
    printed = interval(stated)
    if printed.low <= computed <= printed.high:
        return "ok"
    return "ok_within_rounding" if allowed.meets(printed) else "mismatch"


def _ratios(doc: str, sentence: list[Figure]) -> Iterator[Sum]:
    """Money per firm or project, and money drawn by money: not stated, only derived."""
    for a, b in pairwise(sentence):
        done = a.modality == b.modality == "done" and 0 <= b.span[0] - a.span[1] <= 24
        if (
            done
            and a.unit == "CNY"
            and b.unit in _PER
            and b.value
            and a.quantity_kind == "amount"
            and b.quantity_kind == "count"
        ):
            yield Sum(
                a.indicator, (point(doc, a), point(doc, b)), "a/b", round(float(a.value / b.value), 3), None, "derived"
            )
        elif done and a.unit == "count:人" and b.unit in _FIRMS and b.value and _GOES.search(b.indicator):
            points = (point(doc, a), point(doc, b))
            yield Sum(a.indicator, points, "a/b", round(float(a.value / b.value), 3), None, "derived")
        elif done and a.unit == b.unit == "CNY" and a.value and re.search("带动|拉动|撬动|引导", b.indicator):
            yield Sum(
                b.indicator, (point(doc, a), point(doc, b)), "b/a", round(float(b.value / a.value), 2), None, "derived"
            )


def _columns(doc: str, cells: list[Figure]) -> Iterator[Sum]:
    """A total in the last row of a table against the column above it."""
    columns: dict[str, list[Figure]] = {}
    for one in cells:
        if one.year_or_period in ("合计", "总计", "小计"):
            parts = columns.get(one.indicator, [])
            if len(parts) >= 2 and one.unit != "percent" and not re.search("均|率|比|占", one.indicator):
                yield _sum(doc, one.indicator, parts, one)
            columns[one.indicator] = []
        else:
            columns.setdefault(one.indicator, []).append(one)


def _lists(doc: str, figures: list[Figure]) -> Iterator[Sum]:
    """A count against the names listed before it: 招商银行、交通银行等7家."""
    for one in figures:
        if one.listed is None:
            continue
        verdict = "ok" if one.listed == one.value else "mismatch" if one.listed > one.value else "derived"
        yield Sum(one.indicator, (point(doc, one),), "count of names", float(one.listed), float(one.value), verdict)


def _issuers(doc: str, reply: Reply) -> Iterator[Sum]:
    """A count of offices against those named before it: 甲厅、乙厅、丙局等3部门."""
    for one in reply.traps:
        if one.listed is None:
            continue
        stated = int(one.raw)
        if one.listed < stated or one.listed == stated + 1:
            continue  # 等 may stand for more; and the one who leads may be counted or not
        verdict = "ok" if one.listed == stated else "mismatch"
        place = Point(doc, f"t{one.span[0]}", one.span, one.raw, Decimal(stated), "count:部门", None, "done", "部门数")
        yield Sum("部门数", (place,), "count of names", float(one.listed), float(stated), verdict)
