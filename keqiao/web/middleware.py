"""Who acts, and for how long a session may lie idle."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from keqiao.apps.parties import passwords, places
from keqiao.apps.parties.actors import VISITOR, Actor, actor_of
from keqiao.apps.parties.models import User
from keqiao.web.parts import factors

GetResponse = Callable[[HttpRequest], HttpResponse]
LAST_SEEN = "keqiao_last_seen"
# The moment is written at most once a minute: a write per request would cost every page a transaction.
STEP_SECONDS = 60


def idle_seconds() -> int:
    """The idle time of the settings, else the one the region's pack asks for."""
    return 60 * (settings.IDLE_MINUTES or places.region().defaults.idle_timeout_minutes)


class IdleTimeoutMiddleware:
    """Signs out a session that nobody has used for the idle time."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            last = request.session.get(LAST_SEEN, now)
            if now - last > idle_seconds():
                logout(request)
            elif now - last >= STEP_SECONDS or LAST_SEEN not in request.session:
                request.session[LAST_SEEN] = now
        return self.get_response(request)


class ActorMiddleware:
    """Gives every request its actor; memberships are read only if a view asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    if not request.user.is_authenticated:
        return VISITOR
    return actor_of(request.user, on=timezone.localdate())


# What somebody whose password is too old can still reach: changing it, the language, leaving. The interface does not
# know sessions and asks for itself.
OPEN_WITH_OLD = ("/account/password/", "/account/logout/", "/language/", "/static/", "/api/")


class PasswordAgeMiddleware:
    """Leads whoever must change an old password to the form before anything else opens to them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(OPEN_WITH_OLD) and isinstance(request.user, User):
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if passwords.is_due(request.user, actor, on=timezone.localdate()):
                return redirect("account_change_password")
        return self.get_response(request)


HAS_FACTOR = "keqiao_has_factor"
# What somebody without the second factor they must have can still reach: setting it up, the language, leaving.
OPEN_WITHOUT = ("/account/", "/language/", "/static/")


class SecondFactorMiddleware:
    """Leads whoever must have a second factor to its set-up before anything else opens to them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_MFA and not request.path.startswith(OPEN_WITHOUT) and _lacks_factor(request):
            return redirect("mfa_index")
        return self.get_response(request)


def _lacks_factor(request: HttpRequest) -> bool:
    """Asked of the database until the answer is no; a factor that is reset ends the session with what it knows."""
    if not isinstance(request.user, User) or request.session.get(HAS_FACTOR):
        return False
    if not factors.must_have_one(request.actor):  # type: ignore[attr-defined]
        return False
    if not factors.has_one(request.user):
        return True
    request.session[HAS_FACTOR] = True
    return False
