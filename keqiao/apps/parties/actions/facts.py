"""Writes to facts: what registers and firms state, which of two values is right, and what a firm lets be used.

All of them lock the body first, so that no two people replace one value at the same time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import fact_words, permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import DECLARED, Fact, FactConsent, FactEnd, FactStatus, Organization, Purpose
from keqiao.catalogue import facts

BOTH = (Purpose.SUPPORT, Purpose.STATISTICS)
EARLIEST = date(facts.FIRST_YEAR, 1, 1)


def bring_fact(
    organization: Organization,
    *,
    name: str,
    value: Any,
    register: str,
    observed_on: date,
    by: Actor,
    at: datetime,
    year: int | None = None,
    unit: str = "",
    purposes: Sequence[str] = BOTH,
    note: str = "",
) -> Fact:
    """Write down what a register states; it replaces what the same register stated before, and no other value.

    Returns the row that stands already where it says the same and is as new. What was collected for `statistics`
    alone feeds no verdict. Raises ValidationError for what cannot be taken, among it a value older than the one known.
    """
    with ledger.action("fact.bring", by=by, at=at, subject=subject_of(organization)) as entry:
        _hold(organization)
        entry.require(permissions.can_bring_fact(by, organization))
        row = _stated(
            organization, name=name, value=value, year=year, unit=unit, register=register, observed_on=observed_on,
            note=note, at=at,
        )  # fmt: skip
        row.status, row.purposes = FactStatus.CONFIRMED, _purposes(purposes)
        if register == DECLARED:
            raise ValidationError({"register": _("“企业自报”的数据由企业自己填报，请写登记部门。")})
        return _put(row, entry, by=by, at=at)


def declare_fact(
    organization: Organization,
    *,
    name: str,
    value: Any,
    by: Actor,
    at: datetime,
    year: int | None = None,
    unit: str = "",
    observed_on: date | None = None,
    note: str = "",
) -> Fact:
    """Write down what a firm says of itself. Where a register says otherwise both stay, and neither is used."""
    with ledger.action("fact.declare", by=by, at=at, subject=subject_of(organization)) as entry:
        _hold(organization)
        entry.require(permissions.can_declare_fact(by, organization.key))
        row = _stated(
            organization, name=name, value=value, year=year, unit=unit, register=DECLARED,
            observed_on=observed_on or localdate(at), note=note, at=at,
        )  # fmt: skip
        if row.about.by == "experts":
            raise ValidationError({"name": _("这一项由专家或主管部门评定，不由企业填报。")})
        row.status, row.purposes = FactStatus.SELF_DECLARED, _purposes(BOTH)
        return _put(row, entry, by=by, at=at)


def correct_fact(
    fact: Fact, *, value: Any, by: Actor, at: datetime, unit: str = "", observed_on: date | None = None, note: str = ""
) -> Fact:
    """Replace a live value by the right one of the same source: a firm its own, an officer a register's."""
    with ledger.action("fact.correct", by=by, at=at, subject=subject_of(fact.organization)) as entry:
        _hold_fact(fact)
        entry.require(permissions.can_correct_fact(by, fact))
        row = _stated(
            fact.organization, name=fact.name, value=value, year=fact.year, unit=unit, register=fact.register,
            observed_on=observed_on or fact.observed_on, note=note, at=at,
        )  # fmt: skip
        row.status, row.purposes = fact.status, fact.purposes
        _end(fact, FactEnd.CORRECTED, by=by, at=at)
        _write(row, entry, by=by, at=at)
    return row


def confirm_fact(fact: Fact, *, by: Actor, at: datetime) -> Fact:
    """Say after checking the papers that a firm's own statement is right."""
    with ledger.action("fact.confirm", by=by, at=at, subject=subject_of(fact.organization)) as entry:
        _hold_fact(fact)
        entry.require(permissions.can_confirm_fact(by, fact))
        if fact.status == FactStatus.CONFIRMED:
            raise ledger.Refused("fact_confirmed")
        if any(other.value != fact.value for other in rivals(fact)):
            raise ledger.Refused("fact_in_conflict")
        _confirm(fact, entry, by=by, at=at)
    return fact


def withdraw_fact(fact: Fact, *, by: Actor, at: datetime, note: str = "") -> Fact:
    """Take a value back: a firm its own, an officer a register's."""
    with ledger.action("fact.withdraw", by=by, at=at, subject=subject_of(fact.organization)) as entry:
        _hold_fact(fact)
        entry.require(permissions.can_correct_fact(by, fact))
        _end(fact, FactEnd.WITHDRAWN, by=by, at=at)
        entry.change(**_told(fact), note=note)
    return fact


def resolve_fact(fact: Fact, *, by: Actor, at: datetime, note: str = "") -> Fact:
    """Say which of several values is right: it is confirmed, and those that differ end."""
    with ledger.action("fact.resolve", by=by, at=at, subject=subject_of(fact.organization)) as entry:
        _hold_fact(fact)
        entry.require(permissions.can_confirm_fact(by, fact))
        others = [other for other in rivals(fact) if other.value != fact.value]
        if not others:
            raise ledger.Refused("fact_not_in_conflict")
        for other in others:
            _end(other, FactEnd.RESOLVED, by=by, at=at)
        _confirm(fact, entry, by=by, at=at)
        entry.change(note=note)
        entry.count = len(others)
    return fact


def authorise(organization: Organization, *, purpose: str, by: Actor, at: datetime) -> FactConsent:
    """Let the office use a firm's own statements and confidential values for a purpose, until it is withdrawn."""
    with ledger.action("fact.authorise", by=by, at=at, subject=subject_of(organization)) as entry:
        _hold(organization)
        entry.require(permissions.can_authorise_facts(by, organization.key))
        row = FactConsent(organization=organization, purpose=purpose, given_by=by.key, given_at=at)
        row.clean_fields()
        if organization.consents.filter(purpose=purpose, ended_at=None).exists():
            raise ledger.Refused("authorised_already")
        row.save(force_insert=True)
        entry.change(purpose=purpose)
    return row


def end_authorisation(organization: Organization, *, purpose: str, by: Actor, at: datetime) -> FactConsent:
    with ledger.action("fact.end_authorisation", by=by, at=at, subject=subject_of(organization)) as entry:
        _hold(organization)
        entry.require(permissions.can_authorise_facts(by, organization.key))
        row = organization.consents.filter(purpose=purpose, ended_at=None).first()
        if row is None:
            raise ledger.Refused("not_authorised")
        row.ended_by, row.ended_at = by.key, at
        row.save(update_fields=["ended_by", "ended_at"])
        entry.change(purpose=purpose)
    return row


def subject_of(organization: Organization) -> str:
    return f"organization:{organization.key}"


def rivals(fact: Fact) -> list[Fact]:
    """The other live values of the same fact and year; what is for statistics alone stands apart from the rest."""
    rows = Fact.objects.filter(organization=fact.organization_id, name=fact.name, year=fact.year, ended_at=None)
    return [row for row in rows.exclude(pk=fact.pk) if row.is_statistical == fact.is_statistical]


def _hold(organization: Organization) -> None:
    Organization.objects.select_for_update().get(pk=organization.pk)


def _hold_fact(fact: Fact) -> None:
    """The fact as it stands now; one that has ended can be neither changed nor confirmed."""
    _hold(fact.organization)
    fact.refresh_from_db(fields=["status", "purposes", "ended_at", "ended_by", "end_reason"])
    if fact.ended_at is not None:
        raise ledger.Refused("fact_ended")


def _stated(
    organization: Organization, *, name: str, value: Any, year: int | None, unit: str, register: str,
    observed_on: date, note: str, at: datetime,
) -> Fact:  # fmt: skip
    """A row that holds what was stated, every part of it checked."""
    on = localdate(at)
    with fact_words.as_validation_error():
        about = facts.find_fact(name)
        year = facts.check_year(about, year, on=on)
        found = facts.check_value(about, value, unit=unit, on=on)
    if register not in facts.registers():
        raise ValidationError({"register": _("没有“%(given)s”这个数据来源，请从列表中选择。") % {"given": register}})
    if not EARLIEST <= observed_on <= on:
        raise ValidationError({"observed_on": _("数据日期不能晚于今天，也不能早于 1990 年。")})
    row = Fact(
        organization=organization, name=about.name, year=year, value=found, register=register,
        observed_on=observed_on, note=note, brought_at=at,
    )  # fmt: skip
    row.clean_fields(exclude=["status", "purposes", "brought_by", "value"])
    return row


def _purposes(given: Sequence[str]) -> list[str]:
    found = [str(purpose) for purpose in Purpose if purpose in given]
    if not found or set(given) - set(found):
        raise ValidationError({"purposes": _("请说明数据可以用于什么用途。")})
    return found


def _put(row: Fact, entry: ledger.Draft, *, by: Actor, at: datetime) -> Fact:
    """Write a row in place of what the same source said before; the row that stands if it says the same."""
    live = Fact.objects.filter(
        organization=row.organization, name=row.name, year=row.year, register=row.register, ended_at=None
    )
    before = list(live.order_by("observed_on", "pk"))
    newest = before[-1] if before else None
    if newest is not None:
        if newest.observed_on > row.observed_on:
            what = _("已有 %(day)s 的数据，比这一条新，没有改动。") % {"day": newest.observed_on}
            raise ValidationError({"observed_on": what}, code="older")
        if len(before) == 1 and same(newest, row):
            entry.change(**_told(newest), unchanged=True)
            return newest
    for old in before:
        _end(old, FactEnd.SUPERSEDED, by=by, at=at)
    _write(row, entry, by=by, at=at)
    return row


def same(one: Fact, other: Fact) -> bool:
    """Whether two rows of one source say the same of the same day for the same purposes."""
    return (one.value, one.observed_on, sorted(one.purposes)) == (
        other.value,
        other.observed_on,
        sorted(other.purposes),
    )


def _write(row: Fact, entry: ledger.Draft, *, by: Actor, at: datetime) -> None:
    row.brought_by, row.brought_at = by.key, at
    row.save(force_insert=True)
    entry.change(**_told(row))


def _confirm(fact: Fact, entry: ledger.Draft, *, by: Actor, at: datetime) -> None:
    fact.status, fact.confirmed_by, fact.confirmed_at = FactStatus.CONFIRMED, by.key, at
    fact.save(update_fields=["status", "confirmed_by", "confirmed_at"])
    entry.change(**_told(fact))


def _end(fact: Fact, reason: str, *, by: Actor, at: datetime) -> None:
    fact.ended_by, fact.ended_at, fact.end_reason = by.key, at, reason
    fact.save(update_fields=["ended_by", "ended_at", "end_reason"])


def _told(fact: Fact) -> dict[str, Any]:
    """What the ledger notes of a value."""
    return {
        "name": fact.name, "year": fact.year, "value": fact.value, "register": fact.register,
        "status": str(fact.status), "observed_on": fact.observed_on.isoformat(),
    }  # fmt: skip
