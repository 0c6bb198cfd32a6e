"""What a listing that is kept back would give away in the part that everyone can read."""

import re

from keqiao.engines.text import normalise

from .models import Listing, Need, Secrecy

HIDDEN = (Secrecy.ABSTRACT_ONLY, Secrecy.INTRODUCTION)


def problems(listing: Listing) -> dict[str, list[str]]:
    """Errors by field: a missing abstract, the firm's own name or an indicator's number in title or abstract."""
    found: dict[str, list[str]] = {}
    if listing.secrecy != Secrecy.PUBLIC and not listing.abstract.strip():
        found["abstract"] = ["该条目不公开全文，请填写可公开的摘要。"]
    # Who makes an offer is public, and what its abstract promises is the maker's own choice.
    if listing.secrecy not in HIDDEN or not isinstance(listing, Need):
        return found
    names = _names(listing)
    numbers = {number for row in listing.indicators.all() if len(number := f"{row.low:g}") > 1}
    for field in ("title", "abstract", "title_en", "abstract_en"):
        text = normalise(getattr(listing, field))
        leaks = [name for name in names if name in text]
        leaks += sorted(numbers & set(re.findall(r"\d+(?:\.\d+)?", text)))
        if leaks:
            found.setdefault(field, []).append(f"公开部分出现了需保密的内容：{'、'.join(leaks)}。")
    return found


def _names(need: Need) -> list[str]:
    organization = need.organization
    names = [organization.name, organization.name_en, *(row.name for row in organization.names.all())]
    return [normalise(name) for name in names if name]
