"""Keeping up how each promise stands. The worker alone writes this."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import indicators, names, permissions, queries, tracking
from keqiao.apps.proposals.models import Evidence, EvidenceKind, Promise, PromiseMove

BATCH = 200


def follow_due(*, by: Actor, at: datetime) -> int:
    """Reckon the promises whose day, evidence or later replies have changed; returns how many. Run by the worker.

    One whose state is another than before leaves an entry of its own, from which its followers are told; the first
    time is no change.
    """
    on = localdate(at)
    rows = list(queries.due_for_reckoning(on=on)[:BATCH])
    if not rows:
        return 0
    spoken = queries.days_spoken(row.unit or row.reply.issuer for row in rows)
    with ledger.action("promise.reckon", by=by, at=at, subject="promises:") as entry:
        entry.require(permissions.can_run(by))
        _measure([row for row in rows if row.indicator], by=by, at=at)
        supports = queries.supports(rows)
        for row in rows:
            _reckon(row, supports[row.pk], looked_in=queries.count_later(row, spoken), by=by, at=at)
        Promise.objects.bulk_update(rows, ["state", "state_why", "looked_in", "since_at", "checked_on"])
        entry.count = len(rows)
    return len(rows)


def _measure(rows: Iterable[Promise], *, by: Actor, at: datetime) -> None:
    """Note what later editions of a promise's figure show; what somebody refused is not noted again."""
    for row in rows:
        if row.reply.signed_date is None:
            continue
        before, later = indicators.around(row.indicator, day=row.reply.signed_date)
        base = indicators.amount_of(before) if before else None
        for edition in later:
            value = indicators.amount_of(edition)
            shown = tracking.figure_supports(value=value, target=row.target_value, before=base, direction=row.direction)
            if shown is not None:
                Evidence.objects.get_or_create(
                    promise=row, kind=EvidenceKind.FIGURE, figure_key=edition.key,
                    defaults={"supports": shown, "value": value, "is_automatic": True, "by": by.key, "at": at},
                )  # fmt: skip


def _reckon(row: Promise, supports: Iterable[str], *, looked_in: int, by: Actor, at: datetime) -> None:
    on = localdate(at)
    now = tracking.standing(
        supports=supports, specificity=row.specificity, has_indicator=bool(row.indicator), due_date=row.due_date,
        on=on, looked_in=looked_in,
    )  # fmt: skip
    before, is_first = row.state, not row.state_why
    row.state, row.state_why, row.looked_in, row.checked_on = now.state, now.why, looked_in, on
    if before == now.state:
        return
    row.since_at = at
    if not is_first:
        with ledger.action("promise.move", by=by, at=at, subject=names.subject_of(row)) as entry:
            PromiseMove.objects.create(promise=row, at=at, before=before, after=now.state, why=now.why)
            entry.reason = now.why
            entry.change(before=before, after=str(now.state))
