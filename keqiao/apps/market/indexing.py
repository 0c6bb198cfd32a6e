"""Keeps the two indexes (needs, offers) in step with the ledger. Only the worker writes them.

The ledger is the outbox: the worker reads the entries after the last one it indexed and takes up what they name. The
place it has reached is written after the index has been committed, so a worker that is killed repeats a few documents
and loses none.
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localdate

from keqiao.apps.ledger import queries as ledger
from keqiao.catalogue import matcher
from keqiao.engines.matching import Index

from . import queries
from .names import MODELS

STEPS = ("publish", "withdraw", "expire", "return", "reopen")
BATCH = 500


def index_folder(listing: str) -> Path:
    return Path(settings.INDEX_ROOT) / listing


def _cursor(listing: str) -> Path:
    return Path(settings.INDEX_ROOT) / f"{listing}.seq"


def indexed_seq(listing: str) -> int | None:
    """The last ledger entry the index holds; None if there is no index yet."""
    path = _cursor(listing)
    return int(path.read_text(encoding="ascii")) if path.exists() else None


def _remember(listing: str, seq: int) -> None:
    path = _cursor(listing)
    fresh = path.with_suffix(".new")
    fresh.write_text(str(seq), encoding="ascii")
    fresh.replace(path)


def rebuild(listing: str, *, at: datetime) -> int:
    """Write the index anew from the database; returns how many documents it holds."""
    seq = ledger.last_seq()
    folder = index_folder(listing)
    folder.mkdir(parents=True, exist_ok=True)
    index = matcher.create_index(folder)
    table = queries.offers_table if listing == "offer" else queries.needs_table
    with index.writer() as writer:
        writer.add(table(on=localdate(at)))
    _remember(listing, seq)
    return len(index)


def catch_up(listing: str, *, at: datetime) -> int:
    """Take up what the ledger says has changed since; returns how many listings were touched."""
    seq = indexed_seq(listing)
    if seq is None:
        return rebuild(listing, at=at)
    kinds = tuple(f"{listing}.{step}" for step in STEPS)
    entries = list(ledger.entries_after(seq, kinds=kinds).values_list("seq", "subject")[:BATCH])
    if not entries:
        return 0
    keys = {subject.partition(":")[2] for _, subject in entries}
    documents = queries.documents_of(listing, keys, on=localdate(at))
    with matcher.open_index(index_folder(listing)).writer() as writer:
        writer.delete([key for key, document in documents.items() if document is None])
        writer.add(document for document in documents.values() if document is not None)
    _remember(listing, entries[-1][0])
    return len(keys)


def catch_up_all(*, at: datetime) -> int:
    return sum(catch_up(listing, at=at) for listing in MODELS)
