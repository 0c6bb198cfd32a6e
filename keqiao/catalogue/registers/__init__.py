"""Registers: what happens outside the platform and is counted nevertheless, one file a register.

A register says what its rows are called, what their dates mean, whether it counts what stands or what happened, and
which of amount and quantity a row may carry. The rows themselves are entered and imported by offices.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from keqiao.catalogue.files import Settings, read_settings
from keqiao.catalogue.labels import Labelled

FOLDER = Path(__file__).parent
COUNTS = ("stock", "flow")


@dataclass(frozen=True, kw_only=True)
class Level(Labelled):
    """A rank or kind within a register.

    >>> Level(code="national", name="国家级", name_en="National").label("en")
    'National'
    """

    code: str


@dataclass(frozen=True, kw_only=True)
class Register(Labelled):
    """One register. Labels that are empty mean that its rows carry no such value.

    ``counts`` is ``stock`` (a row counts from its first day to its last) or ``flow`` (it counts in the period of its
    first day). ``duty`` is the kind of department that owns it. Amounts are entered in 万元 and kept in fen.

    >>> registers()["grants"].label("en"), registers()["labs"].amount.name
    ('Grants received from higher levels', '')
    """

    code: str
    unit: Labelled
    duty: str
    counts: str
    hint: Labelled
    start: Labelled
    end: Labelled
    amount: Labelled
    quantity: Labelled
    quantity_unit: Labelled
    levels: tuple[Level, ...]
    aliases: Mapping[str, tuple[str, ...]]

    def level(self, code: str) -> Level | None:
        """Return the level of a code, None where the register has no such one.

        >>> registers()["labs"].level("national").name
        '国家级'
        """
        return next((level for level in self.levels if level.code == code), None)


@cache
def registers(folder: Path = FOLDER) -> Mapping[str, Register]:
    """Return all registers by code; raise :class:`CatalogueError` for a malformed file.

    >>> sorted(registers())
    ['demonstrations', 'grants', 'incubators', 'labs', 'parks', 'prizes', 'training']
    """
    return MappingProxyType({path.stem: _read(path) for path in sorted(folder.glob("*.toml"))})


def _read(path: Path) -> Register:
    given = Settings(read_settings(path), path=path)
    counts = given.text("counts")
    if counts not in COUNTS:
        raise given.error(what=f"'counts' is {counts!r}", remedy=f"write {' or '.join(COUNTS)}")
    register = Register(
        code=path.stem,
        name=given.text("name"),
        name_en=given.text("name_en"),
        duty=given.text("duty"),
        counts=counts,
        levels=_levels(given),
        aliases=MappingProxyType({name: given.texts(key, default=()) for name, key in _ALIASES.items()}),
        **{
            name: _label(given, name)
            for name in ("unit", "hint", "start", "end", "amount", "quantity", "quantity_unit")
        },
    )
    given.finish()
    return register


_ALIASES = {
    "register": "aliases", "title": "title_aliases", "start_date": "start_aliases", "amount_fen": "amount_aliases",
    "quantity": "quantity_aliases",
}  # fmt: skip


def _label(given: Settings, name: str) -> Labelled:
    return Labelled(name=given.text(name, default=""), name_en=given.text(f"{name}_en", default=""))


def _levels(given: Settings) -> tuple[Level, ...]:
    rows = [Settings(row, path=given.path, where="level") for row in given.take("levels", types=(list,), default=[])]
    found = tuple(Level(code=row.text("code"), name=row.text("name"), name_en=row.text("name_en")) for row in rows)
    for row in rows:
        row.finish()
    if len({level.code for level in found}) != len(found):
        raise given.error(what="two levels have the same code", remedy="give each level a code of its own")
    return found
