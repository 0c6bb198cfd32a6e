"""Who acts, with what grants: read once at the border, then passed to queries, permissions and actions."""

from dataclasses import dataclass
from datetime import date

from .models import Role, User
from .models.account import ORGANIZATION_ROLES


@dataclass(frozen=True)
class Grant:
    """One role and where it holds; empty strings mean the whole site. Bodies and stations stand by their keys."""

    role: str
    organization: str = ""
    department: str = ""
    area: str = ""
    station: str = ""


@dataclass(frozen=True)
class Actor:
    """Somebody who acts. `key` is what the ledger writes: user:<uuid>, system:<name> or visitor."""

    key: str
    grants: frozenset[Grant] = frozenset()
    is_registered: bool = False
    name: str = ""

    @property
    def is_product(self) -> bool:
        """The product itself, in a part of it that works without a person: loader, worker, setup."""
        return self.key.startswith("system:")

    def has(self, *roles: str) -> bool:
        return any(grant.role in roles for grant in self.grants)

    def organizations(self, *roles: str) -> frozenset[str]:
        """Keys of the organisations the actor belongs to, in one of these roles (any, if none is named)."""
        wanted = roles or ORGANIZATION_ROLES
        return frozenset(grant.organization for grant in self.grants if grant.role in wanted and grant.organization)

    def areas(self) -> frozenset[str]:
        """Codes of the areas the actor is an officer for."""
        return frozenset(grant.area for grant in self.grants if grant.role == Role.OFFICER)

    def stations(self, *roles: str) -> frozenset[str]:
        """Keys of the branch markets and stations the actor works at, in one of these roles (any, if none is named)."""
        return frozenset(grant.station for grant in self.grants if grant.station and (not roles or grant.role in roles))


VISITOR = Actor(key="visitor")


def system(name: str) -> Actor:
    """The product itself, acting in a named part: system:worker, system:loader. It holds no role: see `is_product`."""
    return Actor(key=f"system:{name}", is_registered=True)


def actor_of(user: User, *, on: date) -> Actor:
    """The actor a signed-in user is on a day: one query for the memberships in force. A locked account has none."""
    if not user.is_active:
        return Actor(key=f"user:{user.key}")
    rows = user.memberships.select_related("organization", "station").filter(from_date__lte=on).exclude(to_date__lte=on)
    grants = frozenset(
        Grant(
            row.role,
            row.organization.key if row.organization else "",
            row.department,
            row.area,
            row.station.key if row.station else "",
        )
        for row in rows
    )
    return Actor(key=f"user:{user.key}", grants=grants, is_registered=True, name=str(user))
