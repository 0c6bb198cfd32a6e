"""The region this installation serves, and questions about its places."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from keqiao.catalogue import regions
from keqiao.catalogue.regions import Area, Region

# The cell of a table for what lies in no place of the region.
OUTSIDE = "outside"


def region() -> Region:
    return regions.region(settings.REGION)


def lineage(area: str) -> tuple[str, ...]:
    """The codes of a place and of everything it lies in, the place first; an unknown code stands for itself."""
    return region().lineage(area) if area else ()


def label(area: str, *, language: str) -> str:
    """The name of a place in a language; the code itself if the region's pack does not know it."""
    return region().label(area, language)


def city(area: str) -> str:
    """The place right below the region that a place lies in; OUTSIDE for what lies nowhere in it, empty for none."""
    if not area:
        return ""
    line = lineage(area)
    if region().root.code not in line:
        return OUTSIDE
    return line[-2] if len(line) > 1 else line[-1]


def choices(on: date) -> tuple[Area, ...]:
    """The places one may choose on a day: the level right below the region's own area."""
    return region().choices_on(on)


def inside(area: str, *, on: date) -> tuple[str, ...]:
    """The codes of a place and of every place inside it, zones without a code of the standard included."""
    return (area, *(below.code for below in region().areas_on(on) if area in lineage(below.code)[1:]))


def served_by(areas: Iterable[str]) -> frozenset[str] | None:
    """The places that officers of some areas serve, all times included; None means every place, even unknown ones.

    Whoever serves the whole region serves what lies in no place of its pack, too, so that nothing is left lying.
    """
    served = frozenset(areas)
    if region().root.code in served:
        return None
    return served | {code for code in region().areas if served & set(lineage(code))}
