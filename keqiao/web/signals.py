"""Sign-ins, failed ones too, and locked accounts are entries of the ledger."""

from typing import Any

from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import signals
from django.contrib.auth.models import AnonymousUser
from django.dispatch import Signal, receiver
from django.http import HttpRequest
from django.utils import timezone

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger.models import Outcome
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import VISITOR, Actor, actor_of
from keqiao.apps.parties.models import User
from keqiao.apps.parties.models.account import SEPARATED_ROLES


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


@receiver(signals.user_logged_in)
def one_session_for_administrators(sender: Any, user: User, request: HttpRequest, **kwargs: Any) -> None:
    """Keep track of the session; whoever runs the system, its roles or its audit is signed in at one place only."""
    if "REMOTE_ADDR" not in request.META:
        return  # no browser behind it
    UserSession.objects.create_from_request(request)
    at = timezone.now()
    actor = actor_of(user, on=timezone.localdate(at))
    if actor.has(*SEPARATED_ROLES):
        keep = request.session.session_key or ""
        if UserSession.objects.filter(user=user).exclude(session_key=keep).exists():
            parties.end_sessions(user, keep=keep, reason="one_session", by=actor, at=at)


FACTOR_KINDS = {mfa.authenticator_added: "factor.add", mfa.authenticator_removed: "factor.remove",
                mfa.authenticator_reset: "factor.renew"}  # fmt: skip


@receiver(list(FACTOR_KINDS))
def factor_changed(sender: Any, signal: Signal, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    actor = Actor(key=f"user:{user.key}")
    ledger.record(FACTOR_KINDS[signal], by=actor, at=timezone.now(), subject=actor.key, reason=str(authenticator.type))


@receiver(mfa.authentication_failed)
def factor_wrong(sender: Any, user: User, **kwargs: Any) -> None:
    ledger.record(
        "session.second_factor",
        by=VISITOR,
        at=timezone.now(),
        subject=f"user:{user.key}",
        outcome=Outcome.REFUSED,
        reason="second_factor",
    )
