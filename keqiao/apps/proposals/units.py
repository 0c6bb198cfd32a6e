"""The units that handle proposals: departments of the region, and the governments of its places (`area:<code>`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import QuerySet

from keqiao.apps.parties import places
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User
from keqiao.catalogue.labels import Labelled

HAND_OVER_KIND = "general_office"
_GOVERNMENT = "人民政府"
_SHORTEST = 3


@dataclass(frozen=True, kw_only=True)
class Unit(Labelled):
    """A department by its code, or the government of a place as `area:<code>`."""

    code: str


def units() -> Mapping[str, Unit]:
    """All units of the region by code, departments first."""
    return _units(settings.REGION)


@cache
def _units(region: str) -> Mapping[str, Unit]:
    pack = places.region()
    found = {row.code: Unit(code=row.code, name=row.name, name_en=row.name_en) for row in pack.departments.values()}
    for area in pack.areas.values():
        if area != pack.root:
            code = f"area:{area.code}"
            found[code] = Unit(code=code, name=f"{area.name}{_GOVERNMENT}", name_en=f"Government of {area.name_en}")
    return found


def label(code: str, language: str = "zh-hans") -> str:
    """The name of a unit in a language; the code itself where the region does not know it."""
    unit = units().get(code)
    return unit.label(language) if unit else code


def resolve(printed: str) -> str:
    """The unit that a printed name means, in full or shortened as offices do; empty where none or more than one fits.

    A short name is made of letters of the full one in their order, with the same first and last: 省工信厅.
    """
    return _resolve(settings.REGION, "".join(printed.split()))


@cache
def _resolve(region: str, printed: str) -> str:
    if not printed:
        return ""
    whole = [unit.code for unit in units().values() if printed in (unit.name, unit.name_en, unit.code)]
    if whole:
        return whole[0]
    short = _plain(printed)
    pack = places.region()
    if len(short) >= _SHORTEST:
        fits = [row.code for row in pack.departments.values() if _abbreviates(short, _plain(row.name))]
        if len(fits) == 1:
            return fits[0]
    place = re.sub(r"(人民)?政府$", "", printed)
    if place != printed:
        named = [area.code for area in pack.areas.values() if place in (area.name, *area.aliases)]
        if len(named) == 1 and named[0] != pack.root.code:
            return f"area:{named[0]}"
    return ""


def _plain(name: str) -> str:
    """A name without the region's own and without what says that it is a government's."""
    bare = name.replace(places.region().name, "").removeprefix("我省").removeprefix("省")
    return re.sub("委员会$", "委", bare.removeprefix(_GOVERNMENT).removeprefix("政府"))


def _abbreviates(short: str, full: str) -> bool:
    if full.endswith(short):
        return True
    letters = iter(full)
    return short[0] == full[0] and short[-1] == full[-1] and all(letter in letters for letter in short)


def of(actor: Actor) -> frozenset[str]:
    """The units an officer works for: a department of the whole region, or the government of a place."""
    root, office = places.region().root.code, _hand_over_office()
    found = set()
    for grant in actor.grants:
        if grant.role == Role.OFFICER and grant.area == root:
            found.add(grant.department)
        elif grant.role == Role.OFFICER and grant.department == office:
            found.add(f"area:{grant.area}")
    return frozenset(found)


def is_hand_over(actor: Actor) -> bool:
    """The office that hands proposals over to the units, and watches that they are answered."""
    return actor.is_product or _hand_over_office() in of(actor)


def hands_over_alone(actor: Actor) -> bool:
    """Whether the actor is an officer of the office that hands over and of no other department."""
    departments = {grant.department for grant in actor.grants if grant.role == Role.OFFICER}
    return is_hand_over(actor) and departments == {_hand_over_office()}


def officers(unit: str, *, on: date) -> QuerySet[User]:
    """The active accounts of a unit's officers on a day."""
    if unit.startswith("area:"):
        scope = {"department": _hand_over_office(), "area": unit.partition(":")[2]}
    else:
        scope = {"department": unit, "area": places.region().root.code}
    return parties.people_with(Role.OFFICER, on=on, **scope)


def hand_over_officers(*, on: date) -> QuerySet[User]:
    return officers(_hand_over_office(), on=on)


def _hand_over_office() -> str:
    """Empty where the region names no such department: then nobody but the product hands over."""
    found = (row.code for row in places.region().departments.values() if row.kind == HAND_OVER_KIND)
    return next(found, "")
