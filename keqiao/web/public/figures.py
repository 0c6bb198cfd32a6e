"""The published figures: searched, by theme and year, by place and industry; as charts, tables and files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.figures import queries
from keqiao.apps.ledger.models import Grade, PublishedFigure
from keqiao.apps.parties import places
from keqiao.web.parts import charts, figure_charts, lists
from keqiao.web.parts import figures as parts
from keqiao.web.parts.export import TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label

MOST_CHARTS = 6
HIDDEN = _("不公开（少于 3 个单位或须隐去）")


class FiguresForm(forms.Form):
    """What to look for; a value that is not offered counts as none."""

    q = forms.CharField(label=_("搜索"), max_length=60, required=False)
    theme = forms.ChoiceField(label=_("主题"), required=False)
    year = forms.TypedChoiceField(label=_("年份"), coerce=int, empty_value=None, required=False)
    area = forms.ChoiceField(label=_("地区"), required=False)
    industry = forms.ChoiceField(label=_("行业"), required=False)
    grade = forms.ChoiceField(label=_("可核查程度"), required=False)

    def __init__(self, *args: Any, found: Iterable[PublishedFigure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(found)
        on = timezone.localdate()
        themes = {row.theme for row in rows}
        industries = sorted({key for row in rows for key, _value in row.tables.get("industry") or () if key})
        self._offer(
            "theme", _("全部主题"), [(code, str(word)) for code, word in parts.THEMES.items() if code in themes]
        )
        self._offer("year", _("最新"), [(year, str(year)) for year in sorted({row.year for row in rows}, reverse=True)])
        self._offer("area", _("全区域"), lists.area_choices(on))
        self._offer("industry", _("全部行业"), [(code, label(code, "industry")) for code in industries])
        self._offer("grade", _("不限"), list(Grade.choices))

    def _offer(self, name: str, empty: Any, choices: list[Any]) -> None:
        self.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Line:
    """One figure of the list: what is said of it, for the place or industry that was chosen."""

    figure: PublishedFigure
    shown: str
    growth: dict[str, Any]
    is_hidden: bool = False


@require_safe
def figures(request: Request) -> HttpResponse:
    internal = parts.sees_internal(request)
    everything = list(queries.published(internal=internal))
    form = FiguresForm(request.GET, found=everything)
    form.is_valid()  # what is not offered is left out
    chosen = form.cleaned_data
    rows = _newest(_matching(everything, chosen), year=chosen.get("year"))
    dimension, key = _cell(chosen)
    lines = [_line(row, everything, dimension, key) for row in rows]
    lines = [line for line in lines if line is not None] if dimension else lines
    if request.GET.get("export") == "json":
        return JsonResponse({"figures": [_record(request, line) for line in lines if line]}, json_dumps_params=_PLAIN)
    if request.GET.get("export") in TYPES:
        return file_response(lines, COLUMNS, kind=request.GET["export"], name="keqiao-figures")
    context = {
        "section": "figures",
        "form": form,
        "lines": lines,
        "by_theme": _by_theme(lines),
        "charts": _charts([line.figure for line in lines if line], everything),
        "place": label(key, "area") if dimension == "area" else label(key, "industry") if dimension else "",
        "catalog": request.build_absolute_uri(reverse("public:figure-catalog")),
    }
    return render(request, "public/_figures.html" if request.htmx else "public/figures.html", context)


_PLAIN = {"ensure_ascii": False, "indent": 1}


@require_safe
def contracts(request: Request) -> HttpResponse:
    """Where the statistics of contracts stood before they were published as figures."""
    return redirect(f"{reverse('public:figures')}?theme=contracts")


def _matching(rows: Iterable[PublishedFigure], chosen: dict[str, Any]) -> list[PublishedFigure]:
    text = (chosen.get("q") or "").lower()
    return [
        row
        for row in rows
        if (not chosen.get("theme") or row.theme == chosen["theme"])
        and (not chosen.get("grade") or row.grade == chosen["grade"])
        and (not text or any(text in word.lower() for word in (row.code, row.name_zh, row.name_en, row.meaning_zh)))
    ]


def _newest(rows: list[PublishedFigure], *, year: int | None) -> list[PublishedFigure]:
    """One a figure: of the year, or its newest; the widest period. Sentences stand beside each other."""
    last = {row.code: row.year for row in sorted(rows, key=lambda row: row.year)}
    found: dict[tuple[str, str], PublishedFigure] = {}
    for row in sorted(rows, key=lambda row: (row.as_of, row.pk)):
        if row.year == (last[row.code] if year is None else year):
            found[row.code, row.source] = row
    themes = list(parts.THEMES)
    return sorted(found.values(), key=lambda row: (themes.index(row.theme) if row.theme in themes else 99, row.pk))


def _cell(chosen: dict[str, Any]) -> tuple[str, str]:
    if chosen.get("area"):
        return "area", places.city(chosen["area"])
    return ("industry", chosen["industry"]) if chosen.get("industry") else ("", "")


def _line(row: PublishedFigure, everything: list[PublishedFigure], dimension: str, key: str) -> Line | None:
    bases = [other for other in everything if other.code == row.code]
    growth = parts.growth_line(row, bases)
    if not dimension:
        return Line(row, parts.shown(row), growth)
    table = row.tables.get(dimension)
    if dimension not in row.tables:
        return None
    base = growth["growth"].base if not growth["growth"].reason else None
    line = next((one for one in parts.breakdown(row, dimension, base=base) or () if one.key == key), None)
    if table is None or (line and line.value is None):
        return Line(row, str(HIDDEN), {"said": "—", "base": "", "why": ""}, is_hidden=True)
    said = {"said": parts.signed(line.growth if line else None), "base": "", "why": ""}
    return Line(row, parts.shown(row, line.value if line and line.value else 0), said)


def _by_theme(lines: Iterable[Line | None]) -> list[tuple[str, list[Line]]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line:
            found.setdefault(line.figure.theme, []).append(line)
    return list(found.items())


def _charts(
    rows: list[PublishedFigure], everything: list[PublishedFigure]
) -> list[tuple[PublishedFigure, charts.Chart]]:
    """The course of the first figures that have one, else their first breakdown."""
    found = []
    for row in rows:
        if row.grade == Grade.SENTENCE:
            continue
        chart = figure_charts.series_chart([one for one in everything if one.code == row.code]) or _first_breakdown(row)
        if chart:
            found.append((row, chart))
    return found[:MOST_CHARTS]


def _first_breakdown(row: PublishedFigure) -> charts.Chart | None:
    code = next((code for code, table in row.tables.items() if table), "")
    return figure_charts.breakdown_chart(row, code) if code else None


def _record(request: Request, line: Line) -> dict[str, Any]:
    figure = line.figure
    return {
        "code": figure.code, "name": figure.name_zh, "name_en": figure.name_en, "value": line.shown,
        "unit": figure.unit_zh, "year": figure.year, "as_of": figure.as_of.isoformat(), "kind": figure.kind,
        "grade": figure.grade, "growth": line.growth["said"], "base": line.growth["base"],
        "url": request.build_absolute_uri(reverse("public:figure-edition", args=[figure.key])),
    }  # fmt: skip


COLUMNS = (
    Column(_("代码"), lambda line: line.figure.code),
    Column(_("名称"), lambda line: parts.name(line.figure)),
    Column(_("数值"), lambda line: line.shown),
    Column(_("期间"), lambda line: parts.period(line.figure)),
    Column(_("存量或流量"), lambda line: label(line.figure.kind, "figure_kind")),
    Column(_("可核查程度"), lambda line: label(line.figure.grade, "figure_grade")),
    Column(_("同比"), lambda line: line.growth["said"]),
    Column(_("上年基数"), lambda line: line.growth["base"]),
    Column(_("口径"), lambda line: parts.name(line.figure, "meaning")),
    Column(_("版本"), lambda line: line.figure.key),
)
