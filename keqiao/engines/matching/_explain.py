"""Why an offer was found: shared words, the longest shared phrase, the expansions that led to it."""

from __future__ import annotations

from collections.abc import Sequence

from keqiao.engines.matching._features import Terms
from keqiao.engines.matching._pack import Packed
from keqiao.engines.matching._records import Expansion
from keqiao.engines.matching._texts import whole_count

_TERMS = 12


def shared_terms(terms: Terms, record: Packed) -> tuple[tuple[str, float], ...]:
    """Return the need's words that `record` holds, with their weights, heaviest first; at most twelve."""
    text = _text(record)
    found = [
        (name, round(float(weight), 3))
        for name, weight in zip(terms.names, terms.weights, strict=True)
        if len(name) > 1 and weight > 0 and (whole_count(text, name) if name.isascii() else name in text)
    ]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:_TERMS])


def longest_phrase(need: str, record: Packed) -> str:
    """Return the longest run of characters in both `need` and `record`, without spaces; the first of equals.

    Method: the best length so far grows by one wherever a longer piece of the need is found, so the text is searched
    once per character of the need.
    """
    text = _text(record)
    best = ""
    for place in range(len(need)):
        while (end := place + len(best) + 1) <= len(need) and need[place:end] in text and " " not in need[place:end]:
            best = need[place:end]
    return best if len(best) > 1 else ""


def used_expansions(expansions: Sequence[Expansion], record: Packed) -> tuple[Expansion, ...]:
    """Return the expansions one of whose technical terms stands in `record`."""
    text = _text(record)
    return tuple(expansion for expansion in expansions if any(term in text for term in expansion.technical))


def _text(record: Packed) -> str:
    return "\n".join((record.title, record.keywords, record.body))
