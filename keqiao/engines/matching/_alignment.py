"""Which stated indicator of an offer speaks of the attribute a need asks for: names, qualifiers, then the unit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from keqiao.engines.text import Lexicon

SAME, CLOSE, BROAD, LIKE, OTHER = 4, 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: canonical attribute (None when the lexicon knows none), qualifiers, and the bare phrase."""

    attribute: str | None
    qualifiers: str
    phrase: str


@lru_cache(maxsize=65536)
def take_apart(lexicon: Lexicon, name: str, unit: str) -> Name:
    """Split a name into attribute and qualifiers; a telling unit stands in for a missing attribute."""
    phrase = name.strip().lower()
    found = lexicon.attribute(phrase)
    if found is not None and len(phrase) - found[2] <= 2:
        qualifiers = found[1]
        for word in lexicon.ignored:
            qualifiers = qualifiers.replace(word, "")
        attribute = lexicon.by_unit.get(found[0], {}).get(unit, found[0])
        return Name(attribute, qualifiers, phrase)
    return Name(lexicon.units.get(unit), "", phrase)


@lru_cache(maxsize=65536)
def closeness(lexicon: Lexicon, wanted: Name, stated: Name) -> int:
    """How surely two names mean the same attribute: SAME, CLOSE, BROAD, LIKE or OTHER."""
    if opposed(lexicon, wanted.phrase, stated.phrase):
        return OTHER
    if wanted.attribute is not None and stated.attribute is not None:
        if wanted.attribute != stated.attribute:
            return BROAD if wanted.attribute in lexicon.broader.get(stated.attribute, ()) else OTHER
        if wanted.phrase == stated.phrase or wanted.qualifiers == stated.qualifiers:
            return SAME
        return CLOSE
    if not wanted.phrase or not stated.phrase:
        return OTHER
    if wanted.phrase == stated.phrase:
        return SAME
    short, long = sorted((wanted.phrase, stated.phrase), key=len)
    if len(short) >= 2 and long.endswith(short):
        return CLOSE
    return LIKE if _overlap(short, long) >= 0.66 and short[-2:] == long[-2:] else OTHER


def opposed(lexicon: Lexicon, one: str, other: str) -> bool:
    """Whether two names hold qualifiers that exclude each other (进水 and 出水)."""
    if one == other:
        return False
    pairs = zip(_held(lexicon, one), _held(lexicon, other), strict=True)
    return any(first and second and not first & second for first, second in pairs)


@lru_cache(maxsize=65536)
def _held(lexicon: Lexicon, phrase: str) -> tuple[frozenset[str], ...]:
    """Of every group of opposites, the words the phrase holds."""
    return tuple(frozenset(word for word in group if word.lower() in phrase) for group in lexicon.opposites)


def _overlap(one: str, other: str) -> float:
    return 2 * len(set(one) & set(other)) / (len(set(one)) + len(set(other)))
