"""The interface, version 1: what it is, problems told in words, and the tables of codes."""

from collections.abc import Iterable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from keqiao.apps.market import answers, kinds
from keqiao.apps.market.models import CoopMode, DeclineReason, NeedKind
from keqiao.apps.market.states import WithdrawReason
from keqiao.engines.matching import Query
from keqiao.web.api import introductions, needs, offers, pages, problems, shapes
from keqiao.web.api.access import caller_of
from keqiao.web.api.listings import matched
from keqiao.web.api.problems import ANSWERS
from keqiao.web.parts import lists

DESCRIPTION = (
    "Reading what is public needs no key. Everything else needs one: `Authorization: Bearer kq_…`. Keys are made on "
    "one's account page; they hold scopes and never allow more than the person may. Errors are RFC 9457 problems with "
    "a stable `code`. Writes take an `Idempotency-Key`; lists are read on with `next`."
)


class Interface(NinjaAPI):
    """Says in its description how one signs in; the keys themselves are read in `access`."""

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**more)
        schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{}, {"key": []}]
        return schema


api = Interface(
    title="Keqiao", version="1.0.0", description=DESCRIPTION, docs_url=None, openapi_url="openapi.json",
    urls_namespace="api", servers=[{"url": "/"}],
)  # fmt: skip
problems.register(api)
api.add_router("/needs", needs.router)
api.add_router("/offers", offers.router)
api.add_router("/introductions", introductions.router)

Table = Literal["fields", "areas", "offer_kinds", "need_kinds", "coop_modes", "decline_reasons", "withdraw_reasons"]


@api.post("/matches", response={200: shapes.Matches} | ANSWERS, summary="Match a problem told in plain words")
def ask(request: HttpRequest, payload: shapes.Question) -> HttpResponse:
    caller = caller_of(request)
    actor, query = caller.may_read("matches:read", f"{payload.listing}s:read"), Query(text=payload.text)
    return matched(answers.answer(payload.listing, query, actor=actor, on=localdate(caller.at), top=payload.top))


@api.get("/codes/{table}", response={200: shapes.Codes} | ANSWERS, summary="A table of codes with their labels")
def get_codes(request: HttpRequest, table: Table) -> HttpResponse:
    at = caller_of(request).at
    tables: dict[str, Any] = {
        "fields": lists.field_choices, "areas": lambda: lists.area_choices(localdate(at)),
        "offer_kinds": _offer_kinds, "need_kinds": lambda: NeedKind.choices, "coop_modes": lambda: CoopMode.choices,
        "decline_reasons": lambda: DeclineReason.choices, "withdraw_reasons": lambda: WithdrawReason.choices,
    }  # fmt: skip
    return pages.answered(200, {"items": _codes(tables[table]())})


def _offer_kinds() -> list[tuple[str, str]]:
    english = (get_language() or "").startswith("en")
    return [(slug, kind.name_en if english else kind.name) for slug, kind in kinds.offer_kinds().items()]


def _codes(rows: Iterable[tuple[str, object]]) -> list[dict[str, str]]:
    return [{"code": code, "label": str(label)} for code, label in rows]
