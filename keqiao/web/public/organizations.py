"""Organisations as everybody may see them."""

from datetime import date

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.market import queries as market
from keqiao.apps.parties import permissions, places
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import Organization, OrganizationKind
from keqiao.apps.programmes import permissions as programmes
from keqiao.apps.programmes import queries
from keqiao.apps.programmes.reckoning import editions_on
from keqiao.engines.rules import Policy
from keqiao.web.parts import lists
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label, say

COLUMNS = (
    Column(_("统一社会信用代码"), lambda row: row.uscc or ""),
    Column(_("名称"), lambda row: say(row, "name")),
    Column(_("类型"), lambda row: label(row.kind, "organization_kind")),
    Column(_("行业"), lambda row: label(row.industry, "industry")),
    Column(_("所在地"), lambda row: label(row.area, "area")),
)


@require_safe
def organizations(request: Request) -> HttpResponse:
    text, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    area = request.GET.get("area", "")
    rows = parties.find_organizations(text) if text else parties.organizations()
    if kind in OrganizationKind.values:
        rows = rows.filter(kind=kind)
    if area:
        rows = rows.filter(area__in=places.inside(area, on=timezone.localdate()))
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-organizations")
    context = {
        "section": "organization",
        "page": lists.page_of(request, rows),
        "text": text,
        "chosen_kind": kind,
        "chosen_area": area,
        "kinds": OrganizationKind.choices,
        "areas": lists.area_choices(timezone.localdate()),
        "is_filtered": lists.is_filtered(request.GET),
    }
    return render(request, "public/organizations.html", context)


@require_safe
def organization_page(request: Request, key: str) -> HttpResponse:
    try:
        row = parties.organization(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if row.key != key:  # merged: the old key leads on
        return redirect("public:organization", key=row.key, permanent=False)
    on = timezone.localdate()
    context = {
        "section": "organization",
        "organization": row,
        "may_claim": row.key not in request.actor.organizations(),
        "facts_at": _facts_at(request, row),
        "names": row.names.all(),
        "certificates": parties.certificates_in_force(row, on=on),
        "people": parties.people_of(row),
        "offers": market.faces(market.related_of(row, "offer", on=on)[:50], request.actor),
        "support": _support(request, row, on=on),
        "needs": market.faces(market.related_of(row, "need", on=on)[:50], request.actor),
    }
    return render(request, "public/organization.html", context)


def _facts_at(request: Request, row: Organization) -> str:
    """Where the reader finds the body's facts: its people at their desk, officers in the office, others nowhere."""
    if row.key in request.actor.organizations():
        return reverse("desk:facts", args=[row.key])
    may = permissions.can_look_at_facts(request.actor, row).allowed
    return reverse("office:firm-facts", args=[row.key]) if may else ""


def _support(request: Request, row: Organization, *, on: date) -> list[Policy]:
    """The policies the firm qualifies for, shown to its own people alone."""
    if not programmes.can_see_standings(request.actor, row).allowed:
        return []
    editions = editions_on(on)
    keys = queries.supported([row]).order_by("policy").values_list("policy", flat=True)
    return [editions[key] for key in keys if key in editions]
