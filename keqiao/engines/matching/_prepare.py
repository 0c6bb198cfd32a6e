"""Documents as the fields of the index: cut into tokens, indicators read, packed; in several processes if wanted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from keqiao.engines.matching._indicators import indicators_from
from keqiao.engines.matching._pack import dumps, packed
from keqiao.engines.matching._records import Document
from keqiao.engines.text import Segmenter, bigrams

if TYPE_CHECKING:
    from keqiao.engines.text import Lexicon

Fields = dict[str, str | bytes]

_LETTERS = frozenset(map(chr, range(0x3400, 0xA000)))
_CHUNK = 200  # documents sent to a process at once
_AHEAD = 3  # chunks waiting per process, so that the memory stays bounded
_tools: dict[str, tuple[Segmenter, Lexicon | None]] = {}  # what a process of the pool was started with


def prepare_all(
    documents: Iterable[Document], *, segmenter: Segmenter, lexicon: Lexicon | None, processes: int
) -> Iterator[Fields]:
    """Yield the fields of `documents` in their order. Raises ValueError for a document without a key."""
    if processes <= 1:
        for document in documents:
            yield prepared(document, segmenter=segmenter, lexicon=lexicon)
        return
    rest = iter(documents)
    waiting: deque[Future[list[Fields]]] = deque()
    with ProcessPoolExecutor(processes, get_context("spawn"), _start, (segmenter, lexicon)) as pool:
        while chunk := list(islice(rest, _CHUNK)):
            waiting.append(pool.submit(_chunk, chunk))
            if len(waiting) >= processes * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def prepared(document: Document, *, segmenter: Segmenter, lexicon: Lexicon | None) -> Fields:
    """Return the fields of one document; where it brings no indicators, the `lexicon` reads them from its text."""
    if not document.key:
        raise ValueError(f"Document {document.title!r} has an empty key: give every document its own key.")
    indicators = document.indicators
    if not indicators and lexicon is not None:
        indicators = tuple(indicators_from(f"{document.title}。{document.text}", lexicon=lexicon))
    record = packed(document, indicators=indicators)
    return {
        "key": record.key,
        "kind": record.kind,
        "words": " ".join(record.weighted(segmenter.words)),
        "bigrams": " ".join(record.weighted(bigrams)),
        "letters": " ".join(set(record.title + record.keywords + record.body) & _LETTERS),
        "record": dumps(record).encode(),
    }


def _start(segmenter: Segmenter, lexicon: Lexicon | None) -> None:
    _tools["here"] = segmenter, lexicon


def _chunk(documents: list[Document]) -> list[Fields]:
    segmenter, lexicon = _tools["here"]
    return [prepared(document, segmenter=segmenter, lexicon=lexicon) for document in documents]
