"""Use first, pay later: the terms of a trial, its reports, and what comes of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.agreement_rules import WHOLE_RATE
from keqiao.apps.market.models import (
    Agreement,
    AgreementPayment,
    AgreementState,
    ContractType,
    Trial,
    TrialOutcome,
    TrialReport,
    TrialTrigger,
)
from keqiao.apps.parties.actors import Actor

from .agreements import lock, require_state, subject_of


@dataclass(frozen=True)
class TrialInput:
    """The terms of a trial, as both sides fix them before it begins."""

    start_date: date
    end_date: date
    trigger: str
    cap_fen: int
    report_due_date: date
    fee_fen: int | None = None
    fee_rate: int | None = None
    trigger_value: int | None = None
    trigger_note: str = ""
    guarantee: str = ""


def set_trial(agreement: Agreement, terms: TrialInput, *, by: Actor, at: datetime) -> Trial:
    """Fix the terms in the draft of a licence; after the signature they stay."""
    with ledger.action("agreement.set_trial", by=by, at=at, subject=subject_of(agreement)) as entry:
        lock(agreement)
        entry.require(permissions.can_write_agreement(by, agreement))
        require_state(agreement, AgreementState.DRAFT)
        if agreement.contract_type != ContractType.LICENSE:
            raise ledger.Refused("trial_of_license_only")
        _check(terms)
        row = Trial.objects.filter(agreement=agreement).first() or Trial(agreement=agreement)
        for name, value in vars(terms).items():
            setattr(row, name, value)
        row.full_clean(exclude=["agreement"], validate_constraints=False)
        row.save()
        entry.change(trigger=terms.trigger, end_date=terms.end_date.isoformat(), cap_fen=terms.cap_fen)
    return row


def _check(terms: TrialInput) -> None:
    found: dict[str, list[str]] = {}
    if terms.start_date >= terms.end_date:
        found["end_date"] = [_("试用截止应晚于试用开始。")]
    if terms.trigger not in TrialTrigger.values:
        found["trigger"] = [_("请选择付费条件。")]
    if terms.trigger in (TrialTrigger.SALES, TrialTrigger.OUTPUT) and not (terms.trigger_value or 0) > 0:
        found["trigger_value"] = [_("请填写达到多少时付费。")]
    if terms.fee_fen is None and terms.fee_rate is None:
        found["fee_fen"] = [_("请填写约定费用，或按销售额提成的比例。")]
    if terms.fee_rate is not None and not 0 < terms.fee_rate <= WHOLE_RATE:
        found["fee_rate"] = [_("提成比例应大于 0%，不超过 100%。")]
    if terms.cap_fen <= 0:
        found["cap_fen"] = [_("请填写费用上限。")]
    elif terms.fee_fen is not None and not 0 <= terms.fee_fen <= terms.cap_fen:
        found["fee_fen"] = [_("约定费用不能超过费用上限。")]
    if terms.report_due_date < terms.start_date:
        found["report_due_date"] = [_("使用报告截止不能早于试用开始。")]
    if found:
        raise ValidationError(found)


def _open(trial: Trial) -> Agreement:
    """Hold agreement and trial; only a signed agreement has a trial that runs."""
    agreement = trial.agreement
    lock(agreement)
    trial.refresh_from_db(from_queryset=Trial.objects.select_for_update())
    require_state(agreement, AgreementState.SIGNED)
    return agreement


def _require_running(trial: Trial, *, or_disputed: bool = False) -> None:
    if trial.outcome and not (or_disputed and trial.outcome == TrialOutcome.DISPUTE):
        raise ledger.Refused("trial_over")


def report_trial(
    trial: Trial, *, report_date: date, by: Actor, at: datetime, sales_fen: int = 0, output: int = 0, text: str = ""
) -> TrialReport:
    """Report what was sold or made since the last report."""
    with ledger.action("agreement.report_trial", by=by, at=at, subject=subject_of(trial.agreement)) as entry:
        agreement = _open(trial)
        entry.require(permissions.can_report_trial(by, agreement))
        _require_running(trial)
        found: dict[str, list[str]] = {}
        if not trial.start_date <= report_date <= localdate(at):
            found["report_date"] = [_("报告日期应在试用开始之后，不晚于今天。")]
        if sales_fen < 0 or output < 0:
            found["sales_fen"] = [_("销售额和产量不能是负数。")]
        if found:
            raise ValidationError(found)
        row = TrialReport(trial=trial, report_date=report_date, sales_fen=sales_fen, output=output, text=text, at=at)
        row.full_clean(exclude=["trial"])
        row.save(force_insert=True)
        entry.change(report_date=report_date.isoformat(), sales_fen=sales_fen, output=output)
    return row


@dataclass(frozen=True)
class TrialSum:
    """What was reported in all, and whether that meets the trigger."""

    sales_fen: int
    output: int
    is_met: bool | None
    fee_fen: int


def sum_of(trial: Trial, *, on: date) -> TrialSum:
    """Reports added up. `is_met` is None where people must say so: acceptance is no number."""
    found = trial.reports.aggregate(sales=Sum("sales_fen"), output=Sum("output"))
    sales, output = found["sales"] or 0, found["output"] or 0
    met: bool | None = None
    if trial.trigger == TrialTrigger.SALES:
        met = sales >= (trial.trigger_value or 0)
    elif trial.trigger == TrialTrigger.OUTPUT:
        met = output >= (trial.trigger_value or 0)
    elif trial.trigger == TrialTrigger.TIME:
        met = trial.end_date <= on
    # A share of sales is rounded to the nearest fen; whatever the sum, the cap is the most.
    share = (sales * (trial.fee_rate or 0) + WHOLE_RATE // 2) // WHOLE_RATE
    return TrialSum(sales, output, met, min((trial.fee_fen or 0) + share, trial.cap_fen))


def convert_trial(trial: Trial, *, due_date: date, by: Actor, at: datetime, note: str = "") -> AgreementPayment:
    """The trigger is met: the fee, at most the cap, falls due as a payment."""
    with ledger.action("agreement.convert_trial", by=by, at=at, subject=subject_of(trial.agreement)) as entry:
        agreement = _open(trial)
        entry.require(permissions.can_write_agreement(by, agreement))
        _require_running(trial, or_disputed=True)
        total = sum_of(trial, on=localdate(at))
        if total.is_met is False:
            raise ledger.Refused("trigger_not_met")
        last = agreement.payments.aggregate(last=Max("position"))["last"]
        row = AgreementPayment.objects.create(
            agreement=agreement, position=0 if last is None else last + 1, is_trial_fee=True, due_date=due_date,
            condition=_("先用后转：%(trigger)s") % {"trigger": TrialTrigger(trial.trigger).label},
            amount_fen=total.fee_fen,
        )  # fmt: skip
        _end(trial, TrialOutcome.CONVERTED, note=note, on=localdate(at))
        entry.change(outcome=str(trial.outcome), fee_fen=total.fee_fen)
    return row


def return_trial(trial: Trial, *, note: str, by: Actor, at: datetime) -> None:
    """The user gives the technology back and pays nothing."""
    _close(trial, TrialOutcome.RETURNED, kind="agreement.return_trial", note=note, by=by, at=at)


def dispute_trial(trial: Trial, *, note: str, by: Actor, at: datetime) -> None:
    """The sides differ on what is due; a later conversion or return ends the dispute."""
    _close(trial, TrialOutcome.DISPUTE, kind="agreement.dispute_trial", note=note, by=by, at=at)


def _close(trial: Trial, outcome: TrialOutcome, *, kind: str, note: str, by: Actor, at: datetime) -> None:
    with ledger.action(kind, by=by, at=at, subject=subject_of(trial.agreement)) as entry:
        agreement = _open(trial)
        entry.require(permissions.can_write_agreement(by, agreement))
        _require_running(trial, or_disputed=outcome == TrialOutcome.RETURNED)
        if not note.strip():
            raise ValidationError({"note": [_("请用一句话说明情况。")]})
        _end(trial, outcome, note=note, on=localdate(at))
        entry.change(outcome=str(outcome))


def _end(trial: Trial, outcome: TrialOutcome, *, note: str, on: date) -> None:
    trial.outcome, trial.outcome_date, trial.outcome_note = outcome, on, note.strip()[:300]
    trial.save(update_fields=["outcome", "outcome_date", "outcome_note"])
