"""The policies that are shipped: one TOML file for each edition, found by discovery, with its cases beside it.

`<folder>/<version>.toml` holds an edition, `<folder>/<version>.cases.toml` the firms it is tested with; `facts.toml`
says what may be known about a firm. How to write one: docs/policies.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from keqiao.catalogue.codes import codes
from keqiao.catalogue.files import CatalogueError
from keqiao.engines.rules import Checker, Policy, RuleError, Vocabulary, compile_policy, read_policy, read_vocabulary

FOLDER = Path(__file__).parent


class NoPolicyError(LookupError):
    """No policy has this name.

    >>> str(NoPolicyError("there is no policy 'x'"))
    "there is no policy 'x'"
    """


@cache
def vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """Return the facts and lists that the policies of a folder speak of.

    >>> vocabulary().attributes["staff_t1"].unit
    '人'
    """
    path = folder / "facts.toml"
    try:
        return read_vocabulary(path.read_text(encoding="utf-8"), tables=_tables())
    except RuleError as error:
        raise _at(path, error) from None


@cache
def _tables() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """What codes that facts take from the code tables are called: divisions, provinces, numbered fields."""
    industries, provinces, fields = (codes(name) for name in ("industry", "provinces", "hte_fields"))
    divisions = [one for section in industries.children() for one in industries.children(section.code)]
    return {
        "industry_divisions": {one.code[-2:]: (one.name, one.label("en")) for one in divisions},
        "provinces": {one.code[:2]: (one.name, one.label("en")) for one in provinces.children()},
        "hte_fields": {f"{place:02}": (one.name, one.label("en")) for place, one in enumerate(fields.children(), 1)},
    }


def read_edition(path: Path) -> Policy:
    """Return the edition of a file; raise :class:`CatalogueError` naming line, clause and mend.

    It is compiled once for its first day, so that unknown names, units that do not fit and circular references are
    found when the file is read. Facts come from `facts.toml` in its folder or the one above.

    >>> read_edition(FOLDER / "tech-sme" / "2017-115.toml").slug
    'tech-sme-2017'
    """
    own = path.parent / "facts.toml"
    words = vocabulary(path.parent) if own.exists() else vocabulary()
    try:
        policy = read_policy(_text(path), vocabulary=words, name=path.stem)
        compile_policy(policy, as_of=policy.starts or date(2026, 1, 1))
    except RuleError as error:
        raise _at(path, error) from None
    return policy


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(path=path, what=f"cannot be read ({error})", remedy="give a TOML file in UTF-8") from None


def _at(path: Path, error: RuleError) -> CatalogueError:
    what = f"{error.where}: {error.what}" if error.where else error.what
    return CatalogueError(path=path, line=error.line, what=what, remedy=error.remedy)


@cache
def editions() -> Mapping[str, tuple[Policy, ...]]:
    """Return all editions by slug, each policy's from the oldest to the newest.

    >>> [policy.version for policy in editions()["srdi-2026"]]
    ['2026-2']
    """
    found: dict[str, list[Policy]] = {}
    for path in sorted(FOLDER.glob("*/*.toml")):
        if path.name != "facts.toml" and not path.name.endswith(".cases.toml"):
            policy = read_edition(path)
            found.setdefault(policy.slug, []).append(policy)
    return {slug: tuple(sorted(some, key=lambda one: one.starts or date.min)) for slug, some in sorted(found.items())}


def edition(slug: str, *, on: date) -> Policy:
    """Return the edition of a policy for a day: the newest that has begun, else the first.

    A day before the first edition is answered by that edition, whose own clauses say from when it holds.
    Raises :class:`NoPolicyError` for an unknown slug.

    >>> edition("tech-sme-2017", on=date(2026, 7, 1)).document
    '国科发政〔2017〕115号'
    """
    known = editions()
    if slug not in known:
        raise NoPolicyError(f"there is no policy {slug!r}; use one of {', '.join(known)}")
    begun = [one for one in known[slug] if one.starts is None or one.starts <= on]
    return begun[-1] if begun else known[slug][0]


def predecessor(policy: Policy) -> Policy | None:
    """Return the edition whose place this one takes: the one before under its name, else of the name it follows.

    >>> predecessor(edition("srdi-2026", on=date(2026, 7, 1))).slug
    'srdi-2022'
    """
    own = editions()[policy.slug]
    if place := own.index(policy):
        return own[place - 1]
    return editions()[policy.follows][-1] if policy.follows else None


def edition_before_or_on(slug: str, *, on: date) -> Policy:
    """Return the edition of a day, looking back over names: before its first day, that of the policy it follows.

    >>> edition_before_or_on("srdi-2026", on=date(2026, 3, 31)).slug
    'srdi-2022'
    """
    found = edition(slug, on=on)
    while found.starts and found.starts > on and (before := predecessor(found)) is not None:
        found = before
    return found


@lru_cache(maxsize=256)
def checker(slug: str, *, as_of: date) -> Checker:
    """Return what judges firms by a policy on a day.

    >>> checker("tech-sme-2017", as_of=date(2026, 7, 1)).program.policy.version
    '2017-115'
    """
    return Checker(compile_policy(edition(slug, on=as_of), as_of=as_of))


def cases(policy: Policy) -> list[dict[str, Any]]:
    """Return the cases beside an edition: each a firm (the shared one with its changes) and what is expected of it.

    >>> len(cases(edition("tech-sme-2017", on=date(2026, 7, 1)))) > 20
    True
    """
    path = next(FOLDER.glob(f"*/{policy.name}.cases.toml"), None)
    path = next((one for one in FOLDER.glob(f"*/{policy.name}.cases.toml") if _slug(one) == policy.slug), path)
    if path is None:
        return []
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    found = []
    for case in values["cases"]:
        firm = {**values["firm"], **case.get("set", {})}
        for name in case.get("without", []):
            firm.pop(name, None)
        found.append({"as_of": values["as_of"], **case, "firm": firm})
    return found


def _slug(path: Path) -> str:
    return str(tomllib.loads(path.read_text(encoding="utf-8")).get("policy", ""))
