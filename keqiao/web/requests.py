"""One line in the log for each request: which page, how it ended, how long it took. Not what was asked, nor by whom.

The number of a request goes to the browser (`X-Request-ID`) and stands in every line that is written while it is
answered. A person appears as a pseudonym that nobody can turn back without the site's secret.
"""

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
HEADER = "X-Request-ID"
SLOW_MS = 2000
_given = re.compile(r"[A-Za-z0-9-]{8,64}")
log = structlog.get_logger("keqiao.request")


class RequestLogMiddleware:
    """Numbers the request, binds the number to all its lines, and writes the line of the request itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get(HEADER, "")
        number = given if _given.fullmatch(given) else secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        try:
            response = self.get_response(request)
            response[HEADER] = number
            _write(request, response, ms=round((time.perf_counter() - started) * 1000))
        finally:
            structlog.contextvars.clear_contextvars()
        return response


def _write(request: HttpRequest, response: HttpResponse, *, ms: int) -> None:
    match = request.resolver_match
    say = log.error if response.status_code >= 500 else log.warning if ms >= SLOW_MS else log.info
    route = (match.view_name or "unnamed") if match else "none"
    say("request", method=request.method, route=route, status=response.status_code, ms=ms, actor=_actor(request))


def _actor(request: HttpRequest) -> str:
    """The pseudonym of who is signed in, if the view has asked at all: the log must cost no query."""
    user = getattr(request, "_cached_user", None)
    return pseudonym(str(user.key)) if user is not None and user.is_authenticated else ""


def pseudonym(key: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"log:" + key.encode(), hashlib.sha256).hexdigest()[:12]
