"""Introductions for programs. Whoever may not know of one gets the answer for one that is not there."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema

from keqiao.apps.market import actions
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import IntroductionSource, IntroductionState
from keqiao.web.api import given, pages, shapes
from keqiao.web.api.access import Caller, Gate, caller_of
from keqiao.web.api.listings import Cursor, Limit, Since

router = Router(tags=["introductions"])
READING, WRITING = Gate(("introductions:read",)), Gate(("introductions:write",))


class IntroductionFilters(Schema):
    """The filters of the list, and where to read on."""

    cursor: Cursor
    limit: Limit
    state: IntroductionState | None = None
    updated_since: Since


@router.get("", auth=READING, response=shapes.IntroductionPage, summary=_("对接列表"))
def list_introductions(request: HttpRequest, filters: Query[IntroductionFilters]) -> HttpResponse:
    """The introductions that one may know of, the newest change first."""
    pages.require_known(request, IntroductionFilters.model_fields)
    caller, moment = caller_of(request), pages.since(filters.updated_since)
    rows = market.introductions_for(caller.actor)
    if filters.state is not None:
        rows = rows.filter(state=filters.state)
    if moment is not None:
        rows = rows.filter(updated_at__gte=moment)
    is_copying = moment is not None
    order = pages.Order(f"introduction:{'changed' if is_copying else 'mine'}", is_oldest_first=is_copying)
    found, following = pages.page(rows, order=order, cursor=filters.cursor, limit=filters.limit)
    items = [shapes.introduction_out(face) for face in market.introduction_faces(found, caller.actor, at=caller.at)]
    return pages.read(request, {"items": items, "next": following})


@router.get("/{key}", auth=READING, response=shapes.IntroductionOut, summary=_("一次对接"))
def get_introduction(request: HttpRequest, key: given.Key) -> HttpResponse:
    """One introduction; a side's name is empty until both sides have said yes."""
    return pages.read(request, _seen(key, caller_of(request)))


def _seen(key: str, caller: Caller) -> dict[str, Any]:
    row = market.introduction(key, caller.actor)
    return shapes.introduction_out(market.introduction_face(row, caller.actor, at=caller.at))


@router.post("", auth=WRITING, response={201: shapes.IntroductionOut}, summary=_("把需求和供给对接起来"))
def introduce(request: HttpRequest, payload: given.NewIntroduction) -> HttpResponse:
    """Introduce a published need and a published offer: both sides are asked whether they want to talk."""
    caller = caller_of(request)

    def do() -> tuple[int, dict[str, Any]]:
        sides = {name: _listing(name, key, caller) for name, key in payload.dict().items()}
        row = actions.introductions.introduce(
            source=IntroductionSource.INTERFACE, by=caller.actor, at=caller.at, **sides
        )
        return 201, _seen(row.key, caller)

    return pages.write(request, do)


def _listing(name: str, key: str, caller: Caller) -> Any:
    try:
        return market.see(name, key, actor=caller.actor, on=localdate(caller.at))
    except ObjectDoesNotExist as error:
        raise ValidationError({name: gettext("没有这一项，或您不能查看。")}) from error


@router.post("/{key}/answer", auth=WRITING, response=shapes.IntroductionOut, summary=_("回复愿意或不愿意"))
def answer(request: HttpRequest, key: given.Key, payload: given.AnswerIn) -> HttpResponse:
    """A side says yes or no. After two yeses both know each other; a no ends the introduction with its reason."""
    caller = caller_of(request)

    def do() -> tuple[int, dict[str, Any]]:
        row = market.introduction(key, caller.actor)
        actions.introductions.answer(row, by=caller.actor, at=caller.at, **given.plain(payload.dict()))
        return 200, _seen(key, caller)

    return pages.write(request, do)


@router.get("/{key}/messages", auth=READING, response=shapes.Messages, summary=_("对接中的留言"))
def list_messages(request: HttpRequest, key: given.Key) -> HttpResponse:
    """What those who take part have written, the oldest first; empty for who may know of it but not read along."""
    caller = caller_of(request)
    row = market.introduction(key, caller.actor)
    items = [shapes.message_out(face) for face in market.message_faces(row, caller.actor)]
    return pages.read(request, {"items": items})


@router.post("/{key}/messages", auth=WRITING, response={201: shapes.MessageOut}, summary=_("留言"))
def write_message(request: HttpRequest, key: given.Key, payload: given.MessageIn) -> HttpResponse:
    """Write to all who take part."""
    caller = caller_of(request)

    def do() -> tuple[int, dict[str, Any]]:
        row = market.introduction(key, caller.actor)
        actions.contacts.write_message(row, text=payload.text, by=caller.actor, at=caller.at)
        return 201, shapes.message_out(market.message_faces(row, caller.actor)[-1])

    return pages.write(request, do)
