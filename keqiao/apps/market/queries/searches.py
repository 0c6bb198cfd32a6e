"""Searches that somebody keeps, with what is new in each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from keqiao.apps.market.models import SavedSearch
from keqiao.apps.parties.models import User

from .lists import published


def searches_of(user: User) -> QuerySet[SavedSearch]:
    """A person's searches with `new`, how many hits came since they last looked."""
    new = Count("hits", filter=Q(hits__at__gt=F("seen_at")))
    return SavedSearch.objects.filter(user=user).annotate(new=new).order_by("name", "pk")


def hits_of(search: SavedSearch, *, on: date) -> QuerySet[Any]:
    """What a search has found and is still public, newest first."""
    found = search.hits.values("listing_key")
    return published(search.listing, on=on).filter(key__in=found)


def moments_of(search: SavedSearch, keys: Iterable[str]) -> dict[str, datetime]:
    """When each of some listings was found."""
    return dict(search.hits.filter(listing_key__in=list(keys)).values_list("listing_key", "at"))
