"""Events from the side of those who run them: the list, making one, its facts, its steps, its report."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, permissions
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import CancelReason, Event, Listing
from keqiao.apps.market.queries import event_proposals as proposals
from keqiao.apps.market.queries import events as queries
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import Role, Station
from keqiao.web.office.event_forms import EventForm, defaults
from keqiao.web.parts import events as parts
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors

FIGURES = {
    "shown": gettext_lazy("展示项"), "invited": gettext_lazy("邀请单位"), "accepted": gettext_lazy("接受邀请"),
    "declined": gettext_lazy("谢绝邀请"), "registered": gettext_lazy("报名人数"), "bodies": gettext_lazy("报名单位"),
    "waiting": gettext_lazy("候补"), "checked_in": gettext_lazy("签到"), "planned": gettext_lazy("排定洽谈"),
    "met": gettext_lazy("已见面"), "no_show": gettext_lazy("未到场"), "follow_up": gettext_lazy("双方希望继续"),
    "introduced": gettext_lazy("转为引荐"), "willing": gettext_lazy("双方有意"), "agreed": gettext_lazy("达成合同"),
}  # fmt: skip
REPORT: Sequence[Column] = (
    Column(gettext_lazy("指标"), lambda row: row[0]),
    Column(gettext_lazy("数量"), lambda row: row[1], "number"),
)


@require_safe
@login_required
def events(request: Request) -> HttpResponse:
    if not permissions.can_create_event(request.actor).allowed:
        raise PermissionDenied
    rows = queries.events_run_by(request.actor)
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], parts.COLUMNS, kind=request.GET["export"], name="keqiao-my-events")
    page = lists.page_of(request, rows)
    context = {"section": "event", "page": page, "rows": page.object_list}
    return render(request, "office/events.html", context)


def _stations(request: Request) -> Any:
    """Those that the actor may make events for."""
    rows, own = parties.stations(), request.actor.stations()
    if request.actor.has(Role.OFFICER):
        return rows
    above = request.actor.stations(Role.COORDINATOR)
    return rows.filter(key__in=own) | rows.filter(parent__key__in=above)


def _chosen(request: Request, keys: Sequence[str]) -> list[Listing]:
    """The published listings with these keys, needs before offers, for whoever makes an event of them."""
    wanted, on = list(dict.fromkeys(keys))[:60], timezone.localdate()
    return [row for name in ("need", "offer") for row in market.published(name, on=on).filter(key__in=wanted)]


@require_safe
@login_required
def new(request: Request) -> HttpResponse:
    """From a theme to what belongs to it; one tick each, one press for the event."""
    if not permissions.can_create_event(request.actor).allowed:
        raise PermissionDenied
    theme = request.GET.get("theme", "").strip()[:200]
    on, found = timezone.localdate(), {}
    if theme:
        for listing in ("need", "offer"):
            found[listing] = proposals.fitting(theme, listing, actor=request.actor, on=on)
    ready = all(answer.ready for answer in found.values())
    context = {"section": "event", "theme": theme, "found": found, "ready": ready}
    return render(request, "office/event_new.html", context)


@require_POST
@login_required
def make(request: Request) -> HttpResponse:
    """The one press: a draft named after what is shown, on a morning in two weeks; all can be changed."""
    at = timezone.now()
    listings = _chosen(request, request.POST.getlist("listing"))
    theme = request.POST.get("theme", "").strip()[:200]
    station: Station | None = parties.station_near(listings[0].area) if listings else None
    if not permissions.can_use_station(request.actor, station).allowed:
        own = request.actor.stations()
        station = parties.stations().get(key=min(own)) if own else None
    try:
        event = actions.events.create_event(
            listings=listings, by=request.actor, at=at, station=station,
            **defaults(at=at, listings=listings, theme=theme),
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
        return redirect("public:events")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("office:event-new")
    messages.success(request, _("已建立草稿。请核对时间和地点，再发布。"))
    return redirect("office:event-edit", key=event.key)


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    event = parts.find_run(request, key)
    form = EventForm(request.POST or None, instance=event, stations=_stations(request))
    if request.method == "POST" and form.is_valid():
        fresh = parts.find_run(request, key)  # the form has written into its own copy
        try:
            actions.events.edit_event(fresh, by=request.actor, at=timezone.now(), **form.values())
            messages.success(request, _("已保存。"))
            return redirect("office:event", key=key)
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
    context = {"section": "event", "event": event, "tab": "edit", "form": form}
    return render(request, "office/event_edit.html", context, status=422 if form.errors else 200)


@login_required
def event(request: Request, key: str) -> HttpResponse:
    """Where an event stands, what is next, and its report as it grows."""
    row, at = parts.find_run(request, key), timezone.now()
    if request.method == "POST":
        return parts.do(request, row, DOINGS, at=at, back=reverse("office:event", args=[key]))
    figures = [(FIGURES[name], count) for name, count in queries.report(row).items()]
    if request.GET.get("export") in TYPES:
        return file_response(figures, REPORT, kind=request.GET["export"], name=f"keqiao-event-{key}")
    context = {
        "section": "event",
        "event": row,
        "tab": "overview",
        "figures": figures,
        "declines": queries.decline_reasons(row),
        "cancel_reasons": CancelReason.choices,
        "now": at,
    }
    return render(request, "office/event.html", context)


def _step(step: str, told: Promise) -> parts.Doing:
    def doing(request: Request, row: Event, at: datetime) -> str:
        actions.events.take_step(row, step=step, by=request.actor, at=at)
        return str(told)

    return doing


def _cancel(request: Request, row: Event, at: datetime) -> str:
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    actions.events.cancel_event(row, reason=reason, note=note, by=request.actor, at=at)
    return _("活动已取消，页面会说明原因。")


DOINGS: dict[str, parts.Doing] = {
    "publish": _step("publish", gettext_lazy("已发布，可以报名了。")),
    "start": _step("start", gettext_lazy("活动开始，签到、打分和洽谈结果现在可以记录。")),
    "finish": _step("finish", gettext_lazy("活动已结束，打分关闭。洽谈结果还可以补记。")),
    "cancel": _cancel,
}


@login_required
def items(request: Request, key: str) -> HttpResponse:
    """What is on show; adding by key or by theme."""
    row, at = parts.find_run(request, key), timezone.now()
    if request.method == "POST":
        doings = {"add": _add, "remove": _remove}
        return parts.do(request, row, doings, at=at, back=reverse("office:event-items", args=[key]))
    theme = request.GET.get("theme", row.theme).strip()[:200]
    on, shown = timezone.localdate(at), queries.item_faces(queries.items_of(row))
    there = {face.key for _item, face in shown}
    found = []
    for listing in ("need", "offer") if theme and "theme" in request.GET else ():
        answer = proposals.fitting(theme, listing, actor=request.actor, on=on)
        found += [one for one in answer.rows if one.face.key not in there]
    context = {"section": "event", "event": row, "tab": "items", "items": shown, "theme": theme, "found": found}
    return render(request, "office/event_items.html", context)


def _add(request: Request, row: Event, at: datetime) -> str:
    keys = [key.strip().upper() if key.islower() else key.strip() for key in request.POST.getlist("listing")]
    listings = _chosen(request, [key for key in keys if key])
    if not listings:
        raise ValidationError(_("没有找到这个编号的已发布条目，请核对编号。"))
    for listing in listings:
        actions.events.add_item(row, listing=listing, by=request.actor, at=at)
    return _("已添加。")


def _remove(request: Request, row: Event, at: datetime) -> str:
    item = queries.items_of(row).filter(pk=parts.number(request, "item")).first()
    if item is None:
        raise Http404
    actions.events.remove_item(item, by=request.actor, at=at)
    return _("已移除。")
