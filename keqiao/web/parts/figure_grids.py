"""A figure two ways at once for people: names of lines and columns, shades, the largest cells as a chart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import Dimension, Measure, grids
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.web.parts import charts, line_charts
from keqiao.web.parts import figures as parts
from keqiao.web.parts.export import Column
from keqiao.web.templatetags.keqiao import grouped

MOST_BARS, MOST_COURSES, SHADES = 12, 4, 5


@dataclass(frozen=True)
class GridCell:
    """One cell: `value` None is a gap, or a total that is not given; `shade` from 0 to SHADES by its size."""

    value: int | None
    shown: str
    shade: int = 0


@dataclass(frozen=True)
class GridLine:
    key: str
    name: str
    cells: tuple[GridCell, ...]
    total: GridCell


@dataclass(frozen=True)
class GridPage:
    """A grid in words, with the drawing beside it."""

    way: str
    label: str
    line_label: str
    grid: grids.Grid
    lines: tuple[GridLine, ...]
    columns: tuple[tuple[str, str], ...]
    totals: tuple[GridCell, ...]
    whole: GridCell
    unit: str
    bars: charts.Chart | None
    courses: line_charts.LineChart | None

    @property
    def has_line_totals(self) -> bool:
        """Stocks of several years do not add up, so their lines have no totals."""
        return self.grid.by[1] != grids.YEAR or self.grid.whole is not None


def ways(figure: PublishedFigure, editions: Sequence[PublishedFigure]) -> list[tuple[str, str]]:
    """What a reader can choose, as the address names it and in words: 按地区 × 按行业."""
    return [(way_of(by), _label(figure, by)) for by in grids.ways(figure, editions)]


def way_of(by: tuple[str, str]) -> str:
    return "-".join(by)


def _label(figure: PublishedFigure, by: tuple[str, str]) -> str:
    """地区 × 行业: the words of the breakdowns without their 按, in English without their By."""
    return " × ".join(_bare(str(_dimension(figure, code).label)) for code in by)


def _bare(label: str) -> str:
    bare = label.removeprefix("按").removeprefix("By ")
    return bare[:1].upper() + bare[1:]


def _dimension(figure: PublishedFigure, code: str) -> Dimension:
    return Dimension(code, _("年份"), is_time=True) if code == grids.YEAR else parts.dimension_of(figure, code)


def page(figure: PublishedFigure, editions: Sequence[PublishedFigure], way: str) -> GridPage | None:
    """A grid as it is shown; None where it may not be, where gaps leave nothing of it, or if it is none of the ways."""
    by = next((one for one in grids.ways(figure, editions) if way_of(one) == way), None)
    found = grids.grid_of(figure, editions, by) if by else None
    if by is None or found is None or not found.says_something:
        return None
    found = _upright(found)
    first, second = (_dimension(figure, code) for code in found.by)
    lines, columns = parts.cell_names(first, found.lines), parts.cell_names(second, found.columns)
    most = max((value or 0 for line in found.cells for value in line), default=0)
    body = tuple(
        GridLine(key, lines[key], tuple(_cell(figure, value, most=most) for value in line), _cell(figure, total))
        for key, line, total in zip(found.lines, found.cells, found.line_totals, strict=True)
    )
    named = tuple((key, columns[key]) for key in found.columns)
    return GridPage(
        way=way, label=_label(figure, by), line_label=_bare(str(first.label)), grid=found,
        lines=tuple(sorted(body, key=_size, reverse=True)), columns=named,
        totals=tuple(_cell(figure, value) for value in found.column_totals), whole=_cell(figure, found.whole),
        unit=gettext("万元") if figure.measure == Measure.FEN else parts.name(figure, "unit"),
        bars=None if second.is_time else _bars(figure, body, named),
        courses=_courses(figure, body, named) if second.is_time else None,
    )  # fmt: skip


def _upright(grid: grids.Grid) -> grids.Grid:
    """The longer side down the page; years stand side by side all the same."""
    if grid.by[1] == grids.YEAR or len(grid.columns) <= len(grid.lines):
        return grid
    return replace(
        grid, by=(grid.by[1], grid.by[0]), lines=grid.columns, columns=grid.lines,
        cells=tuple(zip(*grid.cells, strict=True)), line_totals=grid.column_totals, column_totals=grid.line_totals,
    )  # fmt: skip


def _size(line: GridLine) -> tuple[int, int]:
    return line.total.value or 0, sum(cell.value or 0 for cell in line.cells)


def _cell(figure: PublishedFigure, value: int | None, *, most: int = 0) -> GridCell:
    """Money stands in 万元, as the caption of the table says."""
    if value is None:
        return GridCell(None, "")
    shown = f"{value / 1_000_000:,.1f}" if figure.measure == Measure.FEN else grouped(value)
    return GridCell(value, shown, -(-value * SHADES // most) if most else 0)


def _bars(
    figure: PublishedFigure, lines: Sequence[GridLine], columns: Sequence[tuple[str, str]]
) -> charts.Chart | None:
    """The largest cells that are shown."""
    known = [
        charts.Bar(charts.fitting(f"{name} · {line.name}"), cell.value, parts.shown(figure, cell.value))
        for line in lines
        for cell, (_key, name) in zip(line.cells, columns, strict=True)
        if cell.value
    ]
    largest = sorted(known, key=lambda bar: -(bar.value or 0))[:MOST_BARS]
    return charts.bars(largest, title=gettext("最大的格")) if largest else None


def _courses(
    figure: PublishedFigure, lines: Sequence[GridLine], columns: Sequence[tuple[str, str]]
) -> line_charts.LineChart | None:
    """The largest lines over the years; a gap has no point."""
    size = 1_000_000 if figure.measure == Measure.FEN else 1
    groups = []
    for line in sorted(lines, key=_size, reverse=True)[:MOST_COURSES]:
        points = [
            line_charts.Point(name, cell.value / size, cell.shown)
            for cell, (_key, name) in zip(line.cells, columns, strict=True)
            if cell.value is not None
        ]
        groups += [(line.name, points)] if points else []
    return line_charts.line_chart(groups, title=parts.name(figure)) if groups else None


def file_columns(shown: GridPage) -> list[Column]:
    """A line a row, a column a column, totals last; a gap is empty."""
    fixed = [Column(_("代码"), lambda row: row[0]), Column(shown.line_label, lambda row: row[1])]
    names = [name for _key, name in shown.columns] + ([gettext("合计")] if shown.has_line_totals else [])
    return fixed + [Column(name, partial(_at, at), "number") for at, name in enumerate(names)]


def _at(place: int, row: tuple[str, str, list[str]]) -> str:
    return row[2][place]


def file_rows(figure: PublishedFigure, shown: GridPage) -> Iterator[tuple[str, str, list[str]]]:
    for line in shown.lines:
        yield line.key, line.name, [_exact(figure, cell.value) for cell in (*line.cells, line.total)]
    yield "", gettext("合计"), [_exact(figure, cell.value) for cell in (*shown.totals, shown.whole)]


def _exact(figure: PublishedFigure, value: int | None) -> str:
    if value is None:
        return ""
    return f"{value / 100:.2f}" if figure.measure == Measure.FEN else str(value)


def record(figure: PublishedFigure, found: grids.Grid | None) -> dict[str, Any] | None:
    """A grid as data: exact values, null for a gap."""
    if found is None:
        return None

    def exact(values: Sequence[int | None]) -> list[str | None]:
        return [_exact(figure, value) or None for value in values]

    return {
        "by": list(found.by), "lines": list(found.lines), "columns": list(found.columns),
        "cells": [exact(line) for line in found.cells], "line_totals": exact(found.line_totals),
        "column_totals": exact(found.column_totals), "total": exact([found.whole])[0],
    }  # fmt: skip
