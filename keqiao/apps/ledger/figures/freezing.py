"""From rows to what is published: the value, the digest over the rows, the breakdowns with their gaps."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from keqiao.apps.ledger import hashing
from keqiao.apps.ledger.models import FigureRow, PublishedFigure

from .definitions import Definition, Period, Row

# The rule of statistics: no cell of fewer units, and nobody who holds more per cent of a sum than this.
FEWEST = 3
MOST_SHARE = 85


@dataclass
class Cell:
    """What the rows of one cell come to, and who holds how much of it."""

    key: str
    count: int = 0
    amount: int = 0
    held: Counter[str] = field(default_factory=Counter, repr=False)

    def add(self, row: Row) -> None:
        self.count += 1
        self.amount += row.amount
        for place, holder in enumerate(row.holders):
            self.held[f"{place} {holder}"] += row.amount

    def join(self, other: "Cell") -> None:
        self.count += other.count
        self.amount += other.amount
        self.held.update(other.held)

    @property
    def is_dominated(self) -> bool:
        return any(part * 100 > self.amount * MOST_SHARE for part in self.held.values())


def value_of(definition: Definition, rows: Iterable[Row]) -> int:
    return sum(row.amount for row in rows) if definition.is_sum else sum(1 for _row in rows)


def rows_of(definition: Definition, period: Period) -> list[Row]:
    """The rows as the tables hold them now, in the order of their subjects; ValueError if one stands twice."""
    rows = sorted(definition.rows(period), key=lambda row: row.subject)
    if twice := [subject for subject, times in Counter(row.subject for row in rows).items() if times > 1]:
        raise ValueError(f"{definition.code}: {twice[0]} is counted twice; give each row a subject of its own")
    return rows


def frozen(rows: Sequence[Row], *, alg: str) -> Iterator[FigureRow]:
    """The rows to keep, each with a salt of its own, so that an erased one cannot be guessed from its digest."""
    for number, row in enumerate(rows, start=1):
        salt, facts = secrets.token_hex(16), row.facts()
        yield FigureRow(number=number, subject=row.subject, amount=row.amount, facts=facts, salt=salt,
                        digest=row_digest(alg, salt, row.subject, row.amount, facts))  # fmt: skip


def row_digest(alg: str, salt: str, subject: str, amount: int, facts: Any) -> str:
    return hashing.value_digest(alg, salt, "row", [subject, amount, facts])


def figure_digest(figure: PublishedFigure, rows: Iterable[FigureRow]) -> str:
    """One digest over all that an edition says and all its rows; it needs no row that was erased to be whole."""
    said = [figure.code, figure.version, figure.kind, figure.measure, figure.year, figure.as_of.isoformat(),
            figure.value, figure.tables, figure.sentence, figure.source]  # fmt: skip
    if figure.matrix:  # editions from before there were any keep their digest
        said.append(figure.matrix)
    return hashing.digest(figure.alg, hashing.canonical([said, [[row.number, row.amount, row.digest] for row in rows]]))


def tables_of(definition: Definition, rows: Sequence[Row]) -> dict[str, Any]:
    """The breakdown of each dimension as it may be shown: pairs of cell and value, None for a gap.

    A dimension that cannot be shown without giving a small cell away is None as a whole.
    """
    return {one.code: _table(definition, _cells(one.code, rows)) for one in definition.dimensions}


def _cells(dimension: str, rows: Iterable[Row]) -> list[Cell]:
    cells: dict[str, Cell] = {}
    for row in rows:
        key = row.cells.get(dimension, "")
        cells.setdefault(key, Cell(key)).add(row)
    return [cells[key] for key in sorted(cells)]


def _table(definition: Definition, cells: list[Cell]) -> list[list[Any]] | None:
    from keqiao.engines.disclosure import CannotHideError, suppress_line  # noqa: PLC0415 - NumPy waits for this

    is_sum = definition.is_sum
    values = [cell.amount if is_sum else cell.count for cell in cells]
    unsafe = [value > 0 and is_unsafe(cell, is_sum=is_sum) for cell, value in zip(cells, values, strict=True)]

    def is_enough(hidden: tuple[bool, ...]) -> bool:
        pool = Cell("")
        for cell, gap in zip(cells, hidden, strict=True):
            if gap:
                pool.join(cell)
        return not is_unsafe(pool, is_sum=is_sum)

    try:
        hidden = suppress_line(values, unsafe, is_enough=is_enough)
    except CannotHideError:
        return None
    return [[cell.key, None if gap else value] for cell, value, gap in zip(cells, values, hidden, strict=True)]


def is_unsafe(cell: Cell, *, is_sum: bool) -> bool:
    return cell.count < FEWEST or (is_sum and cell.is_dominated)


def total_problem(definition: Definition, rows: Sequence[Row]) -> str:
    """Why the figure as a whole may not be shown, as a reason code; empty if it may. Public rows hide nothing."""
    if not definition.is_masked or not rows:
        return ""
    whole = Cell("")
    for row in rows:
        whole.add(row)
    if whole.count < FEWEST:
        return "figure_too_small"
    return "figure_dominated" if definition.is_sum and whole.is_dominated else ""


def difference_problem(rows: Sequence[Row], known: dict[str, int]) -> str:
    """Why a figure and a published one may not stand side by side: the one less the other is a handful of rows.

    `known` are the rows of the published one with their amounts.
    """
    mine = {row.subject: row.amount for row in rows}
    only_here, only_there = mine.keys() - known.keys(), known.keys() - mine.keys()
    if only_here and only_there:
        return ""
    apart = [*only_here, *only_there]
    if not 0 < len(apart) < FEWEST:
        return ""
    return "figure_difference_small"


def correction_problem(definition: Definition, rows: Sequence[Row], known: dict[str, int]) -> str:
    """Why a sum may not be corrected yet: the new less the old value would be what a handful of rows come to."""
    if not definition.is_sum:
        return ""
    mine = {row.subject: row.amount for row in rows}
    apart = [subject for subject in mine.keys() | known.keys() if mine.get(subject) != known.get(subject)]
    return "correction_reveals" if 0 < len(apart) < FEWEST else ""


def matrix(definition: Definition, rows: Sequence[Row], tables: dict[str, Any]) -> dict[str, Any]:
    """The figure broken down two ways at once, see :mod:`.matrices`."""
    from . import matrices  # noqa: PLC0415 - NumPy waits for this

    return matrices.matrix_of(definition, rows, tables)
