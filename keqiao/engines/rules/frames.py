"""Facts of many firms that come as columns: cleaned and their lists reduced to numbers without a loop over firms.

The frame has a row a firm, columns named as the vocabulary names them, and lists as lists of structs (as in Parquet)
or, more slowly, as JSON text.

Cleaning fails closed like :func:`~keqiao.engines.rules.read_firm`, cell by cell: a value of another type, below zero or
too large, a text that is no date is unknown, is counted in `unusable` and named in `problems` (of each column the first
thousand). A column has one type, so that one gap or decimal makes decimals of all: 123.0 is the whole number it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

import polars as pl

from keqiao.engines.rules._facts import FOREVER, Attribute, Vocabulary, problem_with, read_items
from keqiao.engines.rules._lists import ITEM, Term
from keqiao.engines.rules._nodes import LARGEST, walk
from keqiao.engines.rules._polars import Plan
from keqiao.engines.rules._problems import Problem
from keqiao.engines.rules._program import Program
from keqiao.engines.rules._values import ENDLESS
from keqiao.engines.rules.batch import columns

_EPOCH = 719_163  # 1 January 1970 as the day numbers of `date.toordinal`
_ROW = "_row"
Say = Callable[[int, str], Problem]  # what is wrong with a cell of a firm
MOST_NAMED = 1000


@dataclass
class Facts:
    """Clean facts of many firms; what programs ask of lists is kept, so that policies share it."""

    vocabulary: Vocabulary
    year: int
    frame: pl.DataFrame
    firms: pl.Series = field(default_factory=lambda: pl.Series("firm", [], dtype=pl.String))
    unusable: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _reduced: dict[Term, pl.DataFrame] = field(default_factory=dict)
    _items: dict[str, pl.DataFrame] = field(default_factory=dict)

    def for_program(self, program: Program) -> pl.DataFrame:
        """Return the columns a program reads, and `firm`."""
        wanted = columns(program)
        found = self.frame.select("firm", *(name for name in wanted if name in self.frame.columns))
        parts = [self._term(term).select(pl.all().name.prefix(f"{term.key}.")) for term in program.terms]
        return pl.concat([found, *parts], how="horizontal").select("firm", *wanted)

    def note(self, name: str, lost: pl.Series, say: Say, *, rows: pl.Series | None = None) -> None:
        """Count the lost cells of a column and name the first; `rows` are the places of their firms if others."""
        if not (count := int(lost.sum() or 0)):
            return
        self.unusable[name] = self.unusable.get(name, 0) + count
        for cell in lost.arg_true().head(MOST_NAMED):
            self.problems.append(say(cell, self.firms[cell if rows is None else rows[cell]]))

    def _term(self, term: Term) -> pl.DataFrame:
        use = replace(term, key="")
        if use not in self._reduced:
            self._reduced[use] = self._reduce(use)
        return self._reduced[use]

    def _reduce(self, term: Term) -> pl.DataFrame:
        length = pl.col(f"{term.items}.length")
        rows = self.frame.select(length, pl.int_range(pl.len(), dtype=pl.UInt32).alias(_ROW))
        items = self._exploded(term)
        found = _REDUCERS[term.kind](term, items)
        joined = rows.join(found, on=_ROW, how="left", maintain_order="left")
        if term.kind == "latest":
            return joined.select("value", pl.col("value").is_null().alias("gap"))
        floor = 0 if term.kind == "count" or (term.is_lone_field and not term.is_signed) else -ENDLESS
        absent = length.is_null()
        return joined.select(
            pl.when(absent).then(floor).otherwise(pl.col("low").fill_null(0)).alias("low"),
            pl.when(absent).then(ENDLESS).otherwise(pl.col("high").fill_null(0)).alias("high"),
            pl.when(absent).then(statement=True).otherwise(pl.col("gap").fill_null(value=False)).alias("gap"),
        )

    def _exploded(self, term: Term) -> pl.LazyFrame:
        """The items of a list: does the condition hold, is it open by the item's own fault, its value, its day."""
        nodes = {"holds": term.condition, "own": term.gap, "value": term.value}
        firm = {node.value for node in walk(nodes.values()) if node.op == "col" and not node.value.startswith(ITEM)}
        items = self._items[term.items].lazy()
        if firm:
            rows = self.frame.lazy().select(pl.int_range(pl.len(), dtype=pl.UInt32).alias(_ROW), *sorted(firm))
            items = items.join(rows, on=_ROW, how="left")
        day = [pl.col(ITEM + term.by).alias("day")] if term.by else []
        return Plan(nodes).over(items.with_columns(day), keep=[_ROW, *(["day"] if day else [])])


def _count(term: Term, items: pl.LazyFrame) -> pl.DataFrame:
    holds = pl.col("holds")
    return (
        items.group_by(_ROW)
        .agg(
            holds.fill_null(value=False).sum().cast(pl.Int64).alias("low"),
            holds.fill_null(value=True).sum().cast(pl.Int64).alias("high"),
            (holds.is_null() & pl.col("own")).any().alias("gap"),
        )
        .collect()
    )


def _sum(term: Term, items: pl.LazyFrame) -> pl.DataFrame:
    holds, value = pl.col("holds"), pl.col("value")
    floor = 0 if term.is_lone_field and not term.is_signed else -ENDLESS
    least = pl.when(value.is_null()).then(floor).otherwise(value)
    most = pl.when(value.is_null()).then(ENDLESS).otherwise(value)
    zero = pl.lit(0, dtype=pl.Int64)
    return (
        items.filter(holds.fill_null(value=True))
        .with_columns(
            pl.when(holds.is_null()).then(pl.min_horizontal(least, zero)).otherwise(least).alias("least"),
            pl.when(holds.is_null()).then(pl.max_horizontal(most, zero)).otherwise(most).alias("most"),
        )
        .group_by(_ROW)
        .agg(
            pl.col("least").cast(pl.Int128).sum().clip(-ENDLESS, ENDLESS).cast(pl.Int64).alias("low"),
            pl.col("most").cast(pl.Int128).sum().clip(-ENDLESS, ENDLESS).cast(pl.Int64).alias("high"),
            (value.is_null() | (holds.is_null() & pl.col("own"))).any().alias("gap"),
        )
        .collect()
    )


def _latest(term: Term, items: pl.LazyFrame) -> pl.DataFrame:
    newest = pl.col("day").filter(pl.col("holds").fill_null(value=False)).max().over(_ROW)
    is_rival = pl.col("holds").fill_null(value=True) & (pl.col("day").is_null() | (pl.col("day") >= newest))
    return (
        items.with_columns(newest.alias("newest"))
        .filter(pl.col("newest").is_not_null() & is_rival)
        .group_by(_ROW)
        .agg(pl.when(pl.col("value").n_unique() == 1).then(pl.col("value").first()).alias("value"))
        .collect()
    )


_REDUCERS: dict[str, Callable[[Term, pl.LazyFrame], pl.DataFrame]] = {"count": _count, "sum": _sum, "latest": _latest}


def read_frame(frame: pl.DataFrame, *, vocabulary: Vocabulary, year: int) -> Facts:
    """Return the clean facts of a frame; T is `year`. Facts whose column is missing are unknown.

    A struct column `_periods` says of attributes which year their values belong to; another than the name's is unknown.
    """
    firms = frame.get_column("firm_id").cast(pl.String).alias("firm")
    facts = Facts(vocabulary, year, pl.DataFrame(), firms)
    found = [firms]
    for name, attribute in vocabulary.attributes.items():
        given = frame.get_column(name) if name in frame.columns else pl.Series(name, [None] * frame.height)
        clean = _of_period(_clean(given, attribute, facts), frame, attribute, facts)
        if attribute.absent_means == "complete":
            clean = pl.select(pl.when(given.is_not_null() & clean.is_null()).then(FOREVER).otherwise(clean)).to_series()
        found.append(clean.alias(name))
    for name in vocabulary.lists:
        given = frame.get_column(name) if name in frame.columns else pl.Series(name, [None] * frame.height)
        if given.dtype == pl.String:
            length, items = _from_text(given, facts, name)
            found.append(length.alias(f"{name}.length"))
            facts._items[name] = items
            continue
        is_list = isinstance(given.dtype, pl.List) and isinstance(given.dtype.inner, pl.Struct)
        if not is_list and given.dtype != pl.List(pl.Null):
            facts.note(name, given.is_not_null(), partial(_no_list, name, given))
        usable = given if is_list or given.dtype == pl.List(pl.Null) else pl.Series(name, [None] * given.len())
        length = usable.list.len() if isinstance(usable.dtype, pl.List) else usable.cast(pl.UInt32)
        found.append(length.alias(f"{name}.length"))
        facts._items[name] = _item_frame(usable if is_list else None, facts, name)
    facts.frame = pl.DataFrame(found)
    return facts


def _no_list(name: str, given: pl.Series, cell: int, firm: str) -> Problem:
    return Problem(firm, name, "not_list", repr(given[cell]))


def _of_period(clean: pl.Series, frame: pl.DataFrame, attribute: Attribute, facts: Facts) -> pl.Series:
    """A value that is stated to belong to another year is unknown."""
    if not attribute.period or "_periods" not in frame.columns:
        return clean
    periods = frame.get_column("_periods")
    if periods.dtype == pl.String:
        years = [_year_in(text, attribute.name) for text in periods]
        stated = pl.Series(years, dtype=pl.Int64)
    elif isinstance(periods.dtype, pl.Struct) and attribute.name in {one.name for one in periods.dtype.fields}:
        stated = periods.struct.field(attribute.name)
    else:
        return clean
    wanted = facts.year - attribute.period
    keep = stated.is_null() | (stated == wanted)

    def say(cell: int, firm: str) -> Problem:
        code = "future_period" if stated[cell] >= facts.year else "other_period"
        return Problem(firm, attribute.name, code, repr(stated[cell]), str(wanted))

    facts.note(attribute.name, ~keep & clean.is_not_null(), say)
    return pl.select(pl.when(keep).then(clean)).to_series()


def _year_in(text: str | None, name: str) -> int | None:
    """The year that JSON text states for an attribute; 0, which is no year of anything, where it cannot be read."""
    if not text or name not in text:
        return None
    try:
        stated = json.loads(text).get(name)
    except (ValueError, AttributeError):
        return 0
    return stated if stated is None or (isinstance(stated, int) and not isinstance(stated, bool)) else 0


def _from_text(given: pl.Series, facts: Facts, name: str) -> tuple[pl.Series, pl.DataFrame]:
    """Lists that come as JSON text, cell by cell: their lengths and their items."""
    items = facts.vocabulary.lists[name]
    problems: list[Problem] = []
    lengths: list[int | None] = []
    columns: dict[str, list[Any]] = {_ROW: [], **{ITEM + one: [] for one in items.fields}}
    for row, text in enumerate(given):
        try:
            parsed = None if text is None else json.loads(text)
        except ValueError:
            parsed = text  # no JSON: no list either
        clean, unusable = read_items(parsed, items=items, firm=facts.firms[row])
        problems += unusable
        lengths.append(None if clean is None else len(clean))
        for item in clean or []:
            columns[_ROW].append(row)
            for one, value in item.items():
                columns[ITEM + one].append(value)
    if problems:
        facts.unusable[name] = len(problems)
        facts.problems += problems[:MOST_NAMED]
    types = {ITEM + one: _TYPES[attribute.type] for one, attribute in items.fields.items()}
    series = [pl.Series(one, values, dtype=types.get(one, pl.UInt32)) for one, values in columns.items()]
    return pl.Series(lengths, dtype=pl.UInt32), pl.DataFrame(series)


def _item_frame(given: pl.Series | None, facts: Facts, name: str) -> pl.DataFrame:
    """The items of a list, a row each, with clean fields and the row of their firm."""
    items = facts.vocabulary.lists[name]
    if given is None:
        empty = {ITEM + one: _TYPES[attribute.type] for one, attribute in items.fields.items()}
        return pl.DataFrame(schema={_ROW: pl.UInt32, **empty})
    rows = pl.DataFrame({_ROW: pl.int_range(given.len(), dtype=pl.UInt32, eager=True), "item": given})
    rows = rows.filter(pl.col("item").list.len() > 0).explode("item")
    fields = rows.get_column("item").struct
    known = set(fields.fields)
    found = [rows.get_column(_ROW)]
    for one, attribute in items.fields.items():
        raw = fields.field(one) if one in known else pl.Series(one, [None] * rows.height)
        clean = _clean(raw, attribute, facts, name=f"{name}.{one}", rows=found[0])
        if one in items.optional:
            clean = pl.select(pl.when(raw.is_null()).then(FOREVER).otherwise(clean)).to_series()
        found.append(clean.alias(ITEM + one))
    return pl.DataFrame(found)


_TYPES: Mapping[str, type[pl.DataType]] = {
    "money": pl.Int64, "count": pl.Int64, "date": pl.Int64, "flag": pl.Boolean, "code": pl.String,
}  # fmt: skip


def _clean(
    given: pl.Series, attribute: Attribute, facts: Facts, *, name: str = "", rows: pl.Series | None = None
) -> pl.Series:
    """A column as the engine computes with it; what cannot be used is null, counted and named."""
    clean = _CLEANERS[attribute.type](given, attribute)
    if clean.null_count() == given.null_count():
        return clean
    name = name or attribute.name

    def say(cell: int, firm: str) -> Problem:
        found = problem_with(attribute, _plain(given[cell]), firm=firm, name=name)
        return found or Problem(firm, name, _CODES[attribute.type], repr(given[cell]), attribute.unit)

    facts.note(name, given.is_not_null() & clean.is_null(), say, rows=rows)
    return clean


def _plain(value: Any) -> Any:
    """A cell as it would stand in JSON: whole numbers are integers, whatever the column's type."""
    if isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
        return int(value)
    return float(value) if isinstance(value, Decimal) else value


def _whole(given: pl.Series, attribute: Attribute) -> pl.Series:
    if not given.dtype.is_numeric():
        return pl.Series([None] * given.len(), dtype=pl.Int64)
    clean = given.cast(pl.Int64, strict=False)
    if not given.dtype.is_integer():
        is_exact = clean.cast(given.dtype) == given
        if given.dtype.is_float():  # from here on a float stands for several whole numbers
            is_exact &= clean.abs() < LARGEST
        clean = pl.select(pl.when(is_exact).then(clean)).to_series()
    least = -LARGEST if attribute.is_signed else 0
    return pl.select(pl.when((clean >= least) & (clean <= LARGEST)).then(clean)).to_series()


def _typed(dtype: type[pl.DataType]) -> Callable[[pl.Series, Attribute], pl.Series]:
    def clean(given: pl.Series, attribute: Attribute) -> pl.Series:
        return given if given.dtype == dtype else pl.Series([None] * given.len(), dtype=dtype)

    return clean


def _day(given: pl.Series, attribute: Attribute) -> pl.Series:
    if given.dtype == pl.String:
        shaped = given.str.contains(r"^\d{4}-\d{2}-\d{2}$")
        given = pl.select(pl.when(shaped).then(given)).to_series().str.to_date("%Y-%m-%d", strict=False)
    if isinstance(given.dtype, pl.Datetime):
        given = given.cast(pl.Date)
    if given.dtype != pl.Date:
        return pl.Series([None] * given.len(), dtype=pl.Int64)
    return given.cast(pl.Int32).cast(pl.Int64) + _EPOCH


_CODES = {"money": "not_fen", "count": "not_whole", "date": "not_date", "flag": "not_flag", "code": "not_text"}
_CLEANERS: dict[str, Callable[[pl.Series, Attribute], pl.Series]] = {
    "money": _whole, "count": _whole, "date": _day, "flag": _typed(pl.Boolean), "code": _typed(pl.String),
}  # fmt: skip
