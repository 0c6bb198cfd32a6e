"""Which listings an actor may know of, newest first."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from keqiao.apps.market import permissions
from keqiao.apps.market.models import Listing, Need, Offer, State
from keqiao.apps.market.names import MODELS
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization

# What a list never shows is not read: full texts are most of a row.
_UNREAD = ("text", "text_en")
_UNREAD_NEED = (*_UNREAD, "background", "background_en", "benchmark", "ip_note")
_UNREAD_OFFER = (*_UNREAD, "details")


def published(listing: str, *, on: date) -> QuerySet[Any]:
    """Published needs or offers whose last day has not passed, for everybody's lists."""
    rows = MODELS[listing]._default_manager.filter(state=State.PUBLISHED, expires_date__gt=on)
    unread = _UNREAD_NEED if listing == "need" else _UNREAD_OFFER
    return rows.select_related("organization", "author").defer(*unread).order_by("-published_at", "-id")


def in_order(rows: QuerySet[Any], keys: Iterable[int]) -> list[Any]:
    """The rows with these primary keys, in the order of the keys; a row that is not among them is left out."""
    wanted = list(keys)
    read = {row.pk: row for row in rows.filter(pk__in=wanted).order_by()}
    return [read[key] for key in wanted if key in read]


def newest(listing: str, *, on: date, most: int) -> list[Any]:
    """The latest published needs or offers; their keys are found in the index alone."""
    rows = published(listing, on=on)
    return in_order(rows, rows.values_list("pk", flat=True)[:most])


def see(listing: str, key: str, *, actor: Actor, on: date) -> Listing:
    """One listing the actor may know of; DoesNotExist otherwise, so that a hidden one looks like none."""
    model = MODELS[listing]
    joined = ("organization", "author") if listing == "need" else ("organization", "author", "person")
    row = model._default_manager.select_related(*joined).prefetch_related("indicators").get(key=key)
    if not permissions.can_see(actor, row, on=on).allowed:
        raise model.DoesNotExist(f"no {listing} {key}")
    return row


def listings_of(listing: str, *, actor: Actor) -> QuerySet[Any]:
    """The actor's own: of the bodies they belong to, and what they wrote for others."""
    rows = MODELS[listing]._default_manager.select_related("organization", "author")
    own = Q(organization__key__in=actor.organizations())
    if actor.has(*permissions.COLLECTORS) and actor.key.startswith("user:"):
        own |= Q(author__key=actor.key.removeprefix("user:"))
    return rows.filter(own).order_by("-updated_at", "-id")


def screening_queue(listing: str, *, actor: Actor) -> QuerySet[Any]:
    """What waits for the officer, oldest first: the places the officer serves, without their own body's."""
    rows = MODELS[listing]._default_manager.select_related("organization", "author")
    waiting = rows.filter(state__in=(State.SUBMITTED, State.SCREENED))
    if not actor.is_product:
        served = places.served_by(actor.areas())
        waiting = waiting if served is None else waiting.filter(area__in=served)
    return waiting.exclude(organization__key__in=actor.organizations()).order_by("updated_at", "id")


def related_of(organization: Organization, listing: str, *, on: date) -> QuerySet[Any]:
    """What a body shows to everybody: needs that hide whose they are, are left out."""
    rows = published(listing, on=on).filter(organization=organization)
    return rows.filter(secrecy__in=("public", "registered")) if listing == "need" else rows


def listing_counts(*, on: date) -> dict[str, int]:
    """How many published listings there are, offers also by kind."""
    live = {"state": State.PUBLISHED, "expires_date__gt": on}
    kinds: Sequence[tuple[str, int]] = tuple(
        Offer.objects.filter(**live).values_list("kind").annotate(n=Count("pk")).order_by()
    )
    return {**dict(kinds), "need": Need.objects.filter(**live).count(), "offer": sum(n for _, n in kinds)}
