"""Introductions for programs. Whoever may not know of one gets the answer for one that is not there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from ninja import Query, Router

from keqiao.apps.market import actions
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import IntroductionSource, Need, Offer
from keqiao.web.api import pages, shapes
from keqiao.web.api.access import Caller, caller_of
from keqiao.web.api.problems import ANSWERS

router = Router(tags=["introductions"])


@router.get("", response={200: shapes.IntroductionPage} | ANSWERS, summary="The introductions one may know of")
def list_introductions(
    request: HttpRequest, cursor: str = Query("", max_length=300), limit: int = Query(20, ge=1, le=pages.MOST)
) -> HttpResponse:
    caller = caller_of(request)
    caller.require("introductions:read")
    rows = market.introductions_for(caller.actor)
    found, following = pages.page(rows, by="updated_at", cursor=cursor, limit=limit)
    items = [shapes.introduction_out(face) for face in market.introduction_faces(found, caller.actor, at=caller.at)]
    return pages.answered(200, {"items": items, "next": following})


@router.get("/{key}", response={200: shapes.IntroductionOut} | ANSWERS, summary="One introduction")
def get_introduction(request: HttpRequest, key: shapes.Key) -> HttpResponse:
    caller = caller_of(request)
    caller.require("introductions:read")
    return pages.read(request, _seen(key, caller))


def _seen(key: str, caller: Caller) -> dict[str, Any]:
    row = market.introduction(key, caller.actor)
    return shapes.introduction_out(market.introduction_face(row, caller.actor, at=caller.at))


@router.post("", response={201: shapes.IntroductionOut} | ANSWERS, summary="Introduce a need and an offer")
def introduce(request: HttpRequest, payload: shapes.NewIntroduction) -> HttpResponse:
    caller = caller_of(request)

    def do() -> tuple[int, dict[str, Any]]:
        on = localdate(caller.at)
        need = market.see("need", payload.need, actor=caller.actor, on=on)
        offer = market.see("offer", payload.offer, actor=caller.actor, on=on)
        if not isinstance(need, Need) or not isinstance(offer, Offer):
            raise TypeError("asked for a need and an offer")
        row = actions.introductions.introduce(
            need=need, offer=offer, source=IntroductionSource.INTERFACE, by=caller.actor, at=caller.at
        )
        return 201, _seen(row.key, caller)

    return pages.write(request, caller, "introductions:write", do)


@router.post("/{key}/answer", response={200: shapes.IntroductionOut} | ANSWERS, summary="A side says yes or no")
def answer(request: HttpRequest, key: shapes.Key, payload: shapes.AnswerIn) -> HttpResponse:
    caller = caller_of(request)

    def do() -> tuple[int, dict[str, Any]]:
        row = market.introduction(key, caller.actor)
        actions.introductions.answer(row, by=caller.actor, at=caller.at, **payload.dict())
        return 200, _seen(key, caller)

    return pages.write(request, caller, "introductions:write", do)


@router.post("/{key}/messages", response={201: shapes.IntroductionOut} | ANSWERS, summary="Write to all who take part")
def write_message(request: HttpRequest, key: shapes.Key, payload: shapes.MessageIn) -> HttpResponse:
    caller = caller_of(request)

    def do() -> tuple[int, dict[str, Any]]:
        row = market.introduction(key, caller.actor)
        actions.contacts.write_message(row, text=payload.text, by=caller.actor, at=caller.at)
        return 201, _seen(key, caller)

    return pages.write(request, caller, "introductions:write", do)
