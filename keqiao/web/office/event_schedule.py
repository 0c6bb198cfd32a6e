"""The grid of meetings: planning, moving by hand, what came of them; criteria, panel and results of a roadshow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions
from keqiao.apps.market.actions import event_meetings
from keqiao.apps.market.models import DeclineReason, Event, EventScore, Jury, Meeting, Side
from keqiao.apps.market.queries import event_meetings as meetings
from keqiao.apps.market.queries import event_proposals as proposals
from keqiao.apps.market.queries import events as queries
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import User
from keqiao.web.parts import events as parts
from keqiao.web.parts.export import TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label, name_of, say

LEFT = {
    "no_common_slot": gettext_lazy("双方没有共同的空闲时段"),
    "full": gettext_lazy("共同的时段已排给更合适的洽谈"),
    "tables_full": gettext_lazy("桌子不够，请加桌或延长时间"),
}
MOST_CRITERIA = 6


def _starts(row: Meeting) -> str:
    begin = {slot: start for slot, start, _end in meetings.slot_times(row.event)}.get(row.slot)
    return f"{localtime(begin):%H:%M}" if begin else ""


MEETINGS: Sequence[Column] = (
    Column(gettext_lazy("时间"), _starts),
    Column(gettext_lazy("桌号"), lambda row: row.table + 1, "number"),
    Column(gettext_lazy("需求方"), lambda row: name_of(row.seeker)),
    Column(gettext_lazy("需求"), lambda row: say(row.need, "title") if row.need else ""),
    Column(gettext_lazy("供给方"), lambda row: name_of(row.provider)),
    Column(gettext_lazy("供给"), lambda row: say(row.offer, "title") if row.offer else ""),
    Column(gettext_lazy("结果"), lambda row: row.get_result_display()),
    Column(gettext_lazy("需求方意向"), lambda row: row.get_seeker_wants_display()),
    Column(gettext_lazy("供给方意向"), lambda row: row.get_provider_wants_display()),
    Column(gettext_lazy("原因"), lambda row: label(row.reason, "decline_reason")),
    Column(gettext_lazy("引荐"), lambda row: row.introduction.key if row.introduction else ""),
)


@login_required
def schedule(request: Request, key: str) -> HttpResponse:
    row, at = parts.find_run(request, key), timezone.now()
    if request.method == "POST":
        return parts.do(request, row, DOINGS, at=at, back=reverse("office:event-schedule", args=[key]))
    planned = list(meetings.meetings_of(row))
    if request.GET.get("export") in TYPES:
        return file_response(planned, MEETINGS, kind=request.GET["export"], name=f"keqiao-meetings-{key}")
    pairs = meetings.pairs_of(row)
    seated = {frozenset((one.seeker_id, one.provider_id)) for one in planned}
    bodies = {one.organization_id: one.organization for one in queries.registrations_of(row) if one.state == "in"}
    context = {
        "section": "event",
        "event": row,
        "tab": "schedule",
        "grid": meetings.grid(row),
        "tables": range(1, row.tables + 1),
        "slots": meetings.slot_times(row),
        "meetings": planned,
        "pairs": pairs,
        "unseated": [one for one in pairs if frozenset((one.seeker.pk, one.provider.pk)) not in seated],
        "bodies": sorted(bodies.values(), key=name_of),
        "reasons": DeclineReason.choices,
        "is_held": row.state in ("running", "done"),
        "is_open": row.state in ("published", "running"),
    }
    return render(request, "office/event_schedule.html", context)


@login_required
def meeting(request: Request, key: str, code: str) -> HttpResponse:
    """One meeting: moving it, what came of it, what it was about."""
    row, at = parts.find_run(request, key), timezone.now()
    one = meetings.meetings_of(row).filter(key=code).first()
    if one is None:
        raise Http404
    if request.method == "POST":
        back = reverse("office:event-schedule", args=[key])
        return parts.do(request, row, DOINGS, at=at, back=back)
    own = proposals.own_listings([one.seeker, one.provider], on=timezone.localdate(at))
    context = {
        "section": "event",
        "event": row,
        "tab": "schedule",
        "meeting": one,
        "starts": _starts(one),
        "slots": meetings.slot_times(row),
        "tables": range(1, row.tables + 1),
        "needs": [need for need in own["need"] if need.organization_id == one.seeker_id],
        "offers": [offer for offer in own["offer"] if offer.organization_id == one.provider_id],
        "reasons": DeclineReason.choices,
        "sides": [
            (Side.SEEKER.value, one.seeker, one.seeker_wants),
            (Side.PROVIDER.value, one.provider, one.provider_wants),
        ],
        "is_held": row.state in ("running", "done"),
        "is_open": row.state in ("published", "running"),
    }  # fmt: skip
    return render(request, "office/event_meeting.html", context)


def _plan(request: Request, row: Event, at: datetime) -> str:
    planned = event_meetings.plan_meetings(row, by=request.actor, at=at)
    for pair, reason in planned.left[:10]:
        names = {"seeker": name_of(pair.seeker), "provider": name_of(pair.provider), "why": LEFT[reason]}
        messages.warning(request, _("%(seeker)s 与 %(provider)s 没有排上：%(why)s。") % names)
    return _("已排定 %(count)d 场洽谈，没有冲突。") % {"count": planned.meetings}


def _found(request: Request, row: Event) -> Meeting:
    one = meetings.meetings_of(row).filter(key=request.POST.get("meeting", "")).first()
    if one is None:
        raise Http404
    return one


def _move(request: Request, row: Event, at: datetime) -> str:
    slot, table = parts.number(request, "slot"), parts.number(request, "table") - 1
    event_meetings.move_meeting(_found(request, row), slot=slot, table=table, by=request.actor, at=at)
    return _("已移动，再次排程时不会变。")


def _drop(request: Request, row: Event, at: datetime) -> str:
    event_meetings.drop_meeting(_found(request, row), by=request.actor, at=at)
    return _("已取消这场洽谈。")


def _result(request: Request, row: Event, at: datetime) -> str:
    event_meetings.note_result(_found(request, row), result=request.POST.get("result", ""), by=request.actor, at=at)
    return _("已记下。")


def _want(request: Request, row: Event, at: datetime) -> str:
    made = event_meetings.say_wanted(
        _found(request, row), side=request.POST.get("side", ""), wanted=request.POST.get("wanted", ""),
        reason=request.POST.get("reason", ""), by=request.actor, at=at,
    )  # fmt: skip
    return _("双方都希望继续，已转为引荐。") if made else _("已记下。")


def _name(request: Request, row: Event, at: datetime) -> str:
    one = _found(request, row)
    own = proposals.own_listings([one.seeker, one.provider], on=timezone.localdate(at))
    need = next((found for found in own["need"] if found.key == request.POST.get("need")), None)
    offer = next((found for found in own["offer"] if found.key == request.POST.get("offer")), None)
    if need is None or offer is None:
        raise Refused("listing_of_another_body")
    made = event_meetings.name_listings(one, need=need, offer=offer, by=request.actor, at=at)
    return _("双方都希望继续，已转为引荐。") if made else _("已记下。")


def _wish(request: Request, row: Event, at: datetime) -> str:
    bodies = {one.organization.key: one.organization for one in queries.registrations_of(row)}
    seeker, provider = bodies.get(request.POST.get("seeker", "")), bodies.get(request.POST.get("provider", ""))
    if seeker is None or provider is None:
        raise Refused("counterpart_not_coming")
    about: dict[str, Any] = {}
    for item in queries.items_of(row):
        if item.need and item.need.organization_id == seeker.pk:
            about.setdefault("need", item.need)
        if item.offer and item.offer.organization_id == provider.pk:
            about.setdefault("offer", item.offer)
    event_meetings.wish(row, seeker=seeker, provider=provider, side=Side.BROKER, by=request.actor, at=at, **about)
    return _("已加入待排。")


DOINGS: dict[str, parts.Doing] = {
    "plan": _plan,
    "move": _move,
    "drop": _drop,
    "result": _result,
    "want": _want,
    "name": _name,
    "wish": _wish,
}


@login_required
def scores(request: Request, key: str) -> HttpResponse:
    """Criteria, panel and results."""
    row, at = parts.find_run(request, key), timezone.now()
    if request.method == "POST":
        doings: dict[str, parts.Doing] = {"criteria": _criteria, "panelist": _panelist, "release": _release}
        return parts.do(request, row, doings, at=at, back=reverse("office:event-scores", args=[key]))
    tables = [(jury, str(Jury(jury).label), queries.results(row, jury)) for jury in queries.juries_of(row)]
    if request.GET.get("export") in TYPES:
        rows = [(name, one) for _jury, name, found in tables for one in found]
        return file_response(rows, RESULTS, kind=request.GET["export"], name=f"keqiao-scores-{key}")
    criteria = list(row.criteria.all())
    context = {
        "section": "event",
        "event": row,
        "tab": "scores",
        "tables": tables,
        "criteria": [*criteria, *([None] * (MOST_CRITERIA - len(criteria)))],
        "panel": list(row.panel.select_related("user")),
        "experts": queries.experts(row, on=timezone.localdate(at)),
        "is_fixed": EventScore.objects.filter(item__event=row).exists(),
        "is_open": row.state in ("draft", "published", "running"),
    }
    return render(request, "office/event_scores.html", context)


RESULTS: Sequence[Column] = (
    Column(gettext_lazy("评审"), lambda row: row[0]),
    Column(gettext_lazy("名次"), lambda row: row[1].rank, "number"),
    Column(gettext_lazy("编号"), lambda row: row[1].item.listing.key),
    Column(gettext_lazy("展示项"), lambda row: say(row[1].item.listing, "title")),
    Column(gettext_lazy("平均分"), lambda row: row[1].mean, "number"),
    Column(gettext_lazy("标准差"), lambda row: row[1].spread, "number"),
    Column(gettext_lazy("打分人数"), lambda row: row[1].count, "number"),
)


def _criteria(request: Request, row: Event, at: datetime) -> str:
    names, english = request.POST.getlist("name"), request.POST.getlist("name_en")
    weights = request.POST.getlist("weight")
    rows = [
        (name, other, int(weight) if weight.isascii() and weight.isdigit() and len(weight) < 6 else 0)
        for name, other, weight in zip(names, english, weights, strict=False)
        if name.strip() or weight.strip()
    ]
    actions.events.set_criteria(row, rows=rows, by=request.actor, at=at)
    return _("评审项已保存。")


def _user(request: Request) -> User:
    chosen = request.POST.get("expert", "")
    rows = parties.users().filter(memberships__role="expert")
    user = next((found for found in rows if str(found.key) == chosen), None)
    if user is None:
        raise Refused("not_an_expert")
    return user


def _panelist(request: Request, row: Event, at: datetime) -> str:
    actions.events.add_panelist(row, user=_user(request), by=request.actor, at=at)
    return _("已请入评审组。")


def _release(request: Request, row: Event, at: datetime) -> str:
    actions.events.remove_panelist(row, user=_user(request), by=request.actor, at=at)
    return _("已移出评审组。")
