"""Reads of organisations, people and users. Public reads give P0 fields only."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties import personal, places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import (
    ApiToken,
    Certificate,
    Invitation,
    Membership,
    Organization,
    Person,
    Role,
    Station,
    StationKind,
    User,
)

PUBLIC_PERSON_FIELDS = ("key", "name", "title", "title_en", "title_band", "disciplines", "expertise", "expertise_en")


def organizations() -> QuerySet[Organization]:
    """The bodies of the register; one that was merged into another is not a body of its own any more."""
    return Organization.objects.filter(merged_into=None)


def organization(key: str) -> Organization:
    """One body by its key, or the one it was merged into; Organization.DoesNotExist if there is none."""
    row = Organization.objects.select_related("parent", "merged_into__parent").get(key=key)
    return row.merged_into or row


def find_organizations(text: str) -> QuerySet[Organization]:
    """Bodies whose code, name or any other name holds the text."""
    code = text.strip().upper()
    found = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(uscc=code)
    other = Organization.objects.filter(names__name__icontains=text).values("pk")
    before = Organization.objects.filter(uscc=code, merged_into__isnull=False).values("merged_into")
    return organizations().filter(found | Q(pk__in=other) | Q(pk__in=before))


def organizations_of(actor: Actor) -> QuerySet[Organization]:
    return organizations().filter(key__in=actor.organizations())


def certificates_in_force(organization: Organization, *, on: date) -> QuerySet[Certificate]:
    """What holds on a day, the last day printed on the paper included."""
    rows = organization.certificates.filter(issued_date__lte=on).exclude(expires_date__lt=on)
    return rows.exclude(revoked_date__lte=on).order_by("kind")


def people_of(organization: Organization) -> QuerySet[Person]:
    """The experts of a body with what may be shown; phone and e-mail are not even read."""
    return organization.people.filter(merged_into=None).only(*PUBLIC_PERSON_FIELDS, "organization_id")


def stations() -> QuerySet[Station]:
    """Branch markets first, then their stations."""
    return Station.objects.select_related("parent", "organization").order_by("kind", "name")


def station_near(area: str) -> Station | None:
    """The working desk for a place: of the place itself before one of what it lies in; a station before its branch."""
    wide = {code: step for step, code in enumerate(places.lineage(area))}
    found = list(stations().filter(is_active=True, area__in=wide))
    return min(found, key=lambda row: (wide[row.area], row.kind == StationKind.BRANCH, row.name), default=None)


def stations_with_people(*, on: date) -> QuerySet[Station]:
    """Stations, each with the number of people who work there on a day (`people`)."""
    held = Q(memberships__from_date__lte=on) & (Q(memberships__to_date=None) | Q(memberships__to_date__gt=on))
    return stations().annotate(people=Count("memberships__user", filter=held, distinct=True))


def station_for(area: str) -> Station | None:
    """The station that serves a place: the nearest one around it, of two at one place the branch market."""
    lineage = places.lineage(area)
    rows = Station.objects.filter(is_active=True, area__in=lineage).select_related("parent")
    return min(rows, key=lambda row: (lineage.index(row.area), row.kind, row.key), default=None)


def brokers(*, on: date) -> QuerySet[Membership]:
    """Who can be in charge of an introduction on a day: brokers and coordinators with where they work."""
    rows = Membership.objects.select_related("user", "station").filter(
        role__in=(Role.BROKER, Role.COORDINATOR), user__is_active=True, from_date__lte=on
    )
    return rows.exclude(to_date__lte=on).order_by("station__name", "user__name", "pk")


def tokens() -> QuerySet[ApiToken]:
    return ApiToken.objects.select_related("user")


def users() -> QuerySet[User]:
    return User.objects.prefetch_related("memberships__organization", "memberships__station").order_by("email")


def find_users(text: str) -> QuerySet[User]:
    return users().filter(Q(email__icontains=text) | Q(name__icontains=text))


def user(key: str) -> User:
    return User.objects.get(key=key)


def demo_users() -> QuerySet[User]:
    return (
        User.objects.filter(is_demo=True, is_active=True).prefetch_related("memberships__organization").order_by("pk")
    )


def memberships_in_force(user: User, *, on: date) -> QuerySet[Membership]:
    return user.memberships.select_related("organization", "station").filter(from_date__lte=on).exclude(to_date__lte=on)


def people_with(*roles: str, on: date, **scope: Any) -> QuerySet[User]:
    """The active accounts that hold one of the roles on a day, there where `scope` says (fields of a membership)."""
    rows = Membership.objects.filter(role__in=roles, from_date__lte=on, **scope).exclude(to_date__lte=on)
    return User.objects.filter(is_active=True, pk__in=rows.values("user")).order_by("pk")


def officers_for(area: str, *, on: date) -> QuerySet[User]:
    """Officers who serve a place: of the place, of what it lies in, and of the whole region."""
    wide = {places.region().root.code, *places.lineage(area)}
    return people_with(Role.OFFICER, on=on, area__in=wide)


def holders(role: str, *, on: date) -> QuerySet[Membership]:
    """The memberships by which people who can sign in hold a role on a day."""
    rows = Membership.objects.filter(role=role, user__is_active=True, from_date__lte=on)
    return rows.exclude(to_date__lte=on)


def holds(row: Membership | Invitation, *, user: User, on: date) -> bool:
    """Whether somebody has a role with the same scope already."""
    same = memberships_in_force(user, on=on).filter(
        role=row.role, organization=row.organization, station=row.station, department=row.department, area=row.area
    )
    return same.exists()


def account_data(user: User) -> dict[str, Any]:
    """What is kept about one account, as values for JSON: the account, its roles, the entries by it and about it."""
    entries = Entry.objects.filter(Q(actor=f"user:{user.key}") | Q(subject=f"user:{user.key}")).order_by("seq")
    memberships = user.memberships.select_related("organization").order_by("from_date", "pk")
    return {
        "account": {
            "key": str(user.key),
            "email": user.email,
            "name": user.name,
            "phone": user.phone,
            "date_joined": user.date_joined.isoformat(),
            "last_login": user.last_login.isoformat() if user.last_login else None,
        },
        "tokens": [
            {"name": row.name, "scopes": row.scopes, "created_at": row.created_at.isoformat()}
            for row in tokens().filter(user=user)
        ],
        "roles": [_role(membership) for membership in memberships],
        "entries": [
            {"seq": seq, "at": at.isoformat(), "kind": kind, "subject": subject, "outcome": outcome, "reason": reason}
            for seq, at, kind, subject, outcome, reason in entries.values_list(
                "seq", "at", "kind", "subject", "outcome", "reason"
            )
        ],
        **personal.data(user),
    }


def _role(membership: Membership) -> dict[str, Any]:
    return {
        "role": membership.role,
        "organization": membership.organization.name if membership.organization else "",
        "department": membership.department,
        "area": membership.area,
        "from_date": membership.from_date.isoformat(),
        "to_date": membership.to_date.isoformat() if membership.to_date else None,
    }


def members_of(organization: Organization, *, on: date) -> QuerySet[Membership]:
    return organization.memberships.select_related("user").filter(from_date__lte=on).exclude(to_date__lte=on)
