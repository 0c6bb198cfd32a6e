"""先用后转: terms, reports, the fee that falls due, at most the cap."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.actions import agreements, trials
from keqiao.apps.market.actions.trials import TrialInput
from keqiao.apps.market.models import Agreement, Trial
from tests.apps.acting import editor
from tests.factories.market import AgreementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
TERMS = TrialInput(
    start_date=TODAY - timedelta(days=10), end_date=TODAY + timedelta(days=80), trigger="sales",
    trigger_value=100_000_000, fee_rate=500, cap_fen=7_000_000, report_due_date=TODAY + timedelta(days=30),
)  # fmt: skip


def license_draft() -> Agreement:
    return AgreementFactory(contract_type="license", subtype="patent_license")


def running(now: datetime, **terms: Any) -> Trial:
    row = license_draft()
    trial = trials.set_trial(row, replace(TERMS, **terms), by=editor(row.seller), at=now)
    agreements.sign(row, signed_date=TODAY, by=editor(row.seller), at=now)
    return trial


def test_trial_is_of_a_licence_and_fixed_before_the_signature(now: datetime) -> None:
    other = AgreementFactory()
    with pytest.raises(Refused, match="trial_of_license_only"):
        trials.set_trial(other, TERMS, by=editor(other.seller), at=now)
    trial = running(now)
    with pytest.raises(Refused, match="agreement_is_signed"):
        trials.set_trial(trial.agreement, TERMS, by=editor(trial.agreement.seller), at=now)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"end_date": TODAY - timedelta(days=10)}, "end_date"),
        ({"trigger": "luck"}, "trigger"),
        ({"trigger_value": None}, "trigger_value"),
        ({"fee_rate": None}, "fee_fen"),
        ({"fee_fen": 8_000_000}, "fee_fen"),
        ({"cap_fen": 0}, "cap_fen"),
        ({"report_due_date": TODAY - timedelta(days=11)}, "report_due_date"),
    ],
)
def test_terms_name_what_is_wrong(change: dict[str, Any], field: str, now: datetime) -> None:
    row = license_draft()
    with pytest.raises(ValidationError) as error:
        trials.set_trial(row, replace(TERMS, **change), by=editor(row.seller), at=now)
    assert set(error.value.message_dict) == {field}
    assert Trial.objects.count() == 0


def test_fee_falls_due_once_the_trigger_is_met(now: datetime) -> None:
    trial = running(now)
    by, seller = editor(trial.agreement.buyer), editor(trial.agreement.seller)
    trials.report_trial(trial, report_date=TODAY, sales_fen=99_999_999, by=by, at=now)
    with pytest.raises(Refused, match="trigger_not_met"):
        trials.convert_trial(trial, due_date=TODAY, by=seller, at=now)
    trials.report_trial(trial, report_date=TODAY, sales_fen=1, by=by, at=now)

    payment = trials.convert_trial(trial, due_date=TODAY, by=seller, at=now)

    assert (payment.amount_fen, payment.is_trial_fee, trial.outcome) == (5_000_000, True, "converted")
    with pytest.raises(Refused, match="trial_over"):
        trials.report_trial(trial, report_date=TODAY, by=by, at=now)


def test_fee_is_capped(now: datetime) -> None:
    trial = running(now, fee_fen=3_000_000)
    trials.report_trial(trial, report_date=TODAY, sales_fen=900_000_000, by=editor(trial.agreement.buyer), at=now)
    assert (
        trials.convert_trial(trial, due_date=TODAY, by=editor(trial.agreement.seller), at=now).amount_fen == 7_000_000
    )


def test_time_triggers_on_the_last_day(now: datetime) -> None:
    trial = running(now, trigger="time", trigger_value=None, fee_fen=1_000_000, fee_rate=None)
    assert trials.sum_of(trial, on=trial.end_date - timedelta(days=1)).is_met is False
    assert trials.sum_of(trial, on=trial.end_date).is_met is True


def test_only_the_user_of_the_technology_reports(now: datetime) -> None:
    trial = running(now)
    with pytest.raises(Refused, match="buyer_only"):
        trials.report_trial(trial, report_date=TODAY, by=editor(trial.agreement.seller), at=now)


def test_dispute_ends_with_a_return(now: datetime) -> None:
    trial = running(now)
    by = editor(trial.agreement.buyer)
    with pytest.raises(ValidationError):
        trials.dispute_trial(trial, note=" ", by=by, at=now)
    trials.dispute_trial(trial, note="数据不一致", by=by, at=now)
    trials.return_trial(trial, note="退回", by=by, at=now)
    assert (trial.outcome, trial.agreement.payments.count()) == ("returned", 0)
