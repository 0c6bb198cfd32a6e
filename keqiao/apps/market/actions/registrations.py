"""Filing a contract for registration and what the seller's side does with it; the office's part is in `registering`."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market import registration_rules as rules
from keqiao.apps.market.models import (
    Agreement,
    Registration,
    RegistrationOffice,
    RegistrationState,
    SupplementRequest,
)
from keqiao.apps.market.names import new_key
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.catalogue import contracts

WRITABLE = (RegistrationState.DRAFT, RegistrationState.SUPPLEMENT_REQUIRED)


def subject_of(row: Registration) -> str:
    return f"registration:{row.key}"


def lock(row: Registration) -> None:
    """Hold the row and read it again: somebody may have decided since it was shown."""
    row.refresh_from_db(from_queryset=Registration.objects.select_for_update())


def require_state(row: Registration, *states: str) -> None:
    if row.state not in states:
        raise ledger.Refused(f"registration_is_{row.state}")


def file_registration(
    agreement: Agreement, *, office: RegistrationOffice, by: Actor, at: datetime, key: str = "", **form: Any
) -> Registration:
    """Begin the form of a signed contract, filled in from it; given values go first. A contract is filed once."""
    row = Registration(
        key=key or new_key("R"), agreement=agreement, office=office, created_at=at, updated_at=at,
        is_demo=agreement.is_demo,
    )  # fmt: skip
    with ledger.action("registration.create", by=by, at=at, subject=subject_of(row)) as entry:
        agreement.refresh_from_db(from_queryset=Agreement.objects.select_for_update())
        entry.require(permissions.can_file(by, agreement))
        if Registration.objects.filter(agreement=agreement).exists():
            raise ledger.Refused("already_filed")
        if reason := rules.filing_problems(agreement, on=localdate(at)):
            raise ledger.Refused(reason)
        _require_serves(office, agreement)
        fill(row, rules.drawn(agreement) | form)
        row.save(force_insert=True)
        entry.change(agreement=agreement.key, office=office.organization.key)
    return row


def _require_serves(office: RegistrationOffice, agreement: Agreement) -> None:
    if office not in offices_for(agreement):
        raise ledger.Refused("office_does_not_serve")


def offices_for(agreement: Agreement) -> list[RegistrationOffice]:
    """The offices of the place of whoever files, the nearest first; never one of a side's own."""
    body = permissions.files_for(agreement)
    filer = agreement.seller if agreement.seller is not None and agreement.seller.key == body else agreement.buyer
    if filer is None:
        return []
    lineage = places.lineage(filer.area) or (places.region().root.code,)
    own = permissions.bodies_of(agreement)
    rows = RegistrationOffice.objects.filter(is_active=True).select_related("organization")
    near = [
        (min(lineage.index(area) for area in row.areas if area in lineage), row.organization.name, row)
        for row in rows
        if row.organization.key not in own and set(row.areas) & set(lineage)
    ]
    return [row for *_order, row in sorted(near, key=lambda found: found[:2])]


def fill(row: Registration, form: dict[str, Any]) -> list[str]:
    if unknown := set(form) - set(rules.FORM):
        raise ValueError(f"these fields are not on the form: {', '.join(sorted(unknown))}")
    changed = [name for name, value in form.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, form[name])
    row.flow = rules.flow_of(row)
    return changed


def edit_form(
    row: Registration, *, by: Actor, at: datetime, office: RegistrationOffice | None = None, **form: Any
) -> None:
    """Change the form before it is handed in, or while the office waits for a supplement."""
    with ledger.action("registration.edit", by=by, at=at, subject=subject_of(row)) as entry:
        lock(row)
        entry.require(permissions.can_file(by, row.agreement))
        require_state(row, *WRITABLE)
        changed = fill(row, form)
        if office is not None and office != row.office:
            if row.state != RegistrationState.DRAFT:
                raise ledger.Refused("office_is_fixed")
            _require_serves(office, row.agreement)
            row.office = office
            changed.append("office")
        require_sound(row)
        row.updated_at = at
        row.save()
        entry.change(fields=sorted(changed))


def require_sound(row: Registration) -> None:
    if found := rules.problems(row):
        raise ValidationError(found)


def submit(row: Registration, *, by: Actor, at: datetime, answer: str = "") -> None:
    """Hand in the form, or what the office asked for; the clock begins on this day."""
    with ledger.action("registration.submit", by=by, at=at, subject=subject_of(row)) as entry:
        lock(row)
        entry.require(permissions.can_file(by, row.agreement))
        require_state(row, *WRITABLE)
        if reason := rules.filing_problems(row.agreement, on=localdate(at)):
            raise ledger.Refused(reason)
        require_sound(row)
        if row.state == RegistrationState.SUPPLEMENT_REQUIRED:
            _answer_supplement(row, answer, at=at)
        row.state, row.filed_date, row.updated_at = RegistrationState.SUBMITTED, row.filed_date or localdate(at), at
        start_clock(row, "submission", on=localdate(at))
        row.save()
        entry.change(state=str(row.state), due_date=row.due_date.isoformat() if row.due_date else None)


def _answer_supplement(row: Registration, answer: str, *, at: datetime) -> None:
    if not answer.strip():
        raise ValidationError({"answer": [_("请说明补正了什么。")]})
    asked = SupplementRequest.objects.select_for_update().get(registration=row, answered_at=None)
    asked.answered_at, asked.answer = at, answer.strip()[:500]
    asked.save(update_fields=["answered_at", "answer"])


def start_clock(row: Registration, event: str, *, on: date) -> None:
    """Begin the time limit anew if the rule of the day counts from this event."""
    rule = contracts.rule("registration", region=places.region().code, on=on)
    row.clock_date = on
    if rule.starts == event:
        row.due_date = rule.last_day(on)
    elif event == "submission":
        row.due_date = None


def refile(row: Registration, *, by: Actor, at: datetime) -> None:
    """What was rejected can be put right and handed in again."""
    with ledger.action("registration.refile", by=by, at=at, subject=subject_of(row)) as entry:
        lock(row)
        entry.require(permissions.can_file(by, row.agreement))
        require_state(row, RegistrationState.REJECTED)
        row.state, row.updated_at, row.reason, row.note = RegistrationState.DRAFT, at, "", ""
        row.clock_date = row.due_date = row.filed_date = row.decided_by = None
        row.checks.all().delete()
        row.save()
        entry.change(state=str(row.state))
