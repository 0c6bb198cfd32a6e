"""Who asks through the interface, what their key allows, and how often they may."""

import secrets
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
from keqiao.web.api.bodies import require_readable
from keqiao.web.parts import rates
from keqiao.web.parts.rates import TooOften

NOTED_EVERY = timedelta(hours=1)
LIMITS = ("Limit", "Remaining", "Reset")


class Unknown(Exception):
    """The key is not one of ours, has ended or was revoked."""


class Short(Exception):
    """The key does not hold the scope that the address asks for."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


@dataclass(frozen=True)
class Caller:
    """The actor behind a request, and the key they came with; None for the public."""

    actor: Actor
    token: ApiToken | None
    at: datetime

    @property
    def key(self) -> ApiToken:
        """The key; without one one has to sign in first."""
        if self.token is None:
            raise Unknown
        return self.token

    def require(self, *scopes: str) -> None:
        for scope in scopes:
            if scope not in self.key.scopes:
                raise Short(scope)

    def may_read(self, *scopes: str) -> None:
        """With all the scopes one reads as the person, without a key as the public, with another key not at all."""
        if self.token is not None:
            self.require(*scopes)


@dataclass(frozen=True)
class Gate:
    """Asks the caller's key for the scopes of an operation, and only then whether the body can be read at all.

    `is_open`: without a key one reads as the public. A key that lacks a scope is refused all the same, so that its
    owner notices.
    """

    scopes: tuple[str, ...] = ()
    is_open: bool = False

    def __call__(self, request: HttpRequest) -> Caller:
        caller = caller_of(request)
        if self.is_open:
            caller.may_read(*self.scopes)
        else:
            caller.require(*self.scopes)
        require_readable(request)
        return caller

    @property
    def writes(self) -> bool:
        return any(scope.endswith(":write") for scope in self.scopes)


def caller_of(request: HttpRequest) -> Caller:
    """Whom the guard let in."""
    caller: Caller = request.api_caller  # type: ignore[attr-defined] # set by `admit`, which the guard calls first
    return caller


def admit(request: HttpRequest) -> None:
    """Count a request and read its key; sessions count for nothing here, so that no other site can use one."""
    request.api_caller = _caller(request)  # type: ignore[attr-defined] # read by `caller_of`


def _caller(request: HttpRequest) -> Caller:
    at = timezone.now()
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        _count(request, f"ip:{rates.address(request)}", settings.API_PUBLIC_PER_MINUTE)
        return Caller(VISITOR, None, at)
    token = _token(secret.strip(), at=at) if kind.lower() == "bearer" else None
    if token is None:
        _count(request, f"wrong:{rates.address(request)}", settings.API_PUBLIC_PER_MINUTE)
        raise Unknown
    _count(request, f"token:{token.pk}", settings.API_PER_MINUTE)
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


def _count(request: HttpRequest, who: str, most: int) -> None:
    seen, left = rates.count(who)
    request.api_limit = (most, max(0, most - seen), left)  # type: ignore[attr-defined] # read by `limit_of`
    if seen > most:
        raise TooOften(left)


def limit_of(request: HttpRequest) -> dict[str, str]:
    """How many requests a minute, how many are left, seconds until there are new ones; empty if none was counted."""
    counted = getattr(request, "api_limit", ())
    return {f"RateLimit-{name}": str(value) for name, value in zip(LIMITS, counted, strict=False)}
