"""One document as it stands in the index: everything re-ranking needs, as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from keqiao.engines.matching._indicators import Indicator
from keqiao.engines.matching._records import Document
from keqiao.engines.text import normalise

TITLE_WEIGHT, KEYWORD_WEIGHT = 4, 2  # how often title and keywords count in the indexed text (BM25F by repetition)


@dataclass(frozen=True, slots=True)
class Packed:
    """A document in normalised spelling. `keywords` is one text, its parts separated by spaces."""

    key: str
    kind: str
    title: str
    keywords: str
    body: str
    field: str
    region: str
    trl: int | None
    budget_fen: tuple[int, int] | None
    valid_until: date | None
    indicators: tuple[Indicator, ...]
    extra: tuple[str, ...]

    def weighted(self, cut: Callable[[str], list[str]]) -> list[str]:
        """The tokens that are indexed: those of title and keywords repeated by their weights, then the body's."""
        return cut(self.title) * TITLE_WEIGHT + cut(self.keywords) * KEYWORD_WEIGHT + cut(self.body)


def packed(document: Document, *, indicators: tuple[Indicator, ...]) -> Packed:
    """Return `document` in normalised spelling with its `indicators`.

    >>> packed(Document(key="a", title="激光 Ｘ", text="T"), indicators=()).title
    '激光 x'
    """
    return Packed(
        key=document.key,
        kind=document.kind,
        title=normalise(document.title),
        keywords=normalise(" ".join(document.keywords)),
        body=normalise(document.text),
        field=document.field,
        region=document.region,
        trl=document.trl,
        budget_fen=document.budget_fen,
        valid_until=document.valid_until,
        indicators=indicators,
        extra=document.extra,
    )


def dumps(record: Packed) -> str:
    """Return `record` as one line of JSON."""
    rows = [
        [row.name, row.op, row.value, row.unit, row.sense, row.must, row.cap, row.quote] for row in record.indicators
    ]
    until = record.valid_until.isoformat() if record.valid_until else None
    parts = [
        record.key, record.kind, record.title, record.keywords, record.body, record.field, record.region, record.trl,
        record.budget_fen, until, rows, record.extra,
    ]  # fmt: skip
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def loads(line: str | bytes) -> Packed:
    """Return the record that `dumps` wrote.

    >>> record = packed(Document(key="a", title="t", text="x", trl=4), indicators=())
    >>> loads(dumps(record)) == record
    True
    """
    key, kind, title, keywords, body, field, region, trl, budget, until, rows, extra = json.loads(line)
    return Packed(
        key, kind, title, keywords, body, field, region, trl,
        tuple(budget) if budget else None,
        date.fromisoformat(until) if until else None,
        tuple(Indicator(name, op, tuple(value), *rest) for name, op, value, *rest in rows),
        tuple(extra),
    )  # fmt: skip
