"""Writes to certificates: entering one, correcting it, saying that it is right, taking it back."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Certificate, Organization

from ._fields import only

FIELDS = frozenset({"number", "expires_date", "revoked_date"})


def add_certificate(
    organization: Organization, *, kind: str, issued_date: date, by: Actor, at: datetime, **values: Any
) -> Certificate:
    """Enter a certificate: confirmed if an office does it, the body's own statement if one of its people does."""
    row = Certificate(organization=organization, kind=kind, issued_date=issued_date, **only(values, FIELDS))
    with ledger.action("organization.add_certificate", by=by, at=at, subject=_subject(row)) as entry:
        entry.require(permissions.can_keep_organization(by, organization))
        row.changed_at = at
        if permissions.can_confirm_certificate(by, row).allowed:
            row.confirmed_by, row.confirmed_at = by.key, at
        _check_days(row, at=at)
        row.full_clean()
        row.save(force_insert=True)
        entry.change(kind=kind, number=row.number, **_told(row))
    return row


def edit_certificate(certificate: Certificate, *, by: Actor, at: datetime, **values: Any) -> Certificate:
    """Correct the number, the last day or the day of revocation; what an office has confirmed only an office may."""
    wanted = only(values, FIELDS)
    with ledger.action("organization.edit_certificate", by=by, at=at, subject=_subject(certificate)) as entry:
        _hold(certificate)
        entry.require(permissions.can_edit_certificate(by, certificate))
        for name, value in wanted.items():
            setattr(certificate, name, value)
        certificate.changed_at = at
        _check_days(certificate, at=at)
        certificate.full_clean()
        certificate.save(update_fields=[*wanted, "changed_at"])
        entry.change(kind=certificate.kind, **{name: str(value or "") for name, value in wanted.items()})
    return certificate


def confirm_certificate(certificate: Certificate, *, by: Actor, at: datetime) -> Certificate:
    """Say after checking the paper that what the body itself has entered is right."""
    with ledger.action("organization.confirm_certificate", by=by, at=at, subject=_subject(certificate)) as entry:
        _hold(certificate)
        entry.require(permissions.can_confirm_certificate(by, certificate))
        if certificate.is_confirmed:
            raise ledger.Refused("certificate_confirmed")
        certificate.confirmed_by, certificate.confirmed_at, certificate.changed_at = by.key, at, at
        certificate.save(update_fields=["confirmed_by", "confirmed_at", "changed_at"])
        entry.change(kind=certificate.kind, **_told(certificate))
    return certificate


def _hold(certificate: Certificate) -> None:
    certificate.refresh_from_db(from_queryset=Certificate.objects.select_for_update())


def _subject(certificate: Certificate) -> str:
    return f"organization:{certificate.organization.key}"


def _told(certificate: Certificate) -> dict[str, Any]:
    return {"issued_date": certificate.issued_date.isoformat(), "is_confirmed": certificate.is_confirmed}


def _check_days(row: Certificate, *, at: datetime) -> None:
    today, problems = localdate(at), {}
    if row.issued_date > today:
        problems["issued_date"] = _("发证日期不能晚于今天。")
    if row.expires_date is not None and row.expires_date <= row.issued_date:
        problems["expires_date"] = _("有效期止应晚于发证日期。")
    if row.revoked_date is not None and not row.issued_date <= row.revoked_date <= today:
        problems["revoked_date"] = _("撤销日期应在发证日期和今天之间。")
    if problems:
        raise ValidationError(problems)
