"""Needs with judged offers, for training and measuring: the shared bench (never copied) and our own demo region."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keqiao.catalogue.matcher import document_from_row, query_from_row
from keqiao.engines.matching import Document, Query

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared"))
DEMO = ROOT / "keqiao" / "demo" / "data"
GRADED = ("needs", "demo", "own")  # sets with grades 0–3, useful from 2; the others know one or few relevant documents


@dataclass(frozen=True)
class Judged:
    """One query with its gains; `left_out` is a document that must not be counted."""

    key: str
    query: Query
    gains: Mapping[str, int]
    fold: str  # queries with the same value stay in the same fold
    left_out: str | None = None


@dataclass(frozen=True)
class JudgedSet:
    """Documents, queries over them, and the same as plain fields for the peers."""

    name: str
    documents: list[Document]
    queries: list[Judged]

    @property
    def useful(self) -> int:
        """The lowest gain that counts as useful."""
        return 2 if self.name in GRADED else 1


def judged_sets(*, demo: bool = True, extra: Path | None = None) -> Iterator[JudgedSet]:
    """Yield needs, M, tM (titled), P, S, T, K and, where wanted, demo and an office's own judgements.

    Without the shared bench an office trains on the demo and on its own.
    """
    if SHARED.is_dir() or extra is None:
        yield from _bench()
    if demo:
        yield _demo()
    if extra is not None:
        yield own_set(extra)


def own_set(path: Path) -> JudgedSet:
    """Return what `keqiao quality export` wrote. Raises ValueError, naming the line, for a line that is none."""
    documents, needs, gains = [], [], defaultdict[str, dict[str, int]](dict)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            if row["part"] == "offer":
                documents.append(document_from_row(row))
            elif row["part"] == "need":
                needs.append((row["id"], query_from_row(row)))
            else:
                gains[row["need"]][row["offer"]] = int(row["grade"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path.name}, line {number}: {error!r}. Export it anew: keqiao quality export") from error
    return JudgedSet("own", documents, [Judged(key, query, gains[key], key) for key, query in needs])


def _bench() -> Iterator[JudgedSet]:
    records = lines(SHARED / "bench" / "retrieval" / "docs.jsonl")
    yield _needs(records)
    queries = lines(SHARED / "bench" / "retrieval" / "queries_dev.jsonl")
    text_only = [Document(key=row["id"], title="", text=row["abst"]) for row in records]
    titled = [Document(key=row["id"], title=row["title"], text=row["abst"]) for row in records]
    rest = [Document(key=row["id"], title="", text=row.get("rest") or row["abst"]) for row in records]
    for name, documents in (
        ("M", text_only),
        ("tM", titled),
        ("P", rest),
        ("S", text_only),
        ("T", text_only),
        ("K", text_only),
    ):
        yield JudgedSet(name, documents, _retrieval(queries, name[-1], name))


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a .jsonl file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _retrieval(queries: list[dict[str, Any]], wanted: str, name: str) -> list[Judged]:
    found = []
    for number, row in enumerate(queries):
        if row["set"] == wanted:
            relevant = row["rel"] if isinstance(row["rel"], list) else [row["rel"]]
            gains = dict.fromkeys(relevant, 1)
            found.append(Judged(f"{name}{number}", Query(text=row["q"]), gains, min(relevant), row.get("self")))
    return found


def _needs(records: list[dict[str, Any]]) -> JudgedSet:
    folder = SHARED / "bench" / "needs"
    wanted = set(json.loads((folder / "corpus_ids.json").read_text(encoding="utf-8")))
    gains: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels_dev.tsv").read_text(encoding="utf-8").splitlines():
        need, offer, grade = line.split("\t")
        gains[need][offer] = int(grade)
    documents = [
        Document(key=row["id"], title=row["title"], text=row["abst"], keywords=tuple(row["kws"]))
        for row in records
        if row["id"] in wanted
    ]
    rows = lines(folder / "needs_dev.jsonl")
    return JudgedSet(
        "needs", documents, [Judged(row["id"], query_from_row(row), gains[row["id"]], row["id"]) for row in rows]
    )


def _demo() -> JudgedSet:
    offers = [row for path in sorted(DEMO.glob("offers-*.jsonl")) for row in lines(path)]
    needs = [row for path in sorted(DEMO.glob("needs-*.jsonl")) for row in lines(path)]
    gains: dict[str, dict[str, int]] = defaultdict(dict)
    for path in sorted(DEMO.glob("judgements-*.jsonl")):
        for row in lines(path):
            gains[row["need"]][row["offer"]] = int(row["grade"])
    documents = [
        document_from_row(
            {"id": row["key"], "title": row["title"], "text": f"{row['abstract']}\n{row['text']}",
             "keywords": row["keywords"], "kind": row["kind"], "field": row["field"], "trl": row.get("trl"),
             "indicators": row["indicators"]}
        )
        for row in offers
    ]  # fmt: skip
    queries = [
        Judged(
            row["key"],
            query_from_row(
                {"title": row["title"], "text": f"{row['abstract']}\n{row['problem']}",
                 "keywords": row.get("keywords") or [], "field": row["field"], "indicators": row["indicators"]}
            ),
            gains[row["key"]],
            row["key"],
        )
        for row in needs
        if gains[row["key"]]
    ]  # fmt: skip
    return JudgedSet("demo", documents, queries)
