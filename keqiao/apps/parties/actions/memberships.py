"""Giving and ending roles."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions, places, queries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Invitation, Membership, Organization, Station, User
from keqiao.apps.parties.models.account import KEPT_ROLES


class Scope(TypedDict, total=False):
    """Where a role holds: in a body, at a station, or in a department and a place that the region has."""

    organization: Organization | None
    station: Station | None
    department: str
    area: str


def grant(user: User, *, role: str, by: Actor, at: datetime, **scope: Unpack[Scope]) -> Membership:
    """Give a role from today on."""
    permit = permissions.can_grant(by, role, scope.get("organization"), user=user)
    return give(user, role=role, permit=permit, by=by, at=at, **scope)


def give(
    user: User,
    *,
    role: str,
    permit: permissions.Decision,
    by: Actor,
    at: datetime,
    why: str = "",
    **scope: Unpack[Scope],
) -> Membership:
    """Give a role; `permit` is the verdict of what leads to it: a grant, an approved claim, an accepted invitation."""
    row = Membership(user=user, role=role, from_date=localdate(at), **scope)
    with ledger.action("membership.grant", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permit)
        if user.is_erased:
            raise ledger.Refused("account_erased")
        row.full_clean()
        entry.require(permissions.can_hold(role, held=roles_held(user, on=localdate(at))))
        check_scope(row)
        if queries.holds(row, user=user, on=localdate(at)):
            raise ValidationError(_("此人已有这个角色。"), code="already")
        row.save(force_insert=True)
        entry.reason = why
        entry.change(
            role=role, organization=row.organization.key if row.organization else "",
            station=row.station.key if row.station else "", department=row.department, area=row.area,
        )  # fmt: skip
    return row


def revoke(membership: Membership, *, by: Actor, at: datetime) -> None:
    """End a role today. A role given today is taken back whole; the ledger keeps both."""
    with ledger.action("membership.revoke", by=by, at=at, subject=f"user:{membership.user.key}") as entry:
        entry.require(permissions.can_grant(by, membership.role, membership.organization, user=membership.user))
        require_another_holder(membership, on=localdate(at))
        end(membership, on=localdate(at))
        entry.change(role=membership.role, organization=membership.organization.key if membership.organization else "")


def end(membership: Membership, *, on: date) -> None:
    if membership.from_date < on:
        membership.to_date = on
        membership.save(update_fields=["to_date"])
    else:
        membership.delete()


def require_another_holder(membership: Membership, *, on: date) -> None:
    """Refuse to go on if the site would be left with nobody who opens accounts, or nobody who gives roles."""
    if membership.role not in KEPT_ROLES:
        return
    # Locked, so that of two who leave at once the second is refused.
    holders = queries.holders(membership.role, on=on).select_for_update(of=("self",))
    if all(holder.user_id == membership.user_id for holder in holders):
        raise ledger.Refused(f"last_{membership.role}")


def roles_held(user: User, *, on: date) -> frozenset[str]:
    """Read under a lock on the account, so that two grants at once cannot put together what is kept apart."""
    User.objects.select_for_update().get(pk=user.pk)
    return frozenset(queries.memberships_in_force(user, on=on).values_list("role", flat=True))


def check_scope(row: Membership | Invitation) -> None:
    if row.department and row.department not in places.region().departments:
        raise ValidationError({"department": _("本地区没有这个部门。")})
    if row.area and row.area not in places.region().areas:
        raise ValidationError({"area": _("本地区没有这个地区代码。")})
