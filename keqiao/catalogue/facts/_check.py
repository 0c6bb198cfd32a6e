"""Reading a fact that somebody states: exact amounts in the base unit, real dates, known codes, whole list items.

Nothing is guessed: what cannot be read exactly raises `FactError`, whose sentence is made where it is shown.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import Any

from keqiao.catalogue import policies
from keqiao.catalogue.facts._model import Fact, ItemField, facts

LARGEST = 2**53  # what JSON carries exactly, above every amount the schema allows
FIRST_YEAR = 1990
MOST_ITEMS = 500
LONGEST = 60
_NUMBER = re.compile(r"([-+]?\d+(?:\.\d+)?)(\D*)")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})")
_FLAGS = {"true": True, "false": False, "是": True, "否": False, "有": True, "无": False, "yes": True, "no": False}
# Units of facts that count parts of one, by how many parts: shares in one ten-thousandth, points in one hundredth.
_PARTS: Mapping[int, Mapping[str, Fraction]] = {
    10_000: {"%": Fraction(100), "‱": Fraction(1)},
    100: {"分": Fraction(100), "0.01分": Fraction(1)},
}


class FactError(ValueError):
    """A value that cannot be taken. `code` is stable, `given` what stood there; in a list also the item and field.

    >>> str(FactError("negative", "-3"))
    'negative: -3'
    """

    def __init__(self, code: str, given: object, *, fact: Fact | None = None, item: int = 0, field: str = "") -> None:
        # Spreadsheets keep -3 as -3.0; people are told what they see there.
        text = str(int(given)) if isinstance(given, float) and given.is_integer() else str(given)
        place = f" (item {item}, {field})" if field else f" (item {item})" if item else ""
        super().__init__(f"{code}: {text}{place}")
        self.code, self.given, self.fact, self.item, self.field = code, text, fact, item, field


def find_fact(text: str) -> Fact:
    """Return the fact of a name or label, Chinese or English; raise :class:`FactError` where there is none.

    >>> find_fact(" 营业收入 ").name, find_fact("revenue_fen").name
    ('revenue_fen', 'revenue_fen')
    """
    found = _named().get(_plain(text))
    if found is None:
        raise FactError("unknown_fact", text)
    return found


@cache
def _named() -> Mapping[str, Fact]:
    return {_plain(name): one for one in facts().values() for name in (*one.names, one.name)}


def _plain(text: str) -> str:
    return re.sub(r"[\s()（）]", "", unicodedata.normalize("NFKC", text)).casefold()


def units_of(fact: Fact | ItemField) -> Mapping[str, Fraction]:
    """Return the units in which a value may be given, each with how many base units it is; the usual one first.

    >>> list(units_of(facts()["revenue_fen"])), list(units_of(facts()["market_share_bp"]))
    (['万元', '元', '亿元', '分'], ['%', '‱'])
    """
    per = getattr(fact, "per", 1)
    if per in _PARTS:
        return _PARTS[per]
    if fact.type == "money":
        words = {word: size for word, (base, size) in policies.vocabulary().units.items() if base == fact.unit}
        return {word: words[word] for word in ("万元", "元", "亿元", "分")}
    return {fact.unit: Fraction(1)} if fact.type == "count" and fact.unit != "1" else {}


def check_year(fact: Fact, year: int | None, *, on: date) -> int | None:
    """Return the accounting year a value belongs to; raise :class:`FactError` unless it is over by the day `on`.

    >>> check_year(facts()["staff"], 2025, on=date(2026, 7, 1))
    2025
    """
    if not fact.has_year:
        if year is not None:
            raise FactError("year_none", year, fact=fact)
        return None
    if year is None:
        raise FactError("year_needed", "", fact=fact)
    if isinstance(year, bool) or not isinstance(year, int) or year < FIRST_YEAR:
        raise FactError("year_bad", year, fact=fact)
    if year >= on.year:
        raise FactError("year_future", year, fact=fact)
    return year


def check_value(fact: Fact, value: object, *, on: date, unit: str = "") -> Any:
    """Return a value as policies compute with it: whole base units, true or false, a day as text, a code, or items.

    A `unit` must convert exactly: 12.34 元 is 1234 分, 0.1234567 万元 is none. Raises :class:`FactError`.

    >>> check_value(facts()["revenue_fen"], "1,234.56", unit="万元", on=date(2026, 7, 1))
    1234560000
    >>> check_value(facts()["resident"], "是", on=date(2026, 7, 1))
    True
    """
    try:
        if fact.is_list:
            return _items(fact, value)
        return _scalar(fact, value, unit=unit, on=on)
    except FactError as error:
        error.fact = fact
        raise


def _scalar(fact: Fact | ItemField, value: object, *, unit: str, on: date | None) -> Any:
    if fact.type in ("money", "count"):
        return _whole(fact, value, unit)
    if unit and unit not in units_of(fact):
        raise FactError("unit_unknown", unit)
    if fact.type == "flag":
        return _flag(value)
    if fact.type == "date":
        return _day(value, on=on)
    return _code(fact, value)


def _whole(fact: Fact | ItemField, value: object, unit: str) -> int:
    number, word = _number(value)
    known = units_of(fact)
    word, unit = _unit(known, word), _unit(known, unit)
    if word and unit and word != unit:
        raise FactError("two_units", f"{value} / {unit}")
    wanted = word or unit
    if wanted and wanted not in known:
        raise FactError("unit_unknown", wanted)
    exact = number * (known[wanted] if wanted else 1)
    if exact.denominator != 1:
        is_plain = fact.type == "count" and len(known) < 2
        raise FactError("not_whole" if is_plain else "fraction", value)
    if exact < 0 and not fact.is_signed:
        raise FactError("negative", value)
    if abs(exact) > LARGEST:
        raise FactError("too_large", value)
    return int(exact)


def _unit(known: Mapping[str, Fraction], word: str) -> str:
    """The unit of a fact that a word means, which may be its English name; any other word as it is."""
    english = {name: unit for unit, name in policies.vocabulary().unit_names_en.items() if unit in known}
    return english.get(word.casefold(), word)


def _number(value: object) -> tuple[Fraction, str]:
    """The exact number that stands there, and the unit behind it, if any."""
    if isinstance(value, bool) or value is None:
        raise FactError("number", value)
    if isinstance(value, int):
        return Fraction(value), ""
    text = repr(value) if isinstance(value, float) else unicodedata.normalize("NFKC", str(value))
    bare = re.sub(r"[\s,]", "", text)
    if isinstance(value, float | Decimal):
        try:
            return Fraction(Decimal(bare)), ""
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise FactError("number", value) from error
    found = _NUMBER.fullmatch(bare)
    if found is None:
        raise FactError("number", value)
    return Fraction(found[1]), found[2]


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    found = _FLAGS.get(str(value).strip().casefold())
    if found is None:
        raise FactError("flag", value)
    return found


def _day(value: object, *, on: date | None) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        found = _DAY.fullmatch(unicodedata.normalize("NFKC", str(value)).strip())
        if found is None:
            raise FactError("date", value)
        try:
            value = date(*(int(part) for part in found.groups() if part))
        except ValueError as error:
            raise FactError("date", value) from error
    if on is not None and value > on:
        raise FactError("date_future", value)
    return value.isoformat()


def _code(fact: Fact | ItemField, value: object) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if isinstance(value, bool) or not text or len(text) > LONGEST:
        raise FactError("code_text", value)
    if not fact.codes:
        return text
    named = {_plain(name): code for code, names in fact.codes.items() for name in (code, *names)}
    if _plain(text) not in named:
        raise FactError("code_choice", value)
    return named[_plain(text)]


def _items(fact: Fact, value: Any) -> list[dict[str, Any]]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise FactError("list", value[:LONGEST]) from error
    if not isinstance(value, list):
        raise FactError("list", value)
    if len(value) > MOST_ITEMS:
        raise FactError("list_long", len(value))
    found: list[dict[str, Any]] = [_item(fact, one, place) for place, one in enumerate(value, start=1)]
    ids = [one["id"] for one in found if "id" in one]
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        raise FactError("item_twice", twice, item=[one.get("id") for one in found].index(twice) + 1, field="id")
    return found


def _item(fact: Fact, given: object, place: int) -> dict[str, Any]:
    """The fields that are given; an item may leave some open and then counts as possible."""
    if not isinstance(given, Mapping) or not given:
        raise FactError("item", given, item=place)
    if unknown := [name for name in given if name not in fact.fields]:
        raise FactError("item_field", unknown[0], item=place, field=str(unknown[0]))
    found: dict[str, Any] = {}
    for name, field in fact.fields.items():
        value = given.get(name)
        if value is None or value == "":
            continue
        try:
            found[name] = _scalar(field, value, unit="", on=None)
        except FactError as error:
            error.item, error.field = place, name
            raise
    _check_order(found, place)
    return found


def _check_order(item: Mapping[str, Any], place: int) -> None:
    for first, last in (("from", "to"), ("granted", "valid_to")):
        if item.get(first) and item.get(last) and item[last] < item[first]:
            raise FactError("days_order", f"{item[first]} – {item[last]}", item=place, field=last)
