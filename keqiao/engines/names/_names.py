"""The plain form and the core of a name, the comparison of two, and the pairs among many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from keqiao.engines.text import normalise

_FORMS = re.compile(
    r"(?:(?:集团|控股|股份|有限|责任|合伙企业|普通合伙|特殊普通合伙|有限合伙|总公司|公司|厂|company|co|ltd|inc|corp|corporation|"
    r"limited|group|llc)[.,]?)+$"
)
_BRACKETS = re.compile(r"[()（）\[\]【】“”\"'·,，.。\-—_/]")
_ORDINAL = frozenset("0123456789一二三四五六七八九十百甲乙丙丁东西南北上下大小新老abcdefghijklmnopqrstuvwxyz")
_PART = re.compile(
    r"(?:分公司|分院|分校|分厂|分所|支行|分行|学院|医院|研究所|研究院|研究中心|中心|实验室|系|部|处|站|室|基地|学校|中学|小学|"
    r"门诊部|附属|办事处|委员会)"
)
_SHORTEST_NEAR, _SHORTEST_PREFIX, _LONGEST_NEAR, _LARGEST_BLOCK = 5, 4, 40, 60


@dataclass(frozen=True)
class Likeness:
    """How alike two names are, and by which rule."""

    score: float
    reason: str


def plain(name: str) -> str:
    """A name without differences of writing.

    >>> plain("示范（集团） 有限公司") == plain("示范(集团)有限公司")
    True
    """
    return _BRACKETS.sub("", "".join(normalise(name).casefold().split()))


def core(name: str, *, places: Sequence[str] = ()) -> str:
    """What is left of a name without the places before it and the legal form behind it; never nothing.

    >>> core("演示省演示市精密机械有限责任公司", places=("演示省", "演示市"))
    '精密机械'
    """
    text = plain(name)
    bare = _FORMS.sub("", text) or text
    for _ in range(3):
        front = next((place for place in places if place and bare.startswith(place) and len(bare) > len(place) + 1), "")
        if not front:
            break
        bare = bare[len(front) :]
    return bare


def compare(one: str, other: str, *, places: Sequence[str] = ()) -> Likeness | None:
    """Why two names may be one body's; None if nothing says so. The order of the two does not matter.

    >>> compare("松江激光设备有限公司", "松江激光设各有限公司").reason
    'one_letter'
    >>> compare("示范大学", "示范大学第一医院") is None
    True
    """
    first, second = plain(one), plain(other)
    if not first or not second:
        return None
    if first == second:
        return Likeness(1.0, "same_name")
    short, long = sorted((core(one, places=places), core(other, places=places)), key=lambda text: (len(text), text))
    if short == long:
        return Likeness(0.9, "same_core")
    if len(short) >= _SHORTEST_NEAR and _is_near(short, long):
        return Likeness(0.8, "one_letter")
    rest = long.removeprefix(short)
    if len(short) >= _SHORTEST_PREFIX and rest != long and not _PART.search(rest):
        return Likeness(0.6, "short_for")
    return None


def pairs(names: Mapping[str, Iterable[str]], *, places: Sequence[str] = ()) -> Iterator[tuple[str, str, Likeness]]:
    """All pairs of keys with two names alike, each once with its best likeness, in the order of their keys.

    >>> list(pairs({"a": ["示范光学有限公司"], "b": ["示范光学厂"], "c": ["别的公司"]}))
    [('a', 'b', Likeness(score=0.9, reason='same_core'))]
    """
    known = {key: list(dict.fromkeys(given)) for key, given in names.items()}
    blocks: dict[str, set[str]] = defaultdict(set)
    for key, given in known.items():
        for name in given:
            for block in _blocks(core(name, places=places), plain(name)):
                blocks[block].add(key)
    wanted = {
        pair for keys in blocks.values() if 1 < len(keys) <= _LARGEST_BLOCK for pair in combinations(sorted(keys), 2)
    }
    for one, other in sorted(wanted):
        found = [compare(a, b, places=places) for a in known[one] for b in known[other]]
        best = max((likeness for likeness in found if likeness), key=lambda likeness: likeness.score, default=None)
        if best is not None:
            yield one, other, best


def _blocks(text: str, whole: str) -> Iterator[str]:
    yield f"={whole}"
    yield f"={text}"
    if _SHORTEST_NEAR <= len(text) <= _LONGEST_NEAR:
        yield f"~{text}"
        for place in range(len(text)):
            yield f"~{text[:place]}{text[place + 1 :]}"
    if len(text) >= _SHORTEST_PREFIX:
        yield f"^{text[:_SHORTEST_PREFIX]}"


def _is_near(short: str, long: str) -> bool:
    """Whether one character was left out, typed wrong, or swapped with its neighbour, and does not tell two apart."""
    if len(long) - len(short) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :] and long[start] not in _ORDINAL
    a, b = short[start:], long[start:]
    if len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]:
        return not {a[0], a[1]} & _ORDINAL
    return a[1:] == b[1:] and not {a[0], b[0]} & _ORDINAL
