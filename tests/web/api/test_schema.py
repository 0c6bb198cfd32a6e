"""The interface keeps what it says of itself: every answer fits its description, whatever is sent."""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from keqiao.web.api.access import reset_counters
from tests.web.world import World

pytestmark = [pytest.mark.slow]
CHECKS = (not_a_server_error, status_code_conformance, response_schema_conformance)
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
