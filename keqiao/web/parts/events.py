"""What the pages of events share: finding one, doing one thing at a time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import permissions
from keqiao.apps.market.models import Event
from keqiao.apps.market.queries import events as queries
from keqiao.web.parts import reasons
from keqiao.web.parts.calendars import Appointment
from keqiao.web.parts.export import Column
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label, say

# The columns of a list of events as a file.
COLUMNS: Sequence[Column] = (
    Column(_("编号"), lambda row: row.key),
    Column(_("名称"), lambda row: say(row, "title")),
    Column(_("类型"), lambda row: row.get_kind_display()),
    Column(_("状态"), lambda row: row.get_state_display()),
    Column(_("开始时间"), lambda row: f"{localtime(row.starts_at):%Y-%m-%d %H:%M}"),
    Column(_("结束时间"), lambda row: f"{localtime(row.ends_at):%Y-%m-%d %H:%M}"),
    Column(_("报名截止"), lambda row: f"{localtime(row.closes_at):%Y-%m-%d %H:%M}"),
    Column(_("所在地"), lambda row: label(row.area, "area")),
    Column(_("地点"), lambda row: row.place),
    Column(_("主办单位"), lambda row: say(row, "organizer")),
)
Doing = Callable[[Request, Event, datetime], str]


def find_event(request: Request, key: str) -> Event:
    """An event for its page; a draft of others looks like none."""
    try:
        return queries.event(key, request.actor)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def find_run(request: Request, key: str) -> Event:
    """An event for those who run it; for all others there is no such page."""
    event = find_event(request, key)
    if not permissions.can_run_event(request.actor, event).allowed:
        raise Http404
    return event


def do(request: Request, event: Event, doings: Mapping[str, Doing], *, at: datetime, back: str) -> HttpResponse:
    """Do what a form asks for, and come back with what was done or with what stands in the way."""
    doing = doings.get(request.POST.get("do", ""))
    if doing is None:
        raise Http404
    try:
        if told := doing(request, event, at):
            messages.success(request, told)
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(back)


def number(request: Request, name: str) -> int:
    """A whole number of the form; one that no slot or table has where there is none."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else -1


def appointment_of(event: Event, *, address: str) -> Appointment:
    """The whole event as one appointment; the online room is no part of it."""
    return Appointment(
        uid=event.key, title=say(event, "title"), starts_at=event.starts_at, ends_at=event.ends_at, place=event.place,
        text=say(event, "summary"), link=address, is_cancelled=event.state == "cancelled",
    )  # fmt: skip
