"""Whom to invite, who comes, who waits, who is here."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.actions import event_guests as actions
from keqiao.apps.market.models import DeclineReason, Event, EventRegistration
from keqiao.apps.market.queries import event_proposals as proposals
from keqiao.apps.market.queries import events as queries
from keqiao.apps.parties import queries as parties
from keqiao.web.parts import events as parts
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import name_of

GUESTS: Sequence[Column] = (
    Column(gettext_lazy("姓名"), lambda row: row.user.name),
    Column(gettext_lazy("单位"), lambda row: name_of(row.organization)),
    Column(gettext_lazy("状态"), lambda row: row.get_state_display()),
    Column(gettext_lazy("报名时间"), lambda row: f"{localtime(row.registered_at):%Y-%m-%d %H:%M}"),
    Column(gettext_lazy("签到时间"), lambda row: row.checked_in_at and f"{localtime(row.checked_in_at):%H:%M}"),
)


@login_required
def guests(request: Request, key: str) -> HttpResponse:
    row, at = parts.find_run(request, key), timezone.now()
    if request.method == "POST":
        return parts.do(request, row, DOINGS, at=at, back=reverse("office:event-guests", args=[key]))
    people = queries.registrations_of(row)
    if request.GET.get("export") in TYPES:
        return file_response(people[:MOST_ROWS], GUESTS, kind=request.GET["export"], name=f"keqiao-guests-{key}")
    context = {
        "section": "event",
        "event": row,
        "tab": "guests",
        "invitations": queries.invitations_of(row),
        "people": people,
        "counts": queries.place_counts(row),
        "reasons": DeclineReason.choices,
    }
    return render(request, "office/event_guests.html", context)


@require_safe
@login_required
def proposed(request: Request, key: str) -> HttpResponse:
    """Bodies that fit what is on show, as a part of the page above that follows by itself."""
    row = parts.find_run(request, key)
    context = {"section": "event", "event": row, "tab": "guests", "on": timezone.localdate()}
    context["found"] = proposals.proposals(row, on=timezone.localdate())
    template = "office/_event_proposals.html" if request.htmx else "office/event_proposals.html"
    return render(request, template, context)


def _invite(request: Request, row: Event, at: datetime) -> str:
    """Invite those that were ticked, each for its best match, or one body by its key or code."""
    wanted = request.POST.getlist("organization")
    if typed := request.POST.get("code", "").strip():
        body = parties.find_organizations(typed).first()
        if body is None:
            raise Http404
        actions.invite(row, organization=body, by=request.actor, at=at)
        return _("已邀请。")
    best = {one.organization.key: one for one in proposals.proposals(row, on=timezone.localdate(at)).rows}
    chosen = [best[key] for key in wanted if key in best]
    for one in chosen:
        own = proposals.listing_of(one.face)
        actions.invite(
            row, organization=one.organization, item=one.item, score=one.score, by=request.actor, at=at, **own
        )
    if not chosen:
        raise Refused("invited_already" if wanted else "nobody_chosen")
    return _("已邀请 %(count)d 家单位。") % {"count": len(chosen)}


def _decline(request: Request, row: Event, at: datetime) -> str:
    invitation = queries.invitations_of(row).filter(pk=parts.number(request, "invitation")).first()
    if invitation is None:
        raise Http404
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    actions.decline_invitation(invitation, reason=reason, note=note, by=request.actor, at=at)
    return _("已记下。")


def _person(request: Request, row: Event) -> EventRegistration:
    found = queries.registrations_of(row).select_related("event").filter(pk=parts.number(request, "person")).first()
    if found is None:
        raise Http404
    return found


def _check_in(request: Request, row: Event, at: datetime) -> str:
    actions.check_in(_person(request, row), here=True, by=request.actor, at=at)
    return ""


def _check_out(request: Request, row: Event, at: datetime) -> str:
    actions.check_in(_person(request, row), here=False, by=request.actor, at=at)
    return ""


def _withdraw(request: Request, row: Event, at: datetime) -> str:
    actions.withdraw(_person(request, row), by=request.actor, at=at)
    return _("已退出，名额已让给候补的人。")


DOINGS: dict[str, parts.Doing] = {
    "invite": _invite,
    "decline": _decline,
    "check-in": _check_in,
    "check-out": _check_out,
    "withdraw": _withdraw,
}
