"""The peers of `ranking.py`, run in their own environment: reads a set, writes each peer's ranked lists.

Standard library, bm25s, jieba and tantivy only; called by `ranking.py`, not by hand.
"""

import json
import re
import sqlite3
import sys
import unicodedata

import bm25s
import jieba
import numpy as np
import tantivy

DEPTH = 101
TOKEN = re.compile(r"[a-z0-9]+(?:\.[0-9]+)*|[\u3400-\u9fff]+")


def words(text):
    return [word for word in jieba.cut(text) if TOKEN.match(word)]


def pairs(text):
    found = []
    for run in TOKEN.findall(text):
        found += [run] if run[0] < "\u3400" or len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
    return found


def both(text):
    return words(text) + pairs(text)


def by_bm25s(documents, queries, cut):
    engine = bm25s.BM25(k1=1.2, b=0.75)
    engine.index([cut(text) or [""] for text in documents], show_progress=False)
    for query in queries:
        tokens = [token for token in dict.fromkeys(cut(query)) if token in engine.vocab_dict]
        if not tokens:
            yield []
            continue
        scores = engine.get_scores(tokens)
        order = np.argsort(-scores, kind="stable")[:DEPTH]
        yield [(int(place), float(scores[place])) for place in order if scores[place] > 0]


def by_tantivy(documents, queries, cut):
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="spaces", index_option="freq")
    builder.add_unsigned_field("place", stored=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    index.register_tokenizer("spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    writer = index.writer(num_threads=1)
    for place, text in enumerate(documents):
        writer.add_document(tantivy.Document(body=" ".join(cut(text)), place=place))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    for query in queries:
        terms = [tantivy.Query.term_query(schema, "body", t, index_option="freq") for t in dict.fromkeys(cut(query))]
        hits = searcher.search(tantivy.Query.boolean_query([(tantivy.Occur.Should, t) for t in terms]), DEPTH).hits
        yield [(searcher.doc(address).get_first("place"), score) for score, address in hits]


def by_fts5(documents, queries, cut):
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE d USING fts5(body, tokenize='unicode61')")
    base.executemany(
        "INSERT INTO d(rowid, body) VALUES (?, ?)", ((i, " ".join(cut(t))) for i, t in enumerate(documents))
    )
    for query in queries:
        match = " OR ".join(f'"{token}"' for token in dict.fromkeys(cut(query)))
        if not match:
            yield []
            continue
        rows = base.execute("SELECT rowid, -bm25(d) FROM d WHERE d MATCH ? ORDER BY bm25(d) LIMIT ?", (match, DEPTH))
        yield [(place, score) for place, score in rows]


PEERS = {
    "bm25s words": (by_bm25s, words),
    "bm25s bigrams": (by_bm25s, pairs),
    "bm25s words+bigrams": (by_bm25s, both),
    "SQLite FTS5 words": (by_fts5, words),
    "tantivy words": (by_tantivy, words),
    "tantivy words+bigrams": (by_tantivy, both),
}


def main(source, target):
    jieba.setLogLevel(60)
    with open(source, encoding="utf-8") as stream:
        sets = json.load(stream)
    result = {}
    for part in sets:
        plain = [unicodedata.normalize("NFKC", text).lower() for text in part["documents"]]
        asked = [unicodedata.normalize("NFKC", text).lower() for text in part["queries"]]
        result[part["name"]] = {peer: list(run(plain, asked, cut)) for peer, (run, cut) in PEERS.items()}
        print(part["name"], file=sys.stderr)
    with open(target, "w", encoding="utf-8") as stream:
        json.dump(result, stream)


if __name__ == "__main__":
    main(*sys.argv[1:])
