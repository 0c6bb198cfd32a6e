"""From comparator words and the better side of an attribute to the operator of a quantity."""

from __future__ import annotations

import re

from keqiao.engines.text._expression import Expression
from keqiao.engines.text._units import Unit

Mark = tuple[int, str, bool]

# 不低于 and 以上 mean `at least as fine` for these: accuracy, resolution, surface form, cleanliness, vacuum.
_FINE = re.compile("精度|分辨|面形|洁净|准确度|真空度|等级")
_UPPER = re.compile("最[高大长远宽深厚].*(?:温|容|长度|尺寸|宽|径|耐)")
_LOWEST = ("工作温度", "使用温度", "环境温度", "适用温度", "施工温度", "规定温度", "启动温度", "耐低温")
_LONG_TERM = re.compile("长期用|不降额|长期工作")
_ABLE = re.compile(r"\s?(能|也能|不|可)")
_COUNTS = frozenset(("bit", "px", "线"))  # finer means more of them
_LENGTHS = frozenset(("m", "rad", "s", "K", "λ"))


def operator(
    text: str, read: Expression, unit: Unit, side: str | None, name: str | None, before: Mark | None, after: Mark | None
) -> tuple[str, bool]:
    """The operator with the better side resolved, and whether a capability is meant."""
    cap = bool((before and before[2]) or (after and after[2]))
    if read.kind in ("range", "pm"):
        return read.kind, cap or read.listed
    marks = [mark[1] for mark in (before, after) if mark and mark[1] not in ("eq", "cap")]
    if marks:
        return _resolved(marks[0], side, unit, name), cap
    if read.kind == "tolerance":
        return "le", cap
    if name and (_UPPER.match(name) or (side == "cover" and name.startswith(("最高", "最大", "最长", "最远")))):
        return "le", True
    if unit.symbol == "Cel":
        return _of_temperature(text, read, name, cap=cap)
    return "eq", cap or bool(name and name.startswith("最"))


def _of_temperature(text: str, read: Expression, name: str | None, *, cap: bool) -> tuple[str, bool]:
    """A single temperature: 长期使用2000℃ is an upper end, 耐600℃ a lower bound, 零下35℃能 a lowest temperature."""
    if name and name.startswith("长期使用"):
        return "le", True
    if _LONG_TERM.match(text, read.end):
        return "ge", cap
    able = _ABLE.match(text, read.end)
    if read.values[0] < 0 and (able or text.startswith("零下", read.start)):
        return ("ge" if able and able[1] == "可" else "le"), cap
    if read.values[0] < 0 and name and name.endswith(_LOWEST):
        return "ge", cap
    if name and name.endswith(("耐", "耐温", "耐热", "耐受")):
        return "ge", cap
    return "eq", cap or bool(name and name.startswith("最"))


def _resolved(mark: str, side: str | None, unit: Unit, name: str | None) -> str:
    if mark in ("floor", "above"):
        if side == "down" and name and unit.symbol not in _COUNTS and _FINE.search(name):
            return "le"
        return "ge" if mark == "floor" else "gt"
    if mark != "better":
        return mark
    if side is None:
        bases = {base for base, _ in unit.dimension}
        return "le" if bases and bases <= _LENGTHS else "ge"
    return "le" if side == "down" else "ge"


def sense_of(op: str, side: str | None) -> str | None:
    """How a need with this operator is compared: ge, le, cover, in, or None when the side is unknown."""
    if op in ("ge", "gt"):
        return "ge"
    if op in ("le", "lt"):
        return "le"
    if op in ("range", "pm"):
        return "cover" if side == "cover" else "in"
    return {"up": "ge", "down": "le"}.get(side or "", side)
