"""Imports from beginning to end, as a person and the worker do them together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from keqiao.apps.files import actions, queries
from keqiao.apps.files.kinds import kinds
from keqiao.apps.files.models import ImportRun
from keqiao.apps.parties.actors import Actor


def upload(kind: str, content: bytes, *, by: Actor, at: datetime, sender: str, name: str = "table.xlsx") -> ImportRun:
    return actions.upload_import(kind=kinds()[kind], sender=sender, name=name, content=content, by=by, at=at)


def advance(run: ImportRun, *, by: Actor, at: datetime) -> ImportRun:
    """Take batches until nothing of the run is at work."""
    run.refresh_from_db()
    while run.state in ("checking", "writing"):
        actions.advance_import(run, by=by, at=at)
        run.refresh_from_db()
    return run


def check(
    kind: str, content: bytes, *, by: Actor, at: datetime, sender: str, name: str = "table.xlsx", **options: Any
) -> ImportRun:
    """A run whose rows are checked with the columns as they were guessed."""
    run = upload(kind, content, by=by, at=at, sender=sender, name=name)
    actions.choose_columns(run, mapping=run.mapping, options={"consent": True} | options, by=by, at=at)
    return advance(run, by=by, at=at)


def load(kind: str, content: bytes, *, by: Actor, at: datetime, sender: str, **more: Any) -> ImportRun:
    """A run whose good rows are written."""
    run = check(kind, content, by=by, at=at, sender=sender, **more)
    if any(queries.import_counts(run)[verdict] for verdict in ("new", "changed")):
        actions.start_import(run, by=by, at=at)
    return advance(run, by=by, at=at)


def counts(run: ImportRun) -> Mapping[str, int]:
    return {name: n for name, n in queries.import_counts(run).items() if n}


def problems(run: ImportRun) -> dict[int, list[tuple[str, str]]]:
    """Where and what is wrong, by line."""
    return {
        row.line: [(problem["where"], problem["text"] or problem["code"]) for problem in row.problems]
        for row in queries.import_rows(run, verdict="wrong")
    }
