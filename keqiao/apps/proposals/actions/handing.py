"""Handing a proposal over to units, taking it up, giving it back, answering it: each with its day."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import clocks, names, permissions
from keqiao.apps.proposals.models import (
    ANSWERING_ROLES,
    Assignment,
    Proposal,
    ProposalState,
    ReturnReason,
    UnitRole,
)

from ._common import lock, require_day, require_state, require_unit

OPEN_STATES = (
    ProposalState.RECEIVED, ProposalState.ASSIGNED, ProposalState.ANSWERING, ProposalState.REDO,
)  # fmt: skip


def hand_over(
    proposal: Proposal, *, units: Sequence[tuple[str, str]], assigned_date: date, by: Actor, at: datetime
) -> list[Assignment]:
    """Give it to units in their roles; each gets its last day from the rule that holds on the day it is handed over.

    Somebody has to answer: one lead, or one or more that answer separately.
    """
    with ledger.action("proposal.hand_over", by=by, at=at, subject=names.subject_of(proposal)) as entry:
        lock(proposal)
        entry.require(permissions.can_hand_over(by))
        require_state(proposal, *OPEN_STATES)
        return give(proposal, units, assigned_date, entry=entry, at=at)


def give(
    proposal: Proposal, units: Sequence[tuple[str, str]], day: date, *, entry: ledger.Draft, at: datetime
) -> list[Assignment]:
    """Write the assignments inside an action that has asked whether the actor may."""
    require_day(day, field="assigned_date", on=localdate(at), earliest=proposal.received_date)
    turn = current_round(proposal)
    rows = [_assignment(proposal, unit, role, day, turn) for unit, role in units]
    _save(rows)
    _require_somebody_answers(proposal, turn)
    proposal.assigned_date = proposal.assigned_date or day
    if proposal.state == ProposalState.RECEIVED:
        proposal.state = ProposalState.ASSIGNED
    proposal.updated_at = at
    proposal.save()
    entry.change(units=[f"{row.role} {row.unit} {row.due_date or ''}".strip() for row in rows])
    return rows


def current_round(proposal: Proposal) -> int:
    """1, and one more for each time the proposer was not satisfied."""
    return max(proposal.assignments.values_list("round", flat=True), default=1)


def _assignment(proposal: Proposal, unit: str, role: str, day: date, turn: int) -> Assignment:
    require_unit(unit, field="units")
    if role not in UnitRole.values:
        raise ValidationError({"units": _("承办方式只能是主办、分办、协办或参阅。")})
    due, rule = clocks.last_day(proposal, role=role, round=turn, start=day)
    return Assignment(proposal=proposal, unit=unit, role=role, assigned_date=day, due_date=due, rule=rule, round=turn)


def _save(rows: Sequence[Assignment]) -> None:
    try:
        with ledger.attempt():
            Assignment.objects.bulk_create(rows)
    except IntegrityError as error:
        what = _("同一单位只能承办一次，主办单位只能有一个。请先退回原来的交办。")
        raise ValidationError({"units": ValidationError(what, code="twice")}) from error


def _require_somebody_answers(proposal: Proposal, turn: int) -> None:
    rows = proposal.assignments.filter(round=turn, returned_date=None)
    roles = set(rows.values_list("role", flat=True))
    if not roles & set(ANSWERING_ROLES):
        raise ValidationError({"units": ValidationError(_("请至少指定一个主办或分办单位。"), code="no_lead")})
    if roles >= set(ANSWERING_ROLES):
        raise ValidationError({"units": _("主办和分办不能并用：要么一个主办，要么各自分办。")})


@contextmanager
def _step(assignment: Assignment, name: str, *, by: Actor, at: datetime) -> Iterator[ledger.Draft]:
    """One step of a unit, under the locks of the proposal and of its own row."""
    with ledger.action(f"assignment.{name}", by=by, at=at, subject=names.subject_of(assignment)) as entry:
        proposal = assignment.proposal
        lock(proposal)
        lock(assignment)
        assignment.proposal = proposal
        if assignment.returned_date is not None:
            raise ledger.Refused("already_returned")
        if assignment.answered_date is not None:
            raise ledger.Refused("already_answered_proposal")
        yield entry
        assignment.save()
        proposal.updated_at = at
        proposal.save()


def take_up(assignment: Assignment, *, by: Actor, at: datetime) -> None:
    """The unit begins to work on it."""
    with _step(assignment, "take_up", by=by, at=at) as entry:
        entry.require(permissions.can_handle(by, assignment))
        if assignment.taken_up_at is None:
            assignment.taken_up_at = at
        if assignment.proposal.state in (ProposalState.ASSIGNED, ProposalState.REDO):
            assignment.proposal.state = ProposalState.ANSWERING


def return_assignment(assignment: Assignment, *, reason: str, note: str, by: Actor, at: datetime) -> None:
    """Give it back to the office that handed it over, with the reason, within the days the rule allows for it."""
    with _step(assignment, "return", by=by, at=at) as entry:
        entry.require(permissions.can_handle(by, assignment))
        if reason not in ReturnReason.values:
            raise ValidationError({"reason": _("请选择退回理由。")})
        if not note.strip():
            raise ValidationError({"note": _("请说明为什么退回、应由谁承办。")})
        proposal, on = assignment.proposal, localdate(at)
        rule = clocks.rule("return", body=proposal.body, on=assignment.assigned_date)
        if on > rule.last_day(assignment.assigned_date):
            raise ledger.Refused("return_too_late")
        assignment.returned_date, assignment.return_reason, assignment.return_note = on, reason, note.strip()[:500]
        assignment.save()
        if not permissions.units_answering(proposal):
            proposal.state = ProposalState.RECEIVED
        entry.reason = reason
        entry.change(rule=rule.version)


def mark_answered(assignment: Assignment, *, answered_date: date, by: Actor, at: datetime) -> None:
    """The unit has answered: the proposer, or, as a co-handler, the lead."""
    with _step(assignment, "answer", by=by, at=at) as entry:
        entry.require(permissions.can_mark_answered(by, assignment))
        require_day(answered_date, field="answered_date", on=localdate(at), earliest=assignment.assigned_date)
        assignment.answered_date = answered_date
        assignment.save()
        if everybody_answered(assignment.proposal):
            assignment.proposal.state = ProposalState.ANSWERED
        entry.change(answered_date=answered_date.isoformat())


def everybody_answered(proposal: Proposal) -> bool:
    """Whether each unit that answers the proposer has done so this time."""
    rows = proposal.assignments.filter(
        round=current_round(proposal), returned_date=None, role__in=ANSWERING_ROLES
    ).values_list("answered_date", flat=True)
    return bool(rows) and all(rows)


def agree_broad(proposal: Proposal, *, agreed_by: str, agreed_date: date, by: Actor, at: datetime) -> None:
    """The longer time for what is broad and difficult; the proposer has agreed before the first day was past."""
    with ledger.action("proposal.agree_broad", by=by, at=at, subject=names.subject_of(proposal)) as entry:
        lock(proposal)
        entry.require(permissions.can_keep_proposal(by, proposal))
        require_state(proposal, *OPEN_STATES)
        if not agreed_by.strip():
            raise ValidationError({"agreed_by": _("请填写哪位提出人同意延期。")})
        require_day(agreed_date, field="agreed_date", on=localdate(at), earliest=proposal.assigned_date)
        rows = [row for row in proposal.assignments.filter(role__in=ANSWERING_ROLES) if row.is_open]
        if any(row.due_date is not None and row.due_date < agreed_date for row in rows):
            raise ledger.Refused("consent_too_late")
        proposal.is_broad, proposal.broad_agreed_by, proposal.broad_agreed_date = (
            True,
            agreed_by.strip()[:60],
            agreed_date,
        )
        for row in rows:
            row.due_date, row.rule = clocks.last_day(proposal, role=row.role, round=row.round, start=row.assigned_date)
            row.save()
        proposal.updated_at = at
        proposal.save()
        entry.change(agreed_date=agreed_date.isoformat(), due=[str(row.due_date) for row in rows])


def redo(proposal: Proposal, *, on: date, by: Actor, at: datetime) -> None:
    """Who brought it is not satisfied: those who answered answer again, within the time for that."""
    with ledger.action("proposal.redo", by=by, at=at, subject=names.subject_of(proposal)) as entry:
        turn = current_round(proposal)
        done = proposal.assignments.filter(round=turn, returned_date=None, role__in=ANSWERING_ROLES)
        _save([_assignment(proposal, row.unit, row.role, on, turn + 1) for row in done])
        proposal.state, proposal.updated_at = ProposalState.REDO, at
        proposal.save()
        entry.change(round=turn + 1)
