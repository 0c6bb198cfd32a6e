"""Cursors, versions and kept answers: what lets programs read long lists and write safely."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from keqiao.apps.parties import actions
from keqiao.web.api.access import caller_of
from keqiao.web.api.given import checked_text
from keqiao.web.api.problems import Stale

MOST = 100
SALT = "keqiao.api.cursor"


@dataclass(frozen=True)
class Order:
    """How a list is read: by a moment that every row has, and which way. `name` keeps cursors to their own list."""

    name: str
    moment: str = "updated_at"
    is_oldest_first: bool = False


def page(rows: QuerySet[Any], *, order: Order, cursor: str, limit: int) -> tuple[list[Any], str]:
    """Rows in order after the cursor, and the cursor behind them; rows that are added meanwhile shift nothing."""
    by, sign, compare = (order.moment, "", "gt") if order.is_oldest_first else (order.moment, "-", "lt")
    ordered = rows.order_by(f"{sign}{by}", f"{sign}pk")
    if cursor:
        moment, pk = _read(cursor, order=order)
        # The first condition says nothing new, but an index can use it.
        ordered = ordered.filter(**{f"{by}__{compare}e": moment}).filter(
            Q(**{f"{by}__{compare}": moment}) | Q(**{f"pk__{compare}": pk})
        )
    found = list(ordered[: limit + 1])
    shown = found[:limit]
    if len(found) <= limit:
        return shown, ""
    return shown, signing.dumps([order.name, getattr(shown[-1], by).isoformat(), shown[-1].pk], salt=SALT)


def _read(cursor: str, *, order: Order) -> tuple[datetime, int]:
    try:
        name, moment, pk = signing.loads(cursor, salt=SALT)
        if name != order.name:
            raise ValueError("a cursor of another list")
        return datetime.fromisoformat(moment), int(pk)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValidationError({"cursor": _("游标不对：请原样使用上一页给出的 next，并保持同样的条件。")}) from error


def require_known(request: HttpRequest, names: Iterable[str]) -> None:
    """A parameter that does not exist is an error: a list that passes over a misspelt filter would be too long."""
    unknown = sorted(set(request.GET) - set(names))
    if unknown:
        told = _("没有这个参数。可用的参数：%(names)s。") % {"names": ", ".join(sorted(names))}
        raise ValidationError({name[:60]: [told] for name in unknown})


def since(moment: datetime | None) -> datetime | None:
    """A moment that both databases can compare with; without a zone it is local."""
    if moment is None:
        return None
    try:
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValidationError({"updated_since": _("时间超出可用的范围。")}) from error


def version_of(body: dict[str, Any]) -> str:
    """The entity tag of what the caller sees: it changes when anything they may see does."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def read(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """What was asked for, or 304 if the caller has it already."""
    tag, known = version_of(body), request.headers.get("If-None-Match", "")
    is_known = known.strip() == "*" or tag in known
    answer = HttpResponse(status=304) if is_known else answered(200, body)
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def answered(status: int, body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def require_fresh(request: HttpRequest, body: dict[str, Any]) -> None:
    """Refuse a change of something that is not any more what the caller read (If-Match)."""
    wanted = request.headers.get("If-Match", "").strip()
    if wanted and wanted != "*" and version_of(body) not in wanted:
        raise Stale


def write(request: HttpRequest, do: Callable[[], tuple[int, dict[str, Any]]]) -> HttpResponse:
    """Write for the gate's caller. Sent again under its Idempotency-Key, it is not done again."""
    caller = caller_of(request)
    sent = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    key = checked_text(request.headers.get("Idempotency-Key", ""), name="Idempotency-Key")
    status, body, repeated = actions.once(
        caller.key, key=key, request_digest=sent, do=do, by=caller.actor,
        at=caller.at,
    )  # fmt: skip
    answer = answered(status, body)
    if "key" in body:
        answer["ETag"] = version_of(body)
        if status == 201:
            answer["Location"] = f"{request.path}/{body['key']}"
    if repeated:
        answer["Idempotency-Replayed"] = "true"
    return answer
