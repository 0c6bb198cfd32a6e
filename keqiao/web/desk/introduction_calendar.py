"""What is due when: a month as a grid, and the same as a file for one's own calendar."""

import calendar
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from keqiao.apps.market import queries as market
from keqiao.apps.market.models import OPEN_STATES, Introduction
from keqiao.apps.market.permissions import can_run_event
from keqiao.apps.market.permissions.introductions import HANDLERS
from keqiao.apps.market.queries import IntroductionFace, events
from keqiao.apps.parties.actors import Actor
from keqiao.catalogue.calendar import is_working_day
from keqiao.web.desk.introductions import shown, tabs
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import say

MOST_SHOWN = 500
FILE_DAYS = 366
MOST_YEARS = 20


@dataclass(frozen=True)
class Due:
    """Something on a day: a next action or an answer of an introduction, an event one runs or goes to."""

    day: date
    kind: str
    text: str
    key: str
    address: str
    is_late: bool = False


@dataclass(frozen=True)
class Day:
    """A day of the grid and what is due on it."""

    day: date
    in_month: bool
    is_today: bool
    is_working: bool
    due: tuple[Due, ...]


def _dues(faces: list[IntroductionFace]) -> Iterator[Due]:
    for face in faces:
        title, address = say(face.seeker.listing, "title"), reverse("desk:introduction", args=[face.key])
        if face.next_action_date is not None:
            text = f"{face.next_action} · {title}"
            yield Due(face.next_action_date, "action", text, face.key, address, face.is_action_late)
        if face.due_date is not None:
            text = _("答复双方 · %(title)s") % {"title": title}
            yield Due(face.due_date, "answer", text, face.key, address, face.is_answer_late)


def _events(actor: Actor, first: date, last: date) -> Iterator[Due]:
    for row in events.events_of(actor, first=first, last=last)[:MOST_SHOWN]:
        starts = timezone.localtime(row.starts_at)
        address = reverse("office:event" if can_run_event(actor, row).allowed else "desk:event", args=[row.key])
        yield Due(starts.date(), "event", f"{starts:%H:%M} {say(row, 'title')}", row.key, address)


def _between(rows: QuerySet[Introduction], first: date, last: date) -> QuerySet[Introduction]:
    """Open ones with something due in these days, the last included."""
    ends = timezone.make_aware(datetime.combine(last + timedelta(days=2), datetime.min.time()))
    starts = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    due = Q(next_action_date__range=(first, last)) | Q(due_at__range=(starts, ends))
    return rows.filter(due, state__in=OPEN_STATES)


def _month(request: Request, today: date) -> date:
    """The first day of the month asked for; of this month where nothing sensible is asked for."""
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today.replace(day=1)
    return asked if abs(asked.year - today.year) <= MOST_YEARS else today.replace(day=1)


@require_safe
@login_required
def month(request: Request) -> HttpResponse:
    at = timezone.now()
    today = localdate(at)
    first = _month(request, today)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    show = request.GET.get("show", "mine" if request.actor.has(*HANDLERS) else "")
    rows = shown(market.introductions_for(request.actor), request, show, at=at)
    rows = _between(rows, weeks[0][0], weeks[-1][-1])[:MOST_SHOWN]
    by_day = defaultdict(list)
    dues = list(_dues(market.introduction_faces(rows, request.actor, at=at)))
    for due in (*_events(request.actor, weeks[0][0], weeks[-1][-1]), *dues):
        by_day[due.day].append(due)
    days = [
        Day(day, day.month == first.month, day == today, is_working_day(day), tuple(by_day[day]))
        for week in weeks
        for day in week
    ]
    context = {
        **tabs(request, "calendar"),
        "first": first,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
        "days": days,
        "show": show,
        "any": any(day.due for day in days),
    }
    return render(request, "desk/introduction_calendar.html", context)


@require_safe
@login_required
def calendar_file(request: Request) -> HttpResponse:
    """What is due to the actor from a month ago to a year ahead, as iCalendar."""
    at = timezone.now()
    today = localdate(at)
    show = "mine" if request.actor.has(*HANDLERS) else "side"
    rows = shown(market.introductions_for(request.actor), request, show, at=at)
    first, last = today - timedelta(days=31), today + timedelta(days=FILE_DAYS)
    rows = _between(rows, first, last)[:MOST_SHOWN]
    book = Calendar()
    book.add("prodid", "-//Keqiao//Introductions//ZH")
    book.add("version", "2.0")
    dues = list(_dues(market.introduction_faces(rows, request.actor, at=at)))
    for due in (*_events(request.actor, first, last), *dues):
        event = Event()
        event.add("uid", f"{due.key}-{due.kind}@keqiao")
        event.add("dtstamp", at)
        event.add("dtstart", due.day)
        event.add("dtend", due.day + timedelta(days=1))
        event.add("summary", due.text)
        event.add("url", request.build_absolute_uri(due.address))
        book.add_component(event)
    response = HttpResponse(book.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="keqiao.ics"'
    return response
