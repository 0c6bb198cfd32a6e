"""Stable names of listings, as the ledger, the index and addresses write them."""

import secrets

from .models import Listing, Need, Offer

# Crockford's alphabet: no letter that reads like a digit or like another letter.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_key(prefix: str) -> str:
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(9))


def kind_of(listing: Listing) -> str:
    return "need" if isinstance(listing, Need) else "offer"


def subject_of(listing: Listing) -> str:
    return f"{kind_of(listing)}:{listing.key}"


MODELS: dict[str, type[Need] | type[Offer]] = {"need": Need, "offer": Offer}
