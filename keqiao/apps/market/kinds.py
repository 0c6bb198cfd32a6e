"""The offer kinds of this installation: those shipped and those in folders it names itself."""

from pathlib import Path

from django.conf import settings

from keqiao.catalogue import offers
from keqiao.catalogue.offers import OfferKind


def offer_kinds() -> dict[str, OfferKind]:
    return offers.offer_kinds(tuple(Path(folder) for folder in settings.OFFER_KIND_FOLDERS))
