"""Checks what a need asks for against what an offer states: pass, fail or unknown per indicator, with both quotes.

Method: both sides become intervals in base units; the sense of the need says how they are compared. `ge`/`le`: the
offer's worst value must reach the bound, or its best when it states a capability. `cover`: the offer's interval must
contain the needed one. `in`: the offer must lie inside the needed one. A promised bound worse than the need fails: a
data sheet promises its best bound. A missing attribute, another dimension or a scatter that straddles the bound is
unknown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from keqiao.engines.matching._alignment import BROAD, OTHER, SAME, Name, closeness, take_apart
from keqiao.engines.text import Lexicon, Quantity, Unit, extract, parse_unit, to_base

Outcome = Literal["pass", "fail", "unknown"]
_OPS = ("eq", "ge", "gt", "le", "lt", "range", "pm")
_PAIRED = ("range", "pm")
_ORDER: dict[str, int] = {"pass": 0, "unknown": 1, "fail": 2}
_TOLERANCE = 1e-9
_THERMAL = re.compile("[温热冷冰点]")
_HOT, _COLD = 150, -10  # ℃
_FAR = 1000.0
_WATER = 1000.0  # kg/m³: a tonne of water a day is a cubic metre a day, a ppm a milligram a litre


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: attribute, operator, one value or two (range: low, high; pm: middle, half width), unit.

    `sense` says what a need wants (ge, le, cover, in); `must` is false for wishes; `cap` marks a capability of an offer
    whose upper end may be used; `quote` is the wording it was read from.
    """

    name: str
    op: str
    value: tuple[float, ...]
    unit: str = "1"
    sense: str | None = None
    must: bool = True
    cap: bool = False
    quote: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorVerdict:
    """The verdict on one needed indicator: relative margin (positive = slack), what the offer states, both quotes."""

    need: Indicator
    offer_quantity: Indicator | None
    verdict: Outcome
    margin: float | None
    offer_quote: str
    need_quote: str
    reason: str


class Problem(NamedTuple):
    """What is wrong with an indicator: code and sentence."""

    code: str
    message: str


class _Interval(NamedTuple):
    low: float
    high: float
    op: str
    cap: bool


def check(needs: Sequence[Indicator], offers: Sequence[Indicator], *, lexicon: Lexicon) -> list[IndicatorVerdict]:
    """Return one verdict per needed indicator, in order; `offers` are the indicators one offer states.

    >>> words = Lexicon(synonyms={"功率": "输出功率", "输出功率": "输出功率"}, better={"输出功率": "up"})
    >>> need, offer = Indicator("功率", "ge", (2000.0,), "W", "ge"), Indicator("输出功率", "ge", (2.0,), "kW")
    >>> [(row.verdict, row.margin) for row in check([need], [offer], lexicon=words)]
    [('pass', 0.0)]
    """
    stated = [(take_apart(lexicon, offer.name, offer.unit), offer) for offer in offers]
    return [_check_one(need, stated, lexicon) for need in needs]


def overall(verdicts: Sequence[IndicatorVerdict]) -> Outcome:
    """Any must-have that fails → fail; all must-haves pass → pass; else unknown."""
    musts = [row.verdict for row in verdicts if row.need.must]
    if "fail" in musts:
        return "fail"
    return "pass" if verdicts and all(verdict == "pass" for verdict in musts) else "unknown"


def indicators_from(text: str, *, lexicon: Lexicon) -> list[Indicator]:
    """Return the specifications a text states, as indicators, with the wording they were read from."""
    return [_indicator(text, quantity, lexicon) for quantity in extract(text, lexicon=lexicon) if quantity.is_spec]


def validate(indicator: Indicator) -> list[Problem]:
    """Return what is wrong with an indicator; an empty list when it can be checked.

    >>> [problem.code for problem in validate(Indicator("功率", "range", (10.0, 5.0), "W"))]
    ['impossible_range']
    """
    problems: list[Problem] = []
    if indicator.op not in _OPS:
        problems.append(Problem("unknown_operator", f"operator {indicator.op!r}: use one of {', '.join(_OPS)}"))
    wanted = 2 if indicator.op in _PAIRED else 1
    if len(indicator.value) != wanted or not all(map(math.isfinite, indicator.value)):
        problems.append(
            Problem("missing_value", f"{indicator.op} needs {wanted} finite value(s), got {indicator.value}")
        )
    elif indicator.op == "range" and indicator.value[0] > indicator.value[1]:
        problems.append(Problem("impossible_range", f"{indicator.value[0]} is above {indicator.value[1]}: swap them"))
    elif indicator.op == "pm" and indicator.value[1] < 0:
        problems.append(
            Problem("negative_width", f"the tolerance {indicator.value[1]} is negative: write it without sign")
        )
    if not parse_unit(indicator.unit).known:
        problems.append(Problem("unknown_unit", f"unit {indicator.unit!r} is not known: it compares only with itself"))
    return problems


def _indicator(text: str, quantity: Quantity, lexicon: Lexicon) -> Indicator:
    name = quantity.name or ""
    if quantity.unit == "Cel" and lexicon.attribute(name) is None and not _THERMAL.search(name):
        name = "工作温度"
    elif lexicon.attribute(name) is None:
        name = lexicon.units.get(quantity.unit, name)
    start, end = quantity.span
    name = _tempered(name, quantity.condition)
    return Indicator(
        name, quantity.op, quantity.value, quantity.unit, quantity.sense, quantity.must, quantity.cap, text[start:end]
    )


def _tempered(name: str, condition: str | None) -> str:
    """An attribute measured hot or cold is another attribute: 导热系数 at 800 ℃ is 高温导热系数."""
    found = re.match(r"(-?)(\d{1,4})(?:\.\d+)?\s?℃", condition or "")
    if found is None or not name or name[:2] in ("高温", "低温"):
        return name
    value = int(found[1] + found[2])
    return f"高温{name}" if value >= _HOT else f"低温{name}" if value <= _COLD else name


def _check_one(need: Indicator, stated: Sequence[tuple[Name, Indicator]], lexicon: Lexicon) -> IndicatorVerdict:
    wanted = take_apart(lexicon, need.name, need.unit)
    ranked = [(closeness(lexicon, wanted, name), name, offer) for name, offer in stated]
    best = max((rank for rank, _, _ in ranked), default=OTHER)
    if best == OTHER:
        return _verdict(need, None, "unknown", None, "not_stated")
    rows = [_compare(need, offer, lexicon, wanted) for rank, _, offer in ranked if rank == best]
    rows.sort(key=lambda row: (row.reason == "other_unit", _ORDER[row.verdict]))
    comparable = [row for row in rows if row.reason != "other_unit"]
    unsure = best < BROAD or (best < SAME and comparable and _orders_apart(comparable[0], wanted))
    if unsure and comparable and comparable[0].verdict != "unknown":
        return replace(comparable[0], verdict="unknown", margin=None, reason="name_unsure")
    if len(comparable) > 1 and best < SAME and {"pass", "fail"} <= {row.verdict for row in comparable}:
        return replace(comparable[0], verdict="unknown", margin=None, reason="ambiguous")
    return rows[0]


def _orders_apart(row: IndicatorVerdict, wanted: Name) -> bool:
    """Whether the values are more than a thousandfold apart: under two wordings that means two things (1 m, 10 nm)."""
    if row.offer_quantity is None or (pair := _same_scale(row.need, row.offer_quantity, wanted, "up")) is None:
        return False
    sizes = [max((abs(end) for end in (one.low, one.high) if math.isfinite(end)), default=0.0) for one in pair]
    return min(sizes) > 0 and max(sizes) / min(sizes) > _FAR


def _verdict(
    need: Indicator, offer: Indicator | None, verdict: Outcome, margin: float | None, reason: str
) -> IndicatorVerdict:
    rounded = None if margin is None or not math.isfinite(margin) else round(margin, 4)
    return IndicatorVerdict(need, offer, verdict, rounded, offer.quote if offer else "", need.quote, reason)


def _compare(need: Indicator, offer: Indicator, lexicon: Lexicon, wanted: Name) -> IndicatorVerdict:
    side = lexicon.better.get(wanted.attribute or "")
    pair = _same_scale(need, offer, wanted, side)
    if pair is None:
        return _verdict(need, offer, "unknown", None, "other_unit")
    if any(problem.code in ("missing_value", "negative_width") for one in (need, offer) for problem in _values(one)):
        return _verdict(need, offer, "unknown", None, "unusable_value")
    asked, given = pair
    sense = need.sense or _default_sense(need, side)
    if sense == "ge":
        verdict, margin = _reaches(asked, given)
    elif sense == "le":
        verdict, margin = _reaches(_mirrored(asked), _mirrored(given))
    elif sense == "cover":
        verdict, margin = _covers(asked, given)
    else:
        verdict, margin = _inside(asked, given)
    reason = {"pass": "meets", "fail": "misses", "unknown": "not_decided"}[verdict]
    return _verdict(need, offer, verdict, margin, reason)


def _values(indicator: Indicator) -> list[Problem]:
    wanted = 2 if indicator.op in _PAIRED else 1
    finite = len(indicator.value) == wanted and all(map(math.isfinite, indicator.value))
    return [] if finite else [Problem("missing_value", "no usable value")]


def _default_sense(need: Indicator, side: str | None) -> str:
    if need.op in ("ge", "gt"):
        return "ge"
    if need.op in ("le", "lt"):
        return "le"
    if need.op == "eq" and side in ("up", "down"):
        return "ge" if side == "up" else "le"
    return "cover" if side == "cover" else "in"


def _same_scale(
    need: Indicator, offer: Indicator, wanted: Name, side: str | None
) -> tuple[_Interval, _Interval] | None:
    """Both indicators as intervals in the same base units, or None when they measure different things."""
    asked, given = _unit(need.unit, wanted), _unit(offer.unit, wanted)
    factor = _bridge(asked, given)
    if factor is None:
        return None
    difference = side in ("up", "down")
    first = _interval(need, asked, difference=difference, factor=1.0)
    return first, _interval(offer, given, difference=difference, factor=factor)


def _unit(symbol: str, wanted: Name) -> Unit:
    if symbol == "N" and wanted.attribute == "纯度":
        return parse_unit("N(purity)")
    return parse_unit(symbol)


def _bridge(asked: Unit, given: Unit) -> float | None:
    """1 for equal dimensions; the density of water between its mass and its volume; None otherwise."""
    if asked.dimension == given.dimension:
        return 1.0
    one, other = dict(asked.dimension), dict(given.dimension)
    flows = ({"kg": 1, "s": -1}, {"m": 3, "s": -1})
    if _of_water(asked) and _of_water(given) and (one, other) == flows:
        return _WATER
    if _of_water(asked) and _of_water(given) and (other, one) == flows:
        return 1.0 / _WATER
    parts = ("ppm", "ppb")
    if given.symbol in parts and one == {"kg": 1, "m": -3}:
        return _WATER
    if asked.symbol in parts and other == {"kg": 1, "m": -3}:
        return 1.0 / _WATER
    return None


def _of_water(unit: Unit) -> bool:
    """Whether a flow is written as water works write it (t/d, m³/h); kg/h and L/h are flows of anything."""
    return unit.symbol.partition("/")[0] in ("t", "m3", "kt")


def _interval(indicator: Indicator, unit: Unit, *, difference: bool, factor: float) -> _Interval:
    values = indicator.value
    if indicator.op == "pm" and len(values) == 2:
        values = (values[0] - values[1], values[0] + values[1])
    base = sorted(to_base(value, unit, difference=difference) * factor for value in values) or [math.nan]
    low, high = base[0], base[-1]
    if indicator.op in ("ge", "gt"):
        high = math.inf
    elif indicator.op in ("le", "lt"):
        low = -math.inf
    return _Interval(low, high, indicator.op, indicator.cap)


def _mirrored(interval: _Interval) -> _Interval:
    op = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}.get(interval.op, interval.op)
    return _Interval(-interval.high, -interval.low, op, interval.cap)


def _at_most(one: float, other: float) -> bool:
    if math.isinf(one) or math.isinf(other):
        return one <= other
    return one <= other + _TOLERANCE * max(1e-30, abs(one), abs(other))


def _reaches(asked: _Interval, given: _Interval) -> tuple[Outcome, float | None]:
    """Whether what is given is at least the asked bound; `le` comes here mirrored."""
    bound = asked.low if asked.low > -math.inf else asked.high
    size = abs(bound) or 1.0
    if given.cap and given.op in ("range", "le", "lt"):
        return ("pass" if _at_most(bound, given.high) else "fail"), (given.high - bound) / size
    if given.high < math.inf and given.low == -math.inf:
        short = not _at_most(bound, given.high)
        return ("fail" if short else "unknown"), (given.high - bound) / size if short else None
    if _at_most(bound, given.low):
        return "pass", (given.low - bound) / size
    if given.high == math.inf:
        return "fail", (given.low - bound) / size
    if not _at_most(bound, given.high):
        return "fail", (given.high - bound) / size
    return "unknown", None


def _covers(asked: _Interval, given: _Interval) -> tuple[Outcome, float | None]:
    low = asked.high if asked.low == -math.inf else asked.low
    high = asked.low if asked.high == math.inf else asked.high
    width = (high - low) or abs(high) or 1.0
    slack = min(low - given.low, given.high - high) / width
    if not _at_most(given.low, low) or not _at_most(high, given.high):
        return "fail", slack
    if given.low == -math.inf and asked.op not in ("eq", "ge", "gt"):
        return "unknown", None
    if given.high == math.inf and asked.op not in ("eq", "le", "lt"):
        return "unknown", None
    return "pass", slack


def _inside(asked: _Interval, given: _Interval) -> tuple[Outcome, float | None]:
    width = (asked.high - asked.low) or 1.0
    if _at_most(asked.low, given.low) and _at_most(given.high, asked.high):
        return "pass", min(given.low - asked.low, asked.high - given.high) / width
    if not _at_most(given.low, asked.high) or not _at_most(asked.low, given.high):
        return "fail", min(asked.high - given.low, given.high - asked.low) / width
    return "unknown", None
