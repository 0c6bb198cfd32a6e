"""The facts as they are kept: one entry for all years, with group, privacy class and the names of list fields."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from keqiao.catalogue import policies
from keqiao.catalogue.files import CatalogueError
from keqiao.catalogue.privacy import Privacy
from keqiao.engines.rules import Attribute, ItemList

Names = tuple[str, str]
PATH = policies.FOLDER / "facts.toml"


@dataclass(frozen=True, kw_only=True)
class ItemField:
    """A field of the items of a list: money, count, flag, date or code, with what its codes are called."""

    name: str
    type: str
    unit: str
    names: Names
    codes: Mapping[str, Names] = field(default_factory=dict)
    is_signed: bool = False

    def label(self, language: str) -> str:
        """Return the name of the field in a language.

        >>> facts()["awards"].fields["rank"].label("en")
        'rank'
        """
        return self.names[language == "en"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What may be known about a firm, apart from the year: `periods` k are the years T-k that policies ask for."""

    name: str
    type: str  # money, count, flag, date, code or list
    unit: str
    names: Names
    group: str
    source: str = ""
    by: str = ""
    per: int = 1
    is_signed: bool = False
    periods: tuple[int, ...] = ()
    privacy: Privacy = Privacy.P2
    codes: Mapping[str, Names] = field(default_factory=dict)
    fields: Mapping[str, ItemField] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()

    @property
    def has_year(self) -> bool:
        """Whether each of its values belongs to an accounting year.

        >>> facts()["staff"].has_year, facts()["founded"].has_year
        (True, False)
        """
        return bool(self.periods)

    @property
    def is_list(self) -> bool:
        """Whether its value is a list of items.

        >>> facts()["ip_items"].is_list
        True
        """
        return self.type == "list"

    def label(self, language: str) -> str:
        """Return the name of the fact in a language.

        >>> facts()["staff"].label("zh-hans"), facts()["staff"].label("en")
        ('职工总数', 'staff')
        """
        return self.names[language == "en"]

    def column(self, period: int) -> str:
        """Return the name that policies use for the value of the year T-`period`.

        >>> facts()["staff"].column(1), facts()["founded"].column(0)
        ('staff_t1', 'founded')
        """
        return f"{self.name}_t{period}" if period else self.name


@dataclass(frozen=True, kw_only=True)
class Group:
    """Facts that are shown together."""

    code: str
    names: Names
    facts: tuple[str, ...]

    def label(self, language: str) -> str:
        """Return the name of the group in a language.

        >>> groups()[1].label("en")
        'People'
        """
        return self.names[language == "en"]


@cache
def facts() -> Mapping[str, Fact]:
    """Return every fact by its name without year, group by group in the order in which they are shown.

    >>> facts()["revenue_fen"].periods, str(facts()["revenue_fen"].privacy)
    ((1, 2, 3), 'P2')
    """
    values = _values(PATH)
    classes = {name: Privacy(code) for code, names in values["privacy"].items() for name in names}
    made = _scalars() | _lists(values)
    found: dict[str, Fact] = {}
    for group in groups():
        for name in group.facts:
            if name not in made:
                raise _error(f"the group {group.code} names {name!r}, which is no fact", "correct the spelling")
            one = made.pop(name)
            found[name] = Fact(**one | {"group": group.code, "privacy": classes.pop(name, Privacy.P2)})
    if classes:
        raise _error(f"[privacy] names {', '.join(classes)}, which are no facts", "correct the spelling")
    return found


@cache
def groups() -> tuple[Group, ...]:
    """Return the groups in the order in which they are shown; the last holds what no other names.

    >>> [group.code for group in groups()][:3]
    ['body', 'people', 'money']
    """
    rows = _values(PATH)["groups"]
    named = {name for row in rows.values() for name in row["facts"]}
    rest = tuple(name for name in (_scalars() | _lists(_values(PATH))) if name not in named)
    return tuple(
        Group(
            code=code, names=(row["label"], row["label_en"]),
            facts=tuple(row["facts"]) + (rest if code == list(rows)[-1] else ()),
        )
        for code, row in rows.items()
    )  # fmt: skip


def registers() -> Mapping[str, Names]:
    """Return the registers that facts come from, by their word in the vocabulary.

    >>> registers()["税务"]
    ('税务', 'tax administration')
    """
    return {word: (word, english) for word, english in policies.vocabulary().registers_en.items()}


def certificate_types() -> Mapping[str, str]:
    """Return what policies call the kinds of certificates that the platform registers itself.

    >>> certificate_types()["hte"], "cma" in certificate_types()
    ('high_tech_enterprise', False)
    """
    known = facts()["certificates"].fields["type"].codes
    given: Mapping[str, str] = _values(PATH)["platform_certificates"]
    if wrong := [code for code in given.values() if code not in known]:
        raise _error(f"[platform_certificates] names {wrong[0]!r}", "use a code of [item_codes.certificates.type]")
    return given


def _scalars() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in policies.vocabulary().attributes.values():
        name = one.name.removesuffix(f"_t{one.period}") if one.period else one.name
        if name in found:
            found[name]["periods"] += (one.period,)
        else:
            found[name] = _scalar(name, one)
    return found


def _scalar(name: str, one: Attribute) -> dict[str, Any]:
    return {
        "name": name, "type": one.type, "unit": one.unit, "names": (one.label, one.label_en or one.label),
        "source": one.source, "by": one.by, "per": one.per, "is_signed": one.is_signed, "codes": one.codes,
        "periods": (one.period,) if one.period else (),
    }  # fmt: skip


def _lists(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "name": name, "type": "list", "unit": one.unit, "names": (one.label, one.label_en or one.label),
            "source": one.source, "optional": one.optional, "fields": _fields(one, values),
        }
        for name, one in policies.vocabulary().lists.items()
    }  # fmt: skip


def _fields(items: ItemList, values: Mapping[str, Any]) -> dict[str, ItemField]:
    codes = values["item_codes"].get(items.name, {})
    found = {}
    for name, one in items.fields.items():
        names = values["item_labels"].get(name)
        if names is None:
            raise _error(f"the field {name} of {items.name} has no name", "add it under [item_labels]")
        words = {code: (str(row[0]), str(row[1])) for code, row in codes.get(name, {}).items()}
        found[name] = ItemField(
            name=name, type=one.type, unit=one.unit, names=(names[0], names[1]), codes=words, is_signed=one.is_signed
        )
    return found


@cache
def _values(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _error(what: str, remedy: str) -> CatalogueError:
    return CatalogueError(path=PATH, what=what, remedy=remedy)
