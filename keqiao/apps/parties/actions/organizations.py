"""Writes to organisations: registering one, its facts and names."""

import secrets
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Q
from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Membership, Organization, OrganizationName, Role, User
from keqiao.engines.identifiers import IdentifierError, check_uscc

from ._fields import only

ORGANIZATION_FIELDS = frozenset({"name", "name_en", "kind", "scale", "area", "industry", "summary", "summary_en"})


def canonical_uscc(text: str) -> str:
    """A valid unified social credit code, or a ValidationError whose code says which check failed."""
    try:
        return check_uscc(text)
    except IdentifierError as error:
        raise ValidationError(str(error), code=error.code) from error


def register_organization(
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    uscc: str = "",
    parent: Organization | None = None,
    manager: User | None = None,
    **values: Any,
) -> Organization:
    """Add a body under its unified social credit code; the person who registers it can become its manager with it.

    A body without a code lies below one the actor may edit and gets a key of its own. Only here does a body get its
    first member without an administrator: nobody can capture one that an import brought in.
    """
    code = canonical_uscc(uscc) if uscc else None
    row = Organization(
        key=key or code or f"org-{secrets.token_hex(6)}",
        uscc=code,
        parent=parent,
        created_at=at,
        **only(values, ORGANIZATION_FIELDS | {"is_demo"}),
    )
    with ledger.action("organization.register", by=by, at=at, subject=f"organization:{row.key}") as entry:
        entry.require(permissions.can_register_organization(by, parent=parent, has_code=code is not None))
        entry.require(permissions.can_choose_key(by, key=key, code=code))
        if Organization.objects.filter(Q(key=row.key) | Q(uscc=code, uscc__isnull=False)).exists():
            raise ledger.Refused("organization_exists")
        row.full_clean(exclude=["parent"], validate_unique=False, validate_constraints=False)
        try:
            row.save(force_insert=True)
        except IntegrityError as error:  # somebody registered it in this moment
            raise ledger.Refused("organization_exists") from error
        entry.change(name=row.name, kind=row.kind, uscc=row.uscc or "")
        if manager is not None:
            _found(row, manager, by=by, at=at)
    return row


def _found(organization: Organization, manager: User, *, by: Actor, at: datetime) -> None:
    with ledger.action("membership.found", by=by, at=at, subject=f"user:{manager.key}") as entry:
        entry.require(permissions.can_act_for(by, manager))
        Membership.objects.create(user=manager, role=Role.MANAGER, organization=organization, from_date=localdate(at))
        entry.change(role=str(Role.MANAGER), organization=organization.key)


def edit_organization(organization: Organization, *, by: Actor, at: datetime, **values: Any) -> Organization:
    """Change facts of a body. A changed name stays findable as a former name."""
    wanted = only(values, ORGANIZATION_FIELDS)
    with ledger.action("organization.edit", by=by, at=at, subject=f"organization:{organization.key}") as entry:
        organization.refresh_from_db(from_queryset=Organization.objects.select_for_update())
        entry.require(permissions.can_keep_organization(by, organization))
        changes = {name: value for name, value in wanted.items() if getattr(organization, name) != value}
        if "name" in changes:
            OrganizationName.objects.get_or_create(
                organization=organization, name=organization.name, kind="former", defaults={"to_date": localdate(at)}
            )
        for name, value in changes.items():
            setattr(organization, name, value)
        organization.full_clean()
        organization.save(update_fields=list(changes))
        entry.change(**changes)
    return organization


def add_name(
    organization: Organization, *, name: str, kind: str, by: Actor, at: datetime, from_date: date | None = None
) -> OrganizationName:
    with ledger.action("organization.add_name", by=by, at=at, subject=f"organization:{organization.key}") as entry:
        entry.require(permissions.can_keep_organization(by, organization))
        row = OrganizationName(organization=organization, name=name, kind=kind, from_date=from_date)
        row.full_clean()
        row.save(force_insert=True)
        entry.change(name=name, kind=kind)
    return row
