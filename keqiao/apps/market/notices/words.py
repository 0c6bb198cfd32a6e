"""Words that several notices share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import get_language

from keqiao.apps.ledger.models import Entry, EntryValues
from keqiao.apps.market.models import Event, Listing, PricingNotice
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import Organization, Role, User


def title_of(listing: Listing | Event | PricingNotice) -> str:
    """The title in the language that is switched on; the Chinese one where there is no English."""
    is_english = (get_language() or "").startswith("en")
    return (listing.title_en if is_english else "") or listing.title


def value_of(entry: Entry, name: str) -> Any:
    """What a field held in an entry; None once it was erased."""
    kept = EntryValues.objects.filter(entry=entry).first()
    return kept.values.get(name) if kept else None


def once(people: Iterable[User]) -> list[User]:
    """Each person once, in their order."""
    return list({user.pk: user for user in people}.values())


def writers_of(*bodies: Organization | None, on: date) -> list[User]:
    """Those who write for some bodies, as far as these stand in the register."""
    known = [body.pk for body in bodies if body is not None]
    return list(parties.people_with(Role.EDITOR, Role.MANAGER, on=on, organization__in=known))
