"""What falls due soon is told once, to those who must act, and not when it is done."""

from datetime import datetime, timedelta

import pytest

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import actions
from keqiao.apps.market.models import AgreementPayment, SupplementRequest, Trial, TrialReport
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import User
from keqiao.apps.post import actions as post
from keqiao.apps.post.models import Notification
from tests.factories.market import AgreementFactory, RegistrationFactory
from tests.factories.parties import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
BY = system("worker")


def reminded(now: datetime, *, days: int = 0) -> list[str]:
    at = now + timedelta(days=days)
    actions.remind_due(by=BY, at=at)
    return list(Entry.objects.filter(at=at).order_by("seq").values_list("kind", flat=True))


def trial(now: datetime, *, due: int, **values: object) -> Trial:
    agreement = AgreementFactory(signed=True)
    return Trial.objects.create(
        agreement=agreement, start_date=now.date() - timedelta(days=60), end_date=now.date() + timedelta(days=60),
        trigger="time", fee_fen=1, cap_fen=10, report_due_date=now.date() + timedelta(days=due), **values,
    )  # fmt: skip


def test_report_of_a_trial_is_asked_for_once_and_not_after_it_came(now: datetime) -> None:
    trial(now, due=5)
    trial(now, due=9)
    done = trial(now, due=3)
    TrialReport.objects.create(trial=done, report_date=now.date() - timedelta(days=2), at=now)
    trial(now, due=4, outcome="returned", outcome_date=now.date())

    assert [reminded(now), reminded(now, days=1), reminded(now, days=2)] == [
        ["agreement.remind_report"],
        [],
        ["agreement.remind_report"],
    ]


def test_payment_is_told_to_both_sides_without_its_amount(now: datetime) -> None:
    agreement = AgreementFactory(signed=True)
    for position, (days, paid) in enumerate([(2, False), (6, False), (3, True), (20, False)]):
        AgreementPayment.objects.create(
            agreement=agreement, position=position, condition="x", amount_fen=765_432,
            due_date=now.date() + timedelta(days=days), paid_date=now.date() if paid else None,
            paid_fen=765_432 if paid else None,
        )  # fmt: skip
    people: list[User] = [
        MembershipFactory(organization=body, role="editor").user for body in (agreement.seller, agreement.buyer)
    ]

    assert reminded(now) == ["agreement.remind_payment"]
    post.take_up(by=BY, at=now)

    told = Notification.objects.all()
    assert sorted(row.user_id for row in told) == sorted(user.pk for user in people)
    assert not [row for row in told if "7654" in row.title + row.text]


def test_open_supplement_is_told_before_its_deadline(now: datetime) -> None:
    for days, answered in ((2, None), (2, now), (9, None)):
        SupplementRequest.objects.create(
            registration=RegistrationFactory(state="supplement"), reason="form", text="x", at=now,
            deadline_date=now.date() + timedelta(days=days), answered_at=answered,
        )  # fmt: skip

    assert [reminded(now), reminded(now, days=1)] == [["registration.remind_supplement"], []]
