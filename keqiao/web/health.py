"""What machines ask: is the process up, can it serve? Answered before sessions, hosts, redirects and policies.

A load balancer or a container asks by an address of its own and speaks plain HTTP; none of that may stand in the way.
Strangers get one word. Details are on the office's system page and in the log.
"""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from keqiao.apps.operations import readiness

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("keqiao.health")


class HealthMiddleware:
    """Answers `/health/` without touching anything, `/ready/` after a look at everything."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/health/":
            return _answer("up", status=200)
        if request.path_info == "/ready/":
            return _ready()
        return self.get_response(request)


def _ready() -> HttpResponse:
    missing = [part for part in readiness.parts(at=timezone.now()) if not part.is_ready]
    for part in missing:
        log.warning("not ready: %s is %s", part.name, part.reason)
    return _answer("not ready", status=503) if missing else _answer("ready", status=200)


def _answer(status_text: str, *, status: int) -> HttpResponse:
    response = JsonResponse({"status": status_text}, status=status, headers={"Cache-Control": "no-store"})
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would call the 503 a server error
    return response
