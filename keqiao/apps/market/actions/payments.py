"""The payments a contract promises and what was paid of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import agreement_rules as rules
from keqiao.apps.market import permissions
from keqiao.apps.market.models import Agreement, AgreementPayment, AgreementState
from keqiao.apps.parties.actors import Actor

from .agreements import lock, require_state, subject_of

MOST_PAYMENTS = 40


@dataclass(frozen=True)
class PaymentInput:
    """One line of the payment plan; the amount is open where it depends on sales to come."""

    condition: str
    due_date: date | None = None
    amount_fen: int | None = None


def set_payments(agreement: Agreement, rows: Sequence[PaymentInput], *, by: Actor, at: datetime) -> None:
    """Write the payment plan of a draft anew. A ValidationError names the line, or the sum that does not fit."""
    with ledger.action("agreement.set_payments", by=by, at=at, subject=subject_of(agreement)) as entry:
        lock(agreement)
        entry.require(permissions.can_write_agreement(by, agreement))
        require_state(agreement, AgreementState.DRAFT)
        _check(agreement, rows)
        agreement.payments.all().delete()
        AgreementPayment.objects.bulk_create(
            AgreementPayment(
                agreement=agreement, position=place, condition=row.condition.strip(), due_date=row.due_date,
                amount_fen=row.amount_fen,
            )
            for place, row in enumerate(rows)
        )  # fmt: skip
        agreement.updated_at = at
        agreement.save(update_fields=["updated_at"])
        entry.change(payments=len(rows), amounts=[row.amount_fen for row in rows])


def _check(agreement: Agreement, rows: Sequence[PaymentInput]) -> None:
    if len(rows) > MOST_PAYMENTS:
        raise ValidationError({"payments": [_("付款计划最多 %(most)s 笔。") % {"most": MOST_PAYMENTS}]})
    texts = []
    for number, row in enumerate(rows, start=1):
        if not row.condition.strip():
            texts.append(_("第 %(number)s 笔：请写明付款条件。") % {"number": number})
        if row.amount_fen is not None and row.amount_fen <= 0:
            texts.append(_("第 %(number)s 笔：金额应大于 0。") % {"number": number})
    if not texts and (problem := rules.sum_problem(agreement, [row.amount_fen for row in rows])):
        texts.append(problem)
    if texts:
        raise ValidationError({"payments": texts})


def record_payment(payment: AgreementPayment, *, paid_fen: int, paid_date: date, by: Actor, at: datetime) -> None:
    """Note what was paid and when; once noted it stays."""
    agreement = payment.agreement
    with ledger.action("agreement.record_payment", by=by, at=at, subject=subject_of(agreement)) as entry:
        lock(agreement)
        entry.require(permissions.can_write_agreement(by, agreement))
        require_state(agreement, AgreementState.SIGNED, AgreementState.PERFORMED)
        payment.refresh_from_db(from_queryset=AgreementPayment.objects.select_for_update())
        if payment.paid_date is not None:
            raise ledger.Refused("already_paid")
        if paid_fen <= 0:
            raise ValidationError({"paid_fen": [_("实付金额应大于 0。")]})
        if paid_date > localdate(at):
            raise ValidationError({"paid_date": [_("实付日期不能晚于今天。")]})
        payment.paid_fen, payment.paid_date = paid_fen, paid_date
        payment.save(update_fields=["paid_fen", "paid_date"])
        entry.change(position=payment.position, paid_fen=paid_fen, paid_date=paid_date.isoformat())
