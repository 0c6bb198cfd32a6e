"""What is late or soon due: by unit, with the days."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.proposals import queries
from keqiao.apps.proposals.models import Assignment
from keqiao.web.parts import lists
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request

SHOWN = {
    "overdue": gettext_lazy("已逾期"),
    "due_soon": gettext_lazy("即将到期"),
    "open": gettext_lazy("全部未办结"),
    "returned": gettext_lazy("已退回"),
}


def _columns(on: date) -> Sequence[Column]:
    return (
        Column(gettext_lazy("承办单位"), lambda row: parts.unit_name(row.unit)),
        Column(gettext_lazy("承办方式"), lambda row: row.get_role_display()),
        Column(gettext_lazy("编号"), lambda row: row.proposal.printed),
        Column(gettext_lazy("提出机构"), lambda row: row.proposal.get_body_display()),
        Column(gettext_lazy("标题"), lambda row: row.proposal.title),
        Column(gettext_lazy("交办日期"), lambda row: row.assigned_date),
        Column(gettext_lazy("办理期限"), lambda row: row.due_date),
        Column(gettext_lazy("期限依据"), lambda row: row.rule),
        Column(gettext_lazy("逾期天数"), lambda row: _days_late(row, on)),
        Column(gettext_lazy("退回日期"), lambda row: row.returned_date),
        Column(gettext_lazy("退回理由"), lambda row: row.get_return_reason_display()),
    )


@require_safe
@login_required
def overdue(request: Request) -> HttpResponse:
    """Each unit with what is open, late and soon due; below it the proposals themselves."""
    parts.require_office(request)
    on = timezone.localdate()
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "overdue"
    unit = parts.chosen(request, "unit", parts.own_unit_choices(request))
    rows = queries.assignments(request.actor, on=on, unit=unit, state=shown)
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], _columns(on), kind=request.GET["export"], name="keqiao-overdue")
    context = {
        "section": "office",
        "tab": "overdue",
        "today": on,
        "loads": queries.overdue(on=on, actor=request.actor),
        "page": lists.page_of(request, rows),
        "shown": shown,
        "unit": unit,
        "choices": SHOWN.items(),
    }
    return render(request, "office/proposals_overdue.html", context)


def _days_late(row: Assignment, on: date) -> int | str:
    left = row.days_left(on)
    return -left if left is not None and left < 0 else ""
