"""Introductions as list and board, and the one press that makes one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, answers
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import (
    OPEN_STATES,
    DeclineReason,
    Introduction,
    IntroductionSource,
    IntroductionState,
    Need,
    Offer,
)
from keqiao.apps.market.permissions.introductions import HANDLERS
from keqiao.apps.market.queries import IntroductionFace
from keqiao.apps.parties.models import Role
from keqiao.web.desk.introduction_forms import OPEN, FilterForm
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import find_listing
from keqiao.web.templatetags.introductions import body_of
from keqiao.web.templatetags.keqiao import label, say

# How far down the ranking one looks for what the matching said of a pair.
DEEPEST_RANK = 50
MOST_ON_BOARD = 200
MOST_CLOSED = 8
CLOSED_STATES = (IntroductionState.AGREED, IntroductionState.DECLINED)


def filtered(request: Request, form: FilterForm, *, at: datetime) -> QuerySet[Introduction]:
    """The introductions that the form asks for, of those the actor may know of."""
    rows, given = market.introductions_for(request.actor), form.given()
    if (state := given.get("state")) is not None:
        rows = rows.filter(state__in=OPEN_STATES) if state == OPEN else rows.filter(state=state)
    rows = shown(rows, request, given.get("show", ""), at=at)
    if "station" in given:
        rows = rows.filter(Q(station__key=given["station"]) | Q(station__parent__key=given["station"]))
    if text := given.get("q", "").strip():
        rows = rows.filter(_holds(text))
    return rows


def shown(rows: QuerySet[Introduction], request: Request, show: str, *, at: datetime) -> QuerySet[Introduction]:
    """Of the rows those of one's own, of one's body, the late or the ownerless."""
    match show:
        case "mine":
            return rows.filter(pk__in=market.mine(request.actor).order_by().values("pk"))
        case "side":
            return rows.filter(pk__in=market.of_sides(request.actor).order_by().values("pk"))
        case "late":
            return market.late(rows, at=at)
        case "ownerless":
            return market.ownerless(rows, on=localdate(at))
        case _:
            return rows


def _holds(text: str) -> Q:
    """Titles, key and names; the name of a seeker that may be kept back is not searched."""
    found = Q(key__iexact=text) | Q(need__title__icontains=text) | Q(offer__title__icontains=text)
    found |= Q(need__title_en__icontains=text) | Q(offer__title_en__icontains=text)
    found |= Q(offer__organization__name__icontains=text)
    return found | Q(need__organization__name__icontains=text, need__secrecy__in=("public", "registered"))


COLUMNS: Sequence[Column] = (
    Column(gettext_lazy("编号"), lambda face: face.key),
    Column(gettext_lazy("需求"), lambda face: say(face.seeker.listing, "title")),
    Column(gettext_lazy("需求方"), lambda face: body_of(face.seeker)),
    Column(gettext_lazy("供给"), lambda face: say(face.provider.listing, "title")),
    Column(gettext_lazy("供给方"), lambda face: body_of(face.provider)),
    Column(gettext_lazy("状态"), lambda face: label(face.state, "introduction_state")),
    Column(gettext_lazy("原因"), lambda face: label(face.reason, "decline_reason")),
    Column(gettext_lazy("来源"), lambda face: label(face.source, "introduction_source")),
    Column(gettext_lazy("负责人"), lambda face: face.owner_name),
    Column(gettext_lazy("分市场或工作站"), lambda face: say(face, "station_name")),
    Column(gettext_lazy("下一步"), lambda face: face.next_action),
    Column(gettext_lazy("下一步日期"), lambda face: face.next_action_date),
    Column(gettext_lazy("答复期限"), lambda face: face.due_date),
    Column(gettext_lazy("引荐日期"), lambda face: localdate(face.created_at)),
    Column(gettext_lazy("最近变化"), lambda face: localdate(face.updated_at)),
)


@require_safe
@login_required
def introductions(request: Request) -> HttpResponse:
    at, actor = timezone.now(), request.actor
    form = FilterForm(request.GET, stations=list(market.stations_of(actor)))
    rows = filtered(request, form, at=at)
    if request.GET.get("export") in TYPES:
        faces = market.introduction_faces(rows[:MOST_ROWS], actor, at=at)
        return file_response(faces, COLUMNS, kind=request.GET["export"], name="keqiao-introductions")
    page = lists.page_of(request, rows)
    context = {
        **tabs(request, "list"),
        "form": form,
        "page": page,
        "faces": market.introduction_faces(page.object_list, actor, at=at),
        "is_filtered": bool(form.given()),
    }
    return render(request, "desk/introductions.html", context)


def tabs(request: Request, tab: str) -> dict[str, Any]:
    """What the pages of introductions share."""
    actor = request.actor
    return {
        "section": "introduction",
        "tab": tab,
        "is_handler": actor.has(*HANDLERS),
        "has_station": bool(actor.stations(Role.BROKER, Role.COORDINATOR)),
    }


@require_safe
@login_required
def board(request: Request) -> HttpResponse:
    """One column a state. Everything moves by buttons and lists, nothing has to be dragged."""
    at, actor = timezone.now(), request.actor
    show = request.GET.get("show", "mine" if actor.has(Role.BROKER) else "")
    rows = shown(market.introductions_for(actor), request, show, at=at)
    open_rows = rows.filter(state__in=OPEN_STATES).order_by("next_action_date", "-updated_at")[:MOST_ON_BOARD]
    closed = [row for state in CLOSED_STATES for row in rows.filter(state=state)[:MOST_CLOSED]]
    faces = market.introduction_faces([*open_rows, *closed], actor, at=at)
    figures = market.station_figures(rows, at=at)
    counts = dict(figures.by_state)
    context = {
        **tabs(request, "board"),
        "show": show,
        "columns": [
            (state, counts[state], sorted((face for face in faces if face.state == state), key=_urgency))
            for state in IntroductionState.values
        ],
        "figures": figures,
        "decline_reasons": DeclineReason.choices,
        "total": sum(counts.values()),
    }
    return render(request, "desk/introduction_board.html", context)


def _urgency(face: IntroductionFace) -> tuple[bool, str, str]:
    """The late first, then by the nearest day."""
    days = [str(day) for day in (face.next_action_date, face.due_date) if day]
    return not face.is_late, min(days, default="9"), face.key


@require_POST
@login_required
def introduce(request: Request) -> HttpResponse:
    """One press on a match: the pair is introduced; where it stands already, one is led there."""
    need = find_listing(request, "need", request.POST.get("need", ""))
    offer = find_listing(request, "offer", request.POST.get("offer", ""))
    if not isinstance(need, Need) or not isinstance(offer, Offer):
        raise Http404
    at = timezone.now()
    score, rank = _ranked(request, need, offer, at=at)
    source = IntroductionSource.MATCH if rank else IntroductionSource.BROKER
    try:
        row = actions.introductions.introduce(
            need=need, offer=offer, source=source, score=score, rank=rank, by=request.actor, at=at
        )
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
        key = market.introduced_keys(need, actor=request.actor).get(offer.key)
        return redirect("desk:introduction", key=key) if key else redirect("public:listing", "need", need.key)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("public:listing", "need", need.key)
    messages.success(request, _("已引荐。双方会在“对接”里看到，并可答复是否愿意。"))
    return redirect("desk:introduction", key=row.key)


def _ranked(request: Request, need: Need, offer: Offer, *, at: datetime) -> tuple[float | None, int | None]:
    """What the matching says of the pair now: its chance and its place; nothing where it is not among the first."""
    full = not market.face(need, request.actor).hidden
    query = answers.query_of(need, full=full)
    found = answers.answer("offer", query, actor=request.actor, on=localdate(at), top=DEEPEST_RANK)
    for place, answered in enumerate(found.rows, start=1):
        if answered.match.key == offer.key:
            return answered.match.score, place
    return None, None
