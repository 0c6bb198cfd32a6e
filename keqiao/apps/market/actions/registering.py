"""What a registration office decides. Every step reads the row again under its lock: of two registrars one is first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market import registration_rules as rules
from keqiao.apps.market.models import (
    REVIEW_STATES,
    CheckKind,
    DeregisterReason,
    Registration,
    RegistrationCheck,
    RegistrationOffice,
    RegistrationState,
    RegistrationVersion,
    RejectReason,
    SupplementReason,
    SupplementRequest,
)
from keqiao.apps.parties import places, queries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.catalogue import calendar, contracts

from .registrations import fill, lock, require_sound, require_state, start_clock, subject_of

NEEDED_CHECKS = (CheckKind.FORM, CheckKind.TYPE, CheckKind.AMOUNT)
REGISTERED = (RegistrationState.REGISTERED, RegistrationState.CHANGED)


@contextmanager
def _decided(row: Registration, name: str, *states: str, by: Actor, at: datetime) -> Iterator[ledger.Draft]:
    """One step of the office; what else it sets is done inside, under the lock and before the row is written."""
    with ledger.action(f"registration.{name}", by=by, at=at, subject=subject_of(row)) as entry:
        lock(row)
        entry.require(permissions.can_register(by, row))
        require_state(row, *states)
        yield entry
        row.updated_at = at
        row.save()
        entry.change(state=str(row.state))


def _registrar(by: Actor) -> User | None:
    return queries.user(by.key.removeprefix("user:")) if by.key.startswith("user:") else None


def accept(row: Registration, *, by: Actor, at: datetime) -> None:
    """The papers are complete: the office takes the matter on."""
    with _decided(row, "accept", RegistrationState.SUBMITTED, by=by, at=at):
        row.state = RegistrationState.ACCEPTED
        if contracts.rule("registration", region=places.region().code, on=localdate(at)).starts == "acceptance":
            start_clock(row, "acceptance", on=localdate(at))


def ask_supplement(
    row: Registration, *, reason: str, text: str, deadline_date: date, by: Actor, at: datetime
) -> SupplementRequest:
    """Something is missing: what, why and until when. The clock stands until it comes, then begins anew."""
    with _decided(row, "ask_supplement", RegistrationState.SUBMITTED, *REVIEW_STATES, by=by, at=at) as entry:
        found: dict[str, list[str]] = {}
        if reason not in SupplementReason.values:
            found["reason"] = [_("请选择补正原因。")]
        if not text.strip():
            found["text"] = [_("请写明需要补正的内容。")]
        if deadline_date <= localdate(at):
            found["deadline_date"] = [_("补正期限应晚于今天。")]
        if found:
            raise ValidationError(found)
        asked = SupplementRequest.objects.create(
            registration=row, reason=reason, text=text.strip()[:500], deadline_date=deadline_date, at=at
        )
        row.state, row.due_date, row.clock_date = RegistrationState.SUPPLEMENT_REQUIRED, None, None
        entry.reason = reason
        entry.change(deadline_date=deadline_date.isoformat())
    return asked


def check(row: Registration, *, kind: str, passed: bool, opinion: str, by: Actor, at: datetime) -> None:
    """Note the opinion on form, type or amount, or what the experts found."""
    if kind not in CheckKind.values:
        raise ValidationError({"kind": [_("请选择审查事项。")]})
    states = (RegistrationState.EXPERT_REVIEW,) if kind == CheckKind.EXPERTS else REVIEW_STATES
    with _decided(row, "check", *states, by=by, at=at) as entry:
        if not opinion.strip():
            raise ValidationError({"opinion": [_("请填写审查意见。")]})
        RegistrationCheck.objects.update_or_create(
            registration=row, kind=kind,
            defaults={"passed": passed, "opinion": opinion.strip()[:500], "by": _registrar(by), "at": at},
        )  # fmt: skip
        if row.state == RegistrationState.ACCEPTED:
            row.state = RegistrationState.UNDER_REVIEW
        entry.change(kind=kind, passed=passed)


def call_experts(row: Registration, *, is_disputed: bool, by: Actor, at: datetime) -> None:
    """Have experts look at a large or disputed contract; the longer time limit counts from the same day."""
    with _decided(
        row, "call_experts", RegistrationState.ACCEPTED, RegistrationState.UNDER_REVIEW, by=by, at=at
    ) as entry:
        if not (is_disputed or rules.is_large(row, on=localdate(at))):
            raise ledger.Refused("not_large_or_disputed")
        row.is_disputed, row.state = is_disputed, RegistrationState.EXPERT_REVIEW
        rule = contracts.find("registration_experts", region=places.region().code, on=localdate(at))
        if rule is not None and row.clock_date is not None:
            row.due_date = rule.last_day(row.clock_date)
        entry.change(is_disputed=is_disputed)


def register(
    row: Registration, *, number: str, by: Actor, at: datetime, technology_amount_fen: int | None = None
) -> None:
    """Enter the contract in the register under its number; the office may recognise a smaller technology amount."""
    with _decided(row, "register", *REVIEW_STATES, by=by, at=at) as entry:
        _require_checked(row)
        # One number at a time in an office: whoever comes second reads that it is taken.
        RegistrationOffice.objects.select_for_update().get(pk=row.office_id)
        number = "".join(number.split())
        found: dict[str, list[str]] = {}
        if not number:
            found["number"] = [_("请填写登记编号。")]
        elif Registration.objects.filter(office=row.office, number=number).exclude(pk=row.pk).exists():
            found["number"] = [_("本机构已用过这个登记编号，请核对。")]
        if technology_amount_fen is not None and not 0 <= technology_amount_fen <= row.contract_amount_fen:
            found["technology_amount_fen"] = [_("技术交易额不能大于合同成交额。")]
        if found:
            raise ValidationError(found)
        if technology_amount_fen is not None:
            row.technology_amount_fen = technology_amount_fen
        row.state, row.number, row.registered_date = RegistrationState.REGISTERED, number, localdate(at)
        row.decided_by = _registrar(by)
        entry.change(number=number, technology_amount_fen=row.technology_amount_fen)


def _require_checked(row: Registration) -> None:
    checks = {check.kind: check.passed for check in row.checks.all()}
    needed = (*NEEDED_CHECKS, *((CheckKind.EXPERTS,) if row.state == RegistrationState.EXPERT_REVIEW else ()))
    if any(kind not in checks for kind in needed):
        raise ledger.Refused("checks_missing")
    if not all(checks[kind] for kind in needed):
        raise ledger.Refused("check_not_passed")


def reject(row: Registration, *, reason: str, note: str, by: Actor, at: datetime) -> None:
    """The contract is not registered; the sides read why and may put it right."""
    with _decided(row, "reject", RegistrationState.SUBMITTED, *REVIEW_STATES, by=by, at=at) as entry:
        found: dict[str, list[str]] = {}
        if reason not in RejectReason.values:
            found["reason"] = [_("请选择不予登记的原因。")]
        if not note.strip():
            found["note"] = [_("请向申报方说明理由和可以怎样补救。")]
        if found:
            raise ValidationError(found)
        row.state, row.reason, row.note = RegistrationState.REJECTED, reason, note.strip()[:500]
        row.decided_by, row.due_date = _registrar(by), None
        entry.reason = reason


def change_registration(row: Registration, *, note: str, by: Actor, at: datetime, **form: Any) -> None:
    """The contract was changed: the form as it stood is kept as a version, the number stays."""
    with _decided(row, "change", *REGISTERED, by=by, at=at) as entry:
        if not note.strip():
            raise ValidationError({"note": [_("请说明变更的内容和依据。")]})
        before = snapshot(row)
        changed = fill(row, form)
        if not changed:
            raise ValidationError({"note": [_("没有改动任何一项。")]})
        require_sound(row)
        RegistrationVersion.objects.create(
            registration=row, version=row.version, form=before, note=note.strip()[:500], at=at
        )
        row.version, row.state = row.version + 1, RegistrationState.CHANGED
        entry.change(version=row.version, fields=sorted(changed))


def snapshot(row: Registration) -> dict[str, Any]:
    """The form as JSON keeps it."""
    values = {name: getattr(row, name) for name in rules.FORM}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def deregister(row: Registration, *, reason: str, note: str, tax_report_needed: bool, by: Actor, at: datetime) -> None:
    """Strike the contract off the register. Where tax benefits were used, the tax office must be told."""
    with _decided(row, "deregister", *REGISTERED, RegistrationState.PERFORMED, by=by, at=at) as entry:
        found: dict[str, list[str]] = {}
        if reason not in DeregisterReason.values:
            found["reason"] = [_("请选择注销原因。")]
        if not note.strip():
            found["note"] = [_("请写明注销的依据。")]
        if found:
            raise ValidationError(found)
        row.state, row.reason, row.note = RegistrationState.DEREGISTERED, reason, note.strip()[:500]
        row.tax_report_needed, row.decided_by = tax_report_needed, _registrar(by)
        entry.reason = reason
        entry.change(tax_report_needed=tax_report_needed)


SUPPLEMENT_WORKING_DAYS = 10


def supplement_day(on: date) -> date:
    """The day that is proposed for a supplement; the registrar may choose another."""
    return calendar.working_days_after(on, SUPPLEMENT_WORKING_DAYS)
