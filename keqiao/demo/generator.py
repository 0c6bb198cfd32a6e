"""Rows for load tests: any number of distinct offers and needs in the format of the demo data, seeded and streamed.

The words stand in `data/generator/`: one file a field, each with themes whose words belong together, and `common.toml`
with the sentence patterns. A row takes one theme of one field and draws its words with Zipf-like weights, so that terms
are as unevenly spread as in real texts. Nobody is meant to read these rows; the demo region has its own, written ones.

>>> first = next(generate_offers(1, seed=7))
>>> first["key"], first == next(generate_offers(500, seed=7))
('load-offer-000001', True)
"""

import tomllib
import zlib
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import exp, log
from pathlib import Path
from random import Random
from typing import Any

DATA = Path(__file__).parent / "data" / "generator"
COMMON = "common.toml"
# Weight of the word at rank r is (r + SHIFT) ** -EXPONENT: a few words are common, most are rare.
SHIFT, EXPONENT = 2.0, 0.9
TEXT_LENGTH = (150, 350)
PROBLEM_LENGTH = (100, 250)
# Beyond this many rows the fixed memory of what was drawn fills up and distinct rows get slow to find.
MOST = 2_000_000
SEEN_BITS = 1 << 26
MOST_DRAWS = 500

Row = dict[str, Any]
Line = dict[str, Any]


class Words:
    """Terms in order of rank, drawn with Zipf-like weights (or with given ones)."""

    __slots__ = ("cumulative", "terms", "total")

    def __init__(self, terms: Sequence[str], weights: Sequence[float] | None = None) -> None:
        self.terms = tuple(terms)
        drawn = weights or [(rank + SHIFT) ** -EXPONENT for rank in range(len(terms))]
        self.cumulative = tuple(accumulate(drawn))
        self.total = self.cumulative[-1]

    def draw(self, random: Random) -> str:
        return self.terms[min(bisect(self.cumulative, random.random() * self.total), len(self.terms) - 1)]


class Slots(dict[str, str]):
    """What the patterns' {slots} stand for in one row: drawn when first asked for, the same from then on.

    `{method2}` is another word of the same list than `{method}`.
    """

    __slots__ = ("lists", "random")

    def __init__(self, lists: Mapping[str, Words], random: Random) -> None:
        super().__init__()
        self.lists = lists
        self.random = random

    def __missing__(self, slot: str) -> str:
        base = slot.rstrip("23")
        words = self.lists[base]
        word = words.draw(self.random)
        if base != slot:
            taken = {self[base], self.get(f"{base}2")}
            if word in taken:
                word = next((other for other in words.terms if other not in taken), word)
        self[slot] = word
        return word


class Seen:
    """Remembers texts in a bit array of fixed size: never forgets one, rarely takes a new one for known."""

    __slots__ = ("bits",)

    def __init__(self) -> None:
        self.bits = bytearray(SEEN_BITS // 8)

    def is_new(self, text: str) -> bool:
        place, bit = divmod(zlib.crc32(text.encode()) % SEEN_BITS, 8)
        if self.bits[place] >> bit & 1:
            return False
        self.bits[place] |= 1 << bit
        return True


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measured quantity of a theme and the values it sensibly takes."""

    name: str
    unit: str
    op: str
    low: float
    high: float
    decimals: int

    @property
    def sense(self) -> str:
        return "cover" if self.op == "range" else self.op

    def draw(self, random: Random) -> float | list[float]:
        if self.op == "range":
            step = (self.high - self.low) * 0.3
            low, high = self.low + random.random() * step, self.high - random.random() * step
            return [self.rounded(low), self.rounded(high)]
        if self.low > 0 and self.high > 30 * self.low:
            return self.rounded(exp(log(self.low) + random.random() * log(self.high / self.low)))
        return self.rounded(self.low + random.random() * (self.high - self.low))

    def rounded(self, value: float) -> float:
        return round(value, self.decimals) if self.decimals > 0 else int(round(value, self.decimals))


@dataclass(frozen=True, slots=True)
class Theme:
    """Words of one topic inside a field; `lists` also holds the words common to all."""

    field: str
    lists: Mapping[str, Words]
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """All that is read from the data files."""

    themes: tuple[Theme, ...]
    weights: Words
    patterns: Mapping[str, Words]
    choices: Mapping[str, Words]
    recipes: Mapping[str, tuple[str, ...]]
    money: tuple[Quantity, ...]

    def theme(self, random: Random) -> Theme:
        return self.themes[int(self.weights.draw(random))]

    def pattern(self, role: str, random: Random) -> str:
        return self.patterns[role].draw(random)


def generate_offers(n: int, *, seed: int) -> Iterator[Row]:
    """`n` offers, no two with the same title or text; the same seed gives the same rows, a larger `n` only more.

    Constant memory. Raises ValueError when `n` is negative or above MOST.

    >>> [row["key"] for row in generate_offers(2, seed=1)]
    ['load-offer-000001', 'load-offer-000002']
    """
    return _generate(n, seed=seed, prefix="load-offer", make=_offer, body="text")


def generate_needs(n: int, *, seed: int) -> Iterator[Row]:
    """`n` needs, no two with the same title or problem; the same seed gives the same rows, a larger `n` only more.

    Constant memory. Raises ValueError when `n` is negative or above MOST.

    >>> sorted(next(generate_needs(1, seed=1)))[:4]
    ['abstract', 'budget_max_wan', 'budget_min_wan', 'deadline_months']
    """
    return _generate(n, seed=seed, prefix="load-need", make=_need, body="problem")


def _generate(
    n: int, *, seed: int, prefix: str, make: Callable[[Source, Random], Row | None], body: str
) -> Iterator[Row]:
    if not 0 <= n <= MOST:
        raise ValueError(f"n is {n:,}: choose between 0 and {MOST:,} rows, and more seeds for more rows")
    return _stream(n, random=Random(seed), prefix=prefix, make=make, body=body)


def _stream(
    n: int, *, random: Random, prefix: str, make: Callable[[Source, Random], Row | None], body: str
) -> Iterator[Row]:
    source, titles, bodies = _source(), Seen(), Seen()
    for number in range(1, n + 1):
        for _ in range(MOST_DRAWS):
            row = make(source, random)
            if row and titles.is_new(row["title"]) and bodies.is_new(row[body]):
                break
        else:
            raise RuntimeError(f"no new {prefix} after {MOST_DRAWS} draws at row {number}: add words in {DATA}")
        yield {"key": f"{prefix}-{number:06d}", **row}


def _offer(source: Source, random: Random) -> Row | None:
    """One offer, or None when its text comes out too short or too long."""
    theme, kind = source.theme(random), source.choices["kind"].draw(random)
    slots = Slots(theme.lists, random)
    quantities = source.money if kind == "finance_product" else theme.quantities
    lines = _lines(quantities, random, most=5)
    slots["results"] = "，".join(_said(source, line, random, "result") for line in lines)
    slots["first"] = _said(source, lines[0], random, "result")
    recipe = [role for role in source.recipes[kind] if not role.endswith("?") or random.random() < 0.5]
    patterns = dict.fromkeys(source.pattern(role.rstrip("?"), random) for role in recipe)
    text = "".join(patterns).format_map(slots)
    if not TEXT_LENGTH[0] <= len(text) <= TEXT_LENGTH[1]:
        return None
    trl = source.choices[f"trl_{kind}"].draw(random)
    return {
        "kind": kind,
        "title": source.pattern(f"title_{kind}", random).format_map(slots),
        "abstract": "".join(source.pattern(role, random) for role in (f"abstract_{kind}", "abstract_more")).format_map(
            slots
        ),
        "text": text,
        "keywords": _keywords(source, slots, random, kind),
        "field": theme.field,
        "trl": int(trl) or None,
        "region": source.choices["region"].draw(random),
        "indicators": lines,
    }


def _need(source: Source, random: Random) -> Row | None:
    """One need, or None when its problem comes out too short or too long."""
    theme, kind = source.theme(random), source.choices["need_kind"].draw(random)
    slots = Slots(theme.lists, random)
    lines = [
        _wanted(line, random, first=place == 0) for place, line in enumerate(_lines(theme.quantities, random, most=3))
    ]
    slots["targets"] = "，".join(_said(source, line, random, "target") for line in lines)
    slots["first"] = _said(source, lines[0], random, "target")
    roles = [role for role in source.recipes["need"] if not role.endswith("?") or random.random() < 0.5]
    named = (f"wish_{kind}" if role == "wish" else role.rstrip("?") for role in roles)
    problem = "".join(source.pattern(role, random) for role in named).format_map(slots)
    if not PROBLEM_LENGTH[0] <= len(problem) <= PROBLEM_LENGTH[1]:
        return None
    low = int(round(exp(log(8) + random.random() * log(60)), -1)) or 5
    return {
        "title": source.pattern("title_need", random).format_map(slots),
        "abstract": source.pattern("abstract_need", random).format_map(slots),
        "problem": problem,
        "field": theme.field,
        "need_kind": kind,
        "indicators": lines,
        "budget_min_wan": low,
        "budget_max_wan": int(low * (1.5 + 1.5 * random.random())),
        "deadline_months": int(source.choices["deadline"].draw(random)),
        "keywords": _keywords(source, slots, random, "need"),
    }


def _lines(quantities: Sequence[Quantity], random: Random, *, most: int) -> list[Line]:
    """Two to `most` indicators of different quantities."""
    count = min(len(quantities), 2 + int(random.random() * (most - 1)))
    return [
        {"name": quantity.name, "op": quantity.op, "value": quantity.draw(random), "unit": quantity.unit,
         "sense": quantity.sense}
        for quantity in random.sample(quantities, count)
    ]  # fmt: skip


def _wanted(line: Line, random: Random, *, first: bool) -> Line:
    """The indicator as a need states it; some say what is reached today, which is worse."""
    line["must"] = first or random.random() < 0.6
    if line["op"] != "range" and random.random() < 0.4:
        value, gap = line["value"], abs(line["value"]) * (0.05 + 0.4 * random.random())
        today = value - gap if line["op"] == "ge" else value + 2 * gap
        today = min(today, 100) if line["unit"] == "%" else today
        line["current_value"] = round(today) if isinstance(value, int) else round(today, _decimals(value) + 1)
    return line


def _decimals(value: float) -> int:
    return len(str(value).partition(".")[2])


def _said(source: Source, line: Line, random: Random, manner: str) -> str:
    """The indicator in words, e.g. 剪切强度不低于60 MPa."""
    value = line["value"]
    number = "～".join(str(end) for end in value) if isinstance(value, list) else str(value)
    unit = line["unit"]
    gap = " " if (unit[:1].isalpha() and not "一" <= unit[0] <= "鿿") or unit[:1] == "℃" else ""
    return source.pattern(f"{manner}_{line['op']}", random).format(name=line["name"], value=f"{number}{gap}{unit}")


def _keywords(source: Source, slots: Slots, random: Random, kind: str) -> list[str]:
    words = source.pattern(f"keywords_{kind}", random).format_map(slots).split()
    return list(dict.fromkeys(words))


@cache
def _source() -> Source:
    common = tomllib.loads((DATA / COMMON).read_text("utf-8"))
    shared = {name: Words(words.split()) for name, words in common["words"].items()}
    shared |= {name: Words([str(number) for number in range(*bounds)]) for name, bounds in common["numbers"].items()}
    themes, weights = [], []
    for path in sorted(DATA.glob("*.toml")):
        if path.name != COMMON:
            field = tomllib.loads(path.read_text("utf-8"))
            themes += [_theme(path.stem, theme, shared) for theme in field["themes"]]
            weights += [field["share"] / (rank + SHIFT) for rank in range(len(field["themes"]))]
    return Source(
        themes=tuple(themes),
        weights=Words([str(place) for place in range(len(themes))], weights),
        patterns={role: Words(lines, [1.0] * len(lines)) for role, lines in common["patterns"].items()},
        choices={name: Words(list(shares), list(shares.values())) for name, shares in common["choices"].items()},
        recipes={kind: tuple(roles.split()) for kind, roles in common["recipes"].items()},
        money=tuple(_quantity(line) for line in common["money"]),
    )


def _theme(field: str, theme: Mapping[str, Any], shared: Mapping[str, Words]) -> Theme:
    own = {name: Words(words.split()) for name, words in theme.items() if name != "quantities"}
    return Theme(
        field=field, lists={**shared, **own}, quantities=tuple(_quantity(line) for line in theme["quantities"])
    )


def _quantity(line: str) -> Quantity:
    """From `name unit op low high decimals`; a unit of - is none, decimals below 0 round to tens, hundreds, …"""
    name, unit, op, low, high, decimals = line.split()
    return Quantity(name, "" if unit == "-" else unit, op, float(low), float(high), int(decimals))
