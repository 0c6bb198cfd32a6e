"""Events and meetings as calendar files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from icalendar import Calendar
from icalendar import Event as Entry


@dataclass(frozen=True)
class Appointment:
    """One line of a calendar; `uid` stays the same when the time changes, so that calendars move it."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    text: str = ""
    link: str = ""
    is_cancelled: bool = False


def calendar_response(rows: Iterable[Appointment], *, name: str, at: datetime) -> HttpResponse:
    """The appointments as an .ics download."""
    calendar = Calendar()
    calendar.add("prodid", "-//Keqiao//Events//")
    calendar.add("version", "2.0")
    for row in rows:
        entry = Entry()
        entry.add("uid", f"{row.uid}@keqiao")
        entry.add("dtstamp", at)
        entry.add("dtstart", row.starts_at)
        entry.add("dtend", row.ends_at)
        entry.add("summary", row.title)
        for field, value in (("location", row.place), ("description", row.text), ("url", row.link)):
            if value:
                entry.add(field, value)
        entry.add("status", "CANCELLED" if row.is_cancelled else "CONFIRMED")
        calendar.add_component(entry)
    response = HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
