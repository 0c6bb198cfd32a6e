"""Giving and ending roles."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions, places, queries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Membership, Organization, Station, User
from keqiao.apps.parties.models.account import KEPT_ROLES


def grant(
    user: User,
    *,
    role: str,
    by: Actor,
    at: datetime,
    organization: Organization | None = None,
    station: Station | None = None,
    department: str = "",
    area: str = "",
) -> Membership:
    """Give a role from today on, in a body, at a station, or in a department and a place that the region has."""
    row = Membership(
        user=user, role=role, organization=organization, station=station, department=department, area=area,
        from_date=localdate(at),
    )  # fmt: skip
    with ledger.action("membership.grant", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_grant(by, role, organization, user=user))
        if user.is_erased:
            raise ledger.Refused("account_erased")
        row.full_clean()
        entry.require(permissions.can_hold(role, held=_roles_held(user, on=localdate(at))))
        _check_scope(row, on=localdate(at))
        row.save(force_insert=True)
        entry.change(
            role=role, organization=organization.key if organization else "",
            station=station.key if station else "", department=department, area=area,
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


def _roles_held(user: User, *, on: date) -> frozenset[str]:
    """Read under a lock on the account, so that two grants at once cannot put together what is kept apart."""
    User.objects.select_for_update().get(pk=user.pk)
    return frozenset(queries.memberships_in_force(user, on=on).values_list("role", flat=True))


def _check_scope(row: Membership, *, on: date) -> None:
    if row.department and row.department not in places.region().departments:
        raise ValidationError({"department": _("本地区没有这个部门。")})
    if row.area and row.area not in places.region().areas:
        raise ValidationError({"area": _("本地区没有这个地区代码。")})
    same = queries.memberships_in_force(row.user, on=on).filter(
        role=row.role, organization=row.organization, station=row.station, department=row.department, area=row.area
    )
    if same.exists():
        raise ValidationError(_("此人已有这个角色。"), code="already")
