"""What falls due is noted once, and people are told by the note. No row changes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger import queries as entries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import clocks, names, permissions, queries
from keqiao.apps.proposals.models import Assignment, Body, LookBack, Promise, PromiseState, Reply, ReplyState, UnitRole

MOST_REMINDED = 2000
OPEN = {"returned_date": None, "answered_date": None}
QUARTER_MONTHS = 3
# The first days of a quarter, in which the look back at the last one is sent.
QUARTER_DAYS = 10


@dataclass(frozen=True)
class Reminder:
    """What is due on a day, and after how many days the same may be told again."""

    kind: str
    again: int
    subjects: Callable[[date], Iterator[str]]


def _until(name: str, body: str, on: date) -> date:
    return on + timedelta(days=clocks.rule(name, body=body, on=on).value)


def _near(on: date) -> Iterator[str]:
    """Assignments that fall due within the days that the rule book gives for reminding."""
    for body in Body.values:
        rows = Assignment.objects.filter(
            proposal__body=body, due_date__gte=on, due_date__lte=_until("remind_answer", body, on), **OPEN
        )
        yield from _subjects(rows.exclude(role=UnitRole.REFERENCE).order_by("due_date", "pk"))


def _late(on: date) -> Iterator[str]:
    rows = Assignment.objects.filter(due_date__lt=on, **OPEN).exclude(role=UnitRole.REFERENCE)
    yield from _subjects(rows.order_by("due_date", "pk"))


def _promises(on: date) -> Iterator[str]:
    """Promises of published replies that fall due soon and of which nothing is known yet."""
    rows = Promise.objects.filter(
        reply__state=ReplyState.PUBLISHED, is_lost=False, is_removed=False, state=PromiseState.NOT_DUE,
        due_date__gte=on, due_date__lte=_until("remind_promise", Body.NPC, on),
    )  # fmt: skip
    yield from _subjects(rows.order_by("due_date", "pk"))


def _looks(on: date) -> Iterator[str]:
    """Promises whose next look has come, before their day."""
    rows = Promise.objects.filter(
        reply__state=ReplyState.PUBLISHED, is_lost=False, is_removed=False, next_look_date__lte=on, due_date__gt=on,
        state=PromiseState.NOT_DUE,
    )  # fmt: skip
    yield from _subjects(rows.order_by("next_look_date", "pk"))


def _look_backs(on: date) -> Iterator[str]:
    yield from _subjects(LookBack.objects.filter(done_at=None, due_date__lte=on).order_by("due_date", "pk"))


def _unpublished(on: date) -> Iterator[str]:
    """Replies that were given, are to be public, and stand past the days within which they should be."""
    rows = Reply.objects.filter(
        is_current=True, state__in=(ReplyState.IMPORTED, ReplyState.CHECKED), answered_date__isnull=False,
        publication__in=("undecided", "full", "abstract"),
    ).select_related("proposal")  # fmt: skip
    for row in rows.defer("text", "parsed").order_by("answered_date", "pk")[:MOST_REMINDED]:
        if row.answered_date is not None and on > publish_by(row, row.answered_date):
            yield names.subject_of(row)


def publish_by(reply: Reply, answered: date) -> date:
    """The last working day on which a reply that was given should be public."""
    body = reply.proposal.body if reply.proposal else Body.NPC
    return clocks.rule("publish", body=body, on=answered).last_day(answered)


def _subjects(rows: Iterable[Assignment | Promise | LookBack]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number >= MOST_REMINDED:
            return
        yield names.subject_of(row)


REMINDERS = (
    Reminder("assignment.remind", 60, _near),
    Reminder("assignment.overdue", 30, _late),
    Reminder("promise.remind", 90, _promises),
    Reminder("promise.look", 360, _looks),
    Reminder("look_back.remind", 60, _look_backs),
    Reminder("reply.remind_publish", 30, _unpublished),
)


def remind_due(*, by: Actor, at: datetime, limit: int = 100) -> int:
    """Note of each thing that it falls due or is late; what stays late is told again. Returns how many."""
    done, on = 0, localdate(at)
    for one in REMINDERS:
        subjects = list(one.subjects(on))
        for subject in entries.without_entry(subjects, kind=one.kind, after=at - timedelta(days=one.again))[:limit]:
            with ledger.action(one.kind, by=by, at=at, subject=subject) as entry:
                entry.require(permissions.can_run(by))
            done += 1
    return done


def quarter_start(on: date) -> date:
    return date(on.year, on.month - (on.month - 1) % QUARTER_MONTHS, 1)


def report_quarter(*, by: Actor, at: datetime, limit: int = 100) -> int:
    """At the beginning of a quarter, one look back for everybody who follows promises; returns how many."""
    on = localdate(at)
    start = quarter_start(on)
    if (on - start).days >= QUARTER_DAYS:
        return 0
    done = 0
    people = {f"follower:{user.key}": str(user.key) for user in queries.everybody_following()}
    since = at - timedelta(days=(on - start).days + 1)
    for subject in entries.without_entry(list(people), kind="follow.digest", after=since)[:limit]:
        if not queries.followed_promises(people[subject]).exists():
            continue
        with ledger.action("follow.digest", by=by, at=at, subject=subject) as entry:
            entry.require(permissions.can_run(by))
        done += 1
    return done
