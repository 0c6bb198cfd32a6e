"""Finding many phrases in a text in one pass."""

from __future__ import annotations

from collections.abc import Iterable

_HEAD = 2  # phrases are grouped by their first two characters


class Phrases:
    """A set of phrases of two characters or more that is looked up at every place of a text.

    Method: a dictionary from the first two characters to the phrases that begin so, longest first; a text of n
    characters costs n lookups plus one comparison per phrase with the same beginning.

    >>> Phrases(["打滑", "打滑机", "结冰"]).find("坡道结冰打滑机")
    [(2, '结冰'), (4, '打滑机')]
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        groups: dict[str, list[str]] = {}
        for phrase in set(phrases):
            if len(phrase) < _HEAD:
                raise ValueError(f"Phrase {phrase!r} is shorter than {_HEAD} characters: leave it out or lengthen it.")
            groups.setdefault(phrase[:_HEAD], []).append(phrase)
        self._groups = {head: sorted(group, key=lambda p: (-len(p), p)) for head, group in groups.items()}

    def find(self, text: str) -> list[tuple[int, str]]:
        """Return (offset, phrase) of the longest phrase at each place of `text`, in order; phrases may overlap."""
        found = []
        for place in range(len(text) - 1):
            for phrase in self._groups.get(text[place : place + _HEAD], ()):
                if text.startswith(phrase, place):
                    found.append((place, phrase))
                    break
        return found

    def blanked(self, text: str) -> str:
        """Return `text` with a space in place of every phrase, longest first, left to right.

        >>> Phrases(["我们", "想要"]).blanked("我们想要一种面层")
        '  一种面层'
        """
        parts, end = [], 0
        for place, phrase in self.find(text):
            if place >= end:
                parts += [text[end:place], " "]
                end = place + len(phrase)
        return "".join([*parts, text[end:]])
