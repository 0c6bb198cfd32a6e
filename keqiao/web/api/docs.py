"""What the interface offers, read from its own description, on a page that loads nothing from elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from keqiao.apps.parties.models import Scope
from keqiao.web.api.interface import api
from keqiao.web.parts.request import Request


@dataclass(frozen=True)
class Operation:
    """One thing a program can ask for."""

    method: str
    path: str
    summary: str
    parameters: tuple[tuple[str, str], ...]
    fields: tuple[str, ...]


@require_safe
def page(request: Request) -> HttpResponse:
    context = {
        "section": "interface",
        "scopes": Scope.choices,
        "description": request.build_absolute_uri(reverse("api:openapi-json")),
        "root": request.build_absolute_uri("/").rstrip("/"),
        "operations": list(operations()),
    }
    return render(request, "api/page.html", context)


def operations() -> Iterator[Operation]:
    schema: dict[str, Any] = api.get_openapi_schema()
    for path, methods in schema["paths"].items():
        for method, found in methods.items():
            parameters = tuple((row["name"], row.get("description", "")) for row in found.get("parameters", ()))
            body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            shape = schema["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
            fields = tuple(shape.get("properties", ()))
            yield Operation(method.upper(), path, found.get("summary", ""), parameters, fields)
