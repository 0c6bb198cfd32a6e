"""Writes to facts: what registers and firms state, which of two values is right, and what a firm lets be used.

All of them lock the body first, so that no two people replace one value at the same time.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import fact_words, permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import DECLARED, PLATFORM, Fact, FactConsent, FactEnd, FactStatus, Organization, Purpose
from keqiao.catalogue import facts

BOTH = (Purpose.SUPPORT, Purpose.STATISTICS)
EARLIEST = date(facts.FIRST_YEAR, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What a source states of a firm: the fact by its name, the value in its unit, the year it belongs to."""

    name: str
    value: Any
    year: int | None = None
    unit: str = ""
    register: str = DECLARED
    observed_on: date | None = None
    purposes: Sequence[str] = BOTH
    note: str = ""


def bring_fact(organization: Organization, *, by: Actor, at: datetime, **stated: Any) -> Fact:
    """Write down what a register states (fields of `Statement`); see `bring_facts`."""
    return bring_facts(organization, [Statement(**stated)], by=by, at=at)[0]


def bring_facts(organization: Organization, statements: Sequence[Statement], *, by: Actor, at: datetime) -> list[Fact]:
    """Write down what registers state; each value replaces what the same register stated before, and no other.

    Returns for each statement its row; the one that stands already where it says the same and is as new. What was
    collected for `statistics` alone feeds no verdict. Raises ValidationError for what cannot be taken, among it a
    value older than the one known; then nothing is written.
    """
    with ledger.action("fact.bring", by=by, at=at, subject=subject_of(organization)) as entry:
        _hold(organization)
        entry.require(permissions.can_bring_fact(by, organization))
        rows = []
        for one in statements:
            row = read_statement(organization, one, at=at)
            row.status = FactStatus.CONFIRMED
            if row.is_declared:
                raise ValidationError({"register": _("“企业自报”的数据由企业自己填报，请写登记部门。")})
            rows.append(row)
        return _put(organization, rows, entry, by=by, at=at)


def declare_fact(organization: Organization, *, by: Actor, at: datetime, **stated: Any) -> Fact:
    """Write down what a firm says of itself (fields of `Statement`); see `declare_facts`."""
    return declare_facts(organization, [Statement(**stated)], by=by, at=at)[0]


def declare_facts(
    organization: Organization, statements: Sequence[Statement], *, by: Actor, at: datetime
) -> list[Fact]:
    """Write down what a firm says of itself. Where a register says otherwise both stay, and neither is used."""
    with ledger.action("fact.declare", by=by, at=at, subject=subject_of(organization)) as entry:
        _hold(organization)
        entry.require(permissions.can_declare_fact(by, organization.key))
        rows = []
        for one in statements:
            row = read_statement(organization, replace(one, register=DECLARED, purposes=BOTH), at=at)
            row.status = FactStatus.SELF_DECLARED
            rows.append(row)
        return _put(organization, rows, entry, by=by, at=at)


def correct_fact(
    fact: Fact, *, value: Any, by: Actor, at: datetime, unit: str = "", observed_on: date | None = None, note: str = ""
) -> Fact:
    """Replace a live value by the right one of the same source: a firm its own, an officer a register's."""
    with ledger.action("fact.correct", by=by, at=at, subject=subject_of(fact.organization)) as entry:
        _hold_fact(fact)
        entry.require(permissions.can_correct_fact(by, fact))
        stated = Statement(
            name=fact.name, value=value, year=fact.year, unit=unit, register=fact.register, note=note,
            observed_on=observed_on or fact.observed_on, purposes=fact.purposes,
        )  # fmt: skip
        row = read_statement(fact.organization, stated, at=at)
        row.status = FactStatus.SELF_DECLARED if fact.is_declared else FactStatus.CONFIRMED
        _end([fact], FactEnd.CORRECTED, by=by, at=at)
        row.brought_by = by.key
        row.save(force_insert=True)
        entry.change(**_told(row))
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
        _end([fact], FactEnd.WITHDRAWN, by=by, at=at)
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
        _end(others, FactEnd.RESOLVED, by=by, at=at)
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


def read_statement(organization: Organization, given: Statement, *, at: datetime) -> Fact:
    """A row that holds what was stated, every part of it checked."""
    on = localdate(at)
    with fact_words.as_validation_error():
        about = facts.find_fact(given.name)
        year = facts.check_year(about, given.year, on=on)
        value = facts.check_value(about, given.value, unit=given.unit, on=on)
    if given.register not in facts.registers():
        what = _("没有“%(given)s”这个数据来源，请从列表中选择。") % {"given": given.register}
        raise ValidationError({"register": what})
    if given.register == PLATFORM:
        raise ValidationError({"register": _("平台登记的资质在资质名录里登记和更正，不在这里填写。")})
    if given.register == DECLARED and about.by == "experts":
        raise ValidationError({"name": _("这一项由专家或主管部门评定，不由企业填报。")})
    day = given.observed_on or on
    if not EARLIEST <= day <= on:
        raise ValidationError({"observed_on": _("数据日期不能晚于今天，也不能早于 1990 年。")})
    row = Fact(
        organization=organization, name=about.name, year=year, value=value, register=given.register, observed_on=day,
        purposes=_purposes(given.purposes), note=given.note, brought_at=at,
    )  # fmt: skip
    row.clean_fields(exclude=["status", "purposes", "brought_by", "value"])
    return row


def _purposes(given: Sequence[str]) -> list[str]:
    found = [str(purpose) for purpose in Purpose if purpose in given]
    if not found or set(given) - set(found):
        raise ValidationError({"purposes": _("请说明数据可以用于什么用途。")})
    return found


def _put(
    organization: Organization, rows: Sequence[Fact], entry: ledger.Draft, *, by: Actor, at: datetime
) -> list[Fact]:
    """Write rows in place of what the same sources said before; for each the row that stands from now on."""
    live: dict[Slot, list[Fact]] = defaultdict(list)
    names = {row.name for row in rows}
    for old in organization.facts.filter(ended_at=None, name__in=names).order_by("observed_on", "pk"):
        live[slot(old)].append(old)
    standing, fresh, gone = [], [], []
    for row in rows:
        before = live[slot(row)]
        if before and before[-1].observed_on > row.observed_on:
            what = _("已有 %(day)s 的数据，比这一条新，没有改动。") % {"day": before[-1].observed_on}
            raise ValidationError({"observed_on": ValidationError(what, code="older")})
        if len(before) == 1 and says_same(before[0], row):
            standing.append(before[0])
            continue
        if before and before[-1].pk is None:
            raise ValidationError({"value": _("同一来源的同一数据写了两个值，请只留一个。")})
        gone += before
        row.brought_by = by.key
        live[slot(row)] = [row]
        fresh.append(row)
        standing.append(row)
    _end(gone, FactEnd.SUPERSEDED, by=by, at=at)
    Fact.objects.bulk_create(fresh)
    entry.count = len(fresh)
    entry.change(facts=[_told(row) for row in fresh])
    return standing


Slot = tuple[str, int | None, str]


def slot(row: Fact) -> Slot:
    """Where a value stands: one register says one thing of a fact and year."""
    return row.name, row.year, row.register


def says_same(one: Fact, other: Fact) -> bool:
    """Whether two rows of one source say the same of the same day for the same purposes."""
    return one.value == other.value and one.observed_on == other.observed_on and one.purposes == other.purposes


def _confirm(fact: Fact, entry: ledger.Draft, *, by: Actor, at: datetime) -> None:
    fact.status, fact.confirmed_by, fact.confirmed_at = FactStatus.CONFIRMED, by.key, at
    fact.save(update_fields=["status", "confirmed_by", "confirmed_at"])
    entry.change(**_told(fact))


def _end(rows: Sequence[Fact], reason: str, *, by: Actor, at: datetime) -> None:
    for row in rows:
        row.ended_by, row.ended_at, row.end_reason = by.key, at, reason
    Fact.objects.bulk_update(rows, ["ended_by", "ended_at", "end_reason"])


def _told(fact: Fact) -> dict[str, Any]:
    """What the ledger notes of a value."""
    return {
        "name": fact.name, "year": fact.year, "value": fact.value, "register": fact.register,
        "status": str(fact.status), "observed_on": fact.observed_on.isoformat(),
    }  # fmt: skip
