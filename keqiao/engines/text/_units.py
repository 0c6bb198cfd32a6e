"""Unit algebra: prefix × base × exponent, products and quotients, temperatures with offset, dBm, nines of purity.

Units are read in SI spelling (`W/(m·K)`, `10⁻⁶/K`, `cm-1`), in UCUM-like spelling (`W/(m.K)`, `Cel`) and in Chinese
words (毫米, 转/分, 公斤每亩); the three mix. `N` is newton; the nines of a purity are `N(purity)`. Method: recursive
descent over a table of atoms; a quotient without brackets keeps all later factors in the denominator (`W/m·K`), as
data sheets mean it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from keqiao.engines.text._symbols import Atom, Dimension, latin_atoms, word_atoms

_SUPERSCRIPTS = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
_LATIN = re.compile(
    r"%(?:RH|rh|VOL|Vol|IACS|F\.?S\.?|NTSC|vol|wt)|(?:at|wt|vol|mol)\.?%|°C|e⁻|e-(?![0-9A-Za-z])|√(?:Hz|h|min|s|m)|cmH2O|mmH2O|με|v/v|dB\(A\)|m/z|[%‰℃℉°ºλÅ′″'㎜-㏟]|[A-Za-zμΩ]+"
)
_EXPONENT = re.compile(r"\^\(?([-+]?\d+)\)?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(-[1-6](?![0-9.]))|([2346](?![0-9.]))")
_TIMES = re.compile(r"[·⋅•*×.]")
_OVER = re.compile(r"/|每|per\s")
_SUBSTANCE = re.compile(r"(kg|mg|μg|ng|g|t|mmol|mol|L|mL)([A-Z][A-Za-z0-9]*)$")
_POWERED = frozenset(("Nm", "m", "cm", "mm", "μm", "nm", "km", "dm", "in", "s"))
_LONGEST_WORD = 5
_PER_MANY = re.compile(r"([^/]+)/(10+)([^/0-9][^/]*)")
_COUNTED = re.compile("[一-龥]{1,3}")  # any noun counts things of its own kind
_COUNTED_BELOW = re.compile(r"([一-龥]{1,3}?)(?=以上|以下|以内|以里|左右|起|[,。;:、!?)(\s]|$)")


class UnitError(ValueError):
    """A unit that cannot be read, or two units that do not measure the same thing."""


@dataclass(frozen=True)
class Unit:
    """A unit: normal spelling, dimension as (base, exponent) pairs, and value × factor + offset in base units."""

    symbol: str
    dimension: Dimension
    factor: float = 1.0
    offset: float = 0.0
    scale: str = "linear"
    known: bool = True


ONE = Unit("1", ())


def parse_unit(text: str) -> Unit:
    """Read `text` as a unit; what is no known unit comes back with `known=False` and itself as its dimension.

    >>> parse_unit("W/(m·K)").symbol, parse_unit("公斤/亩").dimension
    ('W/(m.K)', (('kg', 1), ('m', -2)))
    """
    return _parse(text)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Unit:
    plain = text.strip().replace("µ", "μ").replace(" ", "").replace("（", "(").replace("）", ")").replace("／", "/")
    if plain in ("", "1"):
        return ONE
    if plain in ("N(纯度)", "N(purity)"):
        return _from_atoms([(latin_atoms()["#N"], 1)], "N")
    if plain.startswith("1/"):
        plain = "/" + plain[2:]
    if many := _PER_MANY.fullmatch(plain):
        whole = _parse(f"{many[1]}/{many[3]}")
        return replace(whole, symbol=plain, factor=whole.factor / float(many[2]))
    found = scan_unit(plain, 0)
    if found is None and _COUNTED.fullmatch(plain):
        return Unit(plain, ((plain, 1),))
    if found is None or found[0] != len(plain):
        return Unit(text.strip(), ((text.strip(), 1),), known=False)
    return found[1]


def convert(value: float, *, source: str, target: str, difference: bool = False) -> float:
    """Convert `value` from unit `source` to unit `target`; temperatures are absolute unless `difference`.

    Raises UnitError for unknown units and for units of different dimension.

    >>> convert(2.0, source="吨/公顷", target="kg/亩")
    133.33333333333334
    >>> convert(25.0, source="℃", target="K"), convert(0.5, source="℃", target="mK", difference=True)
    (298.15, 500.0)
    """
    start, goal = parse_unit(source), parse_unit(target)
    for unit in (start, goal):
        if not unit.known:
            raise UnitError(
                f"unknown unit {unit.symbol!r}: write it with SI symbols or Chinese unit words, e.g. W/(m·K)"
            )
    if start.dimension != goal.dimension:
        raise UnitError(f"{source!r} and {target!r} measure different things: {start.dimension} and {goal.dimension}")
    if start.symbol == goal.symbol:
        return value
    return from_base(to_base(value, start, difference=difference), goal, difference=difference)


def to_base(value: float, unit: Unit, *, difference: bool = False) -> float:
    """`value` of `unit` in base units (m, kg, s, A, K …); nines of purity become a fraction."""
    if unit.scale == "decibel":
        return float(unit.factor * 10.0 ** min(value / 10.0, 300.0))
    if unit.scale == "nines":
        return float(1.0 - 10.0**-value) if value > -300 else -math.inf
    return value * unit.factor + (0.0 if difference else unit.offset)


def from_base(value: float, unit: Unit, *, difference: bool = False) -> float:
    """The inverse of `to_base`; raises UnitError where the logarithm does not exist."""
    if unit.scale == "linear":
        return (value - (0.0 if difference else unit.offset)) / unit.factor
    ratio = value / unit.factor if unit.scale == "decibel" else 1.0 - value
    if ratio <= 0:
        raise UnitError(f"{value} has no value in {unit.symbol}: the logarithm needs a positive number")
    return 10.0 * math.log10(ratio) if unit.scale == "decibel" else -math.log10(ratio)


def scan_unit(text: str, start: int) -> tuple[int, Unit] | None:
    """The longest unit that begins at `start`: its end and the unit, or None."""
    over = _OVER.match(text, start)
    position, sign = (over.end(), -1) if over else (start, 1)
    parts: list[tuple[Atom, int]] = []
    while True:
        found = _factor(text, position)
        if found is None:
            break
        position, factors = found
        parts += [(atom, sign * power) for atom, power in factors]
        end = position
        over = _OVER.match(text, position)
        if over:
            sign = -1
            position = over.end()
        elif times := _TIMES.match(text, position):
            position = times.end()
        else:
            break
    if not parts:
        return None
    unit = _from_parts(tuple(parts))
    return end, unit


def _factor(text: str, position: int) -> tuple[int, list[tuple[Atom, int]]] | None:
    if text.startswith("(", position):
        close = text.find(")", position, position + 16)
        inner = scan_unit(text[position + 1 : close], 0) if close > 0 else None
        if inner is None or inner[0] != close - position - 1:
            return None
        group = Atom(inner[1].symbol, inner[1].dimension, inner[1].factor)
        end, power = _power(text, close + 1, group)
        return end, [(atom, exponent * power) for atom, exponent in _flat(text[position + 1 : close])]
    atom = _atom(text, position)
    if atom is None:
        return None
    end, power = _power(text, atom[0], atom[1])
    return end, [(atom[1], power)]


def _flat(text: str) -> list[tuple[Atom, int]]:
    """The factors of a bracketed product, e.g. `m·K`."""
    parts: list[tuple[Atom, int]] = []
    position, sign = 0, 1
    while position < len(text):
        found = _factor(text, position)
        if found is None:
            break
        parts += [(atom, sign * power) for atom, power in found[1]]
        sign = -1 if sign < 0 or text[found[0] : found[0] + 1] == "/" else 1
        position = found[0] + 1
    return parts


def _power(text: str, position: int, atom: Atom) -> tuple[int, int]:
    found = _EXPONENT.match(text, position)
    if found is None or (found[4] and atom.symbol not in _POWERED):
        return position, 1
    digits = next(group for group in found.groups() if group).translate(_SUPERSCRIPTS)
    power = int(digits) if len(digits) < 4 else 0
    return (found.end(), power) if power else (position, 1)


def _atom(text: str, position: int) -> tuple[int, Atom] | None:
    found = _LATIN.match(text, position)
    if found is not None:
        if found[0] == "Nm" and text[found.end() : found.end() + 1] in ("³", "3"):
            return found.end(), latin_atoms()["m"]._replace(symbol="Nm")
        return _latin(found[0], found.end(), position)
    words = word_atoms()
    for length in range(_LONGEST_WORD, 0, -1):
        atom = words.get(text[position : position + length])
        if atom is not None and position + length <= len(text):
            if text[position] == "分" and length == 1:
                break
            return position + length, atom
    if position and text[position - 1] in "/每":
        if text.startswith("分", position):
            return position + 1, latin_atoms()["min"]
        if below := _COUNTED_BELOW.match(text, position):
            return below.end(), Atom(below[1], ((below[1], 1),))
    return None


def _latin(run: str, end: int, start: int) -> tuple[int, Atom] | None:
    atoms = latin_atoms()
    atom = atoms.get(run)
    if atom is not None:
        return end, atom
    if substance := _SUBSTANCE.match(run):
        base = atoms[substance[1]]
        return end, base._replace(symbol=run)
    return None


@lru_cache(maxsize=8192)
def _from_parts(parts: tuple[tuple[Atom, int], ...]) -> Unit:
    if len(parts) == 1 and parts[0][1] == 1:
        atom = parts[0][0]
        return Unit(atom.symbol, atom.dimension, atom.factor, atom.offset, atom.scale)
    return _from_atoms(list(parts), _spelling(parts))


def _from_atoms(parts: list[tuple[Atom, int]], symbol: str) -> Unit:
    exponents: dict[str, int] = {}
    factor = 1.0
    for atom, power in parts:
        factor *= atom.factor**power
        for base, exponent in atom.dimension:
            exponents[base] = exponents.get(base, 0) + exponent * power
    dimension = tuple(sorted((base, exponent) for base, exponent in exponents.items() if exponent))
    return Unit(symbol, dimension, factor, scale=parts[0][0].scale if len(parts) == 1 else "linear")


_RENAMED = {"r/min": "rpm", "帧/s": "fps", "kW.h": "kW.h"}


def _spelling(parts: tuple[tuple[Atom, int], ...]) -> str:
    above = [_raised(atom, power) for atom, power in parts if power > 0]
    below = [_raised(atom, -power) for atom, power in parts if power < 0]
    denominator = f"({'.'.join(below)})" if len(below) > 1 else "".join(below)
    spelling = ".".join(above) or "1"
    spelling = f"{spelling}/{denominator}" if below else spelling
    return _RENAMED.get(spelling, spelling)


def _raised(atom: Atom, power: int) -> str:
    return atom.symbol if power == 1 else f"{atom.symbol}{power}"
