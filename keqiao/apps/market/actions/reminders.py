"""What falls due soon is noted once; the entry is what is remembered, and what people are told by. No row changes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger import queries as entries
from keqiao.apps.market import permissions
from keqiao.apps.market.models import AgreementPayment, AgreementState, State, SupplementRequest, Trial
from keqiao.apps.market.names import MODELS
from keqiao.apps.parties.actors import Actor

MOST_REMINDED = 2000


@dataclass(frozen=True)
class Reminder:
    """What is due, how many days ahead people are told, and after how many days the same may be told again.

    `again` is longer than `ahead`, so that one date is told once, and shorter than anything that comes back.
    """

    kind: str
    ahead: int
    again: int
    subjects: Callable[[date, date], Iterator[str]]


def _expiring(listing: str) -> Callable[[date, date], Iterator[str]]:
    def subjects(on: date, until: date) -> Iterator[str]:
        soon = MODELS[listing]._default_manager.filter(
            state=State.PUBLISHED, expires_date__gt=on, expires_date__lte=until
        )
        for key in soon.order_by("expires_date", "pk").values_list("key", flat=True)[:MOST_REMINDED]:
            yield f"{listing}:{key}"

    return subjects


def _reports(on: date, until: date) -> Iterator[str]:
    """Trials that still run, of which nothing was reported since the report before the one that falls due."""
    rows = Trial.objects.filter(outcome="", report_due_date__gte=on, report_due_date__lte=until)
    rows = rows.exclude(reports__report_date__gte=F("report_due_date") - timedelta(days=REPORT_FRESH))
    for key in rows.order_by("report_due_date", "pk").values_list("agreement__key", flat=True)[:MOST_REMINDED]:
        yield f"agreement:{key}"


def _payments(on: date, until: date) -> Iterator[str]:
    rows = AgreementPayment.objects.filter(
        paid_date=None, due_date__gte=on, due_date__lte=until, agreement__state=AgreementState.SIGNED
    )
    keys = rows.order_by("due_date", "pk").values_list("agreement__key", flat=True)[:MOST_REMINDED]
    yield from dict.fromkeys(f"agreement:{key}" for key in keys)


def _supplements(on: date, until: date) -> Iterator[str]:
    rows = SupplementRequest.objects.filter(answered_at=None, deadline_date__gte=on, deadline_date__lte=until)
    for key in rows.order_by("deadline_date", "pk").values_list("registration__key", flat=True)[:MOST_REMINDED]:
        yield f"registration:{key}"


REPORT_FRESH = 14
REMINDERS = (
    *(Reminder(f"{listing}.remind", 14, 30, _expiring(listing)) for listing in MODELS),
    Reminder("agreement.remind_report", 7, 14, _reports),
    Reminder("agreement.remind_payment", 7, 14, _payments),
    Reminder("registration.remind_supplement", 3, 5, _supplements),
)


def remind_due(*, by: Actor, at: datetime, limit: int = 100) -> int:
    """Note of each thing that it falls due soon, once; returns how many. Run by the worker."""
    done, on = 0, localdate(at)
    for one in REMINDERS:
        subjects = list(one.subjects(on, on + timedelta(days=one.ahead)))
        for subject in entries.without_entry(subjects, kind=one.kind, after=at - timedelta(days=one.again))[:limit]:
            with ledger.action(one.kind, by=by, at=at, subject=subject) as entry:
                entry.require(permissions.can_remind(by))
            done += 1
    return done
