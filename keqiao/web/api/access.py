"""Who asks through the interface, what their key allows, and how often they may."""

import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, passwords, queries
from keqiao.apps.parties.actions.tokens import digest_of
from keqiao.apps.parties.actors import VISITOR, Actor, actor_of
from keqiao.apps.parties.models import ApiToken

NOTED_EVERY = timedelta(hours=1)


class Unknown(Exception):
    """The key is not one of ours, has ended or was revoked."""


class Short(Exception):
    """The key does not hold the scope that the address asks for."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class TooOften(Exception):
    """More requests than allowed; `seconds` until there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


@dataclass(frozen=True)
class Caller:
    """The actor behind a request, and the key they came with; None for the public."""

    actor: Actor
    token: ApiToken | None
    at: datetime

    def require(self, scope: str) -> ApiToken:
        """The key, if it holds the scope; without a key one has to sign in first."""
        if self.token is None:
            raise Unknown
        if scope not in self.token.scopes:
            raise Short(scope)
        return self.token

    def may_read(self, *scopes: str) -> Actor:
        """Who reads: with all the scopes the person, without a key the public, with another key nobody."""
        for scope in scopes if self.token is not None else ():
            self.require(scope)
        return self.actor


def caller_of(request: HttpRequest) -> Caller:
    """Read the key of a request; sessions count for nothing here, so that no other site can use one."""
    at = timezone.now()
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        _count(f"ip:{_address(request)}", settings.API_PUBLIC_PER_MINUTE)
        return Caller(VISITOR, None, at)
    token = _token(secret.strip(), at=at) if kind.lower() == "bearer" else None
    if token is None:
        _count(f"wrong:{_address(request)}", settings.API_PUBLIC_PER_MINUTE)
        raise Unknown
    _count(f"token:{token.pk}", settings.API_PER_MINUTE)
    actor = actor_of(token.user, on=timezone.localdate())
    if not actor.is_registered:  # the account was locked
        raise Unknown
    if passwords.is_due(token.user, actor, on=timezone.localdate()):
        raise Refused("password_too_old")
    if token.last_used_at is None or at - token.last_used_at > NOTED_EVERY:
        actions.note_use(token, by=actor, at=at)
    return Caller(actor, token, at)


def _token(secret: str, *, at: datetime) -> ApiToken | None:
    digest = digest_of(secret)
    row = queries.tokens().filter(digest=digest, revoked_at=None, expires_at__gt=at).first()
    return row if row is not None and secrets.compare_digest(row.digest, digest) else None


def _address(request: HttpRequest) -> str:
    """The client's address as the nearest trusted proxy saw it."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    return hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")


def _count(who: str, most: int) -> None:
    """Windows of one minute, counted in each web process: a counter in the database would make every read a write."""
    now = int(timezone.now().timestamp())
    with _gate:
        if _window.get("minute") != now // 60:
            _window.clear()
            _window["minute"] = now // 60
        seen = _window[who] = _window.get(who, 0) + 1
    if seen > most:
        raise TooOften(60 - now % 60)


_gate = threading.Lock()
_window: dict[str, int] = {}


def reset_counters() -> None:
    """Begin a new window; for tests."""
    with _gate:
        _window.clear()
