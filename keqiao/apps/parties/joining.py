"""Reads of claims and invitations."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from . import places
from .actors import Actor
from .models import ClaimState, Invitation, Membership, Organization, OrganizationClaim, Role, User

# For so long a claim is the business of the body's own manager, where it has one.
MANAGERS_DAYS = 5


def claim(key: str) -> OrganizationClaim:
    return OrganizationClaim.objects.select_related("organization", "user").get(key=key)


def claims_of(user: User) -> QuerySet[OrganizationClaim]:
    return OrganizationClaim.objects.select_related("organization").filter(user=user).order_by("-created_at", "-id")


def claims_to_decide(actor: Actor, *, on: date) -> QuerySet[OrganizationClaim]:
    """Open claims that the actor may look at as one who decides, oldest first; never one's own."""
    rows = OrganizationClaim.objects.select_related("organization", "user").filter(state=ClaimState.OPEN)
    if not actor.has(Role.SECURITY):
        served = places.served_by(actor.areas())
        mine = Q(organization__key__in=actor.organizations(Role.MANAGER))
        rows = rows if served is None else rows.filter(mine | Q(organization__area__in=served))
    kind, _, key = actor.key.partition(":")
    return rows.exclude(user__key=key) if kind == "user" else rows


def managers_turn_ends(row: OrganizationClaim) -> datetime:
    return row.created_at + timedelta(days=MANAGERS_DAYS)


def has_manager(organization: Organization, *, on: date) -> bool:
    rows = Membership.objects.filter(
        organization=organization, role=Role.MANAGER, user__is_active=True, from_date__lte=on
    )
    return rows.exclude(to_date__lte=on).exists()


def invitation(key: str) -> Invitation:
    return Invitation.objects.select_related("organization", "station", "invited_by").get(key=key)


def open_invitations(*, at: datetime) -> QuerySet[Invitation]:
    rows = Invitation.objects.select_related("organization", "station", "invited_by")
    return rows.filter(accepted_at=None, revoked_at=None, expires_at__gt=at)


def same_invitations(row: Invitation, *, at: datetime) -> QuerySet[Invitation]:
    """Those that wait for the same address with the same role and scope."""
    return Invitation.objects.filter(
        email=row.email, role=row.role, organization=row.organization, station=row.station,
        department=row.department, area=row.area, accepted_at=None, revoked_at=None,
    )  # fmt: skip


def invitations_to(organization: Organization) -> QuerySet[Invitation]:
    return Invitation.objects.select_related("invited_by").filter(organization=organization)


def office_invitations() -> QuerySet[Invitation]:
    """All that were sent, newest first."""
    return Invitation.objects.select_related("organization", "station", "invited_by")
