"""What needs and offers have in common: lists, one of them, writing, steps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from ninja import Query, Schema

from keqiao.apps.market import actions, answers
from keqiao.apps.market import queries as market
from keqiao.apps.market.actions.inputs import lock
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.web.api import pages, shapes
from keqiao.web.api.access import caller_of
from keqiao.web.parts import lists

KIND_FILTERS = {"need": "need_kind", "offer": "kind"}
OTHER = {"need": "offer", "offer": "need"}
YEARS = range(1900, 9000)  # at the ends of the calendar a change of zone leaves it


class Filters(Schema):
    """The filters of a list, and where to read on."""

    cursor: str = Query("", max_length=300, description="`next` of the page before.")
    limit: int = Query(20, ge=1, le=pages.MOST)
    field: str = Query("", max_length=30, description="A code of /codes/fields.")
    area: str = Query("", max_length=20, description="A code of /codes/areas; places inside it count.")
    kind: str = Query("", max_length=30)
    updated_since: datetime | None = Query(None, description="Changed at this moment or later.")
    mine: bool = Query(False, description="One's own, drafts included, by their last change.")


@dataclass(frozen=True)
class Listings:
    """One of the two kinds of listings as the interface serves it."""

    name: str
    create: Callable[..., Any]
    edit: Callable[..., Any]

    @property
    def reads(self) -> str:
        return f"{self.name}s:read"

    @property
    def writes(self) -> str:
        return f"{self.name}s:write"

    def page(self, request: HttpRequest, filters: Filters) -> HttpResponse:
        caller = caller_of(request)
        actor, on = caller.may_read(self.reads), localdate(caller.at)
        if filters.mine:
            caller.require(self.reads)
        rows = market.listings_of(self.name, actor=actor) if filters.mine else market.published(self.name, on=on)
        given = {"field": filters.field, "area": filters.area, KIND_FILTERS[self.name]: filters.kind}
        chosen = lists.FILTERS[self.name](given, queryset=rows, on=on)
        if not chosen.form.is_valid():
            raise ValidationError({key: list(texts) for key, texts in chosen.form.errors.items()})
        rows = chosen.qs
        if filters.updated_since is not None:
            if filters.updated_since.year not in YEARS:
                raise ValidationError({"updated_since": _("请填写有效日期，例如 2026-12-31。")})
            rows = rows.filter(updated_at__gte=_aware(filters.updated_since))
        by = "updated_at" if filters.mine else "published_at"
        found, following = pages.page(rows, by=by, cursor=filters.cursor, limit=filters.limit)
        items = [shapes.listing_out(face) for face in market.faces(found, actor)]
        return pages.answered(200, {"items": items, "next": following})

    def one(self, request: HttpRequest, key: str) -> HttpResponse:
        caller = caller_of(request)
        actor = caller.may_read(self.reads)
        return pages.read(request, self._seen(key, actor=actor, at=caller.at))

    def _seen(self, key: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
        return shapes.listing_out(market.face(market.see(self.name, key, actor=actor, on=localdate(at)), actor))

    def matches(self, request: HttpRequest, key: str, top: int) -> HttpResponse:
        caller = caller_of(request)
        actor, on = caller.may_read("matches:read", self.reads, f"{OTHER[self.name]}s:read"), localdate(caller.at)
        row = market.see(self.name, key, actor=actor, on=on)
        query = answers.query_of(row, full=not market.face(row, actor).hidden)
        return matched(answers.answer(OTHER[self.name], query, actor=actor, on=on, top=top))

    def write(self, request: HttpRequest, payload: shapes.NewNeed | shapes.NewOffer, **more: Any) -> HttpResponse:
        """Write down a draft for an organisation."""
        caller = caller_of(request)

        def do() -> tuple[int, dict[str, Any]]:
            token = caller.require(self.writes)
            body = parties.organizations().filter(key=payload.organization).first()
            if body is None:
                raise ValidationError({"organization": _("没有登记这个代码的单位。")})
            values = {key: value for key, value in payload.given().items() if key not in ("organization", "kind")}
            row = self.create(organization=body, author=token.user, by=caller.actor, at=caller.at, **values, **more)
            return 201, self._seen(row.key, actor=caller.actor, at=caller.at)

        return pages.write(request, caller, self.writes, do)

    def change(self, request: HttpRequest, key: str, payload: shapes.ListingIn) -> HttpResponse:
        """Change a draft, if it is still what the caller read (If-Match)."""
        caller = caller_of(request)

        def do() -> tuple[int, dict[str, Any]]:
            row = market.see(self.name, key, actor=caller.actor, on=localdate(caller.at))
            lock(row)  # of two who change the same version at once the second finds it changed
            pages.require_fresh(request, self._seen(key, actor=caller.actor, at=caller.at))
            self.edit(row, by=caller.actor, at=caller.at, **payload.given())
            return 200, self._seen(key, actor=caller.actor, at=caller.at)

        return pages.write(request, caller, self.writes, do)

    def step(self, request: HttpRequest, key: str, step: str, payload: shapes.StepIn) -> HttpResponse:
        caller = caller_of(request)

        def do() -> tuple[int, dict[str, Any]]:
            row = market.see(self.name, key, actor=caller.actor, on=localdate(caller.at))
            more = {"reason": payload.reason} if step == "withdraw" else {}
            getattr(actions, step)(row, by=caller.actor, at=caller.at, **more)
            return 200, self._seen(key, actor=caller.actor, at=caller.at)

        return pages.write(request, caller, self.writes, do)


def matched(found: answers.Answers) -> HttpResponse:
    items = [shapes.match_out(row) for row in found.rows]
    return pages.answered(200, {"ready": found.ready, "doubtful": found.doubtful, "items": items})


def _aware(moment: datetime) -> datetime:
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
