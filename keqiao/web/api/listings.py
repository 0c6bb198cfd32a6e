"""What needs and offers have in common: lists, one of them, writing, steps."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import StringConstraints

from keqiao.apps.market import actions, answers, narrowing
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import Urgency
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.web.api import given, pages, shapes
from keqiao.web.api.access import Caller, Gate, caller_of
from keqiao.web.parts import lists

OTHER = {"need": "offer", "offer": "need"}
# What the interface calls `kind` is called otherwise in the lists of needs.
RENAMED = {"need_kind": "kind"}
CHOSEN = {"need": {"field": "field", "area": "area", "kind": "need_kind", "urgency": "urgency"},
          "offer": {"field": "field", "area": "area", "kind": "kind", "trl": "trl"}}  # fmt: skip
Cursor = Annotated[str, Field("", max_length=300, description="`next` of the page before.")]
Limit = Annotated[int, Field(20, ge=1, le=pages.MOST, description="How many at most.")]
Since = Annotated[
    datetime | None,
    Field(None, description="Changed at this moment or later, the oldest change first: the order for keeping a copy."),
]
Code = Annotated[str, StringConstraints(max_length=30, pattern=r"^[\w.-]*$")]


class Filters(Schema):
    """The filters of a list, and where to read on."""

    cursor: Cursor
    limit: Limit
    q: str = Field("", max_length=100, description="Words that it holds.")
    field: Code = Field("", description="A code of /codes/fields.")
    area: Code = Field("", description="A code of /codes/areas; places inside it count.")
    updated_since: Since
    mine: bool = Field(False, description="One's own in all states, the newest change first.")


class NeedFilters(Filters):
    kind: Code = Field("", description="A code of /codes/need_kinds.")
    urgency: Urgency | None = None


class OfferFilters(Filters):
    kind: Code = Field("", description="A code of /codes/offer_kinds.")
    trl: int | None = Field(None, ge=1, le=9, description="Technology readiness level, at least.")


@dataclass(frozen=True)
class Listings:
    """One of the two kinds of listings as the interface serves it."""

    name: str
    create: Callable[..., Any]
    edit: Callable[..., Any]

    @property
    def reading(self) -> Gate:
        return Gate((f"{self.name}s:read",), is_open=True)

    @property
    def writing(self) -> Gate:
        return Gate((f"{self.name}s:write",))

    @property
    def matching(self) -> Gate:
        return Gate(("matches:read", f"{self.name}s:read", f"{OTHER[self.name]}s:read"), is_open=True)

    def page(self, request: HttpRequest, filters: NeedFilters | OfferFilters) -> HttpResponse:
        pages.require_known(request, type(filters).model_fields)
        caller, moment = caller_of(request), pages.since(filters.updated_since)
        rows = self._chosen(filters, caller=caller)
        name = f"{self.name}:mine" if filters.mine else self.name
        if moment is not None:
            rows = rows.filter(updated_at__gte=moment)
            order = pages.Order(f"{name}:changed", is_oldest_first=True)
        else:
            order = pages.Order(name, "updated_at" if filters.mine else "published_at")
        found, following = pages.page(rows, order=order, cursor=filters.cursor, limit=filters.limit)
        items = [shapes.listing_out(face) for face in market.faces(found, caller.actor)]
        return pages.read(request, {"items": items, "next": following})

    def _chosen(self, filters: NeedFilters | OfferFilters, *, caller: Caller) -> QuerySet[Any]:
        on = localdate(caller.at)
        if filters.mine:
            caller.require(f"{self.name}s:read")
            rows = market.listings_of(self.name, actor=caller.actor)
        else:
            rows = market.published(self.name, on=on)
        wanted = {name: given.plain(getattr(filters, own)) for own, name in CHOSEN[self.name].items()}
        chosen = lists.FILTERS[self.name](wanted, queryset=rows, on=on)
        if not chosen.form.is_valid():
            raise ValidationError({RENAMED.get(key, key): list(texts) for key, texts in chosen.form.errors.items()})
        words = given.checked_text(filters.q.strip(), name="q")
        if not words:
            return chosen.qs
        if filters.mine:  # drafts are in no index
            return chosen.qs.filter(title__icontains=words)
        return chosen.qs.filter(pk__in=narrowing.search(rows, self.name, words))

    def one(self, request: HttpRequest, key: str) -> HttpResponse:
        caller = caller_of(request)
        return pages.read(request, self._seen(key, actor=caller.actor, at=caller.at))

    def _seen(self, key: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
        return shapes.listing_out(market.face(market.see(self.name, key, actor=actor, on=localdate(at)), actor))

    def matches(self, request: HttpRequest, key: str, top: int) -> HttpResponse:
        pages.require_known(request, ("top",))
        caller = caller_of(request)
        actor, on = caller.actor, localdate(caller.at)
        row = market.see(self.name, key, actor=actor, on=on)
        query = answers.query_of(row, full=not market.face(row, actor).hidden)
        found = answers.answer(OTHER[self.name], query, actor=actor, on=on, top=top)
        return pages.read(request, shapes.matches_out(found))

    def write(self, request: HttpRequest, payload: given.NewNeed | given.NewOffer, **more: Any) -> HttpResponse:
        """Write down a draft for an organisation."""
        caller = caller_of(request)

        def do() -> tuple[int, dict[str, Any]]:
            body = parties.organizations().filter(key=payload.organization).first()
            if body is None:
                raise ValidationError({"organization": _("没有登记这个代码的单位。")})
            values = {key: value for key, value in payload.given().items() if key not in ("organization", "kind")}
            author = caller.key.user
            row = self.create(organization=body, author=author, by=caller.actor, at=caller.at, **values, **more)
            return 201, self._seen(row.key, actor=caller.actor, at=caller.at)

        return pages.write(request, do)

    def change(self, request: HttpRequest, key: str, payload: given.ListingIn) -> HttpResponse:
        """Change a draft, if it is still what the caller read (If-Match)."""
        caller = caller_of(request)

        def do() -> tuple[int, dict[str, Any]]:
            row = market.see(self.name, key, actor=caller.actor, on=localdate(caller.at))
            # Held first: of two who read the same version only one may find it unchanged.
            actions.lock(row)
            pages.require_fresh(request, self._seen(key, actor=caller.actor, at=caller.at))
            self.edit(row, by=caller.actor, at=caller.at, **payload.given())
            return 200, self._seen(key, actor=caller.actor, at=caller.at)

        return pages.write(request, do)

    def step(self, request: HttpRequest, key: str, step: str, payload: given.StepIn) -> HttpResponse:
        caller = caller_of(request)

        def do() -> tuple[int, dict[str, Any]]:
            row = market.see(self.name, key, actor=caller.actor, on=localdate(caller.at))
            more = {"reason": given.plain(payload.reason)} if step == "withdraw" else {}
            getattr(actions, step)(row, by=caller.actor, at=caller.at, **more)
            return 200, self._seen(key, actor=caller.actor, at=caller.at)

        return pages.write(request, do)
