"""Figures two ways at once, as they may be shown: the matrix of an edition, and a breakdown over the years."""

from collections.abc import Sequence
from dataclasses import dataclass

from keqiao.apps.ledger.models import Kind, PublishedFigure

YEAR = "year"


@dataclass(frozen=True)
class Grid:
    """Cells by the keys of lines and columns, with totals. None is a gap, or a total that is not given.

    `by` are the codes of the two dimensions; that of the years is `year`.
    """

    by: tuple[str, str]
    lines: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    line_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    whole: int | None

    @property
    def says_something(self) -> bool:
        """Whether anything but the whole, empty cells and gaps is left."""
        return any(value for line in (*self.cells, self.line_totals, self.column_totals) for value in line)

    @property
    def has_gaps(self) -> bool:
        return any(value is None for line in self.cells for value in line)


def ways(figure: PublishedFigure, editions: Sequence[PublishedFigure]) -> list[tuple[str, str]]:
    """The pairs of dimensions that an edition can be shown by, its own matrix first.

    `editions` are those that stand of the figure, one a year; a single year is no course.
    """
    found = [(by[0], by[1])] if (by := figure.matrix.get("by")) else []
    if len(_comparable(figure, editions)) > 1:
        found += [(code, YEAR) for code in figure.tables if code != "month"]
    return found


def grid_of(figure: PublishedFigure, editions: Sequence[PublishedFigure], by: tuple[str, str]) -> Grid | None:
    """The cells of one of the `ways`; None where they may not be shown."""
    if by[1] == YEAR:
        return _over_years(_comparable(figure, editions), by[0])
    return crossed(figure)


def _comparable(figure: PublishedFigure, editions: Sequence[PublishedFigure]) -> list[PublishedFigure]:
    """The editions that count the same, oldest first; the edition itself stands for its own year."""
    others = [row for row in editions if row.year != figure.year and row.version == figure.version]
    return sorted([*others, figure], key=lambda row: row.year)


def crossed(figure: PublishedFigure) -> Grid | None:
    """The matrix of an edition; None where it has none, or it may not be shown."""
    cells = figure.matrix.get("cells")
    if cells is None:
        return None
    first, second = figure.matrix["by"]
    lines, columns = figure.tables[first], figure.tables[second]
    return Grid(
        by=(first, second),
        lines=tuple(key for key, _value in lines),
        columns=tuple(key for key, _value in columns),
        cells=tuple(tuple(line) for line in cells),
        line_totals=tuple(value for _key, value in lines),
        column_totals=tuple(value for _key, value in columns),
        whole=int(figure.value),
    )


def _over_years(editions: Sequence[PublishedFigure], code: str) -> Grid | None:
    """Nothing is shown that does not stand in the editions: a line has a total only where it has no gap, and only of
    whole years of what happens in them; a stock of one year and one of the next do not add up."""
    tables = [row.tables.get(code) for row in editions]
    if all(table is None for table in tables):
        return None
    known = [dict(table) if table is not None else None for table in tables]
    keys = sorted({key for table in known if table is not None for key in table})
    cells = [tuple(None if table is None else table.get(key, 0) for table in known) for key in keys]
    adds_up = all(row.kind == Kind.FLOW and row.is_whole for row in editions)
    return Grid(
        by=(code, YEAR),
        lines=tuple(keys),
        columns=tuple(str(row.year) for row in editions),
        cells=tuple(cells),
        line_totals=tuple(_sum(line) if adds_up else None for line in cells),
        column_totals=tuple(int(row.value) for row in editions),
        whole=sum(int(row.value) for row in editions) if adds_up else None,
    )


def _sum(line: Sequence[int | None]) -> int | None:
    known = [value for value in line if value is not None]
    return sum(known) if len(known) == len(line) else None
