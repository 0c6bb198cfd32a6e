"""Promises in the office: those of one's own unit first, what is due, what has no measure yet."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.proposals import queries, units
from keqiao.apps.proposals.models import PromiseState, Specificity
from keqiao.web.parts import lists
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request

SOON_DAYS = 90
SHOWN = {
    "mine": gettext_lazy("本单位的"),
    "due": gettext_lazy("即将到期和已到期"),
    "indicator": gettext_lazy("需要指标"),
    "all": gettext_lazy("全部"),
}
COLUMNS: Sequence[Column] = (
    Column(gettext_lazy("编号"), lambda row: row.key),
    Column(gettext_lazy("承诺"), lambda row: row.text),
    Column(gettext_lazy("原句"), lambda row: row.sentence),
    Column(gettext_lazy("责任单位"), lambda row: parts.unit_name(row.unit) or row.department),
    Column(gettext_lazy("到期日"), lambda row: row.due_date),
    Column(gettext_lazy("到期依据"), lambda row: row.get_due_basis_display()),
    Column(gettext_lazy("表述"), lambda row: row.get_specificity_display()),
    Column(gettext_lazy("指标"), lambda row: row.indicator),
    Column(gettext_lazy("目标值"), lambda row: row.target_value),
    Column(gettext_lazy("单位"), lambda row: row.target_unit),
    Column(gettext_lazy("核对结果"), lambda row: row.get_state_display()),
    Column(gettext_lazy("查过的后来答复"), lambda row: row.looked_in),
    Column(gettext_lazy("答复文号"), lambda row: row.reply.doc_number),
)


@require_safe
@login_required
def promises(request: Request) -> HttpResponse:
    parts.require_office(request)
    on = timezone.localdate()
    mine = sorted(units.of(request.actor))
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "all" if units.is_hand_over(request.actor) else "mine"
    choices: dict[str, tuple[Any, parts.Choices]] = {
        "state": (_("核对结果"), parts.named(PromiseState.choices)),
        "unit": (_("责任单位"), parts.unit_choices()),
        "words": (_("表述"), parts.named(Specificity.choices)),
    }
    given = {name: parts.chosen(request, name, offered) for name, (_label, offered) in choices.items()}
    text, year = request.GET.get("q", "").strip()[:80], parts.whole(request.GET.get("year", ""))
    narrow: dict[str, Any] = {"state": given["state"], "unit": given["unit"], "specificity": given["words"]}
    rows = queries.promises(
        request.actor, q=text, year=year, needs_indicator=shown == "indicator",
        due_before=on + timedelta(days=SOON_DAYS) if shown == "due" else None, **narrow,
    )  # fmt: skip
    if shown == "mine":
        rows = rows.filter(unit__in=mine)
    if shown in ("due", "indicator") and not units.is_hand_over(request.actor):
        rows = rows.filter(unit__in=mine)
    if shown == "due":
        rows = rows.filter(state__in=(PromiseState.NOT_DUE, PromiseState.NO_MENTION, PromiseState.PARTLY))
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-promises")
    context = {
        "section": "office",
        "tab": "promises",
        "today": on,
        "page": lists.page_of(request, rows),
        "indicators": parts.indicator_names(),
        "shown": shown,
        "choices": SHOWN.items(),
        "text": text,
        "year": year or "",
        "filters": [(name, label, offered, given[name]) for name, (label, offered) in choices.items()],
        "is_filtered": lists.is_filtered(request.GET),
        "counts": queries.promise_counts(request.actor),
        "states": PromiseState.choices,
    }
    return render(request, "office/promises.html", context)
