"""Numbers over the years: what several replies say of one thing, each with its sentence, bases kept apart."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.proposals.queries import courses
from keqiao.apps.proposals.queries.courses import Course, Stated
from keqiao.web.parts import promises, reply_words
from keqiao.web.parts.export import TYPES, Column, file_response
from keqiao.web.parts.line_charts import LineChart, Point, line_chart
from keqiao.web.parts.reply_files import number_of
from keqiao.web.parts.request import Request

PAGE_SIZE = 20


class SeriesForm(forms.Form):
    q = forms.CharField(label=_("关键词"), max_length=60, required=False, widget=forms.TextInput({"type": "search"}))
    unit = forms.ChoiceField(label=_("单位"), required=False)

    def __init__(self, *args: Any, units: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, reply_words.unit_name(code)) for code in units]
        self.fields["unit"].choices = [("", _("全部单位")), *offered]  # type: ignore[attr-defined]


@require_safe
def every(request: Request) -> HttpResponse:
    form = SeriesForm(request.GET, units=courses.course_units())
    form.is_valid()  # what is not offered is left out
    rows = courses.courses(**{name: value for name, value in form.cleaned_data.items() if value})
    if request.GET.get("export") in TYPES:
        points = [(row, point) for row in rows for point in row.points]
        return file_response(points, COLUMNS, kind=request.GET["export"], name="keqiao-series")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "section": "reply", "form": form, "page": page, "rows": page.object_list,
        "is_filtered": any(form.cleaned_data.values()), "most": courses.MOST_REPLIES,
    }  # fmt: skip
    return render(request, "public/_reply_series.html" if request.htmx else "public/reply_series.html", context)


@require_safe
def one(request: Request, key: str) -> HttpResponse:
    row = courses.course(key)
    if row is None:
        raise Http404
    if request.GET.get("export") in TYPES:
        points = [(row, point) for point in row.points]
        return file_response(points, COLUMNS, kind=request.GET["export"], name="keqiao-series")
    context = {"section": "reply", "row": row, "chart": chart_of(row)}
    return render(request, "public/reply_course.html", context)


def chart_of(row: Course) -> LineChart:
    """Money in 万元, all else as it is; one course a basis."""
    size = Decimal(10_000) if row.points[0].figure.unit in reply_words.YUAN else Decimal(1)
    groups = [
        (reply_words.word(reply_words.BASES, basis), [_point(one, size) for one in points])
        for basis, points in row.bases
    ]
    unit = gettext("万元") if size > 1 else reply_words.unit_of(row.points[0].figure)
    return line_chart(groups, title=f"{row.name} ({unit})")


def _point(one: Stated, size: Decimal) -> Point:
    return Point(one.time, float((one.figure.value or 0) / size), "".join(one.figure.raw.split()))


COLUMNS = [
    Column(_("指标名称"), lambda row: row[0].name),
    Column(_("时间"), lambda row: row[1].time),
    Column(_("原文"), lambda row: "".join(row[1].figure.raw.split())),
    Column(_("数值"), lambda row: number_of(row[1].figure.value), "number"),
    Column(_("单位"), lambda row: row[1].figure.unit_raw),
    Column(_("口径"), lambda row: reply_words.word(reply_words.BASES, row[1].basis)),
    Column(_("时期"), lambda row: row[1].figure.period),
    Column(_("部门"), lambda row: row[1].figure.department),
    Column(_("答复文号"), lambda row: row[1].reply.doc_number),
    Column(_("成文日期"), lambda row: row[1].day, "date"),
    Column(_("所在句子"), lambda row: row[1].sentence),
    Column(_("位置"), lambda row: promises.place(row[1].reply.key, row[1].figure.start, row[1].figure.end)),
]
