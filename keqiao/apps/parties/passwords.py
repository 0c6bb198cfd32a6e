"""Rules of passwords that need to know their past: none of the last ones again, and a new one in time."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth import hashers
from django.utils.timezone import localdate

from .actors import Actor
from .models import Role, User

# Graded protection of information systems: as many passwords, with the one in force, are not taken again.
HISTORY = 5
# Whoever sees other people's matters or can change what others may do changes the password in time.
WHO_CHANGE = (Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR, Role.OFFICER, Role.REGISTRAR)


def was_used(user: User, password: str) -> bool:
    """Whether this is one of somebody's last passwords."""
    former = user.former_passwords.values_list("password", flat=True)[: HISTORY - 1]
    # The hasher is asked without its setter: comparing must not write.
    return any(hashers.check_password(password, known) for known in [user.password, *former])


def change_date(user: User, actor: Actor) -> date | None:
    """The day on which the password has to be changed; None for whom it does not age."""
    if not settings.PASSWORD_DAYS or user.password_set_at is None or not actor.has(*WHO_CHANGE):
        return None
    return localdate(user.password_set_at) + timedelta(days=settings.PASSWORD_DAYS)


def is_due(user: User, actor: Actor, *, on: date) -> bool:
    """Whether nothing opens to somebody before they have changed the password."""
    if not settings.PASSWORD_DAYS or user.password_set_at is None:
        return False
    if localdate(user.password_set_at) + timedelta(days=settings.PASSWORD_DAYS) > on:
        return False  # the roles are not asked for: they cost a query
    return actor.has(*WHO_CHANGE)
