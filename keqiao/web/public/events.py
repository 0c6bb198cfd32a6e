"""Events for everybody: what comes, what was, one event, one pitch sheet."""

from typing import Any

import django_filters as filters
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.market import kinds, permissions
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import Event, EventKind, EventState, Jury
from keqiao.apps.market.queries import events as queries
from keqiao.apps.parties import places
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import VISITOR
from keqiao.web.parts import lists, qr
from keqiao.web.parts.calendars import calendar_response
from keqiao.web.parts.events import COLUMNS, appointment_of, find_event
from keqiao.web.parts.export import MOST_ROWS, TYPES, file_response
from keqiao.web.parts.request import Request


class EventFilter(filters.FilterSet):
    """Filters of the public list."""

    kind = filters.ChoiceFilter(label=_("类型"), empty_label=_("全部类型"), choices=EventKind.choices)
    area = filters.ChoiceFilter(label=_("所在地"), empty_label=_("全部地区"), method="in_area")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = timezone.localdate()
        self.filters["area"].extra["choices"] = lists.area_choices(self.on)

    def in_area(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(area__in=places.inside(value, on=self.on))


@require_safe
def events(request: Request) -> HttpResponse:
    """What comes, the next first; with `when=past` what was, the last first."""
    past = request.GET.get("when") == "past"
    chosen = EventFilter(request.GET, queryset=queries.public_events(at=timezone.now(), past=past))
    if request.GET.get("export") in TYPES:
        return file_response(chosen.qs[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-events")
    page = lists.page_of(request, chosen.qs)
    context = {
        "section": "event",
        "filter": chosen,
        "past": past,
        "page": page,
        "rows": page.object_list,
        "can_create": permissions.can_create_event(request.actor).allowed,
    }
    return render(request, "public/events.html", context)


@require_safe
def event_page(request: Request, key: str) -> HttpResponse:
    """One event: when and where, what is on show, and how to come."""
    event, at = find_event(request, key), timezone.now()
    registration = queries.registration_of(event, request.actor)
    counts = queries.place_counts(event)
    context = {
        "section": "event",
        "event": event,
        "items": queries.item_faces(queries.items_of(event)),
        "counts": counts,
        "free": max(0, event.capacity - counts["in"]),
        "registration": registration,
        "online_link": event.online_link if permissions.sees_online_link(registration) else "",
        "bodies": parties.organizations_of(request.actor) if request.actor.is_registered else (),
        "is_open": permissions.is_open_for_registration(event, at=at),
        "runs": permissions.can_run_event(request.actor, event).allowed,
        "judged": _published_scores(event),
    }
    return render(request, "public/event.html", context)


def _published_scores(event: Event) -> list[tuple[str, list[queries.ItemResult]]]:
    """Means and ranks of a roadshow that is over and may be read by all; whose scores they are is not here."""
    if event.state != EventState.DONE or not event.shows_scores:
        return []
    tables = [(str(Jury(jury).label), queries.results(event, jury)) for jury in queries.juries_of(event)]
    return [(name, rows) for name, rows in tables if any(row.count for row in rows)]


@require_safe
def event_calendar(request: Request, key: str) -> HttpResponse:
    event = find_event(request, key)
    address = request.build_absolute_uri(reverse("public:event", args=[event.key]))
    return calendar_response([appointment_of(event, address=address)], name=event.key, at=timezone.now())


@require_safe
def pitch(request: Request, key: str, number: int) -> HttpResponse:
    """One item on one page, made to be printed: what everybody may see, whoever opens it."""
    event = find_event(request, key)
    items = list(queries.items_of(event))
    if not 1 <= number <= len(items):
        raise Http404
    item = items[number - 1]
    face = market.face(item.listing, VISITOR)
    address = request.build_absolute_uri(reverse("public:short", args=[face.key]))
    context = {
        "section": "event",
        "event": event,
        "number": number,
        "total": len(items),
        "face": face,
        "listing": face.listing,
        "kind": kinds.offer_kinds().get(face.kind) if face.listing == "offer" else None,
        "address": address,
        "code": qr.draw(address),
        "station": event.station or parties.station_near(face.area),
    }
    return render(request, "public/pitch.html", context)
