"""A need made ready: its words and bigrams with their weights, and what the thesaurus adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from keqiao.engines.matching._phrases import Phrases
from keqiao.engines.matching._records import Expansion, Query
from keqiao.engines.matching._thesaurus import Thesaurus
from keqiao.engines.text import Segmenter, bigrams, normalise

_SPOKEN = 40  # characters; anything shorter is a list of terms or a title, in which every word was chosen


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part of a need counts in the first stage; tuned on the development needs only."""

    bigrams: float = 1.5  # bigrams against words
    title: float = 0.2  # added for terms of the need's title
    keywords: float = 1.0
    field: float = 0.8
    everyday: float = 0.1  # factor for words that carry no technical content
    expansion: float = 0.7  # technical terms of the thesaurus, in running speech
    expansion_terms: float = 0.3  # the same in a short list of terms, which seldom needs them


@dataclass(frozen=True, slots=True)
class Prepared:
    """A need in normalised spelling with weighted terms; `own_*` come from the need, `more_*` from the thesaurus."""

    text: str
    title: str
    technical: str  # the text with everyday phrases blanked out
    own_words: dict[str, float]
    own_bigrams: dict[str, float]
    more_words: dict[str, float]
    more_bigrams: dict[str, float]
    expansions: list[Expansion]

    def words(self) -> dict[str, float]:
        """All words with the larger of their weights."""
        return _larger(self.own_words, self.more_words)

    def bigrams(self) -> dict[str, float]:
        """All bigrams with the larger of their weights."""
        return _larger(self.own_bigrams, self.more_bigrams)


def prepare(
    query: Query, *, segmenter: Segmenter, thesaurus: Thesaurus, everyday: Phrases, weights: Weights
) -> Prepared:
    """Return `query` with its terms weighted and expanded.

    Method: everyday phrases (我们, 想要, 去年 …) are cut out before bigrams are formed, so that nothing is built across
    them; their words stay with a small weight. A term counts once, by the heaviest part it stands in, plus the
    additions for title, keywords and field. Each technical term of an expansion weighs `weights.expansion`, or
    less where the need is a short list of terms.
    """
    title, text = normalise(query.title), normalise(query.text)
    whole = f"{title}。{text}" if title else text
    spoken = len(whole) >= _SPOKEN
    technical = everyday.blanked(whole) if spoken else whole
    extra = [(title, weights.title), *((normalise(word), weights.keywords) for word in query.keywords)]
    extra.append((normalise(query.field), weights.field))
    own_words = dict.fromkeys(segmenter.words(whole), weights.everyday)
    own_words.update(dict.fromkeys(segmenter.words(technical), 1.0))
    own_bigrams = dict.fromkeys(bigrams(technical), 1.0)
    for part, weight in extra:
        clean = everyday.blanked(part) if spoken else part
        _add(own_words, segmenter.words(clean), weight)
        _add(own_bigrams, bigrams(clean), weight)
    expansions = thesaurus.expand(whole) if query.expand else []
    more = weights.expansion if spoken else weights.expansion_terms
    terms = list(dict.fromkeys(term for expansion in expansions for term in expansion.technical))
    return Prepared(
        text=whole,
        title=title,
        technical=technical,
        own_words=own_words,
        own_bigrams=own_bigrams,
        more_words=dict.fromkeys((word for term in terms for word in segmenter.words(term)), more),
        more_bigrams=dict.fromkeys((pair for term in terms for pair in bigrams(term)), more),
        expansions=expansions,
    )


def _add(weights: dict[str, float], terms: Iterable[str], weight: float) -> None:
    for term in set(terms):
        weights[term] = weights.get(term, 0.0) + weight


def _larger(left: dict[str, float], right: dict[str, float]) -> dict[str, float]:
    both = Counter(left)
    both |= Counter(right)
    return dict(both)
