"""Keeps the two indexes (needs, offers) in step with the ledger. Only the worker writes them.

The ledger is the outbox: the worker reads the entries after the last one it indexed and takes up what they name. Where
it has got to is written after the index has been committed, so a worker that is killed repeats a few documents and
loses none.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localdate

from keqiao.apps.ledger import queries as ledger
from keqiao.catalogue import matcher
from keqiao.engines.matching import IndexProblem

from . import queries
from .names import MODELS

STEPS = ("publish", "withdraw", "expire", "return", "reopen")
WORDS = ("thesaurus.add", "thesaurus.edit", "thesaurus.enable", "thesaurus.disable")
BATCH = 500


@dataclass(frozen=True)
class Place:
    """Where an index lies, the last ledger entry it holds, and the last that changed the office's trade language."""

    folder: str
    seq: int
    words: int = 0


def _pointer(listing: str) -> Path:
    return Path(settings.INDEX_ROOT) / f"{listing}.json"


def place(listing: str) -> Place | None:
    """Where the index of needs or offers is now; None before it has been built."""
    try:
        return Place(**json.loads(_pointer(listing).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _point(listing: str, to: Place) -> None:
    """Readers see the old place or the new one, never half a file."""
    fresh = _pointer(listing).with_suffix(".new")
    fresh.write_text(json.dumps(asdict(to)), encoding="utf-8")
    fresh.replace(_pointer(listing))


def throw_away() -> None:
    """Forget the indexes; the worker writes them anew. Pointers go first: a kill on the way leaves none to nothing."""
    for listing in MODELS:
        _pointer(listing).unlink(missing_ok=True)
    shutil.rmtree(settings.INDEX_ROOT, ignore_errors=True)


def rebuild(listing: str, *, at: datetime) -> int:
    """Write the index anew in a folder of its own and switch readers over; returns how many documents it holds."""
    root, seq = Path(settings.INDEX_ROOT), ledger.last_seq()
    root.mkdir(parents=True, exist_ok=True)
    folder = root / f"{listing}-{seq}-{at:%Y%m%d%H%M%S}"
    shutil.rmtree(folder, ignore_errors=True)
    index = matcher.create_index(folder)
    table = queries.offers_table if listing == "offer" else queries.needs_table
    with index.writer() as writer:
        writer.add(table(on=localdate(at)))
    index.reload()
    _point(listing, Place(str(folder), seq, words=seq))
    for old in root.glob(f"{listing}-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return len(index)


def catch_up(listing: str, *, at: datetime) -> int:
    """Take up what the ledger says has changed since; returns how many entries were taken up."""
    here = place(listing)
    if here is None or not Path(here.folder).is_dir():
        return rebuild(listing, at=at)
    kinds = (*(f"{listing}.{step}" for step in STEPS), *WORDS)
    entries = list(ledger.entries_after(here.seq, kinds=kinds).values_list("seq", "kind", "subject")[:BATCH])
    if not entries:
        return 0
    keys = {subject.partition(":")[2] for _, kind, subject in entries if kind not in WORDS}
    words = max((seq for seq, kind, _ in entries if kind in WORDS), default=here.words)
    documents = queries.documents_of(listing, keys, on=localdate(at))
    try:
        index = matcher.open_index(Path(here.folder))
    except IndexProblem:  # written by another version, or damaged: the rows are the truth, so write it anew
        return rebuild(listing, at=at)
    with index.writer() as writer:
        writer.delete([key for key, document in documents.items() if document is None])
        writer.add(document for document in documents.values() if document is not None)
    _point(listing, Place(here.folder, entries[-1][0], words))
    return len(entries)


def catch_up_all(*, at: datetime) -> int:
    return sum(catch_up(listing, at=at) for listing in MODELS)
