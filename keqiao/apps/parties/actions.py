"""Writes to organisations, people, users and memberships."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.engines.identifiers import IdentifierError, check_uscc

from . import permissions
from .actors import Actor
from .models import Certificate, Membership, Organization, OrganizationName, Person, Role, User

ORGANIZATION_FIELDS = frozenset({"name", "name_en", "kind", "scale", "area", "industry", "summary", "summary_en"})
PERSON_FIELDS = frozenset(
    {"name", "title_band", "title", "title_en", "disciplines", "expertise", "expertise_en", "phone", "email"}
)


def _only(values: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    if unknown := set(values) - allowed:
        raise ValueError(f"these fields cannot be set here: {', '.join(sorted(unknown))}")
    return dict(values)


def canonical_uscc(text: str) -> str:
    """A valid unified social credit code, or a ValidationError whose code says which check failed."""
    try:
        return check_uscc(text)
    except IdentifierError as error:
        raise ValidationError(str(error), code=error.code) from error


def register_organization(
    *, by: Actor, at: datetime, key: str = "", uscc: str = "", parent: Organization | None = None, **values: Any
) -> Organization:
    """Add a body under its unified social credit code; one without a code gets a key of its own below its parent."""
    code = canonical_uscc(uscc) if uscc else None
    if code is None and not key:
        raise ValidationError("an organisation without a code needs a key", code="key")
    row = Organization(
        key=key or code or "",
        uscc=code,
        parent=parent,
        created_at=at,
        **_only(values, ORGANIZATION_FIELDS | {"is_demo"}),
    )
    with ledger.action("organization.register", by=by, at=at, subject=f"organization:{row.key}") as entry:
        entry.require(permissions.can_register_organization(by))
        if Organization.objects.filter(key=row.key).exists():
            raise ledger.Refused("organization_exists")
        row.full_clean(exclude=["parent"])
        row.save(force_insert=True)
        entry.change(name=row.name, kind=row.kind, uscc=row.uscc or "")
    return row


def join_as_manager(organization: Organization, *, user: User, by: Actor, at: datetime) -> Membership:
    """Make the person who registered a body its manager; only the first one gets in this way."""
    with ledger.action("membership.found", by=by, at=at, subject=f"organization:{organization.key}") as entry:
        if organization.memberships.exists():
            raise ledger.Refused("organization_has_members")
        membership = Membership.objects.create(
            user=user, role=Role.MANAGER, organization=organization, from_date=localdate(at)
        )
        entry.change(role=membership.role, user=str(user.key))
    return membership


def edit_organization(organization: Organization, *, by: Actor, at: datetime, **values: Any) -> Organization:
    """Change facts of a body. A changed name stays findable as a former name."""
    changes = {
        name: value
        for name, value in _only(values, ORGANIZATION_FIELDS).items()
        if getattr(organization, name) != value
    }
    subject = f"organization:{organization.key}"
    with ledger.action("organization.edit", by=by, at=at, subject=subject) as entry:
        entry.require(permissions.can_edit_organization(by, organization.key))
        if "name" in changes:
            OrganizationName.objects.get_or_create(
                organization=organization, name=organization.name, kind="former", defaults={"to_date": localdate(at)}
            )
        for name, value in changes.items():
            setattr(organization, name, value)
        organization.full_clean()
        organization.save(update_fields=list(changes) or None)
        entry.change(**changes)
    return organization


def add_name(
    organization: Organization, *, name: str, kind: str, by: Actor, at: datetime, from_date: date | None = None
) -> OrganizationName:
    with ledger.action("organization.add_name", by=by, at=at, subject=f"organization:{organization.key}") as entry:
        entry.require(permissions.can_edit_organization(by, organization.key))
        row = OrganizationName.objects.create(organization=organization, name=name, kind=kind, from_date=from_date)
        entry.change(name=name, kind=kind)
    return row


def add_certificate(
    organization: Organization,
    *,
    kind: str,
    issued_date: date,
    by: Actor,
    at: datetime,
    number: str = "",
    expires_date: date | None = None,
) -> Certificate:
    with ledger.action(
        "organization.add_certificate", by=by, at=at, subject=f"organization:{organization.key}"
    ) as entry:
        entry.require(permissions.can_edit_organization(by, organization.key))
        row = Certificate(
            organization=organization, kind=kind, number=number, issued_date=issued_date, expires_date=expires_date
        )
        row.full_clean()
        row.save()
        entry.change(kind=kind, number=number)
    return row


def add_person(*, key: str, organization: Organization, by: Actor, at: datetime, **values: Any) -> Person:
    row = Person(key=key, organization=organization, created_at=at, **_only(values, PERSON_FIELDS | {"is_demo"}))
    with ledger.action("person.add", by=by, at=at, subject=f"person:{key}") as entry:
        entry.require(permissions.can_edit_organization(by, organization.key))
        row.full_clean()
        row.save(force_insert=True)
        entry.change(name=row.name, organization=organization.key)
    return row


def add_user(
    *, email: str, password: str | None, by: Actor, at: datetime, name: str = "", is_demo: bool = False
) -> User:
    """Create a user. Without a password the account opens only through the reset letter."""
    user = User(email=email.strip().lower(), name=name, date_joined=at, is_demo=is_demo)
    user.set_password(password)
    with ledger.action("user.add", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_manage_users(by))
        user.full_clean()
        user.save(force_insert=True)
        entry.change(email=user.email, name=user.name)
    return user


def grant(
    user: User,
    *,
    role: str,
    by: Actor,
    at: datetime,
    organization: Organization | None = None,
    department: str = "",
    area: str = "",
) -> Membership:
    row = Membership(
        user=user, role=role, organization=organization, department=department, area=area, from_date=localdate(at)
    )
    with ledger.action("membership.grant", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(_may_grant(by, role, organization))
        row.full_clean()
        row.save(force_insert=True)
        entry.change(role=role, organization=organization.key if organization else "", department=department, area=area)
    return row


def revoke(membership: Membership, *, by: Actor, at: datetime) -> None:
    """End a role today. A role given today is taken back whole; the ledger keeps both."""
    with ledger.action("membership.revoke", by=by, at=at, subject=f"user:{membership.user.key}") as entry:
        entry.require(_may_grant(by, membership.role, membership.organization))
        if membership.from_date < localdate(at):
            membership.to_date = localdate(at)
            membership.save(update_fields=["to_date"])
        else:
            membership.delete()
        entry.change(role=membership.role, organization=membership.organization.key if membership.organization else "")


def _may_grant(by: Actor, role: str, organization: Organization | None) -> permissions.Decision:
    if organization is not None and role in (Role.MEMBER, Role.EDITOR, Role.MANAGER):
        return permissions.can_manage_members(by, organization.key)
    return permissions.can_manage_users(by)


def set_active(user: User, *, active: bool, by: Actor, at: datetime) -> None:
    """Lock or unlock an account; a locked one keeps its history."""
    with ledger.action(
        "user.activate" if active else "user.deactivate", by=by, at=at, subject=f"user:{user.key}"
    ) as entry:
        entry.require(permissions.can_manage_users(by))
        if by.key == f"user:{user.key}" and not active:
            raise ledger.Refused("not_yourself")
        user.is_active = active
        user.save(update_fields=["is_active"])
        entry.change(is_active=active)
