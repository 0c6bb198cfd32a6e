"""The ledger as auditors read it: who did what to which thing, and what was refused."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.ledger import queries
from keqiao.apps.ledger.models import Outcome
from keqiao.apps.parties import permissions
from keqiao.web.parts import lists
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request

COLUMNS = (
    Column(_("序号"), lambda row: row.seq),
    Column(_("时间"), lambda row: row.at.isoformat(timespec="seconds")),
    Column(_("事项"), lambda row: row.kind),
    Column(_("操作者"), lambda row: row.actor),
    Column(_("对象"), lambda row: row.subject),
    Column(_("结果"), lambda row: row.outcome),
    Column(_("原因"), lambda row: row.reason),
    Column(_("摘要值"), lambda row: row.digest),
)
FILTERS = {"kind": "kind__startswith", "actor": "actor", "subject": "subject__startswith", "outcome": "outcome"}


@require_safe
@login_required
def entries(request: Request) -> HttpResponse:
    if not permissions.can_read_ledger(request.actor).allowed:
        raise PermissionDenied
    chosen = {name: request.GET.get(name, "").strip()[:120] for name in FILTERS}
    rows = queries.entries().filter(**{FILTERS[name]: text for name, text in chosen.items() if text})
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-ledger")
    context = {
        "section": "office",
        "tab": "ledger",
        "page": lists.page_of(request, rows),
        "chosen": chosen,
        "outcomes": Outcome.choices,
    }
    return render(request, "office/ledger.html", context)
