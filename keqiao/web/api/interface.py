"""The interface, version 1: what it is, problems told in words, and the tables of codes."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from keqiao.apps.market import answers
from keqiao.apps.market.models import CoopMode, DeclineReason, IpPolicy, NeedKind
from keqiao.apps.market.states import WithdrawReason
from keqiao.engines.matching import Query
from keqiao.web.api import given, introductions, needs, offers, pages, problems, shapes
from keqiao.web.api.access import Gate, caller_of
from keqiao.web.api.description import Description
from keqiao.web.api.guard import guarded
from keqiao.web.parts import lists

DESCRIPTION = (
    "Reading what is public needs no key. Everything else needs one: `Authorization: Bearer kq_…`. Keys are made on "
    "one's account page; they hold scopes and never allow more than the person may. Errors are RFC 9457 problems with "
    "a stable `code`. Writes take an `Idempotency-Key`; lists are read on with `next`."
)


class Interface(NinjaAPI):
    """Every address passes the guard; the description says what gate and guard ask for."""

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        prefix = more.get("path_prefix") or self.get_root_path(more.get("path_params") or {})
        return _described(prefix, get_language() or "")

    def _get_urls(self) -> list[Any]:
        patterns: list[Any] = super()._get_urls()
        for pattern in patterns:
            pattern.callback = guarded(pattern.callback, failed=self.on_exception)
        return patterns


@lru_cache
def _described(prefix: str, language: str) -> OpenAPISchema:
    """One description a language: writing it takes as long as answering ten requests."""
    return Description(api, prefix)


api = Interface(
    title="Keqiao", version="1.0.0", description=DESCRIPTION, docs_url=None, openapi_url="openapi.json",
    urls_namespace="api", servers=[{"url": "/", "description": "The site that serves this description."}],
    auth=Gate(),
)  # fmt: skip
problems.register(api)
api.add_router("/needs", needs.router)
api.add_router("/offers", offers.router)
api.add_router("/introductions", introductions.router)

Table = Literal[
    "fields", "areas", "offer_kinds", "need_kinds", "coop_modes", "ip_policies", "decline_reasons", "withdraw_reasons"
]


@api.post(
    "/matches", auth=Gate(("matches:read",), is_open=True), response=shapes.Matches, summary=_("用一段话匹配"),
    tags=["matches"],
)  # fmt: skip
def match(request: HttpRequest, payload: given.Question) -> HttpResponse:
    """What could solve a problem told in plain words, the most useful first, with reasons. Nothing of it is kept."""
    caller = caller_of(request)
    caller.may_read(f"{payload.listing}s:read")
    query, on = Query(text=payload.text), localdate(caller.at)
    found = answers.answer(payload.listing, query, actor=caller.actor, on=on, top=payload.top)
    return pages.answered(200, shapes.matches_out(found))


@api.get("/codes/{table}", response=shapes.Codes, summary=_("代码表"), tags=["codes"])
def get_codes(request: HttpRequest, table: Table) -> HttpResponse:
    """A table of codes with their labels."""
    at = caller_of(request).at
    tables: dict[str, Callable[[], Any]] = {
        "fields": lists.field_choices, "areas": lambda: lists.area_choices(localdate(at)),
        "offer_kinds": lists.kind_choices, "need_kinds": lambda: NeedKind.choices,
        "coop_modes": lambda: CoopMode.choices, "ip_policies": lambda: IpPolicy.choices,
        "decline_reasons": lambda: DeclineReason.choices, "withdraw_reasons": lambda: WithdrawReason.choices,
    }  # fmt: skip
    return pages.read(request, {"items": _codes(tables[table]())})


def _codes(rows: Iterable[tuple[str, object]]) -> list[dict[str, str]]:
    return [{"code": code, "label": str(label)} for code, label in rows]
