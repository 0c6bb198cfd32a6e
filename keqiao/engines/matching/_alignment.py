"""Which stated indicator of an offer speaks of the attribute a need asks for.

Method: a name is taken apart into a canonical attribute, qualifiers and the wording. Wordings of one attribute mean the
same unless the attribute is a family (噪声, 响应时间, 准确率: one dimension, many different things); in a family, and
between names the lexicon does not know, the heads must agree (the last word, with its synonyms: 误差 and 精度) and the
modifiers must not exclude each other: one side bare, or all of one side found in the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from keqiao.engines.text import Lexicon

SAME, CLOSE, BROAD, LIKE, OTHER = 4, 3, 2, 1, 0
_NEUTRAL = ("指数", "数值", "范围", "大小", "水平", "指标", "能力", "性能", "值", "率", "量", "数")

_CHANGES = re.compile("变|差|比|漂|波|增|降|损|升|误|偏|稳|均|效|敏|率")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: canonical attribute (None when the lexicon knows none), qualifiers, and the bare phrase."""

    attribute: str | None
    qualifiers: str
    phrase: str
    word: str = ""


@lru_cache(maxsize=65536)
def take_apart(lexicon: Lexicon, name: str, unit: str) -> Name:
    """Split a name into attribute and qualifiers; a telling unit stands in for a missing attribute."""
    phrase = name.strip().lower()
    found = lexicon.attribute(phrase)
    if found is not None and _says_nothing(phrase[found[2] :]):
        qualifiers = _plain(lexicon, found[1])
        meant = lexicon.by_unit.get(found[0], {}).get(unit)
        word = meant.lower() if meant else phrase[len(found[1]) : found[2]]
        return Name(meant or found[0], qualifiers, phrase, word)
    return Name(lexicon.units.get(unit) if not phrase else None, "", phrase, phrase)


@lru_cache(maxsize=65536)
def closeness(lexicon: Lexicon, wanted: Name, stated: Name) -> int:
    """How surely two names mean the same attribute: SAME, CLOSE, BROAD, LIKE or OTHER."""
    if opposed(lexicon, wanted.phrase, stated.phrase):
        return OTHER
    if wanted.attribute is not None and stated.attribute is not None:
        if wanted.attribute != stated.attribute:
            broad = wanted.attribute in lexicon.broader.get(stated.attribute, ())
            return min(BROAD, _wording(lexicon, wanted.phrase, stated.phrase, kin=True)) if broad else OTHER
        return _within(lexicon, wanted, stated)
    if not wanted.phrase or not stated.phrase:
        return OTHER
    level = _wording(lexicon, wanted.phrase, stated.phrase, kin=False)
    if level > OTHER:
        return level
    one, other = wanted.phrase, stated.phrase
    return LIKE if _overlap(one, other) >= 0.66 and one[-2:] == other[-2:] else OTHER


def opposed(lexicon: Lexicon, one: str, other: str) -> bool:
    """Whether two names hold qualifiers that exclude each other (进水 and 出水)."""
    if one == other:
        return False
    pairs = zip(_held(lexicon, one), _held(lexicon, other), strict=True)
    return any(first and second and not first & second for first, second in pairs)


@lru_cache(maxsize=65536)
def _held(lexicon: Lexicon, phrase: str) -> tuple[frozenset[str], ...]:
    """Of every group of opposites, the words the phrase holds; a ranking asks for the same names again and again."""
    return tuple(frozenset(word for word in group if word.lower() in phrase) for group in lexicon.opposites)


def _within(lexicon: Lexicon, wanted: Name, stated: Name) -> int:
    """How close two wordings of one attribute are."""
    if wanted.phrase == stated.phrase:
        return SAME
    groups = lexicon.families.get(wanted.attribute or "")
    if groups is not None and wanted.word != stated.word and not _grouped(groups, wanted, stated):
        return max(LIKE, _wording(lexicon, wanted.phrase, stated.phrase, kin=False))
    if wanted.qualifiers == stated.qualifiers:
        return SAME
    return CLOSE if _compatible(wanted.qualifiers, stated.qualifiers) else LIKE


def _grouped(groups: tuple[frozenset[str], ...], one: Name, other: Name) -> bool:
    """Whether a group holds both words; a bare head with a modifier (附加 + 损耗) is not the head with another."""
    for bare, full in ((one, other), (other, one)):
        if bare.qualifiers and full.word.endswith(bare.word):
            return False
    return any(one.word in group and other.word in group for group in groups)


def _says_nothing(ending: str) -> bool:
    """Whether what follows an attribute leaves it the same: 脱盐率值, but not 插入损耗变化."""
    return not ending or ending in _NEUTRAL or (len(ending) <= 2 and not _CHANGES.search(ending))


def _wording(lexicon: Lexicon, one: str, other: str, *, kin: bool) -> int:
    """Compare two wordings by head and modifiers; `kin`: the lexicon lets one stand for the other."""
    first, second = _plain(lexicon, one), _plain(lexicon, other)
    if first == second and first:
        return SAME
    if _stem(first) == _stem(second) and len(_stem(first)) > 1:
        return CLOSE
    first, second = _headed(lexicon, first), _headed(lexicon, second)
    short, long = sorted((first, second), key=len)
    tail = _common_tail(short, long)
    if not tail:
        return BROAD if kin else OTHER
    modifiers = short[: len(short) - tail], long[: len(long) - tail]
    if not modifiers[0]:
        return CLOSE if len(short) > 1 else LIKE
    if tail < 2 and not kin and len(short) < 3:
        return LIKE
    return CLOSE if _ordered(modifiers[0], modifiers[1]) else LIKE


def _plain(lexicon: Lexicon, phrase: str) -> str:
    """The phrase without qualifiers that say nothing; a phrase of such words alone stays as it is."""
    bare = phrase
    for word in lexicon.ignored:
        bare = bare.replace(word, "")
    return bare


def _stem(phrase: str) -> str:
    """The phrase without a neutral ending: 黄度指数 and 黄度, 脱盐率 and 脱盐."""
    for ending in _NEUTRAL:
        if phrase.endswith(ending) and len(phrase) - len(ending) > 1:
            return phrase[: -len(ending)]
    return phrase


def _headed(lexicon: Lexicon, phrase: str) -> str:
    """The phrase with its head in one spelling: 定位误差 → 定位精度."""
    for size in (4, 3, 2):
        head = lexicon.heads.get(phrase[-size:])
        if head is not None:
            return phrase[:-size] + head
    return phrase


def _common_tail(one: str, other: str) -> int:
    length = 0
    while length < len(one) and length < len(other) and one[-1 - length] == other[-1 - length]:
        length += 1
    return length


def _compatible(one: str, other: str) -> bool:
    """Whether modifiers do not exclude each other: one side bare, or all of it found in the other."""
    short, long = sorted((one, other), key=len)
    return _ordered(short, long)


def _ordered(short: str, long: str) -> bool:
    """Whether `short` is found in `long`, in order, gaps allowed (辊清理 in 辊子清理)."""
    rest = iter(long)
    return all(character in rest for character in short)


def _overlap(one: str, other: str) -> float:
    return 2 * len(set(one) & set(other)) / (len(set(one)) + len(set(other)))
