"""Sign-ins, failed ones too, and locked accounts are entries of the ledger."""

from typing import Any

from django.contrib.auth import signals
from django.contrib.auth.models import AnonymousUser
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger.models import Outcome
from keqiao.apps.parties.actors import VISITOR, Actor
from keqiao.apps.parties.models import User


@receiver(signals.user_logged_in)
def signed_in(sender: Any, user: User, **kwargs: Any) -> None:
    actor = Actor(key=f"user:{user.key}")
    ledger.record("session.sign_in", by=actor, at=timezone.now(), subject=actor.key)


@receiver(signals.user_logged_out)
def signed_out(sender: Any, user: User | AnonymousUser | None, **kwargs: Any) -> None:
    if isinstance(user, User):
        actor = Actor(key=f"user:{user.key}")
        ledger.record("session.sign_out", by=actor, at=timezone.now(), subject=actor.key)


@receiver(signals.user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Whose account was tried is noted by its key; an address that has no account is not kept."""
    email = str(credentials.get("email") or credentials.get("username") or "")
    user = User.objects.filter(email__iexact=email).first()
    ledger.record(
        "session.sign_in",
        by=VISITOR,
        at=timezone.now(),
        subject=f"user:{user.key}" if user else "user:unknown",
        outcome=Outcome.REFUSED,
        reason="wrong_credentials",
    )
