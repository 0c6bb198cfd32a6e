"""How often somebody may ask, counted in each web process: a counter in the database would make every read a write."""

import threading

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


class TooOften(Exception):
    """More requests than allowed; `seconds` until there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


def address(request: HttpRequest) -> str:
    """The client's address as the nearest trusted proxy saw it."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    return hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")


def count(who: str) -> tuple[int, int]:
    """One more request of `who`: how many there were in this minute, and how many seconds of it are left."""
    now = int(timezone.now().timestamp())
    with _gate:
        if _window.get("minute") != now // 60:
            _window.clear()
            _window["minute"] = now // 60
        seen = _window[who] = _window.get(who, 0) + 1
    return seen, 60 - now % 60


def admit(who: str, *, most: int) -> None:
    """Count a request; raises `TooOften` from the one after `most` on."""
    seen, left = count(who)
    if seen > most:
        raise TooOften(left)


_gate = threading.Lock()
_window: dict[str, int] = {}


def reset() -> None:
    """Begin a new window; for tests."""
    with _gate:
        _window.clear()
