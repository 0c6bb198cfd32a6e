"""Corrections made together: several fields of one thing at once, and one taken from its lost place to a new one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import names
from keqiao.apps.proposals.models import Correction, Reply

from .corrections import correct, withdraw_correction


def correct_fields(
    reply: Reply,
    *,
    kind: str,
    values: Mapping[str, Any],
    reason: str,
    by: Actor,
    at: datetime,
    start: int = 0,
    end: int = 0,
) -> list[Correction]:
    """Correct several fields of one thing, all or none. Each is a correction of its own, to be undone by itself."""
    with ledger.action("reply.correct", by=by, at=at, subject=names.subject_of(reply), folds=True):
        return [
            correct(reply, kind=kind, field=name, value=value, start=start, end=end, reason=reason, by=by, at=at)
            for name, value in values.items()
        ]


def move_correction(correction: Correction, *, start: int, end: int, by: Actor, at: datetime) -> Correction:
    """Make a correction that lost its place anew at the words it speaks of now; the old row stays as a trace."""
    reply = correction.reply
    with ledger.action("reply.correct", by=by, at=at, subject=names.subject_of(reply), folds=True):
        withdraw_correction(correction, by=by, at=at)
        return correct(
            reply, kind=correction.kind, op=correction.op, field=correction.field, start=start, end=end,
            value=correction.value, reason=correction.reason, by=by, at=at,
        )  # fmt: skip
