"""Charts of figures: their course over the years, their breakdowns."""

from django.utils.translation import gettext

from keqiao.apps.ledger.models import Measure, PublishedFigure
from keqiao.web.parts import charts
from keqiao.web.parts import figures as parts


def series_chart(rows: list[PublishedFigure]) -> charts.Chart | None:
    """Columns over the years, the widest period of each; None for a single year."""
    by_year = {row.year: row for row in sorted(rows, key=lambda row: (row.as_of, row.pk))}
    if len(by_year) < 2:
        return None
    bars = []
    for _year, row in sorted(by_year.items()):
        bars.append(charts.Bar(str(row.year), float(row.amount) / _size(row), parts.shown(row)))
    last = rows[-1]
    unit = gettext("万元") if last.measure == Measure.FEN else parts.name(last, "unit")
    return charts.columns(bars, title=f"{parts.name(last)} ({unit})")


def _size(row: PublishedFigure) -> int:
    """By what the axis of a chart divides: money stands in 万元."""
    return 1_000_000 if row.measure == Measure.FEN else 1


def breakdown_chart(row: PublishedFigure, code: str) -> charts.Chart | None:
    """The shown cells of a breakdown; gaps have no bar."""
    lines = [line for line in parts.breakdown(row, code) or () if line.value is not None]
    dimension = parts.dimension_of(row, code)
    title = f"{parts.name(row)} · {dimension.label}"
    if not lines:
        return None
    if dimension.is_time:
        columns = [charts.Bar(line.key[2:], (line.value or 0) / _size(row), line.shown) for line in lines]
        return charts.columns(columns, title=title)
    bars = [charts.Bar(line.name, line.value, line.shown) for line in lines[:12]]
    return charts.bars(bars, title=title)
