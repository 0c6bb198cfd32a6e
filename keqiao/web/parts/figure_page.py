"""The page of one edition of a figure, for the public and for the office, and what it shows as files."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import grids, queries
from keqiao.apps.ledger.figures.checking import verify
from keqiao.apps.ledger.models import FigureState, Measure, PublishedFigure
from keqiao.web.parts import figure_grids, lists
from keqiao.web.parts import figures as parts
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.figure_charts import breakdown_chart, series_chart
from keqiao.web.parts.request import Request

_PLAIN = {"ensure_ascii": False, "indent": 1}
ROW_STATES = {"masked": _("已遮蔽"), "gone": _("该条目不再公开"), "erased": _("已依法删除")}


def answer(request: Request, figure: PublishedFigure, *, template: str, **context: Any) -> HttpResponse:
    """The page of an edition, or what it shows as a file."""
    opens = parts.may_open(request, figure)
    by = request.GET.get("by", "")
    by = by if by in figure.tables else _fullest(figure)
    every = list(queries.same_code(figure.code, internal=opens))
    standing = [row for row in every if row.state == FigureState.PUBLISHED]
    ways = figure_grids.ways(figure, queries.by_year(standing))
    way = request.GET.get("cross", "")
    way = way if way in dict(ways) else next(iter(dict(ways)), "")
    grid = figure_grids.page(figure, queries.by_year(standing), way)
    if "export" in request.GET and (file := _file(request, figure, by=by, opens=opens, grid=grid)):
        return file
    growth = parts.growth_line(figure, standing)
    base = growth["growth"].base if not growth["growth"].reason else None
    series = queries.by_year(standing)
    page = lists.page_of(request, figure.rows.all()) if figure.row_count else None
    listed = list(page.object_list) if page else []
    compared = parts.compared(figure)
    changed = [change.subject for _word, change in parts.changes_shown(compared)]
    faces = parts.faces_of(figure, [*(row.subject for row in listed if row.subject), *changed])
    dimension = parts.dimension_of(figure, by) if by else None
    url = request.build_absolute_uri(reverse("public:figure-edition", args=[figure.key]))
    return render(request, template, context | {
        "figure": figure,
        "opens": opens,
        "has_days": opens or not figure.is_masked,
        "has_amounts": (opens or not figure.is_masked) and figure.measure != Measure.COUNT,
        "growth": growth,
        "series": [(row, parts.growth_line(row, standing)) for row in reversed(series)],
        "series_chart": series_chart(series),
        "dimensions": [(code, parts.dimension_of(figure, code).label) for code in figure.tables],
        "by": by,
        "dimension": dimension,
        "cells": parts.breakdown(figure, by, base=base) if by else None,
        "chart": breakdown_chart(figure, by) if by else None,
        "ways": ways,
        "way": way,
        "grid": grid,
        "page": page,
        "rows": parts.row_lines(figure, listed, opens=opens, faces=faces),
        "row_states": ROW_STATES,
        "later": parts.later(figure, compared, opens=opens, faces=faces),
        "editions": [row for row in every if (row.year, row.as_of) == (figure.year, figure.as_of)],
        "flaws": list(verify(figure)) if opens else [],
        "citation": parts.citation(figure, url=url, on=timezone.localdate()),
        "url": url,
    })  # fmt: skip


def _fullest(figure: PublishedFigure) -> str:
    """The first breakdown that shows anything, to begin with."""
    shown = (code for code, table in figure.tables.items() if any(value is not None for _key, value in table or ()))
    return next(shown, next(iter(figure.tables), ""))


def _file(
    request: Request, figure: PublishedFigure, *, by: str, opens: bool, grid: figure_grids.GridPage | None
) -> HttpResponse | None:
    kind, name = request.GET["export"], f"keqiao-{figure.key}"
    if request.GET.get("what") == "matrix":
        return _grid_file(figure, grid, kind=kind, name=name)
    if kind == "json":
        response = JsonResponse(record(request, figure, opens=opens), json_dumps_params=_PLAIN)
        response["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return response
    if kind not in TYPES:
        return None
    if request.GET.get("what") == "cells" and by:
        dimension = parts.dimension_of(figure, by)
        columns = (
            Column(_("代码"), lambda line: line.key), Column(dimension.label, lambda line: line.name),
            Column(parts.name(figure, "unit"), lambda line: _exact(figure, line.value), "number"),
        )  # fmt: skip
        return file_response(parts.breakdown(figure, by) or (), columns, kind=kind, name=f"{name}-{by}")
    rows = parts.row_lines(figure, figure.rows.all()[:MOST_ROWS], opens=opens)
    return file_response(rows, ROW_COLUMNS, kind=kind, name=f"{name}-rows")


def _grid_file(
    figure: PublishedFigure, grid: figure_grids.GridPage | None, *, kind: str, name: str
) -> HttpResponse | None:
    if grid is None:
        return None
    if kind == "json":
        response = JsonResponse(figure_grids.record(figure, grid.grid), json_dumps_params=_PLAIN)
        response["Content-Disposition"] = f'attachment; filename="{name}-{grid.way}.json"'
        return response
    rows, columns = figure_grids.file_rows(figure, grid), figure_grids.file_columns(grid)
    return file_response(rows, columns, kind=kind, name=f"{name}-{grid.way}") if kind in TYPES else None


ROW_COLUMNS = (
    Column(_("序号"), lambda row: row.number, "number"),
    Column(_("条目"), lambda row: row.title or str(ROW_STATES.get(row.state, ""))),
    Column(_("日期"), lambda row: row.day),
    Column(_("数值"), lambda row: row.amount),
    Column(_("摘要值"), lambda row: row.digest),
)


def _exact(figure: PublishedFigure, value: int | None) -> str:
    if value is None:
        return ""
    return f"{value / 100:.2f}" if figure.measure == "fen" else str(value)


def record(request: Request, figure: PublishedFigure, *, opens: bool) -> dict[str, Any]:
    """An edition as data: exact value, definition, breakdowns with their gaps, rows as far as the reader may see."""
    growth = parts.growth_line(figure)
    found = growth["growth"]
    return {
        "key": figure.key, "code": figure.code, "version": figure.version, "state": figure.state,
        "grade": figure.grade, "kind": figure.kind, "name": {"zh": figure.name_zh, "en": figure.name_en},
        "meaning": {"zh": figure.meaning_zh, "en": figure.meaning_en},
        "scope": {"zh": figure.scope_zh, "en": figure.scope_en},
        "unit": {"zh": figure.unit_zh, "en": figure.unit_en}, "value": parts.exact(figure),
        "year": figure.year, "as_of": figure.as_of.isoformat(), "sentence": figure.sentence, "source": figure.source,
        "growth": {
            "ratio": str(found.ratio) if found.ratio is not None else None,
            "base": found.base.key if found.base else None, "printed": found.printed, "reason": found.reason,
        },
        "tables": {
            code: None if table is None else [[key, _exact(figure, value) or None] for key, value in table]
            for code, table in figure.tables.items()
        },
        "matrix": figure_grids.record(figure, grids.crossed(figure)),
        "rows": [
            {"number": row.number, "title": row.title, "day": row.day, "amount": row.amount, "state": row.state}
            for row in parts.row_lines(figure, figure.rows.all()[:MOST_ROWS], opens=opens)
        ],
        "row_count": figure.row_count, "digest": f"{figure.alg}:{figure.digest}",
        "published_at": figure.published_at.isoformat() if figure.published_at else None,
        "url": request.build_absolute_uri(reverse("public:figure-edition", args=[figure.key])),
    }  # fmt: skip
