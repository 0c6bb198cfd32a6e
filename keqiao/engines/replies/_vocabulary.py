"""The words, units and patterns a reply is read by: data from outside, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

_NUMERAL = "[一二两三四五六七八九十百千万亿〇零]"
_EITHER = r"(?:\d{1,4}|[一二两三四五六七八九十百]{1,4})"


@dataclass(frozen=True)
class UnitOf:
    """One way of writing a unit: its code, the kind of quantity it tells, and its size in the base unit."""

    code: str
    kind: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class TrapTable:
    """Compiled trap patterns by where they begin: on an Arabic digit, on a Chinese numeral, on a leading mark."""

    digit: tuple[re.Pattern[str], tuple[str, ...]]
    han: tuple[re.Pattern[str], tuple[str, ...]]
    lead: tuple[re.Pattern[str], tuple[str, ...]]


@dataclass(frozen=True)
class Words:
    """A list of words as one pattern, the longest first, and as a set."""

    pattern: re.Pattern[str]
    all: frozenset[str]

    def found(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first of the words in text[start:end]."""
        return self.pattern.search(text, start, len(text) if end is None else end)

    def last(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """The last of the words in text[start:end]."""
        found = None
        for found in self.pattern.finditer(text, start, end):  # noqa: B007 - the last one is wanted
            pass
        return found

    def at(self, text: str, position: int, end: int | None = None) -> re.Match[str] | None:
        """The longest word that begins at `position`."""
        return self.pattern.match(text, position, len(text) if end is None else end)

    def before(self, text: str, end: int) -> str:
        """The longest word that ends at `end`, or nothing."""
        for length in range(min(end, 8), 0, -1):
            if text[end - length : end] in self.all:
                return text[end - length : end]
        return ""


def words(items: Iterable[str]) -> Words:
    """Compile a list of words, each list once; an empty list matches nothing."""
    return _compiled(tuple(items))


@lru_cache(maxsize=256)
def _compiled(items: tuple[str, ...]) -> Words:
    ordered = sorted(set(items), key=lambda word: (-len(word), word))
    pattern = "|".join(map(re.escape, ordered)) if ordered else r"(?!)"
    return Words(re.compile(pattern), frozenset(ordered))


@dataclass(frozen=True)
class Vocabulary:
    """Everything `parse` and `link` know of words. Made by `Vocabulary.of` from the tables of a catalogue."""

    units: Mapping[str, UnitOf]
    unit_pattern: re.Pattern[str]
    structural: Words
    implied: Mapping[str, str]
    single: frozenset[str]
    traps: TrapTable
    lists: Mapping[str, Words]
    plain: Mapping[str, tuple[str, ...]]
    short_names: Mapping[str, str]
    endings: Mapping[str, Mapping[str, str]]
    departments: Words = field(default_factory=lambda: words(()))
    aliases: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, Mapping[str, Any]], *, departments: Mapping[str, str] | None = None) -> Vocabulary:
        """Compile the tables units, traps, words, departments, verbs, links and names.

        `departments` are a region's own: every way of writing one with the short name it goes by.
        Raises KeyError naming a table or list that is missing, and re.error for a pattern that is none.
        """
        units = _units(tables["units"])
        forms = sorted(units, key=lambda form: (-len(form), form))
        lists: dict[str, Words] = {}
        plain: dict[str, tuple[str, ...]] = {}
        for name in ("words", "departments", "verbs", "links"):
            for key, value in tables[name].items():
                entries = value.items() if isinstance(value, Mapping) else [("", value)]
                for part, items in entries:
                    if isinstance(items, list):
                        label = f"{key}.{part}" if part else key
                        lists[label], plain[label] = words(items), tuple(items)
        aliases = dict(departments or {})
        return cls(
            units=units,
            unit_pattern=re.compile("|".join(map(re.escape, forms))),
            structural=words(tables["units"]["structural"]["after"]),
            implied=dict(tables["units"]["implied"]),
            single=frozenset(tables["units"]["single"]["strong"]),
            traps=_traps(tables["traps"]["trap"]),
            lists=lists,
            plain=plain,
            short_names=dict(sorted(tables["departments"]["short"].items(), key=lambda pair: -len(pair[0]))),
            endings={key: dict(value) for key, value in tables["names"].items()},
            departments=words(aliases),
            aliases=aliases,
        )

    def unit_at(self, text: str, position: int) -> tuple[int, UnitOf] | None:
        """The longest unit that begins at `position`: its end and what it is."""
        found = self.unit_pattern.match(text, position)
        return (found.end(), self.units[found.group()]) if found else None


def _units(table: Mapping[str, Any]) -> dict[str, UnitOf]:
    found: dict[str, UnitOf] = {}
    for unit in table["unit"]:
        for form in unit["forms"]:
            found[form] = UnitOf(unit["code"], unit["kind"], Decimal(unit.get("factor", "1")))
    for form in table["counts"]["classifiers"]:
        found[form] = UnitOf(f"count:{form}", "count")
    for form, same in table["counts"]["same"].items():
        found[form] = UnitOf(f"count:{same}", "count")
    return found


def _traps(tables: Iterable[Mapping[str, Any]]) -> TrapTable:
    compiled = {}
    groups = list(tables)
    for start in ("digit", "han", "lead"):
        patterns, reasons = [], []
        for table in groups:
            for pattern in table.get(start, ()):
                patterns.append(f"({_spelled(pattern)})")
                reasons.append(table["reason"])
        compiled[start] = (re.compile("|".join(patterns) or r"(?!)"), tuple(reasons))
    return TrapTable(**compiled)


def _spelled(pattern: str) -> str:
    return pattern.replace("<D>", _NUMERAL).replace("<N>", _EITHER)
