"""Tells what a quantity is when it is no specification: condition, count, money, term, size, change, year, ordinal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from keqiao.engines.text import _cues as cues
from keqiao.engines.text._expression import Expression
from keqiao.engines.text._lexicon import Lexicon
from keqiao.engines.text._symbols import COUNTED
from keqiao.engines.text._units import ONE, Unit

if TYPE_CHECKING:
    from keqiao.engines.text._quantities import Quantity

_CONDITION_UNITS = frozenset("Cel K h min s V kV nm μm Hz kHz MHz GHz kPa MPa % %RH a d 月".split())
_TOW = frozenset((1.0, 3.0, 6.0, 12.0, 24.0, 25.0, 48.0, 50.0))
_HAN = re.compile(r"[一-鿿]")
_RATE_NAME = re.compile(r"产|通量|数|量|处理|规模|能力|寿命|循环|耐|密度|次|频|效率|速|保苗|容")
_KIND_AFTER = re.compile(r"[ⅠⅡⅢⅣⅤ]?型|系列")
_RESTING = re.compile(r"(?:保温|放置|老化|浸泡|存放|静置)$")
_SUPPLY = re.compile(r"(?:供电|电源|输入电压|电网)$")


def is_short_unit(unit: Unit) -> bool:
    """Whether a unit is one plain letter, too weak a sign after other letters (M40J, R134a)."""
    return len(unit.symbol) == 1 and unit.symbol.isascii() and unit.symbol != "%"


def trap_of(
    text: str, read: Expression, unit: Unit, quantity: Quantity, *, phrase: str, compared: bool, following: str | None,
    lexicon: Lexicon, previous: Quantity | None, floor: int, clause_end: int,
) -> str | None:  # fmt: skip
    """The kind of trap a read quantity is, or None for a specification."""
    if max(map(abs, read.values)) == float("inf"):
        return "code"
    if money(text, read, unit, phrase, lexicon):
        return "money"
    if phrase.endswith("+") or _KIND_AFTER.match(text, read.end):
        return "term"
    if unit.symbol in ("亩", "ha") and phrase.endswith("面积") and not compared:
        return "ctx"
    if read.kind == "sizes":
        return _sizes(read, unit)
    if unit is ONE:
        return _unitless(text, read, quantity, phrase, compared, lexicon)
    if unit.symbol == "a" and 1900 <= read.values[0] <= 2100:
        return "year"
    if read.chinese and not compared and text[read.start] in "百千万" and unit.symbol != "级" and not phrase.endswith("产"):
        return "grade"
    if unit.symbol == "级" or text.startswith("级", read.end):
        return _grade(text, read, unit, phrase, compared)
    if unit.symbol in COUNTED and _count(text, quantity, phrase, compared, lexicon):
        return "count"
    if _condition(text, read, unit, phrase, compared, previous, floor):
        return "cond"
    if unit.symbol == "K" and read.kind == "one" and read.values[0] in _TOW and not compared and "温" not in phrase:
        return "term"
    if cues.FALLS.match(text, read.end):
        return "cond"
    if not compared and following is None and not phrase:
        return _unnamed(text, read, unit, lexicon, clause_end)
    if following and following.endswith("积温"):
        return "cond"
    if unit.symbol == "Cel" and read.values[0] < 0 and not compared:
        return None
    if following and not compared and not lexicon.attribute(phrase) and _more_numbers(text, read.end, clause_end):
        return "cond"
    if (
        cues.CHANGE.search(text, floor, quantity.span[0])
        and unit.symbol in ("%", "倍", "‰")
        and not lexicon.attribute(phrase)
    ):
        return "ref"
    return None


def money(text: str, read: Expression, unit: Unit, phrase: str, lexicon: Lexicon) -> bool:
    """Whether an amount of money is meant and the attribute is no price."""
    if "元" in unit.symbol:
        return "/" not in unit.symbol or not any(word in phrase for word in lexicon.prices)
    return unit is ONE and cues.MONEY.match(text, read.end) is not None


def _sizes(read: Expression, unit: Unit) -> str:
    if len(read.values) == 2 and read.values[0] <= 64 and read.values[0] == int(read.values[0]) and unit is not ONE:
        return "dim" if unit.dimension == (("m", 1),) else "sizes"
    return "term" if unit is ONE else "dim"


def _unitless(
    text: str, read: Expression, quantity: Quantity, phrase: str, compared: bool, lexicon: Lexicon
) -> str | None:
    if cues.NOT_SPEC_AFTER.match(text, read.end) or cues.ORDINAL.search(text, max(0, read.start - 3), read.start):
        return "term"
    if text[read.end : read.end + 1].isascii() and text[read.end : read.end + 1].isalpha():
        return "model"
    found = lexicon.attribute(phrase)
    ends_here = found is not None and found[2] == len(phrase)
    if ends_here and found is not None and (found[0] in lexicon.plain or (compared and read.kind != "one")):
        return None
    if compared and phrase and (ends_here or not _HAN.match(text, quantity.span[1])):
        return None
    return "term"


def _grade(text: str, read: Expression, unit: Unit, phrase: str, compared: bool) -> str | None:
    if unit.scale == "nines":
        return None
    if unit.symbol == "级" and (
        compared or re.search("洁净|净化|车间|环境|无尘", phrase + text[read.end : read.end + 4])
    ):
        return None
    if unit.symbol == "级":
        return "grade" if read.values[0] < 100 else None
    return "grade" if not text.startswith("级别", read.end) else None


def _count(text: str, quantity: Quantity, phrase: str, compared: bool, lexicon: Lexicon) -> bool:
    """Counts of things are specifications only with a comparator or an attribute that counts."""
    found = lexicon.attribute(phrase)
    if found is not None and found[2] == len(phrase):
        return False
    if quantity.unit == "次":
        return False
    if compared:
        return not phrase and quantity.op == "eq"
    return not (phrase and (_RATE_NAME.search(phrase) or "跟踪" in phrase))


def _condition(
    text: str, read: Expression, unit: Unit, phrase: str, compared: bool, previous: Quantity | None, floor: int
) -> bool:
    start = read.start
    back = text[max(0, start - 2) : start].rstrip()
    if back.endswith("@"):
        return True
    if not compared and unit.symbol in _CONDITION_UNITS and cues.WHEN.match(text, read.end):
        return True
    if (_SUPPLY.search(phrase) or _RESTING.search(phrase)) and not compared:
        return True
    opened = text.rfind("(", max(0, start - 16), start)
    inside = opened >= 0 and text.find(")", opened, start) < 0
    if not inside or text[read.start] == "(" or previous is None:
        return False
    close_to = previous.span[1] >= opened - 6
    return close_to and not compared and unit.symbol in _CONDITION_UNITS


def _unnamed(text: str, read: Expression, unit: Unit, lexicon: Lexicon, clause_end: int) -> str | None:
    """A bare quantity at the head of a clause: part of a product name (77GHz前向雷达) or a condition."""
    rest = text[read.end : clause_end]
    if unit.symbol in ("GHz", "MHz", "kHz", "Gb/s", "Mb/s") and _HAN.match(rest):
        return "term"
    if unit.symbol in ("GHz",) and not rest:
        return "term"
    if lexicon.attribute(re.split(r"[0-9≥≤<>]", rest)[0]) and re.search(r"[0-9]", rest) and _HAN.match(rest.lstrip()):
        return "cond" if unit.symbol in _CONDITION_UNITS else None
    return None


def _more_numbers(text: str, start: int, end: int) -> bool:
    return re.search(r"[0-9一二三四五六七八九十百千万]", text[start:end]) is not None
