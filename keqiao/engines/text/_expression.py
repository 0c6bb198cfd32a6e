"""Reads one numeric expression: number, power, unit, range, tolerance, list, product of sizes; no meaning yet."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from keqiao.engines.text._numerals import read_number, read_share
from keqiao.engines.text._units import ONE, Unit, parse_unit, scan_unit

_WAVE = re.compile(r"λ\s?/\s?(\d{1,4}(?:\.\d+)?)")
_FRACTION = re.compile(r"/(\d{1,4}(?:\.\d+)?)\s?(?=λ|英寸|in\b|inch)")
_SIGN = re.compile(r"\s?(?:零下|负|[-+φΦ]|DN)?")
_RANGE = re.compile(r"\s?(?:[~-]{1,2}|至|到)\s?(?=(?:[-+φΦ零负]|DN)?[-0-9下一二两三四五六七八九十百千万])")
_PLUS_MINUS = re.compile(r"\s?(?:±|\+/-|\+-)\s?")
_LIST = re.compile(r"\s?/\s?(?=\d)")
_SIZES = re.compile(r"\s?[×xX*]\s?(?=\d|φ|Φ)")
_PER_MANY = re.compile(r"/(10{1,4})(min|h|d|g|kg|km|m|mL|L)(?![A-Za-z])")
_UNIT_HEAD = re.compile(r"\(([^()\s]{1,10})\)\s?$")
# Single letters that are units only beside a prefix or inside a product (5G, 4C, 3D, R134a are none).
_LONE = frozenset("CGDMBbPalrHUEfnpck'ux")
_LONE_WORDS = frozenset(
    [
        "时",
        "方",
        "分",
        "度电",
        "节",
        "相",
        "循环",
        "样品",
        "样本",
        "目标",
        "测试",
        "节点",
        "终端",
        "用户",
        "病例",
        "模",
        "束",
    ]
)
# A noun that closes the amount counts things: 200模次以上, 12床夜。; words of rank, time and doubt do not.
_COUNTER = re.compile(
    r"(?![以左多余来几的之上下内外第号型期代类版届钢铝牌系波岁]|年代|芯片|模块|网络|基站|节点|大气)([一-龥]{1,2}?)"
    r"(?=以上|以下|以内|左右|起[,。;]|[,。;:、!?)]|$)"
)
_CHINESE_FIRST = frozenset("零〇一二两三四五六七八九十百千万亿半")


class Expression(NamedTuple):
    """What was read: span, kind (one, range, pm, tolerance, sizes), values in the order written, unit."""

    start: int
    end: int
    kind: str
    values: tuple[float, ...]
    unit: Unit | None
    chinese: bool = False
    listed: bool = False


class _Term(NamedTuple):
    end: int
    value: float
    unit: Unit | None
    bare_end: int


def read_expression(text: str, start: int) -> Expression | None:
    """The numeric expression that begins at `start` (sign included), or None when nothing there is a number."""
    tolerance = _PLUS_MINUS.match(text, start)
    first = _term(text, tolerance.end() if tolerance else start)
    if first is None:
        return None
    chinese = text[start] in _CHINESE_FIRST
    if tolerance:
        return Expression(start, first.end, "tolerance", (first.value,), first.unit)
    expression = _continued(text, start, first)
    return expression._replace(chinese=True) if chinese else expression


def _continued(text: str, start: int, first: _Term) -> Expression:
    if (joint := _PLUS_MINUS.match(text, first.end)) and (second := _term(text, joint.end())):
        if first.unit and second.unit and second.unit.symbol == "%" and first.unit.dimension:
            return Expression(start, second.end, "one", (first.value,), first.unit)
        return _pair(start, first, second, "pm")
    if (joint := _RANGE.match(text, first.end)) and (second := _term(text, joint.end())) and _joins(first, second):
        return _pair(start, first, second, "range")
    if (joint := _SIZES.match(text, first.bare_end) or _SIZES.match(text, first.end)) and (
        second := _term(text, joint.end())
    ):
        return _sizes(text, start, first, second)
    if (joint := _LIST.match(text, first.end)) and (second := _term(text, joint.end())) and _lists(first, second):
        return _listed(text, start, first, second)
    return Expression(start, first.end, "one", (first.value,), first.unit)


def _lists(first: _Term, second: _Term) -> bool:
    return second.unit is not None and (first.unit is None or first.unit.dimension == second.unit.dimension)


def _joins(first: _Term, second: _Term) -> bool:
    if first.unit is None or second.unit is None:
        return first.unit is None
    if first.unit.symbol == "%" and second.unit.symbol.startswith("%"):
        return True
    return first.unit.dimension == second.unit.dimension or {first.unit.symbol, second.unit.symbol} <= {"Cel", "deg"}


def _pair(start: int, first: _Term, second: _Term, kind: str) -> Expression:
    unit = second.unit or first.unit
    end = second.end if second.unit else second.bare_end
    value = first.value
    if first.unit and unit and first.unit.factor != unit.factor and first.unit.dimension == unit.dimension:
        value = float(f"{value * first.unit.factor / unit.factor:.12g}")
    return Expression(start, end, kind, (value, second.value), unit)


def _sizes(text: str, start: int, first: _Term, second: _Term) -> Expression:
    values, last = [first.value, second.value], second
    while len(values) < 6 and (joint := _SIZES.match(text, last.end)) and (more := _term(text, joint.end())):
        values.append(more.value)
        last = more
    return Expression(start, last.end, "sizes", tuple(values), last.unit)


def _listed(text: str, start: int, first: _Term, second: _Term) -> Expression:
    values, last = [first.value, second.value], second
    while len(values) < 16 and (joint := _LIST.match(text, last.end)) and (more := _term(text, joint.end())):
        values.append(more.value)
        last = more
    unit = last.unit or second.unit
    return Expression(start, last.end, "range", (min(values), max(values)), unit, listed=True)


def _term(text: str, position: int) -> _Term | None:
    if wave := _WAVE.match(text, position):
        return _Term(wave.end(), 1.0 / float(wave[1]), parse_unit("λ"), wave.end()) if float(wave[1]) else None
    if share := read_share(text, position):
        return _Term(share[0], share[1], parse_unit(share[2]), share[0])
    sign = _SIGN.match(text, position)
    begin = sign.end() if sign else position
    read = read_number(text, begin)
    if read is None:
        return None
    end, value = read
    if value == 1 and (fraction := _FRACTION.match(text, end)) and float(fraction[1]):
        end, value = fraction.end(), 1.0 / float(fraction[1])
    if sign and sign[0].strip() in ("零下", "负", "-"):
        value = -value
    unit_end, unit = read_unit(text, end, chinese=text[begin] in _CHINESE_FIRST)
    if unit is not None and (per := _PER_MANY.match(text, unit_end)):
        unit_end, unit = _per_many(unit, per)
    return _Term(unit_end, value, unit, end)


def _per_many(unit: Unit, per: re.Match[str]) -> tuple[int, Unit]:
    """`8g/10min`: a rate whose denominator counts several units."""
    whole = parse_unit(f"{unit.symbol}/{per[2]}")
    return per.end(), replace(whole, symbol=f"{unit.symbol}/{per[1]}{per[2]}", factor=whole.factor / float(per[1]))


def read_unit(text: str, end: int, *, chinese: bool) -> tuple[int, Unit | None]:
    """The unit after a number that ends at `end`, one space allowed; (end, None) when there is none."""
    begin = end + 1 if text.startswith(" ", end) else end
    if text.startswith("个百分点", begin):
        return begin + 4, parse_unit("百分点")
    found = scan_unit(text, begin)
    if found is None:
        counter = None if chinese else _COUNTER.match(text, begin)
        return (counter.end(), parse_unit(counter[1])) if counter else (end, None)
    written = text[begin : found[0]]
    if written == "方" and text[found[0] : found[0] + 1] in (",", "。", ";", ")", "/", "以", "每"):
        return found
    if written in _LONE or written in _LONE_WORDS:
        return end, None
    if written[0].isascii() and text[found[0] : found[0] + 1].isdigit():
        return end, None
    if chinese and written.isascii() and written not in ("%", "mm", "m"):
        return end, None
    return found


def unit_before(text: str, start: int) -> Unit | None:
    """The unit in brackets right before a number, as tables write it: `波长(nm)1550±1`."""
    found = _UNIT_HEAD.search(text, max(0, start - 14), start)
    if found is None:
        return None
    unit = parse_unit(found[1])
    return unit if unit.known and unit is not ONE else None
