"""What the extractor must be told about the words of the trade: attributes, their better side, cue words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

_EDGE = re.compile(r"[\s()\[\]\"'“”的_/@≈约]+")
_LONGEST = 12


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words of the trade, given by the caller.

    `synonyms`: attribute as written (lower case) → canonical name. `better`: canonical name → `up`, `down`, `cover`
    (the offer's range must contain what is needed) or `in`. `adjustable`: canonical names whose range is a capability,
    not scatter. `opposites`: groups of qualifiers that exclude each other. `ignored`: qualifiers that say nothing.
    `present`: cues of a present state (regular expressions). `plain`: attributes whose values carry no unit.
    `units`: telling units → attribute.
    `by_unit`: attribute → unit → the attribute really meant. `broader`: loose attribute → attributes it may stand for.
    `families`: attributes whose wordings are many things of one dimension → groups of wordings that mean one of them.
    `heads`: last word of a name → the spelling it is compared in (误差 → 精度).
    """

    synonyms: Mapping[str, str]
    better: Mapping[str, str]
    adjustable: frozenset[str] = frozenset()
    opposites: tuple[frozenset[str], ...] = ()
    ignored: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()
    present: tuple[str, ...] = ()
    prices: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    by_unit: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    broader: Mapping[str, frozenset[str]] = field(default_factory=dict)
    families: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def present_cue(self) -> re.Pattern[str]:
        """One expression; a look at the first character spares most positions the long alternation."""
        if not self.present:
            return re.compile("(?!)")
        first = "".join(sorted({cue[0] for cue in self.present}))
        ahead = f"(?=[{first}])" if all("一" <= letter <= "鿿" for letter in first) else ""
        return re.compile(f"{ahead}(?:{'|'.join(self.present)})")

    def attribute(self, phrase: str) -> tuple[str, str, int] | None:
        """The attribute a phrase names: canonical name, what stands before it, and where it ends in the phrase."""
        return _attribute(self, phrase.lower())

    def canonical(self, phrase: str) -> str:
        """The canonical name of a phrase, or the phrase itself."""
        found = self.attribute(phrase)
        return found[0] if found else _EDGE.sub("", phrase)

    def side(self, phrase: str | None) -> str | None:
        """Which side of the attribute is better: `up`, `down`, `cover`, `in`, or None when unknown."""
        if not phrase:
            return None
        return self.better.get(self.canonical(phrase))


@lru_cache(maxsize=65536)
def _attribute(lexicon: Lexicon, phrase: str) -> tuple[str, str, int] | None:
    size = len(phrase)
    for end in range(size, max(0, size - _LONGEST), -1):
        for start in range(max(0, end - _LONGEST), end):
            name = lexicon.synonyms.get(phrase[start:end])
            if name is not None and (end == size or end - start > 1):
                return name, phrase[:start], end
    return None
