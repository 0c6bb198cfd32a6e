"""Words that several notices share."""

from django.utils.translation import get_language

from keqiao.apps.market.models import Listing


def title_of(listing: Listing) -> str:
    """The title in the language that is switched on; the Chinese one where there is no English."""
    is_english = (get_language() or "").startswith("en")
    return (listing.title_en if is_english else "") or listing.title
