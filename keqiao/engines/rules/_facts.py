"""What may be known about a firm: names, types, units, periods and lists; and reading one firm's facts by them.

The vocabulary comes from a file, so that nothing of one country stands in the engine. Reading fails closed: a value
of the wrong type, below zero, of another period or an impossible date counts as unknown and is reported, never
guessed at. Dates become day numbers (`date.toordinal`), amounts stay integers of the smallest unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from keqiao.engines.rules._nodes import LARGEST
from keqiao.engines.rules._problems import Problem

TYPES = ("money", "count", "flag", "date", "code")
FOREVER = date.max.toordinal()
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One fact: `period` k is the year T-k (0 for none); `by` experts makes its absence a matter for people."""

    name: str
    type: str
    unit: str = "1"
    label: str = ""
    label_en: str = ""
    per: int = 1  # the fact counts parts of one: 10 000 for a share in ‱
    period: int = 0
    is_signed: bool = False
    source: str = ""
    by: str = ""
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # what each code is called, zh and en
    absent_means: str = ""  # "complete": the date from which a register was read; absent is all of it


@dataclass(frozen=True, kw_only=True)
class ItemList:
    """A list of items with typed fields; an absent optional date is open-ended."""

    name: str
    unit: str = "1"
    label: str = ""
    label_en: str = ""
    fields: Mapping[str, Attribute]
    optional: frozenset[str] = frozenset()
    dated_by: str = ""
    complete_from: str = ""
    source: str = ""
    codes: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """All facts a set of policies speaks of; `units` gives for each unit word its base unit and factor."""

    attributes: Mapping[str, Attribute]
    lists: Mapping[str, ItemList]
    units: Mapping[str, tuple[str, Fraction]]
    unit_names_en: Mapping[str, str] = field(default_factory=dict)
    registers_en: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Firm:
    """The facts of one firm as the engine computes with them."""

    id: str
    values: dict[str, Any]
    lists: dict[str, list[dict[str, Any]] | None]
    problems: list[Problem] = field(default_factory=list)


class _BadValueError(ValueError):
    """A value that cannot be used; `code` and `wanted` as in :class:`Problem`."""

    def __init__(self, code: str, given: object, wanted: str = "") -> None:
        super().__init__(code)
        self.code, self.given, self.wanted = code, repr(given), wanted


def read_firm(facts: Mapping[str, Any], *, vocabulary: Vocabulary, year: int) -> Firm:
    """Return a firm's usable facts; T is `year`, the year of the day that is asked about.

    >>> staff = Attribute(name="staff_t1", type="count", unit="人", period=1)
    >>> words = Vocabulary(attributes={"staff_t1": staff}, lists={}, units={})
    >>> firm = read_firm({"firm_id": "A", "staff_t1": -3}, vocabulary=words, year=2026)
    >>> firm.values["staff_t1"], firm.problems[0].what
    (None, '-3 is negative: write what the register says, 0 or more')
    """
    firm = Firm(str(facts.get("firm_id", "")), {}, {})
    periods = _periods(firm, facts.get("_periods"))
    for name, attribute in vocabulary.attributes.items():
        given = facts.get(name)
        firm.values[name] = None if given is None else _value(firm, attribute, given)
        if attribute.absent_means == "complete" and given is not None and firm.values[name] is None:
            firm.values[name] = FOREVER  # an unreadable start of the register proves nothing
        if attribute.period and given is not None and (periods is None or name in periods):
            _check_period(firm, attribute, None if periods is None else periods[name], year)
    for name, items in vocabulary.lists.items():
        firm.lists[name] = _items(firm, items, facts.get(name))
    return firm


def _periods(firm: Firm, given: Any) -> Mapping[str, Any] | None:
    """The years that values are said to belong to; None where that cannot be read: then no value of a year counts."""
    if given is None or isinstance(given, Mapping):
        return given or {}
    firm.problems.append(Problem(firm.id, "_periods", "periods", repr(given)))
    return None


def read_items(given: Any, *, items: ItemList, firm: str = "") -> tuple[list[dict[str, Any]] | None, list[Problem]]:
    """Return the clean items of one firm's list, None where there is none, and what of it was unusable.

    >>> kind = Attribute(name="kind", type="code")
    >>> clean, problems = read_items([{"kind": 3}], items=ItemList(name="x", fields={"kind": kind}))
    >>> clean, problems[0].say("zh")
    ([{'kind': None}], '3 不是文字：代码请加引号')
    """
    one = Firm(firm, {}, {})
    found = _items(one, items, given)
    return found, one.problems


def unknown_names(facts: Mapping[str, Any], *, vocabulary: Vocabulary) -> Iterable[str]:
    """Return the names that no policy knows: misspelt, or in another unit than the schema asks for.

    >>> list(unknown_names({"firm_id": "A", "sales_wan": 3}, vocabulary=Vocabulary(attributes={}, lists={}, units={})))
    ['sales_wan']
    """
    known = vocabulary.attributes.keys() | vocabulary.lists.keys() | {"firm_id", "_periods"}
    return [name for name in facts if name not in known]


def _check_period(firm: Firm, attribute: Attribute, given: Any, year: int) -> None:
    wanted = year - attribute.period
    if given == wanted and not isinstance(given, bool):
        return
    firm.values[attribute.name] = None
    ahead = isinstance(given, int) and not isinstance(given, bool) and given >= year
    code = "future_period" if ahead else "other_period"
    firm.problems.append(Problem(firm.id, attribute.name, code, repr(given), str(wanted)))


def _value(firm: Firm, attribute: Attribute, given: Any, *, name: str = "") -> Any:
    try:
        return _READERS[attribute.type](given, attribute)
    except _BadValueError as error:
        firm.problems.append(Problem(firm.id, name or attribute.name, error.code, error.given, error.wanted))
        return None


def problem_with(attribute: Attribute, given: Any, *, firm: str, name: str = "") -> Problem | None:
    """Return what is wrong with one value, None where it can be used.

    >>> problem_with(Attribute(name="staff_t1", type="count", unit="人"), -3, firm="A").code
    'negative'
    """
    found = Firm(firm, {}, {})
    _value(found, attribute, given, name=name)
    return found.problems[0] if found.problems else None


def _whole(given: Any, attribute: Attribute) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise _BadValueError("not_fen" if attribute.unit == "分" else "not_whole", given, attribute.unit)
    if given < 0 and not attribute.is_signed:
        raise _BadValueError("negative", given)
    if abs(given) > LARGEST:
        raise _BadValueError("too_large", given)
    return given


def _flag(given: Any, attribute: Attribute) -> bool:
    if not isinstance(given, bool):
        raise _BadValueError("not_flag", given)
    return given


def _day(given: Any, attribute: Attribute) -> int:
    try:
        if isinstance(given, str) and _DATE.fullmatch(given):
            return date.fromisoformat(given).toordinal()
    except ValueError:
        pass
    raise _BadValueError("not_date", given)


def _code(given: Any, attribute: Attribute) -> str:
    if not isinstance(given, str):
        raise _BadValueError("not_text", given)
    return given


_READERS = {"money": _whole, "count": _whole, "flag": _flag, "date": _day, "code": _code}


def _items(firm: Firm, items: ItemList, given: Any) -> list[dict[str, Any]] | None:
    if given is None:
        return None
    if not isinstance(given, list):
        firm.problems.append(Problem(firm.id, items.name, "not_list", repr(given)))
        return None
    return [_item(firm, items, one, place) for place, one in enumerate(given)]


def _item(firm: Firm, items: ItemList, given: Any, place: int) -> dict[str, Any]:
    """An item whose fields are None where they are missing or cannot be used; an open end lies in the far future."""
    if not isinstance(given, Mapping):
        firm.problems.append(Problem(firm.id, f"{items.name}[{place}]", "not_item", repr(given)))
        given = {}
        return dict.fromkeys(items.fields)
    found: dict[str, Any] = {}
    for name, attribute in items.fields.items():
        value = given.get(name)
        if value is None:
            found[name] = FOREVER if name in items.optional else None
        else:
            found[name] = _value(firm, attribute, value, name=f"{items.name}[{place}].{name}")
    return found
