"""Invitations: a role for whoever reads an e-mail address, through a signed link that works once."""

import secrets
from datetime import datetime, timedelta
from typing import Unpack

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import joining, permissions, queries
from keqiao.apps.parties.actors import Actor, actor_of
from keqiao.apps.parties.models import Invitation, Membership, User

from .memberships import Scope, check_scope, give

DAYS_VALID = 7


def invite(*, email: str, role: str, user: User, by: Actor, at: datetime, **scope: Unpack[Scope]) -> Invitation:
    """Offer a role to whoever reads an address. Nothing is given until that person accepts.

    Inviting an address again replaces the invitation that waits: its link ends.
    """
    row = Invitation(
        key=secrets.token_urlsafe(12), email=email.strip().lower(), role=role, invited_by=user, created_at=at,
        expires_at=at + timedelta(days=DAYS_VALID), **scope,
    )  # fmt: skip
    with ledger.action("invitation.send", by=by, at=at, subject=f"invitation:{row.key}") as entry:
        entry.require(permissions.can_act_for(by, user))
        entry.require(permissions.can_grant(by, role, row.organization))
        if row.email == user.email:
            raise ledger.Refused("not_own_role")
        row.full_clean()
        check_scope(row)
        _check_fit(row)
        known = User.objects.filter(email=row.email, is_active=True).first()
        if known is not None and queries.holds(row, user=known, on=localdate(at)):
            raise ValidationError({"email": _("此人已有这个角色。")}, code="already")
        joining.same_invitations(row, at=at).update(revoked_at=at)
        row.save(force_insert=True)
        entry.change(
            email=row.email, role=role, organization=row.organization.key if row.organization else "",
            station=row.station.key if row.station else "", department=row.department, area=row.area,
        )  # fmt: skip
    return row


def revoke_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """End an invitation before it is accepted."""
    with ledger.action("invitation.revoke", by=by, at=at, subject=f"invitation:{invitation.key}") as entry:
        entry.require(permissions.can_grant(by, invitation.role, invitation.organization))
        _still_open(invitation, at=at)
        invitation.revoked_at = at
        invitation.save(update_fields=["revoked_at"])
        entry.change(revoked_at=at.isoformat())


def accept_invitation(invitation: Invitation, *, user: User, by: Actor, at: datetime) -> None:
    """Take the role, once, by the account of the address that was invited.

    Whoever invited must still be allowed to give the role: an invitation does not outlive the right behind it.
    """
    with ledger.action("invitation.accept", by=by, at=at, subject=f"invitation:{invitation.key}") as entry:
        entry.require(permissions.can_act_for(by, user))
        _still_open(invitation, at=at)
        if user.email != invitation.email:
            raise ledger.Refused("other_address")
        inviter = actor_of(invitation.invited_by, on=localdate(at))
        permit = permissions.can_grant(inviter, invitation.role, invitation.organization)
        if not permit.allowed:
            raise ledger.Refused("inviter_lost_right")
        invitation.accepted_at, invitation.accepted_by = at, user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        scope: Scope = {
            "organization": invitation.organization, "station": invitation.station,
            "department": invitation.department, "area": invitation.area,
        }  # fmt: skip
        if not queries.holds(invitation, user=user, on=localdate(at)):
            give(user, role=invitation.role, permit=permit, by=by, at=at, why="invitation", **scope)
        entry.change(user=str(user.key), role=invitation.role)


def _check_fit(row: Invitation) -> None:
    """What the table of roles asks of a scope is asked already now, not when the person accepts."""
    membership = Membership(
        user=row.invited_by, role=row.role, organization=row.organization, station=row.station,
        department=row.department, area=row.area, from_date=localdate(row.created_at),
    )  # fmt: skip
    membership.full_clean(exclude=["user"], validate_unique=False)


def _still_open(invitation: Invitation, *, at: datetime) -> None:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organization", "station", "invited_by")
    invitation.refresh_from_db(from_queryset=rows)
    if invitation.accepted_at is not None:
        raise ledger.Refused("invitation_used")
    if invitation.revoked_at is not None:
        raise ledger.Refused("invitation_revoked")
    if at >= invitation.expires_at:
        raise ledger.Refused("invitation_expired")
