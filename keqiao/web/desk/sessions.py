"""Where I am signed in: the list, ending one, ending all others."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions
from keqiao.web.middleware import LAST_SEEN
from keqiao.web.parts import browsers, reasons
from keqiao.web.parts.request import Request, person


@dataclass(frozen=True)
class Device:
    """One session as its owner sees it."""

    pk: int
    browser: str
    ip: str
    since: datetime
    seen: datetime
    is_current: bool


@login_required
def sessions(request: Request) -> HttpResponse:
    if request.method == "POST":
        _end(request)
        return redirect("desk:sessions")
    return render(request, "desk/sessions.html", {"section": "desk", "devices": _devices(request)})


def _devices(request: Request) -> list[Device]:
    """The sessions that still open the site, this one first, then the one used last."""
    rows = list(UserSession.objects.filter(user=person(request)))
    alive = Session.objects.filter(pk__in=[row.session_key for row in rows], expire_date__gt=timezone.now())
    seen = {session.pk: session.get_decoded().get(LAST_SEEN, 0) for session in alive}
    devices = [
        Device(
            pk=row.pk, browser=browsers.name(row.user_agent), ip=row.ip, since=row.created_at,
            seen=datetime.fromtimestamp(seen[row.session_key], UTC) if seen[row.session_key] else row.last_seen_at,
            is_current=row.session_key == request.session.session_key,
        )
        for row in rows
        if row.session_key in seen
    ]  # fmt: skip
    return sorted(devices, key=lambda device: (not device.is_current, -device.seen.timestamp()))


def _end(request: Request) -> None:
    user, at, key = person(request), timezone.now(), request.session.session_key or ""
    which = request.POST.get("session", "")
    try:
        if which == "others":
            ended = actions.end_sessions(user, keep=key, by=request.actor, at=at)
            done = _("已退出其他 %(count)d 处登录。") % {"count": ended}
        else:
            only = int(which) if which.isdecimal() else 0
            actions.end_sessions(user, keep=key, only=only, by=request.actor, at=at)
            done = _("已退出该处登录。")
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
