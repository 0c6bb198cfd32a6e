"""The index of documents: words and character bigrams in tantivy, the documents themselves beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import tantivy

from keqiao.engines.matching._pack import Packed, loads
from keqiao.engines.matching._prepare import prepare_all
from keqiao.engines.matching._records import Document
from keqiao.engines.text import Segmenter

if TYPE_CHECKING:
    from keqiao.engines.text import Lexicon

_HEAP_BYTES = 64_000_000
_FREQUENCY_CACHE = 200_000  # terms; a term costs about 100 bytes


class IndexProblem(RuntimeError):
    """The folder holds no index, or one of another form; the text says which and what to do."""


class Candidate(NamedTuple):
    """One document found, with the score of the first stage."""

    score: float
    record: Packed


class Index:
    """Documents that can be searched by weighted words and bigrams.

    Method: BM25 (k1 1.2, b 0.75) over two views of one text, in which title and keywords are repeated (BM25F); the
    views are added with the weights of the query. A folder is all a reading process needs; one process writes.

    >>> from keqiao.engines.text import Segmenter
    >>> index = Index.create(segmenter=Segmenter())
    >>> with index.writer() as writer:
    ...     writer.add([Document(key="a", title="抗滑涂层", text="用于桥面")])
    >>> index.reload()
    >>> len(index)
    1
    """

    def __init__(self, core: tantivy.Index, *, segmenter: Segmenter, lexicon: Lexicon | None) -> None:
        self.segmenter = segmenter
        self.lexicon = lexicon
        self._core = core
        self._schema = core.schema
        core.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        core.config_reader("manual")
        self._frequency: dict[tuple[str, str], int] = {}
        self.reload()

    @classmethod
    def create(cls, path: str | Path | None = None, *, segmenter: Segmenter, lexicon: Lexicon | None = None) -> Index:
        """Return a new empty index in folder `path`, or in memory. Raises `IndexProblem` where one stands already.

        With a `lexicon`, indicators are read from documents that bring none.
        """
        if path is None:
            return cls(tantivy.Index(_schema()), segmenter=segmenter, lexicon=lexicon)
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        if tantivy.Index.exists(str(folder)):
            raise IndexProblem(f"{folder} already holds an index: open it, or delete the folder and create it anew.")
        return cls(tantivy.Index(_schema(), str(folder)), segmenter=segmenter, lexicon=lexicon)

    @classmethod
    def open(cls, path: str | Path, *, segmenter: Segmenter, lexicon: Lexicon | None = None) -> Index:
        """Return the index in folder `path`. Raises `IndexProblem` where there is none or its form is older."""
        folder = Path(path)
        if not folder.is_dir() or not tantivy.Index.exists(str(folder)):
            raise IndexProblem(f"{folder} holds no index: create it and add the documents first.")
        try:
            core = tantivy.Index(_schema(), str(folder))
        except ValueError as error:
            raise IndexProblem(
                f"The index in {folder} has another form ({error}): delete and build it anew."
            ) from error
        return cls(core, segmenter=segmenter, lexicon=lexicon)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def reload(self) -> None:
        """Let later searches see what was committed since."""
        self._core.reload()
        self._searcher = self._core.searcher()
        self._frequency.clear()

    def writer(self) -> Writer:
        """Return a writer; used as a context it commits at the end, or drops everything when an error leaves it."""
        return Writer(self)

    def frequency(self, view: str, term: str) -> int:
        """Return how many documents hold `term` in `view` ("words", "bigrams" or "letters")."""
        known = self._frequency.get((view, term))
        if known is None:
            if len(self._frequency) >= _FREQUENCY_CACHE:
                self._frequency.clear()
            known = self._frequency[view, term] = int(self._searcher.doc_freq(view, term))
        return known

    def search(
        self,
        *,
        words: Mapping[str, float],
        bigrams: Mapping[str, float],
        kinds: Collection[str] | None = None,
        limit: int = 100,
    ) -> list[Candidate]:
        """Return the `limit` best documents by the weighted sum of BM25 over both views, best first."""
        clauses = [
            (tantivy.Occur.Should, self._clause(view, term, weight))
            for view, terms in (("words", words), ("bigrams", bigrams))
            for term, weight in terms.items()
            if weight > 0
        ]
        if not clauses or limit < 1:
            return []
        query = tantivy.Query.boolean_query(clauses)
        if kinds is not None:
            wanted = tantivy.Query.term_set_query(self._schema, "kind", sorted(kinds))
            silent = tantivy.Query.const_score_query(wanted, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, silent)])
        hits = self._searcher.search(query, limit, count=False).hits
        found = [Candidate(score, self._record(address)) for score, address in hits]
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.record.key))

    def _record(self, address: tantivy.DocAddress) -> Packed:
        stored: bytes = self._searcher.doc(address)["record"][0]
        return loads(stored)

    def _clause(self, view: str, term: str, weight: float) -> Any:
        query = tantivy.Query.term_query(self._schema, view, term, index_option="freq")
        return query if weight == 1 else tantivy.Query.boost_query(query, weight)


class Writer:
    """Adds and deletes documents; nothing is visible before `commit`, and only after `Index.reload`.

    Adding a document replaces the one with the same key. Only one writer of an index can be open.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        try:
            self._core = index._core.writer(_HEAP_BYTES, 1)
        except ValueError as error:
            raise IndexProblem(f"The index cannot be written now ({error}): is another writer open?") from error

    def add(self, documents: Iterable[Document], *, processes: int = 1) -> None:
        """Add `documents`; of several with one key the last one stays.

        With `processes` above 1 the texts are cut and read in that many further processes, which pays from some ten
        thousand documents on.
        """
        for fields in prepare_all(
            documents, segmenter=self._index.segmenter, lexicon=self._index.lexicon, processes=processes
        ):
            self._core.delete_documents_by_term("key", fields["key"])
            self._core.add_document(tantivy.Document(**fields))

    def delete(self, keys: Iterable[str]) -> None:
        """Delete the documents with these keys; unknown keys are passed over."""
        for key in keys:
            self._core.delete_documents_by_term("key", key)

    def commit(self) -> None:
        """Make everything so far lasting."""
        self._core.commit()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._core.commit()
        else:
            self._core.rollback()
        self._core.wait_merging_threads()


def chunks(documents: Iterable[Document], *, size: int) -> Iterable[list[Document]]:
    """Yield `documents` in lists of at most `size`, so that a caller can show progress."""
    rest = iter(documents)
    while part := list(islice(rest, size)):
        yield part


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="spaces", index_option="freq")
    builder.add_text_field("bigrams", tokenizer_name="spaces", index_option="freq")
    builder.add_text_field("letters", tokenizer_name="spaces", index_option="basic")  # for document frequencies
    builder.add_bytes_field("record", stored=True)
    return builder.build()
