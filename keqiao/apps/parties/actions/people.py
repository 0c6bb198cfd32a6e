"""Writes to experts."""

from datetime import datetime
from typing import Any

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization, Person

from ._fields import only

PERSON_FIELDS = frozenset(
    {"name", "title_band", "title", "title_en", "disciplines", "expertise", "expertise_en", "phone", "email", "orcid"}
)
ERASED = ("name", "title", "title_en", "expertise", "expertise_en", "phone", "email", "orcid")


def add_person(*, key: str, organization: Organization, by: Actor, at: datetime, **values: Any) -> Person:
    row = Person(key=key, organization=organization, created_at=at, **only(values, PERSON_FIELDS | {"is_demo"}))
    with ledger.action("person.add", by=by, at=at, subject=f"person:{key}") as entry:
        entry.require(permissions.can_keep_organization(by, organization))
        row.full_clean()
        row.save(force_insert=True)
        entry.change(name=row.name, organization=organization.key)
    return row


def edit_person(person: Person, *, by: Actor, at: datetime, **values: Any) -> Person:
    """Change facts of an expert; the ledger keeps names of fields and, until erased, their values."""
    wanted = only(values, PERSON_FIELDS)
    with ledger.action("person.edit", by=by, at=at, subject=f"person:{person.key}") as entry:
        person.refresh_from_db(from_queryset=Person.objects.select_for_update())
        entry.require(permissions.can_keep_organization(by, person.organization))
        changes = {name: value for name, value in wanted.items() if getattr(person, name) != value}
        for name, value in changes.items():
            setattr(person, name, value)
        person.full_clean()
        person.save(update_fields=list(changes))
        entry.change(**changes)
    return person


def erase_person(person: Person, *, by: Actor, at: datetime, reason: str) -> None:
    """Take out everything that says who an expert is, here and in the ledger's values; what refers to them stays."""
    subject = f"person:{person.key}"
    with ledger.action("person.erase", by=by, at=at, subject=subject) as entry:
        entry.require(permissions.can_edit_organization(by, person.organization.key))
        for name in ERASED:
            setattr(person, name, "")
        person.disciplines = []
        person.save(update_fields=[*ERASED, "disciplines"])
        ledger.erase_values(subject, by=by, at=at, reason=reason)
        entry.reason = reason
