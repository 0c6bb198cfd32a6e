"""A new password: its moment and the hash of the one before are kept."""

from datetime import datetime

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import FormerPassword, User
from keqiao.apps.parties.passwords import HISTORY


def set_password(user: User, password: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Set somebody's password; the form has checked the rules. The entry says that it was set, and nothing of it."""
    with ledger.action("password.set", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_act_for(by, user))
        if user.password and user.has_usable_password():
            FormerPassword.objects.create(user=user, password=user.password, ended_at=at)
        kept = FormerPassword.objects.filter(user=user).values_list("pk", flat=True)[: HISTORY - 1]
        FormerPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
        user.set_password(password)
        user.password_set_at = at
        user.save()
        entry.reason = reason
