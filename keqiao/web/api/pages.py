"""Cursors, versions and kept answers: what lets programs read long lists and write safely."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from keqiao.apps.parties import actions
from keqiao.web.api.access import Caller
from keqiao.web.api.problems import Stale

MOST = 100
SALT = "keqiao.api.cursor"


def page(rows: QuerySet[Any], *, by: str, cursor: str, limit: int) -> tuple[list[Any], str]:
    """Rows newest first after the cursor, and the cursor behind them; rows that are added meanwhile shift nothing."""
    ordered = rows.order_by(f"-{by}", "-pk")
    if cursor:
        moment, pk = _read(cursor)
        ordered = ordered.filter(Q(**{f"{by}__lt": moment}) | Q(**{by: moment, "pk__lt": pk}))
    found = list(ordered[: limit + 1])
    more = len(found) > limit
    shown = found[:limit]
    last = shown[-1] if more else None
    return shown, signing.dumps([getattr(last, by).isoformat(), last.pk], salt=SALT) if last else ""


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        moment, pk = signing.loads(cursor, salt=SALT)
        return datetime.fromisoformat(moment), int(pk)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValidationError({"cursor": _("游标不对：请原样使用上一页给出的 next。")}) from error


def version_of(body: dict[str, Any]) -> str:
    """The entity tag of what the caller sees: it changes when anything they may see does."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def read(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """One thing, or 304 if the caller has it already."""
    tag = version_of(body)
    is_known = tag in request.headers.get("If-None-Match", "")
    answer = HttpResponse(status=304) if is_known else answered(200, body)
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def answered(status: int, body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def require_fresh(request: HttpRequest, body: dict[str, Any]) -> None:
    """Refuse a change of something that is not any more what the caller read (If-Match)."""
    wanted = request.headers.get("If-Match", "")
    if wanted and wanted != "*" and version_of(body) not in wanted:
        raise Stale


def write(
    request: HttpRequest, caller: Caller, scope: str, do: Callable[[], tuple[int, dict[str, Any]]]
) -> HttpResponse:
    """Write with a key that holds the scope. Sent again under its Idempotency-Key, it is not done again."""
    token = caller.require(scope)
    sent = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    status, body, repeated = actions.once(
        token, key=request.headers.get("Idempotency-Key", ""), request_digest=sent, do=do, by=caller.actor, at=caller.at
    )
    answer = answered(status, body)
    if repeated:
        answer["Idempotency-Replayed"] = "true"
    return answer
