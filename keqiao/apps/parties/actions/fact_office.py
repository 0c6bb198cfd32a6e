"""What an office does with a firm's facts: looking at confidential ones, settling certificates at odds with lists."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions, queries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Certificate, Fact, FactEnd, FactStatus, Organization, Purpose
from keqiao.apps.parties.queries import Chosen, FactSheet
from keqiao.apps.parties.queries import certificates as registered

SHORTEST, LONGEST = 4, 200
PLATFORM_SIDE, LIST_SIDE = "platform", "list"


def look_at_facts(
    organization: Organization, *, purpose: str, matter: str, by: Actor, at: datetime, chosen: Chosen | None = None
) -> FactSheet:
    """Show an officer what the firm has authorised for a purpose; each look names its matter and leaves an entry.

    The entry holds which facts were shown, never a value. Raises ValidationError without a purpose or a matter.
    """
    with ledger.action("fact.look", by=by, at=at, subject=f"organization:{organization.key}") as entry:
        entry.require(permissions.can_look_at_facts(by, organization))
        if purpose not in Purpose.values:
            raise ValidationError({"purpose": _("请选择用途。")})
        matter = check_reason(matter, field="matter")
        found = queries.fact_sheet(organization, purpose=purpose, chosen=chosen)
        shown = [f"{face.about.name}{f' {face.year}' if face.year else ''}" for face in found.confidential]
        entry.change(purpose=purpose, matter=matter, facts=shown)
        entry.count = len(shown)
    return found


def check_reason(text: str, *, field: str) -> str:
    """A reason that says something; ValidationError for any other."""
    text = " ".join(text.split())
    if not SHORTEST <= len(text) <= LONGEST:
        raise ValidationError({field: _("请写明理由，4 到 200 个字。")})
    return text


def settle_certificates(organization: Organization, *, right: str, note: str, by: Actor, at: datetime) -> None:
    """Say whether the platform's register or the list is right about certificates that both name with other ends.

    The side that is wrong takes the ends of the other: certificates are corrected, a register's list is replaced by a
    corrected one, and a list that the firm has stated itself ends, for nobody else writes in its name.
    """
    with ledger.action("fact.resolve", by=by, at=at, subject=f"organization:{organization.key}") as entry:
        Organization.objects.select_for_update().get(pk=organization.pk)
        note = check_reason(note, field="note")
        lists = list(organization.facts.filter(ended_at=None, name=registered.NAME).select_related("organization"))
        rows = {row.pk: row for row in registered.registered({organization.pk}).select_related("organization")}
        entry.require(permissions.can_settle_facts(by, organization))
        odd = [
            (fact, place, row) for fact in lists if not fact.is_statistical for place, row in _odd(fact, rows.values())
        ]
        if not odd or right not in (PLATFORM_SIDE, LIST_SIDE):
            raise ledger.Refused("fact_not_in_conflict")
        if right == LIST_SIDE:
            for fact, place, row in odd:
                _take_ends(row, fact.value[place], by=by, at=at)
        else:
            for fact in {one.pk: one for one, _place, _row in odd}.values():
                _correct(fact, [(place, row) for one, place, row in odd if one.pk == fact.pk], by=by, at=at)
        entry.change(name=registered.NAME, year=None, register=registered.PLATFORM, right=right, note=note)
        entry.count = len(odd)


def _odd(fact: Fact, rows: Any) -> list[tuple[int, Certificate]]:
    """The items of a list that a certificate contradicts, by their place in it."""
    found = []
    for place, item in enumerate(fact.value):
        for row in rows:
            own = registered.item_of(row.kind, row.issued_date, row.expires_date, row.revoked_date)
            merged = registered.merge([[item], [own]])
            if len(merged.items) == 1 and not merged.agrees:
                found.append((place, row))
    return found


def _take_ends(row: Certificate, item: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    for field, name in (("expires_date", "to"), ("revoked_date", "revoked_on")):
        if item.get(name):
            setattr(row, field, date.fromisoformat(item[name]))
    row.changed_at, row.confirmed_by, row.confirmed_at = at, by.key, at
    row.full_clean()
    row.save(update_fields=["expires_date", "revoked_date", "changed_at", "confirmed_by", "confirmed_at"])


def _correct(fact: Fact, wrong: list[tuple[int, Certificate]], *, by: Actor, at: datetime) -> None:
    fact.ended_by, fact.ended_at = by.key, at
    fact.end_reason = FactEnd.RESOLVED if fact.is_declared else FactEnd.CORRECTED
    fact.save(update_fields=["ended_by", "ended_at", "end_reason"])
    if fact.is_declared:
        return
    items = [dict(item) for item in fact.value]
    for place, row in wrong:
        items[place] |= registered.item_of(row.kind, row.issued_date, row.expires_date, row.revoked_date)
    Fact.objects.create(
        organization=fact.organization, name=fact.name, year=fact.year, value=items, register=fact.register,
        observed_on=max(fact.observed_on, localdate(at)), status=FactStatus.CONFIRMED, purposes=fact.purposes,
        note=fact.note, brought_by=by.key, brought_at=at,
    )  # fmt: skip
