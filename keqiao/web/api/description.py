"""The interface described as OpenAPI 3.1: shapes, who may, which headers, and how each address may refuse."""

from typing import Any

from django.utils.translation import gettext
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from keqiao.web.api.access import Gate
from keqiao.web.api.problems import CONTENT_TYPE, TITLES, FieldProblem, Problem

NAME = "key"
SCHEME = {
    "type": "http", "scheme": "bearer", "bearerFormat": "kq_…",
    "description": "A key made on one's account page: `Authorization: Bearer kq_…`.",
}  # fmt: skip
TEXT = {"type": "string"}
COUNT = {"type": "integer"}
LIMITS = {
    "RateLimit-Limit": {"schema": COUNT, "description": "Requests a minute."},
    "RateLimit-Remaining": {"schema": COUNT, "description": "How many are left of them."},
    "RateLimit-Reset": {"schema": COUNT, "description": "Seconds until all are there again."},
}
ETAG = {"ETag": {"schema": TEXT, "description": "The version of what the caller sees."}}
LANGUAGE = {
    "name": "Accept-Language", "in": "header", "required": False, "schema": {"enum": ["zh-hans", "en"]},
    "description": "The language of sentences and labels.",
}  # fmt: skip
IF_NONE_MATCH = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": TEXT,
    "description": "The ETag of what the caller has: answered with 304 if it is still that.",
}  # fmt: skip
IF_MATCH = {
    "name": "If-Match", "in": "header", "required": False, "schema": TEXT,
    "description": "The ETag of what the caller read: refused with 412 if somebody has changed it since.",
}  # fmt: skip
ONCE = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": TEXT | {"maxLength": 80},
    "description": "The same request sent again under it within 24 hours is not done again.",
}  # fmt: skip


class Description(OpenAPISchema):
    """What ninja reads from the code, completed by what gate and guard do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for shape in (FieldProblem, Problem):
            found = shape.model_json_schema(ref_template="#/components/schemas/{model}")
            self.schemas[shape.__name__] = {name: part for name, part in found.items() if name != "$defs"}
        self["components"]["securitySchemes"] = {NAME: SCHEME}

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        details: dict[str, Any] = super().operation_details(operation)
        gate, is_read = _gate(operation), operation.methods == ["GET"]
        keys = [{NAME: list(gate.scopes)}]
        details["operationId"] = operation.view_func.__name__
        details["summary"] = gettext(operation.summary) if operation.summary else ""
        details["security"] = [{}, *keys] if gate.is_open or not gate.scopes else keys
        details["parameters"] += [LANGUAGE, *_headers(operation, gate)]
        answers = details["responses"]
        for status in list(answers):
            answers[status]["headers"] = LIMITS | (ETAG if is_read or status == 200 else {})
        if is_read:
            answers[304] = {"description": "The caller has it already.", "headers": LIMITS | ETAG}
        answers |= {status: _refusal(status) for status in _refusals(operation, gate)}
        details["responses"] = {str(status): answers[status] for status in sorted(answers)}
        return details


def _gate(operation: Operation) -> Gate:
    return next(gate for gate in operation.auth_callbacks if isinstance(gate, Gate))


def _headers(operation: Operation, gate: Gate) -> list[dict[str, Any]]:
    if operation.methods == ["GET"]:
        return [IF_NONE_MATCH]
    if not gate.writes:
        return []
    return [ONCE, IF_MATCH] if operation.methods == ["PATCH"] else [ONCE]


def _refusals(operation: Operation, gate: Gate) -> list[int]:
    found = [401, 422, 429]
    if gate.scopes:
        found.append(403)
    if "{" in operation.path:
        found.append(404)
    if operation.methods != ["GET"]:
        found += [400, 413, 415]
    if gate.writes:
        found.append(409)
    return [*found, 412] if operation.methods == ["PATCH"] else found


def _refusal(status: int) -> dict[str, Any]:
    headers: dict[str, Any] = dict(LIMITS)
    if status == 401:
        headers["WWW-Authenticate"] = {"schema": TEXT}
    if status == 429:
        headers["Retry-After"] = {"schema": COUNT, "description": "Seconds to wait."}
    shape = {"$ref": "#/components/schemas/Problem"}
    return {"description": TITLES[status], "headers": headers, "content": {CONTENT_TYPE: {"schema": shape}}}
