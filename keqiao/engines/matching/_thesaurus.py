"""Trade language → technical terms: practitioners do not speak like papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from keqiao.engines.matching._phrases import Phrases
from keqiao.engines.matching._records import Expansion
from keqiao.engines.text import normalise


@dataclass(frozen=True, slots=True)
class Entry:
    """Trade phrases and the technical terms they stand for; with `context`, only if one of its words is there too."""

    trade: tuple[str, ...]
    technical: tuple[str, ...]
    context: tuple[str, ...] = ()


class Thesaurus:
    """Entries of trade language, looked up in the text of a need.

    Method: every trade phrase is found in one pass over the normalised text (the longest at each place); an entry with
    context words fires only where one of them is in the text as well. An entry fires once, at its first place.

    >>> entry = Entry(trade=("打滑",), technical=("抗滑性能", "摩擦系数"), context=("路",))
    >>> Thesaurus([entry]).expand("路面一下雪就打滑")
    [Expansion(trade='打滑', technical=('抗滑性能', '摩擦系数'), span=(6, 8))]
    >>> Thesaurus([entry]).expand("皮带打滑")
    []
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            ready = Entry(*(tuple(filter(None, map(normalise, part))) for part in _parts(entry)))
            for phrase in ready.trade:
                self._entries.setdefault(phrase, []).append(ready)
        self._phrases = Phrases(self._entries)

    def __len__(self) -> int:
        return sum(map(len, self._entries.values()))

    def expand(self, text: str) -> list[Expansion]:
        """Return the expansions of normalised `text` in the order of their places."""
        expansions: list[Expansion] = []
        fired: set[int] = set()
        for place, phrase in self._phrases.find(text):
            for entry in self._entries[phrase]:
                if id(entry) in fired or (entry.context and not any(word in text for word in entry.context)):
                    continue
                fired.add(id(entry))
                expansions.append(Expansion(phrase, entry.technical, (place, place + len(phrase))))
        return expansions


def _parts(entry: Entry) -> tuple[tuple[str, ...], ...]:
    return entry.trade, entry.technical, entry.context
