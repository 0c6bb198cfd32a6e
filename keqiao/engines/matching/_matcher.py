"""The matcher: need in, ranked offers with reasons out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from keqiao.engines.matching._checks import Checked, need_indicators, verdicts_of
from keqiao.engines.matching._explain import longest_phrase, shared_terms, used_expansions
from keqiao.engines.matching._facets import facet_notes
from keqiao.engines.matching._features import SOFT, features, weighed
from keqiao.engines.matching._index import Candidate, Index
from keqiao.engines.matching._indicators import Indicator
from keqiao.engines.matching._model import Model
from keqiao.engines.matching._phrases import Phrases
from keqiao.engines.matching._query import Prepared, prepare
from keqiao.engines.matching._records import Answer, FacetNote, Match, Query
from keqiao.engines.matching._texts import Floats
from keqiao.engines.matching._thesaurus import Thesaurus

_CHECKED = 40  # candidates whose indicators count in the order; the others are checked when they are shown


class Encoder(Protocol):
    """Optional: turns texts into vectors [text, dimension]; brings its own weights, none are shipped."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return one vector per text."""
        ...


@dataclass(frozen=True, slots=True)
class Considered:
    """The candidates of a need with all that ranking and explaining read."""

    prepared: Prepared
    candidates: list[Candidate]
    needs: tuple[Indicator, ...]
    checked: list[Checked]
    notes: list[list[FacetNote]]
    rows: Floats


class Matcher:
    """Finds and ranks documents for needs and says why.

    Method: BM25 over words and character bigrams, with terms added by the thesaurus, gives `model.depth` candidates;
    boosted trees over lexical features order them; a logistic function of score and list turns scores into chances.
    An `encoder` adds its cosine, standardised within the list, times `encoder_weight`, to the score and does nothing
    else.

    >>> from keqiao.engines.text import Segmenter
    >>> from keqiao.engines.matching import Document
    >>> index = Index.create(segmenter=Segmenter())
    >>> with index.writer() as writer:
    ...     writer.add([Document(key="a", title="抗滑涂层", text="桥面"), Document(key="b", title="酸奶", text="发酵")])
    >>> index.reload()
    >>> [match.key for match in Matcher(index, Model()).answer(Query(text="桥面抗滑")).matches]
    ['a']
    """

    def __init__(
        self,
        index: Index,
        model: Model,
        thesaurus: Thesaurus | None = None,
        *,
        everyday: Phrases | None = None,
        encoder: Encoder | None = None,
        encoder_weight: float = 0.5,
    ) -> None:
        self.index = index
        self.model = model
        self._thesaurus = thesaurus or Thesaurus()
        self._everyday = everyday or Phrases(())
        self._encoder = encoder
        self._encoder_weight = encoder_weight

    def answer(self, query: Query, *, top: int = 10) -> Answer:
        """Return the `top` best documents for `query`, best first."""
        found = self.considered(query)
        scores = self._with_encoder(self.model.scores(found.rows), found.prepared, found.candidates)
        ranking = self.model.ranking(found.rows, scores=scores)
        own = weighed(self.index, "words", found.prepared.own_words)
        matches = []
        for place, chance in list(zip(ranking.order, ranking.chances, strict=True))[: max(top, 0)]:
            record = found.candidates[place].record
            checked = found.checked[place]
            if place >= _CHECKED:
                checked = verdicts_of(found.needs, record, lexicon=self.index.lexicon)
            matches.append(
                Match(
                    key=record.key,
                    score=chance,
                    terms=shared_terms(own, record),
                    phrase=longest_phrase(found.prepared.technical, record),
                    indicators=checked.rows,
                    overall=checked.overall,
                    facets=tuple(found.notes[place]),
                    via=used_expansions(found.prepared.expansions, record),
                )
            )
        return Answer(matches, found.prepared.expansions, ranking.chance_any)

    def considered(self, query: Query, *, leave_out: frozenset[str] = frozenset()) -> Considered:
        """Return the candidates of the first stage with their features, before they are ranked.

        Training reads the very numbers that answering uses; `leave_out` names documents to be passed over.
        """
        prepared = self.prepared(query)
        candidates = [found for found in self.candidates(query, prepared) if found.record.key not in leave_out]
        needs = need_indicators(query, lexicon=self.index.lexicon)
        checked = [verdicts_of(needs, found.record, lexicon=self.index.lexicon) for found in candidates[:_CHECKED]]
        checked += [Checked()] * (len(candidates) - len(checked))
        notes = [facet_notes(query, candidate.record) for candidate in candidates]
        soft = np.array([_soft(found, rows) for found, rows in zip(notes, checked, strict=True)]).reshape(-1, len(SOFT))
        rows = features(prepared, candidates, self.index, soft=soft)
        return Considered(prepared, candidates, needs, checked, notes, rows)

    def answer_many(self, queries: Iterable[Query], *, top: int = 10) -> Iterator[Answer]:
        """Yield the answer to each of `queries` in order, so that a caller can show progress and stop."""
        for query in queries:
            yield self.answer(query, top=top)

    def is_doubtful(self, answer: Answer) -> bool:
        """Whether `answer` probably holds nothing useful: its `chance_any` lies below the model's threshold."""
        return not answer.matches or answer.chance_any < self.model.abstain

    def prepared(self, query: Query) -> Prepared:
        """Return `query` with its weighted and expanded terms."""
        return prepare(
            query,
            segmenter=self.index.segmenter,
            thesaurus=self._thesaurus,
            everyday=self._everyday,
            weights=self.model.weights,
        )

    def candidates(self, query: Query, prepared: Prepared) -> list[Candidate]:
        """Return the candidates of the first stage, best first."""
        factor = self.model.weights.bigrams
        return self.index.search(
            words=prepared.words(),
            bigrams={pair: weight * factor for pair, weight in prepared.bigrams().items()},
            kinds=query.kinds,
            limit=self.model.depth,
        )

    def _with_encoder(self, scores: Floats, prepared: Prepared, candidates: Sequence[Candidate]) -> Floats:
        if self._encoder is None or not candidates:
            return scores
        texts = [f"{candidate.record.title} {candidate.record.body}" for candidate in candidates]
        vectors = np.asarray(self._encoder.encode([prepared.text, *texts]), dtype=np.float64)
        vectors = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12)
        cosine = vectors[1:] @ vectors[0]
        standard = (cosine - cosine.mean()) / (cosine.std() + 1e-12)
        fused: Floats = scores + self._encoder_weight * float(scores.std() + 1e-12) * standard
        return fused


def _soft(notes: Sequence[FacetNote], checked: Checked) -> list[float]:
    field = [1.0 if note.agrees else -1.0 for note in notes if note.name == "field"]
    others = [1.0 if note.agrees else -1.0 for note in notes if note.name != "field"]
    passed, failed = checked.shares
    return [sum(field), sum(others) / max(len(others), 1), passed, failed]
