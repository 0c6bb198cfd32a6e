"""Programmes, organisations and cited documents by the way their names end."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from keqiao.engines.replies._departments import Speakers, short
from keqiao.engines.replies._model import CitedDocument, Name
from keqiao.engines.replies._view import View
from keqiao.engines.replies._vocabulary import Vocabulary, words

_EDGE = re.compile(r"[，。；：、！？\n\t《》“”〔〕\d%]")
_TITLE = re.compile(
    r"《([^《》\n]{2,120})》(?:（([一-鿿A-Za-z]{0,16}(?:〔\d{4}〕\d{1,5}号|[A-Z]{2}/?T? ?\d[\d.\-—]{3,20}))）)?"
)
_QUOTED = re.compile(r"“([^“”，。；\n]{2,44})”([^“”，。；：、\n《》]{0,14})")
_EVENT = re.compile("系列活动|活动|大赛|论坛|对接会")
_TRADE = ("技术", "研究", "师", "学", "院", "实验", "类", "机械")
_LONGEST, _QUOTE = 22, 14


@dataclass(frozen=True)
class Mention:
    """One place that names something."""

    start: int
    end: int
    name: str
    kind: str


class Names:
    """All mentions of programmes in a flat text, found by position."""

    def __init__(self, flat: str, vocabulary: Vocabulary) -> None:
        self._ends = _Ends(vocabulary, "programmes")
        self.programmes = _merged(
            [*_quoted(flat, self._ends), *_suffixed(flat, self._ends, vocabulary), *_known(flat, vocabulary)]
        )
        self._starts = [one.start for one in self.programmes]

    def without(self, unwanted: Callable[[Mention], bool]) -> Names:
        """The same without the names of some kind."""
        fewer = copy(self)
        fewer.programmes = [one for one in self.programmes if not unwanted(one)]
        fewer._starts = [one.start for one in fewer.programmes]
        return fewer

    def last(self, start: int, end: int) -> Mention | None:
        """The last programme that begins in flat[start:end]."""
        at = bisect_left(self._starts, end) - 1
        return self.programmes[at] if at >= 0 and self.programmes[at].start >= start else None

    def first(self, start: int, end: int) -> Mention | None:
        """The first programme that begins in flat[start:end]."""
        at = bisect_right(self._starts, start - 1)
        return self.programmes[at] if at < len(self.programmes) and self.programmes[at].start < end else None


class _Ends:
    """The ends of one kind of names, with the words such a name does not reach back over."""

    def __init__(self, vocabulary: Vocabulary, group: str) -> None:
        self.kinds = vocabulary.endings[group]
        self.pattern = words(self.kinds).pattern
        self.behind_kinds = {**self.kinds, **vocabulary.endings["behind_quotes"]}
        self.behind = words(self.behind_kinds).pattern
        self.whole = frozenset(vocabulary.endings["whole"]["words"])
        self.weak = frozenset(vocabulary.endings["weak"]["words"])
        self.quoted = {**self.kinds, **vocabulary.endings["quoted"]}
        self.inner = re.compile(rf"(?:{words(self.quoted).pattern.pattern})$")
        self.stops = words(vocabulary.endings["stops"]["words"])


def _quoted(flat: str, ends: _Ends) -> list[Mention]:
    found = []
    for one in _QUOTED.finditer(flat):
        own = ends.inner.search(one[1])
        if own:
            end = one.end(1) + 1
            found.append(Mention(one.start(), end, flat[one.start() : end], ends.quoted[own.group()]))
        tail = None
        for tail in (_EVENT if len(one[1]) > _QUOTE else ends.behind).finditer(one[2]):
            if tail.end() <= 12:
                break
        if tail is None or ends.stops.found(one[2][: tail.start()].replace("支持", "")):
            continue
        end = one.start(2) + tail.end()
        found.append(Mention(one.start(), end, flat[one.start() : end], ends.behind_kinds.get(tail.group(), "event")))
    return found


def _suffixed(flat: str, ends: _Ends, vocabulary: Vocabulary) -> list[Mention]:
    found = []
    for tail in ends.pattern.finditer(flat):
        if tail.group().endswith("工程") and flat.startswith(_TRADE, tail.end()):
            continue  # 工程技术研究中心 is no 工程
        floor = max(0, tail.end() - _LONGEST - 6)
        start = floor
        for edge in _EDGE.finditer(flat, floor, tail.start()):
            start = edge.end()
        start = _back_to_stop(flat, start, tail.start(), ends)
        if flat[start - 1 : start].isdigit() or flat[start - 1 : start] in ("余", "多", "万", "）"):
            unit = vocabulary.unit_at(flat, start)
            start = unit[0] if unit else start
        if flat[start : start + 1] in "）有":
            start += 1
        length = tail.end() - start
        least = 4 if tail.group() in ends.weak else 2
        if (length - len(tail.group()) >= least or tail.group() in ends.whole) and length <= _LONGEST:
            end = _closed(flat, start, tail.end())
            found.append(Mention(start, end, flat[start:end], ends.kinds[tail.group()]))
    return found


def _back_to_stop(flat: str, start: int, end: int, ends: _Ends) -> int:
    """Where a name begins: behind the last word it does not reach back over; 和 may stand in one, 研发投入 does."""
    last = start
    for stop in ends.stops.pattern.finditer(flat, start, end):
        word = stop.group()
        if word in ("和", "与", "及") and stop.start() - last >= 4 and end - last <= 18:
            continue
        if word == "投入" and flat[stop.start() - 1 : stop.start()] in ("发", "D"):
            continue
        last = stop.end()
    return last


def _closed(flat: str, start: int, end: int) -> int:
    """The end of a name, its closing bracket included."""
    name = flat[start:end]
    if name.count("（") > name.count("）"):
        close = flat.find("）", end, end + 6)
        return close + 1 if close >= 0 else end
    return end


def _known(flat: str, vocabulary: Vocabulary) -> list[Mention]:
    kinds = {**vocabulary.endings["words"], **vocabulary.endings["types"]}
    return [
        Mention(one.start(), _closed(flat, one.start(), one.end()), one.group(), kinds[one.group()])
        for one in words(kinds).pattern.finditer(flat)
    ]


def _merged(mentions: list[Mention]) -> list[Mention]:
    """Where mentions overlap the longest stays."""
    kept: list[Mention] = []
    for one in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if kept and one.start < kept[-1].end:
            if one.end > kept[-1].end and one.end - kept[-1].start <= _LONGEST + 12:
                last = kept[-1]
                kept[-1] = Mention(last.start, one.end, last.name + one.name[last.end - one.start :], one.kind)
            continue
        kept.append(one)
    return kept


def collect(view: View, mentions: list[Mention]) -> tuple[Name, ...]:
    """Mentions under one name each, in the order of the text."""
    grouped: dict[str, list[Mention]] = {}
    for one in mentions:
        grouped.setdefault(view.text(one.start, one.end), []).append(one)
    return tuple(
        Name(name, group[0].kind, (), tuple(view.span(one.start, one.end) for one in group))
        for name, group in grouped.items()
    )


def organisations(flat: str, speakers: Speakers, vocabulary: Vocabulary) -> list[Mention]:
    """Firms, universities, institutes, banks, platforms and offices that the text names."""
    found = _suffixed(flat, _Ends(vocabulary, "organisations"), vocabulary)
    found += [Mention(start, end, flat[start:end], "department") for start, end in speakers.mentions(flat)]
    return _merged(found)


def documents(view: View, vocabulary: Vocabulary, *, body: int) -> tuple[CitedDocument, ...]:
    """Titles in 《》 behind position `body`, with the number in brackets behind them and the kind their end tells."""
    kinds = vocabulary.endings["documents"]
    found = []
    for one in _TITLE.finditer(view.flat, body):
        title = re.sub(r"（[^（）]{1,10}）$", "", one[1])
        kind = next((kind for end, kind in kinds.items() if title.endswith(end)), "policy")
        number = one[2] and view.text(*one.span(2))
        if number and re.match(r"[A-Z]{2}", number):
            kind = "standard"
        found.append(
            CitedDocument(
                view.text(*one.span(1)), number or None, kind, None, view.span(*one.span(1)),
                view.span(*one.span(2)) if one[2] else None,
            )
        )  # fmt: skip
    return tuple(found)


def own(name: str | None, vocabulary: Vocabulary) -> str | None:
    """The short name of the office that signs."""
    return short(name, vocabulary)
