"""The region this installation serves, and questions about its places."""

from django.conf import settings

from keqiao.catalogue import regions
from keqiao.catalogue.regions import Region


def region() -> Region:
    return regions.region(settings.REGION)


def lineage(area: str) -> tuple[str, ...]:
    """The codes of a place and of everything it lies in, the place first; an unknown code stands for itself."""
    return region().lineage(area) if area else ()
