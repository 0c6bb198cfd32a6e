"""Regions as packs of data: one folder ``r<code>`` a region, found by discovery, no place name in code.

A pack holds ``region.toml`` (names, defaults, footer slots, local words), ``areas.csv`` (administrative areas, zones
and committees with their validity) and ``departments.csv`` (provincial departments by duty). Areas change: every
question that depends on the day takes the day.
"""

from keqiao.catalogue.regions._load import PACKS, discover, region, regions
from keqiao.catalogue.regions._model import (
    AREA_KINDS,
    AmbiguousAreaError,
    Area,
    Defaults,
    Department,
    Region,
    UnknownAreaError,
    UnknownRegionError,
    Word,
)

__all__ = [
    "AREA_KINDS",
    "PACKS",
    "AmbiguousAreaError",
    "Area",
    "Defaults",
    "Department",
    "Region",
    "UnknownAreaError",
    "UnknownRegionError",
    "Word",
    "discover",
    "region",
    "regions",
]
