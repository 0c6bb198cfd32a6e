"""Past contracts and projects, as far as one may read them, with a download."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.market import permissions
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import ProjectKind
from keqiao.web.parts import lists
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label

FEN_PER_WAN = 1_000_000
COLUMNS = (
    Column(_("编号"), lambda row: row.number),
    Column(_("项目名称"), lambda row: row.title),
    Column(_("类别"), lambda row: row.get_kind_display()),
    Column(_("年度"), lambda row: row.year),
    Column(_("承担单位"), lambda row: row.organization.name),
    Column(_("合作单位"), lambda row: row.partner.name if row.partner else row.partner_name),
    Column(_("金额（万元）"), lambda row: None if row.amount_fen is None else row.amount_fen / FEN_PER_WAN),
    Column(_("技术领域"), lambda row: label(row.field, "fields")),
    Column(_("所在地"), lambda row: label(row.area, "area")),
    Column(_("来源"), lambda row: row.source),
)


@require_safe
@login_required
def projects(request: Request) -> HttpResponse:
    if not permissions.can_list_projects(request.actor).allowed:
        raise PermissionDenied
    text, kind = request.GET.get("q", "").strip()[:80], request.GET.get("kind", "")
    year = request.GET.get("year", "").strip()
    rows = market.projects(
        actor=request.actor, text=text, kind=kind if kind in ProjectKind.values else "",
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
    )  # fmt: skip
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-projects")
    context = {
        "section": "desk",
        "page": lists.page_of(request, rows),
        "text": text,
        "kind": kind,
        "year": year,
        "kinds": ProjectKind.choices,
    }
    return render(request, "desk/projects.html", context)
