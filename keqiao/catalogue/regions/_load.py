"""Reading region packs from their folders."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from keqiao.catalogue.files import CatalogueError, Row, Settings, read_settings, read_table
from keqiao.catalogue.regions._model import (
    AREA_KINDS,
    Area,
    Defaults,
    Department,
    Region,
    UnknownRegionError,
    Word,
)

PACKS = Path(__file__).parent
_AREA_COLUMNS = ("code", "name", "name_en", "aliases", "parent", "kind", "valid_from", "valid_to", "source")
_DEPARTMENT_COLUMNS = ("code", "name", "name_en", "kind")
_MONEY_DISPLAYS = ("yuan", "wan", "yi")


@cache
def regions() -> Mapping[str, Region]:
    """Return the shipped regions by code.

    >>> sorted(regions())
    ['22', '229999']
    """
    return discover()


def region(code: str) -> Region:
    """Return one shipped region; raises :class:`~keqiao.catalogue.regions.UnknownRegionError`.

    >>> region("22").name_en
    'Jilin Province'
    """
    found = regions().get(code)
    if found is None:
        raise UnknownRegionError(f"no region pack r{code}: installed are {', '.join(regions())}")
    return found


def discover(*extra: Path) -> Mapping[str, Region]:
    """Return the regions of all packs (folders ``r<code>``) in the shipped folder and any further ones, by code.

    Raises :class:`~keqiao.catalogue.files.CatalogueError` for a malformed pack or one that occurs twice.

    >>> list(discover()) == list(regions())
    True
    """
    found: dict[str, Region] = {}
    for folder in (PACKS, *extra):
        for pack in sorted(
            path for path in folder.iterdir() if path.is_dir() and re.fullmatch(r"r[0-9A-Z]+", path.name)
        ):
            loaded = _read_pack(pack)
            if loaded.code in found:
                raise CatalogueError(
                    path=pack / "region.toml",
                    what=f"the region {loaded.code} is installed already",
                    remedy="remove one of the two packs",
                )
            found[loaded.code] = loaded
    return MappingProxyType(found)


def _read_pack(pack: Path) -> Region:
    path = pack / "region.toml"
    settings = Settings(read_settings(path), path=path)
    code = settings.text("code")
    if pack.name != f"r{code}":
        raise settings.error(what=f"the code {code!r} is not that of the folder", remedy=f"name the folder r{code}")
    money = Settings(settings.take("money", types=(dict,)), path=path, where="money")
    defaults = Settings(settings.take("defaults", types=(dict,)), path=path, where="defaults")
    footer, footer_en = _footer(settings)
    areas = _read_areas(pack / "areas.csv")
    result = Region(
        code=code,
        name=settings.text("name"),
        name_en=settings.text("name_en"),
        language=settings.text("language"),
        time_zone=settings.text("time_zone"),
        currency=money.text("currency"),
        money_display=_one_of(money, "display", allowed=_MONEY_DISPLAYS),
        defaults=Defaults(
            need_validity_months=_positive(defaults, "need_validity_months"),
            idle_timeout_minutes=_positive(defaults, "idle_timeout_minutes"),
            answer_working_days=_positive(defaults, "answer_working_days"),
        ),
        footer=footer,
        footer_en=footer_en,
        words=_words(settings.take("words", types=(dict,)), path=path),
        root=_root(settings, areas),
        areas=areas,
        departments=_read_departments(pack / "departments.csv"),
    )
    for part in (money, defaults, settings):
        part.finish()
    return result


def _one_of(settings: Settings, key: str, *, allowed: tuple[str, ...]) -> str:
    value = settings.text(key)
    if value not in allowed:
        raise settings.error(what=f"{key!r} is {value!r}", remedy=f"use one of {', '.join(allowed)}")
    return value


def _positive(settings: Settings, key: str) -> int:
    value = int(settings.take(key, types=(int,)))
    if value < 1:
        raise settings.error(what=f"{key!r} is {value}", remedy="write a whole number from 1")
    return value


def _footer(settings: Settings) -> tuple[Mapping[str, str], Mapping[str, str]]:
    chinese: dict[str, str] = {}
    english: dict[str, str] = {}
    for number, values in enumerate(settings.take("footer", types=(list,)), start=1):
        if not isinstance(values, dict):
            raise settings.error(what=f"footer slot {number} is {values!r}", remedy="write it as a table [[footer]]")
        slot = Settings(values, path=settings.path, where=f"footer slot {number}")
        text = slot.text("text", default="")
        chinese[slot.text("name")] = text
        english[slot.text("name_en")] = text
        slot.finish()
    return MappingProxyType(chinese), MappingProxyType(english)


def _words(values: Mapping[str, object], *, path: Path) -> Mapping[str, Word]:
    outer = Settings(values, path=path, where="words")
    words = {}
    for key in values:
        inner = Settings(outer.take(key, types=(dict,)), path=path, where=f"words.{key}")
        words[key] = Word(name=inner.text("name"), name_en=inner.text("name_en"))
        inner.finish()
    return MappingProxyType(words)


def _root(settings: Settings, areas: Mapping[str, Area]) -> Area:
    code = settings.text("root_area")
    root = areas.get(code)
    if root is None or root.parent:
        raise settings.error(
            what=f"root_area {code!r} is no top area of areas.csv", remedy="name the area without a parent"
        )
    others = [area.code for area in areas.values() if not area.parent and area != root]
    if others:
        raise settings.error(
            what=f"the areas {', '.join(others)} have no parent", remedy="put them below the root area"
        )
    return root


def _read_areas(path: Path) -> Mapping[str, Area]:
    areas: dict[str, Area] = {}
    rows: dict[str, Row] = {}
    for row in read_table(path, columns=_AREA_COLUMNS):
        area = _area(row)
        if area.code in areas:
            raise row.error(
                what=f"the code {area.code} stands in line {rows[area.code].line} already",
                remedy="remove one of the two",
            )
        areas[area.code] = area
        rows[area.code] = row
    for area in areas.values():
        _require_ancestors(area, areas=areas, row=rows[area.code])
    return MappingProxyType(areas)


def _area(row: Row) -> Area:
    kind = row.required("kind")
    if kind not in AREA_KINDS:
        raise row.error(what=f"the kind is {kind!r}", remedy=f"use one of {', '.join(AREA_KINDS)}")
    valid_from, valid_to = row.day("valid_from"), row.day("valid_to")
    if valid_from and valid_to and valid_to <= valid_from:
        raise row.error(what=f"valid_to {valid_to} is not after valid_from {valid_from}", remedy="correct the dates")
    return Area(
        code=row.required("code"),
        name=row.required("name"),
        name_en=row.required("name_en"),
        aliases=tuple(alias.strip() for alias in row.cells["aliases"].split("|") if alias.strip()),
        parent=row.cells["parent"],
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
        source=row.required("source"),
    )


def _require_ancestors(area: Area, *, areas: Mapping[str, Area], row: Row) -> None:
    seen = {area.code}
    parent = area.parent
    while parent:
        if parent not in areas:
            raise row.error(
                what=f"the parent {parent} of {area.code} is not in the table", remedy="add it or correct it"
            )
        if parent in seen:
            raise row.error(what=f"{area.code} lies below itself", remedy="correct the parents")
        seen.add(parent)
        parent = areas[parent].parent


def _read_departments(path: Path) -> Mapping[str, Department]:
    departments: dict[str, Department] = {}
    for row in read_table(path, columns=_DEPARTMENT_COLUMNS):
        code = row.required("code")
        if code in departments:
            raise row.error(what=f"the code {code} occurs twice", remedy="remove one of the two lines")
        departments[code] = Department(
            code=code, name=row.required("name"), name_en=row.required("name_en"), kind=row.required("kind")
        )
    return MappingProxyType(departments)
