"""Matching: needs meet offers, by words, by trade language and number by number."""

from keqiao.engines.matching._index import Index, IndexProblem, Writer, chunks
from keqiao.engines.matching._indicators import Indicator, IndicatorVerdict, check, indicators_from, overall, validate
from keqiao.engines.matching._matcher import Encoder, Matcher
from keqiao.engines.matching._measures import agreement, interval, ndcg, precision
from keqiao.engines.matching._model import Model
from keqiao.engines.matching._phrases import Phrases
from keqiao.engines.matching._query import Weights
from keqiao.engines.matching._records import Answer, Document, Expansion, FacetNote, Match, Query
from keqiao.engines.matching._thesaurus import Entry, Thesaurus

__all__ = [
    "Answer",
    "Document",
    "Encoder",
    "Entry",
    "Expansion",
    "FacetNote",
    "Index",
    "IndexProblem",
    "Indicator",
    "IndicatorVerdict",
    "Match",
    "Matcher",
    "Model",
    "Phrases",
    "Query",
    "Thesaurus",
    "Weights",
    "Writer",
    "agreement",
    "check",
    "chunks",
    "indicators_from",
    "interval",
    "ndcg",
    "overall",
    "precision",
    "validate",
]
