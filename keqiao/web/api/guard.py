"""What every request passes on its way in and every answer on its way out, whatever address it asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from keqiao.web.api.access import admit, limit_of
from keqiao.web.api.problems import problem

View = Callable[..., HttpResponse]


def guarded(view: View, *, failed: Callable[[HttpRequest, Exception], HttpResponse]) -> View:
    """A view whose every request is counted and whose every answer is of the interface's form.

    The key is read here, before body and address are looked at, so that what is malformed counts as well. `failed`
    makes the answer for an error.
    """

    @csrf_exempt  # sessions count for nothing here
    @wraps(view)
    def through(request: HttpRequest, **path: Any) -> HttpResponse:
        try:
            admit(request)
            answer = view(request, **path)
        except Exception as error:  # those of the view itself were answered by ninja
            answer = failed(request, error)
        if answer.status_code == 405:
            answer = _no_such_method(answer)
        for name, value in limit_of(request).items():
            answer[name] = value
        patch_vary_headers(answer, ["Authorization", "Accept-Language"])
        return answer

    return through


def nowhere(request: HttpRequest, **path: Any) -> HttpResponse:
    """An address that the interface does not have."""
    return problem(404, "no_such_address", _("接口没有这个地址。全部地址见 /api/。"))


def _no_such_method(answer: HttpResponse) -> HttpResponse:
    allowed = ", ".join(sorted(answer["Allow"].split(", ")))
    told = problem(405, "no_such_method", _("此地址只接受 %(methods)s。") % {"methods": allowed})
    told["Allow"] = allowed
    return told
