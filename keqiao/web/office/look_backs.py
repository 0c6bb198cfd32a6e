"""Replies that said "being solved", looked at again after a year and after two."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.proposals import actions, permissions, queries
from keqiao.apps.proposals.models import LookBack
from keqiao.web.office.proposal_forms import LookBackForm
from keqiao.web.parts import lists, reasons
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors

COLUMNS: Sequence[Column] = (
    Column(gettext_lazy("答复文号"), lambda row: row.reply.doc_number),
    Column(gettext_lazy("标题"), lambda row: row.reply.title),
    Column(gettext_lazy("答复单位"), lambda row: row.reply.issuer_name or parts.unit_name(row.reply.issuer)),
    Column(gettext_lazy("答复日期"), lambda row: row.reply.answered_date or row.reply.signed_date),
    Column(gettext_lazy("答复时的办理结果"), lambda row: row.reply.result_class),
    Column(gettext_lazy("回头看（月）"), lambda row: row.months),
    Column(gettext_lazy("回头看日期"), lambda row: row.due_date),
    Column(gettext_lazy("完成时间"), lambda row: row.done_at and timezone.localdate(row.done_at)),
    Column(gettext_lazy("现在的办理结果"), lambda row: row.result_class),
    Column(gettext_lazy("情况"), lambda row: row.note),
)


@login_required
def look_backs(request: Request) -> HttpResponse:
    """Replies that said "being solved": looked at again after a year and after two."""
    parts.require_office(request)
    on = timezone.localdate()
    is_open = request.GET.get("show") != "done"
    rows = queries.look_backs(request.actor, on=on, is_open=is_open)
    if not is_open:
        rows = rows.filter(done_at__isnull=False)
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-look-backs")
    number, bound = str(request.POST.get("look_back", "")), None
    if request.method == "POST":
        row = next((one for one in rows if str(one.pk) == number), None)
        if row is None:
            raise Http404
        bound = LookBackForm(request.POST, auto_id=f"look{number}_%s")
        if bound.is_valid():
            try:
                actions.record_look_back(row, **bound.cleaned_data, by=request.actor, at=timezone.now())
                messages.success(request, _("已记录。"))
                return redirect("office:look-backs")
            except Refused as refusal:
                bound.add_error(None, reasons.sentence(refusal.reason))
            except ValidationError as error:
                add_errors(bound, error)
    page = lists.page_of(request, rows)
    forms = [
        (row, _form(request, row, bound if number == str(row.pk) else None)) for row in page.object_list
    ]  # fmt: skip
    context = {
        "section": "office", "tab": "look-backs", "today": on, "page": page, "rows": forms, "is_open": is_open,
    }  # fmt: skip
    return render(request, "office/look_backs.html", context, status=422 if bound is not None else 200)


def _form(request: Request, row: LookBack, bound: LookBackForm | None) -> LookBackForm | None:
    if row.done_at is not None or not permissions.can_look_back(request.actor, row).allowed:
        return None
    return bound or LookBackForm(initial={"result_class": row.reply.result_class}, auto_id=f"look{row.pk}_%s")
