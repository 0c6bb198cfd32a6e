"""The public funnel: what became of the needs that were shown, by place, field, kind and month."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.market.queries import funnel as funnels
from keqiao.apps.market.queries.funnel import DIMENSIONS, POOLED, STEPS, Funnel
from keqiao.apps.parties import places
from keqiao.web.parts import charts, lists
from keqiao.web.parts.export import TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import grouped, label, percent

STEP_NAMES: dict[str, Promise] = {
    "shown": _("已发布"),
    "introduced": _("已引荐"),
    "willing": _("双方有意"),
    "talking": _("进入洽谈"),
    "agreed": _("达成合同"),
    "registered": _("认定登记"),
}
DIMENSION_NAMES: dict[str, Promise] = {
    "area": _("按地区"), "field": _("按技术领域"), "need_kind": _("按需求类型"), "month": _("按发布月份"),
}  # fmt: skip
TABLES = {"area": "area", "field": "fields", "need_kind": "need_kind"}


class FunnelForm(forms.Form):
    """What to count and how to part it; a value that is not offered counts as none."""

    by = forms.ChoiceField(label=_("分组"), choices=list(DIMENSION_NAMES.items()), required=False)
    year = forms.TypedChoiceField(label=_("发布年份"), coerce=int, empty_value=None, required=False)
    area = forms.ChoiceField(label=_("所在地"), required=False)
    field = forms.ChoiceField(label=_("技术领域"), required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on = timezone.localdate()
        self.fields["year"].choices = [("", _("全部年份")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("全部地区")), *lists.area_choices(on)]  # type: ignore[attr-defined]
        self.fields["field"].choices = [("", _("全部领域")), *lists.field_choices()]  # type: ignore[attr-defined]


@require_safe
def funnel(request: Request) -> HttpResponse:
    form = FunnelForm(request.GET, years=funnels.years_of(funnels.published_needs()))
    form.is_valid()  # what is not offered is left out
    chosen = form.cleaned_data
    areas = places.inside(chosen["area"], on=timezone.localdate()) if chosen.get("area") else ()
    rows = funnels.published_needs(year=chosen.get("year"), areas=areas, field=chosen.get("field") or "")
    dimension = chosen.get("by") or DIMENSIONS[0]
    table = funnels.funnel_by(dimension, rows)
    if request.GET.get("export") in TYPES:
        return file_response(table, _columns(dimension), kind=request.GET["export"], name="keqiao-funnel")
    total = funnels.funnel_total(rows)
    context = {
        "section": "funnel",
        "form": form,
        "total": total,
        "chart": _chart(total),
        "trend": _trend(table) if dimension == "month" else None,
        "heads": [DIMENSION_NAMES[dimension], *STEP_NAMES.values()],
        "rows": [(_name(row, dimension), _cells(row)) for row in table],
        "sum": _cells(total),
    }
    return render(request, "public/_funnel.html" if request.htmx else "public/funnel.html", context)


def _name(row: Funnel, dimension: str) -> str:
    if row.key == POOLED:
        return gettext("其他（合并）")
    if not row.key:
        return gettext("未填写")
    return label(row.key, TABLES[dimension]) if dimension in TABLES else row.key


def _cells(row: Funnel) -> list[tuple[str, str]]:
    """Each count with its share of the needs shown."""
    shown = row["shown"]
    return [
        (grouped(count), percent(count / shown) if place and shown else "") for place, count in enumerate(row.counts)
    ]


def _chart(total: Funnel) -> charts.Chart:
    steps = zip(STEPS, total.counts, charts.shares(total.counts), strict=True)
    bars = [
        charts.Bar(str(STEP_NAMES[step]), count, grouped(count), percent(share) if share is not None else "")
        for step, count, share in steps
    ]
    return charts.bars(bars, title=gettext("从发布到登记：各步需求数"))


def _trend(table: Sequence[Funnel]) -> charts.Chart:
    months = [
        charts.Bar(row.key[2:], row["introduced"], grouped(row["introduced"])) for row in table if row.key != POOLED
    ]
    return charts.columns(months, title=gettext("各月发布的需求中已引荐的条数"))


def _count(step: str, row: Funnel) -> int:
    return row[step]


def _columns(dimension: str) -> list[Column]:
    counted = [Column(name, partial(_count, step), "number") for step, name in STEP_NAMES.items()]
    return [Column(DIMENSION_NAMES[dimension], lambda row: _name(row, dimension)), *counted]
