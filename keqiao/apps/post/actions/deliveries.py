"""What happens to a delivery: claimed, sent or not, found again after a worker was lost, sent once more by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.post import channels, permissions
from keqiao.apps.post.models import IN_TROUBLE, WAITING, Delivery, DeliveryState

# Small, because what a lost worker had claimed is all that can become uncertain.
BATCH = 10
# Far longer than a batch can take: a worker that is only slow keeps what it has.
CLAIM_FOR = timedelta(minutes=15)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))


@dataclass(frozen=True)
class Outcome:
    """How one try went. `due_at` is set where there will be another."""

    pk: int
    state: str
    problem: str = ""
    due_at: datetime | None = None


def claim(*, by: Actor, at: datetime, limit: int = BATCH) -> tuple[UUID, list[int]]:
    """Take the next deliveries that are due; returns the claim and their primary keys. Committed before any is sent."""
    token = uuid4()
    if not Delivery.objects.filter(state__in=WAITING, due_at__lte=at).exists():
        return token, []
    with ledger.action("delivery.claim", by=by, at=at, subject="post:deliveries") as entry:
        entry.require(permissions.can_run_post(by))
        due = Delivery.objects.filter(state__in=WAITING, due_at__lte=at).order_by("due_at", "pk")
        free = due.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        taken = list(free.values_list("pk", flat=True)[:limit])
        Delivery.objects.filter(pk__in=taken).update(
            state=DeliveryState.SENDING, claim=token, claimed_until=at + CLAIM_FOR
        )
        entry.count = len(taken)
    return token, taken


def finish(token: UUID, outcomes: Sequence[Outcome], *, by: Actor, at: datetime) -> None:
    """Note how the tries of a claim went. What somebody else has taken over meanwhile is left to them."""
    if not outcomes:
        return
    with ledger.action("delivery.finish", by=by, at=at, subject="post:deliveries") as entry:
        entry.require(permissions.can_run_post(by))
        mine = Delivery.objects.select_for_update().filter(pk__in=[outcome.pk for outcome in outcomes], claim=token)
        rows = {row.pk: row for row in mine}
        for outcome in outcomes:
            if outcome.pk in rows:
                _note(rows[outcome.pk], outcome, at=at)
        entry.count = sum(outcome.state == DeliveryState.SENT for outcome in outcomes if outcome.pk in rows)
        entry.change(tried=len(rows))


def _note(row: Delivery, outcome: Outcome, *, at: datetime) -> None:
    row.state, row.problem = outcome.state, outcome.problem
    row.claim = row.claimed_until = None
    if outcome.due_at is not None:
        row.due_at = outcome.due_at
    # A delivery that was only given back has not been tried.
    if outcome.state != DeliveryState.PENDING:
        row.attempts += 1
    if outcome.state not in WAITING:
        row.ended_at = at
    row.save()


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed tries; None: no more tries."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def recover(*, by: Actor, at: datetime) -> int:
    """Find what a lost worker had claimed; returns how many.

    Where the receiver knows repetitions it is simply sent again, with the same key. Else nobody can tell whether it
    went out: it becomes uncertain and waits for a person.
    """
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_until__lt=at)
    if not lost.exists():
        return 0
    with ledger.action("delivery.recover", by=by, at=at, subject="post:deliveries") as entry:
        entry.require(permissions.can_run_post(by))
        rows = list(lost.select_for_update())
        for row in rows:
            channel = channels.channel(row.channel)
            is_safe = channel is not None and channel.repeats_safely
            row.state = DeliveryState.RETRY if is_safe else DeliveryState.UNCERTAIN
            row.problem, row.ended_at = "worker_lost", None if is_safe else at
            row.attempts += 1
            # The claim of an uncertain one stays: if the worker lives after all, it may still say how it went.
            row.claim = None if is_safe else row.claim
            row.save()
        entry.count = len(rows)
    return len(rows)


def resend(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """A person decides that it shall go out once more."""
    with ledger.action("delivery.resend", by=by, at=at, subject=f"delivery:{delivery.key}") as entry:
        _take_in_hand(delivery, by=by, entry=entry)
        delivery.state, delivery.due_at, delivery.attempts = DeliveryState.PENDING, at, 0
        delivery.ended_at = None
        delivery.save()


def drop(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """A person decides that it shall not go out any more."""
    with ledger.action("delivery.drop", by=by, at=at, subject=f"delivery:{delivery.key}") as entry:
        _take_in_hand(delivery, by=by, entry=entry)
        delivery.state, delivery.ended_at = DeliveryState.DROPPED, at
        delivery.save()


def _take_in_hand(delivery: Delivery, *, by: Actor, entry: ledger.Draft) -> None:
    entry.require(permissions.can_manage_deliveries(by))
    delivery.refresh_from_db(from_queryset=Delivery.objects.select_for_update())
    if delivery.state not in IN_TROUBLE:
        raise ledger.Refused("delivery_not_in_trouble")
    delivery.claim = delivery.claimed_until = None
    delivery.problem = ""
