"""Ending sessions, and taking second factors away from somebody who has lost them."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User


def end_sessions(
    user: User, *, by: Actor, at: datetime, keep: str = "", only: int | None = None, reason: str = ""
) -> int:
    """Sign somebody out on other devices: everywhere but in the session `keep`, or in the one row `only`."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=keep)
    if only is not None:
        rows = rows.filter(pk=only)
    with ledger.action("session.end", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_end_sessions(by, user))
        found = list(rows)
        if only is not None and not found:
            raise ledger.Refused("session_has_ended")
        for row in found:
            row.end()
        entry.count, entry.reason = len(found), reason
    return len(found)


def reset_factors(user: User, *, by: Actor, at: datetime) -> int:
    """Take all second factors from somebody who has lost them, and end all sessions: they set up new ones."""
    with ledger.action("factor.reset", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_reset_factors(by, user))
        rows = Authenticator.objects.filter(user=user)
        if not rows.exists():
            raise ledger.Refused("no_factors")
        entry.count = rows.delete()[0]
        end_sessions(user, by=by, at=at, reason="factor_reset")
    return entry.count
