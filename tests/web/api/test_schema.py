"""The interface keeps what it says of itself: every answer fits its description, whatever is sent."""

import json
import re
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from keqiao.web.parts.rates import reset as reset_counters
from tests.web.world import World

pytestmark = [pytest.mark.slow]
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
)
# The same cases each time; a search that goes on is `pytest --hypothesis-seed`'s.
SEARCH = settings(
    max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def operations() -> list[str]:
    from keqiao.web.api.interface import api  # noqa: PLC0415 - Django is not set up when tests are collected

    paths: dict[str, Any] = api.get_openapi_schema()["paths"]
    return [f"{method.upper()} {path}" for path, found in paths.items() for method in found]


@pytest.fixture(scope="module")
def schema() -> Any:
    application = get_wsgi_application()
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.parametrize("name", ["", "editor", "broker"])
def test_no_server_error_and_no_answer_that_is_not_described(name: str, key_of: Any, schema: Any, world: World) -> None:
    headers = {"Authorization": f"Bearer {key_of(name)}"} if name else {}
    tried: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        tried.append(operation.label)

        @settings(SEARCH)
        @given(case=operation.as_strategy())
        def each(case: Any) -> None:
            reset_counters()
            case.call_and_validate(headers=headers, checks=CHECKS)

        each()

    assert sorted(tried) == sorted(operations())


def description() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return found


def test_description_is_openapi_with_a_scheme_for_keys(db: None) -> None:
    found = description()

    assert (found["openapi"], list(found["components"]["securitySchemes"])) == ("3.1.0", ["key"])
    assert found["servers"][0]["url"] == "/"


def test_every_operation_tells_who_may_and_what_can_go_wrong(db: None) -> None:
    told = {
        f"{method.upper()} {path}": (row["security"], sorted(row["responses"]))
        for path, methods in description()["paths"].items()
        for method, row in methods.items()
    }

    assert told["GET /api/v1/needs"] == ([{}, {"key": ["needs:read"]}], ["200", "304", "401", "403", "422", "429"])
    assert told["PATCH /api/v1/offers/{key}"] == (
        [{"key": ["offers:write"]}],
        ["200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "429"],
    )
    assert [name for name, (security, _) in told.items() if not security] == []


def test_every_reference_in_the_description_leads_somewhere(db: None) -> None:
    found = description()
    names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(found)))

    assert names - set(found["components"]["schemas"]) == set()


def test_operations_have_names_and_words_of_their_own(db: None) -> None:
    rows = [row for methods in description()["paths"].values() for row in methods.values()]
    english = Client().get("/api/v1/openapi.json", headers={"Accept-Language": "en"}).json()["paths"]

    assert len({row["operationId"] for row in rows}) == len(rows) == len(operations())
    assert [row["operationId"] for row in rows if not row["summary"] or not row["description"]] == []
    assert english["/api/v1/needs"]["get"]["summary"] == "List of needs"
