"""What distinguishes the candidates of a need: one row of numbers per candidate, all from words and characters.

No feature names a corpus, a document or a field of knowledge, so a model trained on some texts serves others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from keqiao.engines.matching._index import Candidate, Index
from keqiao.engines.matching._pack import KEYWORD_WEIGHT, TITLE_WEIGHT
from keqiao.engines.matching._query import Prepared
from keqiao.engines.matching._texts import Floats, Texts

NAMES = (
    "first", "first_z", "first_share", "first_rank",
    "words_cover", "words_title", "words_bm25", "words_z", "words_best",
    "pairs_cover", "pairs_title", "pairs_bm25", "pairs_z", "run", "chunk_best", "chunk_mean", "chunk_least",
    "letters_cover", "letters_bm25", "title_in_need", "title_in_all", "head_cover",
    "more_words", "more_pairs", "more_z", "more_terms",
    "likeness", "likeness_z", "likeness_heavy",
    "field", "facets", "passed", "failed",
    "title_length", "body_length", "need_words", "need_pairs", "need_rarity", "top_cover", "top_first",
)  # fmt: skip
SOFT = ("field", "facets", "passed", "failed")
_K1, _B = 1.2, 0.75
_PEERS = 8  # how many first candidates the others are compared with
_HEAD = 30  # characters of a need without title that stand for it
_CHUNK = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of one view: weight × inverse document frequency, and that frequency as a number from 0 to 1."""

    names: list[str]
    weights: Floats
    rarity: Floats

    @property
    def total(self) -> float:
        """The weight of all terms together, never zero."""
        return float(self.weights.sum()) or 1.0


def features(
    prepared: Prepared, candidates: Sequence[Candidate], index: Index, *, soft: Floats | None = None
) -> Floats:
    """Return the matrix [candidates, NAMES], float64.

    `soft` [candidates, SOFT] holds agreement of the field, of the other soft facets, and the shares of indicators
    passed and failed; without it these are 0. Method: terms weigh by BM25's inverse document frequency; counts in
    title, keywords and body are taken by substring, so nothing but the text need be stored. `_z` columns are standard
    scores within the list; `likeness` is the mean cosine to the first candidates (pseudo-relevance feedback).
    """
    count = len(candidates)
    if count == 0:
        return np.zeros((0, len(NAMES)))
    texts = Texts(candidates)
    own = weighed(index, "words", prepared.own_words)
    pairs = weighed(index, "bigrams", han_pairs(prepared.own_bigrams))
    more = weighed(index, "bigrams", han_pairs(prepared.more_bigrams))
    names = list(dict.fromkeys([*pairs.names, *more.names]))
    counts, run = texts.pair_counts(names)
    column = {name: place for place, name in enumerate(names)}
    own_counts = counts[:, :, [column[name] for name in pairs.names]]
    columns = {
        **_first(np.array([candidate.score for candidate in candidates])),
        **_words(texts, own),
        **_pairs(texts, own_counts, pairs),
        **_chunks(own_counts, pairs, prepared),
        **_letters(texts, index, prepared),
        **_more(texts, counts[:, :, [column[name] for name in more.names]], more, index, prepared),
        **_likeness(texts, np.array([candidate.score for candidate in candidates])),
        **_need(prepared, own),
        **dict(zip(SOFT, (np.zeros((count, 4)) if soft is None else soft).T, strict=True)),
        "run": run,
        "title_in_need": own_counts[:, 0].sum(axis=1) / np.maximum(texts.lengths[:, 0] - 1.0, 1.0),
        "title_in_all": counts[:, 0].sum(axis=1) / np.maximum(texts.lengths[:, 0] - 1.0, 1.0),
        "title_length": texts.lengths[:, 0],
        "body_length": np.log1p(texts.lengths[:, 2]),
    }
    columns["top_cover"] = np.full(count, np.sort(columns["pairs_cover"])[-3:].mean())
    return np.column_stack([np.broadcast_to(columns[name], count) for name in NAMES])


def weighed(index: Index, view: str, terms: dict[str, float]) -> Terms:
    """Return `terms` with weight × inverse document frequency; a term that no document holds weighs nothing."""
    size = len(index)
    names = list(terms)
    found = np.array([index.frequency(view, name) for name in names], dtype=np.float64)
    inverse = np.log1p((size - found + 0.5) / (found + 0.5)) * (found > 0)
    weights = np.array([terms[name] for name in names], dtype=np.float64) * inverse
    return Terms(names, weights, inverse / math.log1p((size + 0.5) / 0.5))


def han_pairs(terms: dict[str, float]) -> dict[str, float]:
    """Return the bigrams that are two Han characters (Latin tokens of that view are counted as words)."""
    return {name: weight for name, weight in terms.items() if len(name) == 2 and "\u3400" <= name[0] <= "\u9fff"}


def _first(scores: Floats) -> dict[str, Floats]:
    best = max(float(scores.max()), 1e-9)
    return {
        "first": scores,
        "first_z": _standard(scores),
        "first_share": scores / best,
        "first_rank": np.log2(1.0 + np.arange(scores.size)),
        "top_first": np.array(best),
    }


def _words(texts: Texts, terms: Terms) -> dict[str, Floats]:
    counts = texts.word_counts(terms.names)
    present = counts.sum(axis=1) > 0
    score = _bm25(texts, _weighted(counts), terms)
    return {
        "words_cover": present @ terms.weights / terms.total,
        "words_title": (counts[:, 0] > 0) @ terms.weights / terms.total,
        "words_bm25": score,
        "words_z": _standard(score),
        "words_best": (present * terms.rarity).max(axis=1, initial=0.0),
    }


def _pairs(texts: Texts, counts: Floats, terms: Terms) -> dict[str, Floats]:
    score = _bm25(texts, _weighted(counts), terms)
    return {
        "pairs_cover": (counts.sum(axis=1) > 0) @ terms.weights / terms.total,
        "pairs_title": (counts[:, 0] > 0) @ terms.weights / terms.total,
        "pairs_bm25": score,
        "pairs_z": _standard(score),
    }


def _chunks(counts: Floats, terms: Terms, prepared: Prepared) -> dict[str, Floats]:
    """Cover of the need's clauses one by one, and of its head (title, or first characters)."""
    present = counts.sum(axis=1) > 0
    place = {name: column for column, name in enumerate(terms.names)}
    covers = []
    head = prepared.title or prepared.text[:_HEAD]
    for chunk in [*_CHUNK.split(prepared.technical), head]:
        found = [place[pair] for pair in map("".join, pairwise(chunk)) if pair in place]
        weight = terms.weights[found]
        if weight.sum() > 0:
            covers.append(present[:, found] @ weight / weight.sum())
        elif chunk is head:
            covers.append(np.zeros(len(counts)))
    table = np.array(covers[:-1] or covers)
    return {
        "chunk_best": table.max(axis=0),
        "chunk_mean": table.mean(axis=0),
        "chunk_least": table.min(axis=0),
        "head_cover": covers[-1],
    }


def _letters(texts: Texts, index: Index, prepared: Prepared) -> dict[str, Floats]:
    """Single characters: they still meet where the words differ (毕业生 – 大学生)."""
    letters = [letter for letter in dict.fromkeys(prepared.technical) if "\u3400" <= letter <= "\u9fff"]
    terms = weighed(index, "letters", dict.fromkeys(letters, 1.0))
    counts = texts.character_counts(terms.names)
    return {
        "letters_cover": (counts > 0) @ terms.weights / terms.total,
        "letters_bm25": _bm25(texts, counts, terms),
    }


def _more(texts: Texts, counts: Floats, pairs: Terms, index: Index, prepared: Prepared) -> dict[str, Floats]:
    """What the technical terms of the thesaurus find."""
    words = weighed(index, "words", prepared.more_words)
    terms = list(dict.fromkeys(term for expansion in prepared.expansions for term in expansion.technical))
    score = _bm25(texts, _weighted(counts), pairs)
    return {
        "more_words": (texts.word_counts(words.names).sum(axis=1) > 0) @ words.weights / words.total,
        "more_pairs": score,
        "more_z": _standard(score),
        "more_terms": np.array([sum(term in text for term in terms) for text in texts.whole], dtype=np.float64),
    }


def _likeness(texts: Texts, scores: Floats) -> dict[str, Floats]:
    cosine = texts.likeness()
    first = min(_PEERS, scores.size)
    peers = first - (np.arange(scores.size) < first)
    near = cosine[:, :first].sum(axis=1) / np.maximum(peers, 1)
    heavy = np.exp(_standard(scores) - float(_standard(scores).max()))
    return {
        "likeness": near,
        "likeness_z": _standard(near),
        "likeness_heavy": cosine @ heavy / np.maximum(heavy.sum() - heavy, 1e-9),
    }


def _need(prepared: Prepared, own: Terms) -> dict[str, Floats]:
    return {
        "need_words": np.array(math.log1p(len(prepared.own_words))),
        "need_pairs": np.array(math.log1p(len(prepared.own_bigrams))),
        "need_rarity": np.array(float(own.rarity.mean()) if own.names else 0.0),
    }


def _weighted(counts: Floats) -> Floats:
    return counts[:, 0] * TITLE_WEIGHT + counts[:, 1] * KEYWORD_WEIGHT + counts[:, 2]


def _bm25(texts: Texts, often: Floats, terms: Terms) -> Floats:
    """BM25 of weighted counts as a share of what a document would get that held every term very often."""
    length = _K1 * (1.0 - _B + _B * texts.mass)
    score: Floats = (often / (often + length[:, None])) @ terms.weights / terms.total
    return score


def _standard(values: Floats) -> Floats:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-12 else np.zeros_like(values)
