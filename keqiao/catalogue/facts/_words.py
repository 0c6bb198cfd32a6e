"""A fact in words: amounts in the largest unit that shows them exactly, codes by name, days as they are."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from keqiao.catalogue.facts._check import units_of
from keqiao.catalogue.facts._model import Fact, ItemField

_YES_NO = {True: ("是", "yes"), False: ("否", "no")}
_MONEY = ("亿元", "万元", "元")
_ENGLISH = {
    "分": "fen", "元": "yuan", "万元": "10,000 yuan", "亿元": "100 million yuan", "人": "people", "项": "items",
    "件": "items", "张": "certificates", "家": "bodies", "条": "entries", "轮": "rounds", "份": "contracts", "名": "",
    "年": "",
}  # fmt: skip


def unit_name(unit: str, language: str) -> str:
    """Return a unit in a language, as the choice of a form names it.

    >>> unit_name("万元", "en"), unit_name("万元", "zh-hans")
    ('10,000 yuan', '万元')
    """
    return _ENGLISH.get(unit, unit) if language == "en" else unit


def said(fact: Fact | ItemField, value: Any, language: str) -> str:
    """Return a checked value as a person reads it; of a list, how many items it has.

    >>> from keqiao.catalogue.facts import facts
    >>> said(facts()["revenue_fen"], 1_234_560_000, "zh-hans"), said(facts()["market_share_bp"], 1250, "en")
    ('1,234.56 万元', '12.5 %')
    """
    if isinstance(value, list):
        return f"{len(value)} {unit_name(fact.unit, language)}".strip()
    if fact.type == "flag":
        return _YES_NO[bool(value)][language == "en"]
    if fact.type == "money":
        unit, number = ("元", _decimal(Fraction(value, 100))) if language == "en" else _amount(fact, value)
        return f"{number} {unit_name(unit, language)}"
    if fact.type == "count" and isinstance(fact, Fact) and fact.per > 1:
        unit = next(iter(units_of(fact)))
        shown = "points" if language == "en" and unit == "分" else unit
        return f"{_decimal(Fraction(value, int(units_of(fact)[unit])))} {shown}"
    if fact.type == "count":
        is_plain = fact.unit in ("1", "年", "名")
        return str(value) if is_plain else f"{value:,} {unit_name(fact.unit, language)}".strip()
    if value in fact.codes:
        return fact.codes[value][language == "en"]
    return str(value)


def in_unit(fact: Fact | ItemField, value: Any) -> tuple[str, str]:
    """Return a number and the unit it is counted in, as a form shows them before they are changed.

    >>> from keqiao.catalogue.facts import facts
    >>> in_unit(facts()["revenue_fen"], 1_234_560_000), in_unit(facts()["staff"], 30)
    (('1234.56', '万元'), ('30', '人'))
    """
    if fact.type == "money":
        unit, number = _amount(fact, value)
        return number.replace(",", ""), unit
    unit = next(iter(units_of(fact)), "")
    if fact.type == "count" and unit:
        return _decimal(Fraction(value, int(units_of(fact)[unit]))).replace(",", ""), unit
    return str(value), ""


def _amount(fact: Fact | ItemField, value: int) -> tuple[str, str]:
    """The largest unit that the amount fills and that needs no more than four decimals."""
    sizes = units_of(fact)
    for unit in _MONEY:
        exact = Fraction(value) / sizes[unit]
        if abs(exact) >= 1 and (exact * 10_000).denominator == 1:
            return unit, _decimal(exact)
    return "元", _decimal(Fraction(value, 100))


def _decimal(exact: Fraction) -> str:
    """An exact decimal of at most four places, thousands parted by commas."""
    text = f"{int(exact * 10_000):+06d}"
    sign, digits = ("-" if text[0] == "-" else ""), text[1:]
    whole, rest = digits[:-4], digits[-4:].rstrip("0")
    return f"{sign}{int(whole):,}" + (f".{rest}" if rest else "")
