"""Handing over, giving back in time, answering in time, answering again."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.actions import handing
from keqiao.apps.proposals.models import Assignment, Proposal
from tests.apps.acting import last_entry, product
from tests.factories.proposals import AssignmentFactory, ProposalFactory

from .people import hand_over_office, officer_of

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
HANDED = date(2026, 9, 7)


@pytest.fixture
def proposal() -> Proposal:
    found: Proposal = ProposalFactory(state="received", assigned_date=None)
    return found


def hand_over(proposal: Proposal, now: datetime, *units: tuple[str, str], on: date = HANDED) -> list[Assignment]:
    return actions.hand_over(proposal, units=list(units), assigned_date=on, by=hand_over_office(), at=now)


def test_each_role_has_its_last_day_and_the_rule_it_comes_from(proposal: Proposal, now: datetime) -> None:
    hand_over(proposal, now, ("industry", "lead"), ("science", "co"), ("area:229901", "reference"))

    assert list(proposal.assignments.values_list("unit", "due_date", "rule")) == [
        ("industry", date(2026, 12, 7), "r229999/answer/cppcc/2020-01-01"),
        ("science", date(2026, 10, 8), "national/co_opinion/2015-01-01"),
        ("area:229901", None, ""),
    ]
    assert (proposal.state, proposal.assigned_date) == ("assigned", HANDED)


@pytest.mark.parametrize(
    "units",
    [
        [("science", "co")],
        [("industry", "lead"), ("science", "lead")],
        [("industry", "lead"), ("industry", "co")],
        [("industry", "lead"), ("science", "separate")],
        [("industry", "boss")],
        [("ministry", "lead")],
    ],
)
def test_hand_over_that_makes_no_sense_writes_nothing(
    units: list[tuple[str, str]], proposal: Proposal, now: datetime
) -> None:
    with pytest.raises(ValidationError) as caught:
        hand_over(proposal, now, *units)
    assert set(caught.value.message_dict) == {"units"}
    assert not Assignment.objects.exists()


def test_hand_over_is_not_dated_before_receipt_or_after_today(proposal: Proposal, now: datetime) -> None:
    for day in (date(2026, 8, 31), now.date() + timedelta(days=1)):
        with pytest.raises(ValidationError) as caught:
            hand_over(proposal, now, ("industry", "lead"), on=day)
        assert set(caught.value.message_dict) == {"assigned_date"}


def test_only_the_office_hands_over(proposal: Proposal, now: datetime) -> None:
    with pytest.raises(Refused, match="not_hand_over_office"):
        actions.hand_over(
            proposal, units=[("industry", "lead")], assigned_date=HANDED, by=officer_of("industry"), at=now
        )
    assert last_entry()[3:] == ("refused", "not_hand_over_office")


@pytest.mark.parametrize(("days", "is_late"), [(7, False), (8, True)])
def test_unit_gives_it_back_within_the_days_of_the_rule(days: int, is_late: bool, now: datetime) -> None:
    """Five working days from Thursday, 12 November, end on the 19th."""
    row = AssignmentFactory(assigned_date=date(2026, 11, 12))
    later = datetime.combine(date(2026, 11, 12) + timedelta(days=days), now.timetz())
    give_back = {"reason": "not_our_duty", "note": "属市场监管职责", "by": officer_of("industry"), "at": later}
    if is_late:
        with pytest.raises(Refused, match="return_too_late"):
            actions.return_assignment(row, **give_back)
        assert Assignment.objects.get().returned_date is None
        return
    actions.return_assignment(row, **give_back)

    assert (row.returned_date, row.proposal.state) == (later.date(), "received")
    actions.hand_over(
        row.proposal, units=[("market_regulation", "lead")], assigned_date=later.date(), by=hand_over_office(),
        at=later,
    )  # fmt: skip
    assert row.proposal.state == "assigned"


@pytest.mark.parametrize(
    ("reason", "note", "field"), [("", "x", "reason"), ("mood", "x", "reason"), ("other", " ", "note")]
)
def test_return_says_why(reason: str, note: str, field: str, now: datetime) -> None:
    row = AssignmentFactory(assigned_date=date(2026, 11, 20))
    with pytest.raises(ValidationError) as caught:
        actions.return_assignment(row, reason=reason, note=note, by=officer_of("industry"), at=now)
    assert set(caught.value.message_dict) == {field}


def test_unit_takes_up_and_answers(now: datetime) -> None:
    row = AssignmentFactory()
    other = AssignmentFactory(proposal=row.proposal, unit="science", role="co")
    with pytest.raises(Refused, match="not_unit_officer"):
        actions.take_up(row, by=officer_of("science"), at=now)

    actions.take_up(row, by=officer_of("industry"), at=now)
    assert (row.taken_up_at, row.proposal.state) == (now, "answering")
    for day in (date(2026, 9, 6), date(2026, 11, 22)):
        with pytest.raises(ValidationError):
            actions.mark_answered(row, answered_date=day, by=officer_of("industry"), at=now)
    actions.mark_answered(row, answered_date=now.date(), by=officer_of("industry"), at=now)

    assert row.proposal.state == "answered"
    with pytest.raises(Refused, match="already_answered_proposal"):
        actions.mark_answered(row, answered_date=now.date(), by=officer_of("industry"), at=now)
    with pytest.raises(Refused, match="somebody_has_not_answered"):
        actions.close_proposal(row.proposal, by=hand_over_office(), at=now)
    actions.mark_answered(other, answered_date=now.date(), by=hand_over_office(), at=now)
    actions.close_proposal(row.proposal, by=hand_over_office(), at=now)
    assert Proposal.objects.get().state == "closed"


def test_separate_units_are_answered_when_all_have(now: datetime) -> None:
    first = AssignmentFactory(role="separate")
    second = AssignmentFactory(proposal=first.proposal, unit="science", role="separate")
    actions.mark_answered(first, answered_date=now.date(), by=product(), at=now)
    assert Proposal.objects.get().state == "assigned"
    actions.mark_answered(second, answered_date=now.date(), by=product(), at=now)
    assert Proposal.objects.get().state == "answered"


def test_broad_proposal_has_six_months_with_consent_in_time(now: datetime) -> None:
    row = AssignmentFactory()
    office = officer_of("industry")
    with pytest.raises(ValidationError):
        actions.agree_broad(row.proposal, agreed_by=" ", agreed_date=now.date(), by=office, at=now)

    actions.agree_broad(row.proposal, agreed_by="李明", agreed_date=date(2026, 11, 1), by=office, at=now)

    row.refresh_from_db()
    assert (row.due_date, row.rule) == (date(2027, 3, 8), "r229999/answer_broad/cppcc/2020-01-01")

    late = AssignmentFactory(due_date=date(2026, 10, 30))
    with pytest.raises(Refused, match="consent_too_late"):
        actions.agree_broad(late.proposal, agreed_by="李明", agreed_date=date(2026, 11, 1), by=office, at=now)
    assert not Proposal.objects.get(pk=late.proposal.pk).is_broad


def test_unsatisfied_proposer_is_answered_again(now: datetime) -> None:
    row = AssignmentFactory(answered_date=date(2026, 11, 10), proposal__state="answered")
    AssignmentFactory(proposal=row.proposal, unit="science", role="co")

    handing.redo(row.proposal, on=now.date(), by=product(), at=now)

    again = row.proposal.assignments.get(round=2)
    assert (again.unit, again.role, again.due_date) == ("industry", "lead", date(2027, 1, 21))
    assert again.rule == "r229999/redo/2020-01-01"
    assert (row.proposal.state, handing.everybody_answered(row.proposal)) == ("redo", False)


@pytest.mark.parametrize(
    ("row", "on", "open_", "overdue", "left"),
    [
        ({}, date(2026, 12, 7), True, False, 0),
        ({}, date(2026, 12, 8), True, True, -1),
        ({"answered_date": date(2026, 12, 1)}, date(2026, 12, 8), False, False, None),
        ({"returned_date": date(2026, 9, 8), "return_reason": "other"}, date(2026, 12, 8), False, False, None),
        ({"role": "reference", "due_date": None}, date(2026, 12, 8), False, False, None),
    ],
)
def test_overdue_is_what_is_open_past_its_day(
    row: dict[str, object], on: date, open_: bool, overdue: bool, left: int | None
) -> None:
    found = AssignmentFactory(**row)
    assert (found.is_open, found.is_overdue(on), found.days_left(on)) == (open_, overdue, left)


def test_database_keeps_one_lead_and_a_reason_for_what_was_returned() -> None:
    row = AssignmentFactory()
    for changed in ({"unit": "science"}, {"role": "co"}, {"unit": "health", "role": "co", "return_reason": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AssignmentFactory(proposal=row.proposal, **changed)
