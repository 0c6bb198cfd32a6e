"""Entering, correcting and striking rows of registers."""

import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties.actors import Actor
from keqiao.apps.registers import permissions
from keqiao.apps.registers.models import Entry, StrikeReason
from keqiao.catalogue.registers import Register, registers

EDITED = (
    "title", "title_en", "level", "organization", "organization_name", "area", "field", "start_date", "end_date",
    "amount_fen", "quantity", "number", "source", "source_link", "note", "is_public",
)  # fmt: skip


def add_entry(register: str, *, by: Actor, at: datetime, key: str = "", is_demo: bool = False, **values: Any) -> Entry:
    """Enter a row. ValidationError names the fields that are wrong."""
    entry = Entry(
        key=key or f"{register}-{secrets.token_hex(5)}", register=register, owner=registers()[register].duty,
        is_demo=is_demo, created_at=at, updated_at=at,
    )  # fmt: skip
    with ledger.action("entry.create", by=by, at=at, subject=entry.subject) as noted:
        noted.require(permissions.can_keep_register(by, register))
        _write(entry, values, at=at)
        noted.change(**_plain(entry, values))
    return entry


def edit_entry(entry: Entry, *, by: Actor, at: datetime, **values: Any) -> None:
    """Correct a row. Figures that were published with it stay as they were, and say what this would change."""
    with ledger.action("entry.edit", by=by, at=at, subject=entry.subject) as noted:
        noted.require(permissions.can_keep_register(by, entry.register))
        if entry.struck_at:
            raise Refused("entry_struck")
        changed = {name: value for name, value in values.items() if getattr(entry, name) != value}
        _write(entry, values, at=at)
        noted.change(**_plain(entry, changed))


def strike_entry(entry: Entry, *, reason: str, by: Actor, at: datetime) -> None:
    """Take a row out of the register; it stays on record."""
    if reason not in StrikeReason.values:
        raise ValidationError({"reason": _("请选择剔除原因。")})
    with ledger.action("entry.strike", by=by, at=at, subject=entry.subject) as noted:
        noted.require(permissions.can_keep_register(by, entry.register))
        if entry.struck_at:
            raise Refused("entry_struck")
        entry.struck_at, entry.struck_by, entry.strike_reason, entry.updated_at = at, by.key, reason, at
        entry.save(update_fields=["struck_at", "struck_by", "strike_reason", "updated_at"])
        noted.reason = reason


def _write(entry: Entry, values: dict[str, Any], *, at: datetime) -> None:
    if unknown := values.keys() - set(EDITED):
        raise TypeError(f"an entry has no {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(entry, name, value)
    if entry.organization and not entry.organization_name:
        entry.organization_name = entry.organization.name
    if entry.organization and not entry.area:
        entry.area = entry.organization.area
    entry.updated_at = at
    check(entry, registers()[entry.register], at=at)
    entry.save()


def check(entry: Entry, register: Register, *, at: datetime) -> None:
    """Raise ValidationError with all that is wrong with a row, field by field."""
    problems: dict[str, str] = {}
    if entry.start_date and entry.start_date > localdate(at):
        problems["start_date"] = _("日期不能晚于今天。")
    if entry.end_date and entry.start_date and entry.end_date < entry.start_date:
        problems["end_date"] = _("终止日不能早于起始日。")
    if entry.level and register.level(entry.level) is None:
        problems["level"] = _("这个登记册没有这个级别。")
    if entry.amount_fen is not None and not register.amount.name:
        problems["amount_fen"] = _("这个登记册不记金额。")
    if entry.quantity is not None and not register.quantity.name:
        problems["quantity"] = _("这个登记册不记数量。")
    if problems:
        raise ValidationError(problems)
    entry.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)


def _plain(entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
    """The values as the ledger keeps them: bodies by key, days as text."""
    plain = {name: getattr(entry, name) for name in values if name not in ("organization",)}
    if "organization" in values:
        plain["organization"] = entry.organization.key if entry.organization else ""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in plain.items()}
