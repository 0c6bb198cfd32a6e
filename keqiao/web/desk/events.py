"""My events: invitations, places, my programme, meetings I wish for, what came of them, my scores."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import permissions
from keqiao.apps.market.actions import event_guests, event_meetings, event_scores
from keqiao.apps.market.models import (
    DeclineReason,
    Event,
    EventInvitation,
    EventRegistration,
    EventScore,
    Jury,
    Need,
    Offer,
    PlaceState,
    Side,
)
from keqiao.apps.market.queries import event_meetings as meetings
from keqiao.apps.market.queries import event_proposals as proposals
from keqiao.apps.market.queries import events as queries
from keqiao.apps.parties import queries as parties
from keqiao.web.parts import calendars
from keqiao.web.parts import events as parts
from keqiao.web.parts.request import Request, person
from keqiao.web.templatetags.keqiao import name_of, say

MOST_SHOWN = 100


@require_safe
@login_required
def events(request: Request) -> HttpResponse:
    context = {
        "section": "desk",
        "invitations": queries.my_invitations(request.actor)[:MOST_SHOWN],
        "registrations": queries.my_registrations(request.actor)[:MOST_SHOWN],
        "speaks_for": request.actor.organizations("editor", "manager"),
        "reasons": DeclineReason.choices,
        "judging": queries.on_panel(request.actor)[:MOST_SHOWN],
        "runs": permissions.can_create_event(request.actor).allowed,
    }
    return render(request, "desk/events.html", context)


@login_required
def event(request: Request, key: str) -> HttpResponse:
    """My programme at one event, and all that I can do there."""
    row, at = parts.find_event(request, key), timezone.now()
    if request.method == "POST":
        back = request.POST.get("back", "")
        place = reverse("desk:events") if back == "list" else reverse("desk:event", args=[key])
        return parts.do(request, row, DOINGS, at=at, back=place)
    registration = queries.registration_of(row, request.actor)
    if registration is None or registration.state == PlaceState.WITHDRAWN:
        return redirect("public:event", key=key)
    return render(request, "desk/event.html", _page(request, row, registration, at=at))


def _page(request: Request, row: Event, registration: EventRegistration, *, at: datetime) -> dict[str, Any]:
    body, on = registration.organization, timezone.localdate(at)
    wishes = list(meetings.wishes_of(row))
    mine = [wish for wish in wishes if _asks(wish, body.pk)]
    return {
        "section": "desk",
        "event": row,
        "registration": registration,
        "programme": meetings.programme(row, body, wishes=wishes),
        "slots": meetings.slot_times(row),
        "counterparts": proposals.counterparts(row, body, on=on),
        "answering": proposals.answering(row, body),
        "own": proposals.own_listings([body], on=on),
        "wishes": mine,
        "asked": {wish.provider_id if wish.side == Side.SEEKER else wish.seeker_id for wish in mine},
        "speaks": body.key in request.actor.organizations("editor", "manager"),
        "is_over": row.state in ("running", "done"),
        "reasons": DeclineReason.choices,
        "is_open": row.state == "published",
    }


def _asks(wish: Any, body: int) -> bool:
    return bool((wish.side == Side.SEEKER and wish.seeker_id == body) or
                (wish.side == Side.PROVIDER and wish.provider_id == body))  # fmt: skip


def _register(request: Request, row: Event, at: datetime) -> str:
    mine = list(parties.organizations_of(request.actor))
    wanted = request.POST.get("organization", "")
    body = next((found for found in mine if found.key == wanted), mine[0] if len(mine) == 1 and not wanted else None)
    if body is None:
        raise Refused("not_of_organization")
    made = event_guests.register(row, user=person(request), organization=body, by=request.actor, at=at)
    if made.state == PlaceState.WAITING:
        return _("名额已满，您已进入候补。有人退出时按先后自动递补。")
    return _("报名成功。可以约见想谈的单位了。")


def _mine(request: Request, row: Event) -> EventRegistration:
    registration = queries.registration_of(row, request.actor)
    if registration is None:
        raise Refused("not_registered_for_event")
    return registration


def _withdraw(request: Request, row: Event, at: datetime) -> str:
    event_guests.withdraw(_mine(request, row), by=request.actor, at=at)
    return _("已退出，名额已让给候补的人。")


def _busy(request: Request, row: Event, at: datetime) -> str:
    slots = [
        int(value) if value.isascii() and value.isdigit() and len(value) < 6 else -1
        for value in request.POST.getlist("busy")
    ]
    event_guests.set_busy(_mine(request, row), slots=slots, by=request.actor, at=at)
    return _("已保存没空的时段。")


def _decline(request: Request, row: Event, at: datetime) -> str:
    mine = EventInvitation.objects.select_related("organization", "event__station__parent", "event__owner")
    key = request.POST.get("organization", "")
    if key not in request.actor.organizations():
        raise Refused("not_editor_of_organization")
    invitation = get_object_or_404(mine, event=row, organization__key=key)
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    event_guests.decline_invitation(invitation, reason=reason, note=note, by=request.actor, at=at)
    return _("已谢绝，原因已告诉主办方。")


def _wish(request: Request, row: Event, at: datetime) -> str:
    """Ask for a meeting about an item on show, or with a body invited for what one shows oneself."""
    body = _mine(request, row).organization
    on = timezone.localdate(at)
    own = proposals.own_listings([body], on=on)
    chosen = {name: next((thing for thing in own[name] if thing.key == request.POST.get("own")), None) for name in own}
    found = next((item for item, _face in proposals.counterparts(row, body, on=on)
                  if str(item.pk) == request.POST.get("item")), None)  # fmt: skip
    if found is not None:
        need = found.need or chosen["need"]
        offer = found.offer or chosen["offer"]
        side = Side.PROVIDER if found.need else Side.SEEKER
        bodies = (found.listing.organization, body) if found.need else (body, found.listing.organization)
    else:
        invited = next(
            (one for one in proposals.answering(row, body) if str(one.pk) == request.POST.get("guest")), None
        )
        if invited is None or invited.item is None:
            raise Refused("counterpart_not_coming")
        need, offer = invited.item.need or invited.need, invited.item.offer or invited.offer
        side = Side.SEEKER if invited.item.need else Side.PROVIDER
        bodies = (body, invited.organization) if invited.item.need else (invited.organization, body)
    event_meetings.wish(
        row, seeker=bodies[0], provider=bodies[1], need=need, offer=offer, side=side, score=_score(need, offer),
        by=request.actor, at=at,
    )  # fmt: skip
    return _("已记下，排程后会出现在您的日程里。")


def _score(need: Need | None, offer: Offer | None) -> float:
    return proposals.match_between(need, offer.key) if need and offer else 0.0


def _unwish(request: Request, row: Event, at: datetime) -> str:
    body = _mine(request, row).organization
    key = request.POST.get("wish", "")
    wish = next((found for found in meetings.wishes_of(row) if str(found.pk) == key and _asks(found, body.pk)), None)
    if wish is None:
        raise Http404
    event_meetings.unwish(wish, by=request.actor, at=at)
    return _("已取消约见。")


def _want(request: Request, row: Event, at: datetime) -> str:
    meeting = get_object_or_404(meetings.meetings_of(row), key=request.POST.get("meeting", ""))
    side = permissions.side_in(request.actor, meeting)
    if not side:
        raise Http404
    made = event_meetings.say_wanted(
        meeting, side=side, wanted=request.POST.get("wanted", ""), reason=request.POST.get("reason", ""),
        by=request.actor, at=at,
    )  # fmt: skip
    return _("双方都希望继续，已转为引荐。") if made else _("已记下。")


DOINGS: dict[str, parts.Doing] = {
    "register": _register,
    "withdraw": _withdraw,
    "busy": _busy,
    "decline": _decline,
    "wish": _wish,
    "unwish": _unwish,
    "want": _want,
}


@require_safe
@login_required
def programme_calendar(request: Request, key: str) -> HttpResponse:
    """My meetings for my own calendar; without meetings the event itself."""
    row = parts.find_event(request, key)
    registration = queries.registration_of(row, request.actor)
    if registration is None or registration.state != PlaceState.IN:
        raise Http404
    address = request.build_absolute_uri(reverse("desk:event", args=[key]))
    entries = [
        calendars.Appointment(
            uid=found.meeting.key, title=f"{say(row, 'title')} · {_with(found)}", starts_at=found.starts_at,
            ends_at=found.ends_at, place=_at_table(row, found),
            text=say(found.subject, "title") if found.subject else "", link=address,
        )
        for found in meetings.programme(row, registration.organization, wishes=meetings.wishes_of(row))
    ]  # fmt: skip
    whole = [parts.appointment_of(row, address=address)]
    return calendars.calendar_response(entries or whole, name=f"{key}-programme", at=timezone.now())


def _at_table(row: Event, found: meetings.Appointment) -> str:
    return f"{row.place} " + _("%(table)s 号桌") % {"table": found.table}


def _with(found: meetings.Appointment) -> str:
    return name_of(found.counterpart) if found.counterpart else _("需求方（现场引见）")


@login_required
def scores(request: Request, key: str) -> HttpResponse:
    """Give scores at a roadshow, as the panel or in the audience."""
    row, at = parts.find_event(request, key), timezone.now()
    if request.method == "POST":
        return parts.do(request, row, {"score": _give}, at=at, back=reverse("desk:event-scores", args=[key]))
    user = person(request)
    is_panelist = row.panel.filter(user=user).exists()
    registration = queries.registration_of(row, request.actor)
    if not is_panelist and not (row.has_audience and registration):
        raise Http404
    jury = Jury.PANEL if is_panelist else Jury.AUDIENCE
    given = {score.item_id: score for score in EventScore.objects.filter(item__event=row, user=user)}
    criteria = list(row.criteria.all())
    cards = []
    for item, face in queries.item_faces(queries.items_of(row)):
        decision = permissions.can_score(
            request.actor, item, jury=jury, registration=registration, is_panelist=is_panelist
        )
        values = given[item.pk].values if item.pk in given else {}
        lines = [(criterion, values.get(str(criterion.pk))) for criterion in criteria]
        cards.append((item, face, decision, lines, given.get(item.pk)))
    context = {"section": "desk", "event": row, "jury": jury.label, "cards": cards, "done": len(given)}
    return render(request, "desk/event_scores.html", context)


def _give(request: Request, row: Event, at: datetime) -> str:
    item = get_object_or_404(queries.items_of(row), pk=parts.number(request, "item"))
    values = {pk: parts.number(request, f"c{pk}") for pk in row.criteria.values_list("pk", flat=True)}
    made = event_scores.score(item, values=values, user=person(request), by=request.actor, at=at)
    return _("已记分：%(total).2f。路演结束前可以修改。") % {"total": made.total / 100}
