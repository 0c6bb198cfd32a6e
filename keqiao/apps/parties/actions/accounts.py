"""Writes to accounts: opening, locking, and what everybody may ask for of their own: a copy, and erasure."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger.figures import actions as figures
from keqiao.apps.ledger.figures import queries as figure_queries
from keqiao.apps.parties import permissions, personal, queries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import ApiToken, FormerPassword, User

from .memberships import end, require_another_holder


def add_user(
    *, email: str, password: str | None, by: Actor, at: datetime, name: str = "", is_demo: bool = False
) -> User:
    """Create a user. Without a password the account opens only through the reset letter.

    Whoever may add users vouches for the address: it counts as confirmed, so that an office without mail can work.
    """
    user = User(email=email.strip().lower(), name=name, date_joined=at, is_demo=is_demo)
    user.set_password(password)
    user.password_set_at = at if password else None
    with ledger.action("user.add", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_manage_users(by))
        user.full_clean()
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        entry.change(email=user.email, name=user.name)
    return user


def set_active(user: User, *, active: bool, by: Actor, at: datetime) -> None:
    """Lock or unlock an account; a locked one keeps its history, an erased one stays locked."""
    kind = "user.activate" if active else "user.deactivate"
    with ledger.action(kind, by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_manage_users(by))
        if by.key == f"user:{user.key}" and not active:
            raise ledger.Refused("not_yourself")
        if user.is_erased:
            raise ledger.Refused("account_erased")
        user.is_active = active
        user.save(update_fields=["is_active"])
        entry.change(is_active=active)


def export_mine(user: User, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Everything kept about a person's account as JSON values, for that person alone; the ledger notes the copy."""
    with ledger.action("user.export", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_export(by, user))
        return queries.account_data(user)


def erase_user(user: User, *, by: Actor, at: datetime, reason: str) -> None:
    """Take out everything that says whose account this is, for good: address, name, telephone, log-in, kept values.

    Roles end today. The row and the entries stay under the account's key, so that decisions keep their author and
    the chain stays whole.
    """
    subject = f"user:{user.key}"
    with ledger.action("user.erase", by=by, at=at, subject=subject) as entry:
        entry.require(permissions.can_erase(by, user))
        if user.is_erased:
            raise ledger.Refused("account_erased")
        memberships = list(queries.memberships_in_force(user, on=localdate(at)))
        for membership in memberships:
            require_another_holder(membership, on=localdate(at))
            end(membership, on=localdate(at))
        ApiToken.objects.filter(user=user).delete()
        FormerPassword.objects.filter(user=user).delete()
        user.erase()
        user.save()
        # Sign-in keeps a second copy of the address for its confirmation letters.
        user.emailaddress_set.all().delete()  # type: ignore[attr-defined]
        personal.erase(user)
        if figure_queries.counts_subject(subject):
            figures.forget_rows(subject, by=by, at=at, reason=reason)
        ledger.erase_values(subject, by=by, at=at, reason=reason)
        entry.reason = reason
