"""Tells what a quantity is when it is no specification: condition, count, money, term, size, change, year, ordinal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from keqiao.engines.text import _cues as cues
from keqiao.engines.text._expression import Expression
from keqiao.engines.text._lexicon import Lexicon
from keqiao.engines.text._symbols import COUNTED
from keqiao.engines.text._units import ONE, Unit

if TYPE_CHECKING:
    from keqiao.engines.text._quantities import Quantity

_CONDITION_UNITS = frozenset(
    (
        "Cel",
        "K",
        "h",
        "min",
        "s",
        "V",
        "kV",
        "nm",
        "μm",
        "Hz",
        "kHz",
        "MHz",
        "GHz",
        "kPa",
        "MPa",
        "%",
        "%RH",
        "a",
        "d",
        "月",
    )
)
_TESTED = frozenset(("Cel", "h", "d"))  # before any name they are the condition of the test
_TOW = frozenset((1.0, 3.0, 6.0, 12.0, 24.0, 25.0, 48.0, 50.0))
_HAN = re.compile(r"[一-鿿]")
_RATE_NAME = re.compile(r"产|通量|数|量|处理|规模|能力|寿命|循环|耐|密度|次|频|效率|速|保苗|容")
_SPEC = "spec"
_MORE = re.compile("[0-9一二三四五六七八九十百千万]")
_NUMBER = re.compile("[0-9≥≤<>]")
_CLEAN = re.compile("洁净|净化|车间|环境|无尘")
_KIND_AFTER = re.compile(r"[ⅠⅡⅢⅣⅤ]?型|系列")
_RESTING = re.compile(r"(?:保温|放置|老化|浸泡|存放|静置)$")
_OWN = frozenset(("目", "元", "级"))
_SUPPLY = re.compile(r"(?:供电|电源|输入电压|电网)$")


class Scene(NamedTuple):
    """Everything a rule may look at: the text, what was read there, and the words around it."""

    text: str
    read: Expression
    unit: Unit
    op: str
    span: tuple[int, int]
    phrase: str
    compared: bool
    following: str | None
    lexicon: Lexicon
    previous: Quantity | None
    floor: int
    clause_end: int


def is_short_unit(unit: Unit) -> bool:
    """Whether a unit is one plain letter, too weak a sign after other letters (M40J, R134a)."""
    return len(unit.symbol) == 1 and unit.symbol.isascii() and unit.symbol != "%"


def trap_of(scene: Scene) -> str | None:
    """The kind of trap a read quantity is, or None for a specification."""
    for rule in (_by_form, _by_thing, _by_context):
        trap = rule(scene)
        if trap is not None:
            return None if trap == _SPEC else trap
    return None


def _by_form(scene: Scene) -> str | None:
    """Told by the expression and its unit alone."""
    text, read, unit, phrase = scene.text, scene.read, scene.unit, scene.phrase
    if max(map(abs, read.values)) == float("inf"):
        return "code"
    if _is_money(scene):
        return "money"
    if _is_loose_talk(scene):
        return "term"
    if phrase.endswith("+") or _KIND_AFTER.match(text, read.end):
        return "term"
    if read.kind == "sizes":
        return _sizes(read, unit)
    if unit is ONE:
        return _unitless(scene) or _SPEC
    if unit.symbol == "a" and 1900 <= read.values[0] <= 2100:
        return "year"
    bare_power = read.chinese and text[read.start] in "百千万" and unit.symbol != "级"
    return "grade" if bare_power and not scene.compared and not phrase.endswith("产") else None


def _by_thing(scene: Scene) -> str | None:
    """Told by what is counted or graded."""
    unit, read, phrase = scene.unit, scene.read, scene.phrase
    if (
        unit.symbol in ("亩", "ha")
        and not scene.compared
        and (phrase.endswith("面积") or scene.lexicon.attribute(phrase) is None)
    ):
        return "ctx"
    if unit.symbol == "级" or scene.text.startswith("级", read.end):
        return _grade(scene) or _SPEC
    if _counts(unit) and _is_count(scene):
        return "count"
    tow = unit.symbol == "K" and read.kind == "one" and read.values[0] in _TOW
    return "term" if tow and not scene.compared and "温" not in phrase else None


def _by_context(scene: Scene) -> str | None:
    """Told by the words around: a condition, a part of a product name, a change."""
    text, read, unit, following = scene.text, scene.read, scene.unit, scene.following
    if _is_condition(scene) or cues.FALLS.match(text, read.end) or (following and following.endswith("积温")):
        return "cond"
    named = scene.lexicon.attribute(scene.phrase) is not None
    bare = not scene.compared
    if bare and following is None and not scene.phrase:
        return _unnamed(scene)
    if bare and unit.symbol == "Cel" and read.values[0] < 0:
        return None
    if following and bare and not named and _MORE.search(text, read.end, scene.clause_end):
        return "cond"
    changed = unit.symbol in ("%", "倍", "‰") and cues.CHANGE.search(text, scene.floor, scene.span[0])
    found = scene.lexicon.attribute(scene.phrase)
    direct = found is not None and found[2] == len(scene.phrase)
    return "ref" if changed and not direct else None


def _is_money(scene: Scene) -> bool:
    """Whether an amount of money is meant; a price by the piece or kilogram is a specification."""
    symbol = scene.unit.symbol
    if "元" in symbol:
        return "/" not in symbol or not any(word in scene.phrase for word in scene.lexicon.prices)
    return scene.unit is ONE and cues.MONEY.match(scene.text, scene.read.end) is not None


def _is_loose_talk(scene: Scene) -> bool:
    """半天, 半个月 in talk: long, not a figure, unless compared or right after an attribute."""
    if scene.compared or scene.unit.symbol not in ("d", "月", "a") or not scene.text.startswith("半", scene.read.start):
        return False
    found = scene.lexicon.attribute(scene.phrase)
    return (found is None or found[2] != len(scene.phrase)) and not scene.phrase.endswith(
        ("周期", "期", "时间", "寿命")
    )


def _sizes(read: Expression, unit: Unit) -> str:
    if len(read.values) == 2 and read.values[0] <= 64 and read.values[0] == int(read.values[0]) and unit is not ONE:
        return "dim" if unit.dimension == (("m", 1),) else "sizes"
    return "term" if unit is ONE else "dim"


def _unitless(scene: Scene) -> str | None:
    text, read, phrase = scene.text, scene.read, scene.phrase
    if cues.NOT_SPEC_AFTER.match(text, read.end) or cues.ORDINAL.search(text, max(0, read.start - 3), read.start):
        return "term"
    follower = text[read.end : read.end + 1]
    if follower.isascii() and follower.isalpha():
        return "model"
    found = scene.lexicon.attribute(phrase)
    ends_here = found is not None and found[2] == len(phrase)
    if ends_here and found is not None and (found[0] in scene.lexicon.plain or (scene.compared and read.kind != "one")):
        return None
    if scene.compared and phrase and (ends_here or not _HAN.match(text, scene.span[1])):
        return None
    return "term"


def _counts(unit: Unit) -> bool:
    """Whether a unit counts things: a word of the list, or any other noun that is its own dimension."""
    return unit.symbol in COUNTED or (
        unit.dimension == ((unit.symbol, 1),) and _HAN.match(unit.symbol) is not None and unit.symbol not in _OWN
    )


def _grade(scene: Scene) -> str | None:
    text, read, unit = scene.text, scene.read, scene.unit
    if unit.scale == "nines":
        return None
    if unit.symbol != "级":
        return "grade" if not text.startswith("级别", read.end) else None
    if scene.compared or _CLEAN.search(scene.phrase + text[read.end : read.end + 4]):
        return None
    return "grade" if read.values[0] < 100 else None


def _is_count(scene: Scene) -> bool:
    """Counts of things are specifications only with a comparator or an attribute that counts."""
    phrase = scene.phrase
    found = scene.lexicon.attribute(phrase)
    if (found is not None and found[2] == len(phrase)) or scene.unit.symbol == "次":
        return False
    if scene.compared:
        return not phrase and scene.op == "eq"
    return not (phrase and (_RATE_NAME.search(phrase) or "跟踪" in phrase))


def _is_condition(scene: Scene) -> bool:
    text, start, unit = scene.text, scene.read.start, scene.unit
    if text[max(0, start - 2) : start].rstrip().endswith("@"):
        return True
    if scene.compared:
        return False
    if unit.symbol in _CONDITION_UNITS and cues.WHEN.match(text, scene.read.end):
        return True
    if _SUPPLY.search(scene.phrase) or _RESTING.search(scene.phrase):
        return True
    opened = text.rfind("(", max(0, start - 16), start)
    inside = opened >= 0 and text.find(")", opened, start) < 0
    if not inside or text[start] == "(" or scene.previous is None:
        return False
    return scene.previous.span[1] >= opened - 6 and unit.symbol in _CONDITION_UNITS


def _unnamed(scene: Scene) -> str | None:
    """A bare quantity at the head of a clause: part of a product name (77GHz前向雷达) or a condition."""
    rest, symbol = scene.text[scene.read.end : scene.clause_end], scene.unit.symbol
    if symbol in ("GHz", "MHz", "kHz", "Gb/s", "Mb/s") and (_HAN.match(rest) or (symbol == "GHz" and not rest)):
        return "term"
    head = _NUMBER.split(rest)[0]
    if _HAN.match(rest.lstrip()) and len(head) < len(rest):
        named = scene.lexicon.attribute(head[-24:]) is not None or (symbol in _TESTED and len(head) > 2)
        return "cond" if named and symbol in _CONDITION_UNITS else None
    return None
