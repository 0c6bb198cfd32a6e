"""The statistics of registered contracts for offices: the choice, the chart, the table, the file."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import Definition, Measure, Period, freezing
from keqiao.apps.market.figures import CONTRACT_FIGURES
from keqiao.apps.market.queries import contract_statistics as statistics
from keqiao.apps.market.queries.contract_statistics import Cell, Table
from keqiao.apps.parties import places
from keqiao.apps.parties import queries as parties
from keqiao.web.parts import charts
from keqiao.web.parts.export import TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.agreements import growth
from keqiao.web.templatetags.keqiao import grouped, label, money, name_of, percent

DIMENSION_NAMES: dict[str, str | Promise] = {
    "contract_type": _("按合同类型"), "field": _("按技术领域"), "flow": _("按流向"), "area": _("按卖方地区"),
    "ip_type": _("按知识产权类型"), "seller_nature": _("按卖方性质"), "buyer_nature": _("按买方性质"),
    "plan_source": _("按计划来源"), "objective": _("按社会经济目标"), "size": _("按合同规模"),
    "office": _("按登记机构"), "month": _("按月"), "year": _("按年"),
}  # fmt: skip
TABLES = {"contract_type": "contract_type", "field": "fields", "flow": "flow", "area": "area", "ip_type": "ip_types",
          "seller_nature": "legal_natures", "buyer_nature": "legal_natures", "plan_source": "plan_sources",
          "objective": "objectives"}  # fmt: skip
SIZES = {"large": _("1000 万元以上"), "middle": _("100 万–1000 万元"), "small": _("100 万元以下")}


class StatisticsForm(forms.Form):
    """What to count; a value that is not offered counts as none."""

    by = forms.ChoiceField(label=_("分组"), choices=list(DIMENSION_NAMES.items()), required=False)
    year = forms.TypedChoiceField(label=_("登记年份"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("全部年份")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]


def answer(request: Request, *, template: str, **context: Any) -> HttpResponse:
    """The page for what was chosen, or its table as a file."""
    years = statistics.years()
    newest = {"by": "contract_type", "year": years[0] if years else None}
    form = StatisticsForm(request.GET if request.GET else newest, years=years)
    form.is_valid()  # what is not offered is left out
    dimension = form.cleaned_data.get("by") or "contract_type"
    year = form.cleaned_data.get("year") if dimension != "year" else None
    table = statistics.table(dimension, year=year)
    names = _names(table)
    if request.GET.get("export") in TYPES:
        return file_response(
            table.cells, _columns(dimension, names), kind=request.GET["export"], name="keqiao-contracts"
        )
    return render(request, template, context | {
        "form": form,
        "year": year,
        "total": table.total,
        "chart": _chart(table, names),
        "head": DIMENSION_NAMES[dimension],
        "rows": [(names[cell.key], cell) for cell in table.cells],
        "figures": _figures(year),
    })  # fmt: skip


def _names(table: Table) -> dict[str, str]:
    """The words for each key of a table; bodies are read in one go."""
    keys = [cell.key for cell in table.cells]
    if table.dimension == "office":
        bodies = {row.key: name_of(row) for row in parties.organizations().filter(key__in=keys)}
        return {key: bodies.get(key, key) for key in keys}
    return {key: _name(key, table.dimension) for key in keys}


def _name(key: str, dimension: str) -> str:
    if key == places.OUTSIDE and dimension == "area":
        return gettext("区域外")
    if not key:
        return gettext("未填写")
    if dimension == "size":
        return str(SIZES[key])
    return label(key, TABLES[dimension]) if dimension in TABLES else key


def _chart(table: Table, names: dict[str, str]) -> charts.Chart:
    title = gettext("合同成交额（万元）")
    if table.dimension in ("month", "year"):
        columns = [charts.Bar(cell.key[2:] if len(cell.key) > 4 else cell.key, cell.contract_fen / 1_000_000,
                              money(cell.contract_fen)) for cell in table.cells]  # fmt: skip
        return charts.columns(columns, title=title)
    bars = [
        charts.Bar(names[cell.key], cell.contract_fen, money(cell.contract_fen),
                   percent(cell.share) if cell.share is not None else "")
        for cell in table.cells
    ]  # fmt: skip
    return charts.bars(bars, title=title)


def _figures(year: int | None) -> list[tuple[Definition, str]]:
    """The figures of the year as the register gives them now, published or not."""
    if year is None:
        return []
    return [(one, _said(one, year)) for one in CONTRACT_FIGURES]


def _said(figure: Definition, year: int) -> str:
    value = freezing.value_of(figure, figure.rows(Period(year, date(year, 12, 31), figure.kind)))
    return money(value) if figure.measure == Measure.FEN else grouped(value)


def _columns(dimension: str, names: dict[str, str]) -> list[Column]:
    return [
        Column(DIMENSION_NAMES[dimension], lambda cell: names[cell.key]),
        Column(_("合同数"), lambda cell: cell.count, "number"),
        Column(_("合同成交额（元）"), lambda cell: cell.contract_fen / 100, "number"),
        Column(_("技术交易额（元）"), lambda cell: cell.technology_fen / 100, "number"),
        Column(_("平均成交额（元）"), lambda cell: cell.average_fen / 100, "number"),
        Column(_("成交额占比"), lambda cell: percent(cell.share) if cell.share is not None else ""),
        Column(_("成交额同比"), _growth),
    ]


def _growth(cell: Cell) -> str:
    return growth(cell.growth)
