"""Errors as RFC 9457 problems: a stable code, a sentence in the caller's language, the place; never a trace."""

import logging
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Schema
from ninja.errors import HttpError
from ninja.errors import ValidationError as ShapeError

from keqiao.apps.ledger.actions import Refused
from keqiao.web.api.access import Short, Unknown
from keqiao.web.api.bodies import NotJson, TooLarge
from keqiao.web.parts import reasons
from keqiao.web.parts.rates import TooOften

log = logging.getLogger("keqiao.api")
CONTENT_TYPE = "application/problem+json"
# Refusals that say "not now" instead of "not you".
CONFLICTS = ("not_from_", "already_", "introduction_is_", "key_used_", "introduced_before", "not_a_draft")
TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 405: "Method not allowed",
    409: "Conflict", 412: "Changed meanwhile", 413: "Too large", 415: "Not JSON", 422: "Not valid",
    429: "Too many requests", 500: "Server error",
}  # fmt: skip


class FieldProblem(Schema):
    """What is wrong with one field of the request."""

    field: str
    message: str


class Problem(Schema):
    """RFC 9457. `code` is stable and for programs, `detail` is for people, in the language of Accept-Language."""

    type: str
    title: str
    status: int
    code: str = Field(examples=["not_valid", "scope_missing", "not_from_submitted"])
    detail: str
    errors: list[FieldProblem]


class Stale(Exception):
    """The thing has changed since the caller read it."""


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "code": code}
    return JsonResponse(
        body | {"detail": detail, "errors": []} | more, status=status, content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def register(api: NinjaAPI) -> None:
    """Tell the interface how each kind of error is answered."""
    handlers: dict[type[Exception], Any] = {
        Refused: _refused, ValidationError: _invalid, ShapeError: _shapeless, Unknown: _unknown, Short: _short,
        TooOften: _too_often, Http404: _missing, ObjectDoesNotExist: _missing, Stale: _stale, HttpError: _plain,
        TooLarge: _too_large, NotJson: _not_json,
        Exception: _broken,
    }  # fmt: skip
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    status = 409 if error.reason.startswith(CONFLICTS) else 403
    return problem(status, error.reason, reasons.sentence(error.reason))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    errors = [
        {"field": "" if name == "__all__" else name, "message": text} for name, texts in found.items() for text in texts
    ]
    return problem(422, "not_valid", _("有内容不符合要求，没有保存。"), errors=errors)


def _shapeless(request: HttpRequest, error: ShapeError) -> HttpResponse:
    return problem(422, "not_valid", _("请求的格式不对。"), errors=list(_places(error)))


def _places(error: ShapeError) -> Iterator[dict[str, str]]:
    for row in error.errors:
        place = [str(part) for part in row.get("loc", ()) if part not in ("body", "query", "path", "payload")]
        yield {"field": ".".join(place), "message": str(row.get("msg", ""))}


def _unknown(request: HttpRequest, error: Unknown) -> HttpResponse:
    answer = problem(401, "sign_in_first", _("请用有效的访问密钥：Authorization: Bearer …"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _short(request: HttpRequest, error: Short) -> HttpResponse:
    return problem(403, "scope_missing", _("此密钥没有权限范围“%(scope)s”。") % {"scope": error.scope})


def _too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    answer = problem(429, "too_often", _("请求过于频繁，请 %(n)d 秒后再试。") % {"n": error.seconds})
    answer["Retry-After"] = str(error.seconds)
    return answer


def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, "not_found", _("没有这一项，或您不能查看。"))


def _stale(request: HttpRequest, error: Stale) -> HttpResponse:
    return problem(412, "changed_meanwhile", _("内容已被他人修改，请重新读取后再改。"))


def _too_large(request: HttpRequest, error: TooLarge) -> HttpResponse:
    most = settings.API_LARGEST_BODY
    return problem(413, "too_large", _("请求过大：最多 %(most)d 字节。") % {"most": most})


def _not_json(request: HttpRequest, error: NotJson) -> HttpResponse:
    return problem(415, "not_json", _("请求须为 JSON：请写明 Content-Type: application/json。"))


def _plain(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(400, "bad_request", _("请求无法识别：请检查格式和编码。"))


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("the interface failed: %s", type(error).__name__, exc_info=error)
    return problem(500, "server_error", _("服务器出错，已记录。请稍后再试。"))
