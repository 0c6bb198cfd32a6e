"""The log: who asked what cannot be read from it, and what went wrong can."""

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from keqiao.site._logging import logging_settings, scrub
from keqiao.web.requests import HEADER, pseudonym
from tests.web.conftest import SignIn
from tests.web.world import World

SECRETS = {
    "name": "欧阳春晓", "email": "chun.xiao@firm.example.cn", "mobile": "13843112345", "line": "0431-88502345",
    "identity": "220102199003078885", "asked": "光纤激光器掉功率", "password": "Bridge-2026-x",
}  # fmt: skip
Read = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def log() -> Iterator[Read]:
    """The log as production writes it, into memory."""
    config = logging_settings(as_json=True, level="DEBUG", is_frank=False)
    stream = io.StringIO()
    formatter = config["formatters"]["line"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(**{name: value for name, value in formatter.items() if name != "()"})
    )
    root = logging.getLogger()
    before = root.level
    for name in ("django.request", "keqiao.request", "keqiao.worker", "somelib"):
        logging.getLogger(name).disabled = False  # a tool that an earlier test ran may have silenced all loggers
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def leaks(lines: list[dict[str, Any]]) -> list[str]:
    whole = json.dumps(lines, ensure_ascii=False)
    return [name for name, value in SECRETS.items() if value in whole]


def fail(request: HttpRequest) -> HttpResponse:
    """A view that fails in the middle of personal data, as a broken one would."""
    name, password = SECRETS["name"], SECRETS["password"]
    try:
        raise ValidationError(f"{name} {SECRETS['email']} {SECRETS['mobile']}")
    except ValidationError as error:
        raise RuntimeError(f"{name} typed {password}: {request.GET['q']}") from error


urlpatterns = [path("fail/", fail, name="fail")]


@override_settings(ROOT_URLCONF=__name__)
def test_error_in_the_middle_of_personal_data_tells_kind_and_place_only(log: Read) -> None:
    client = Client(raise_request_exception=False)

    response = client.get("/fail/", {"q": SECRETS["asked"], "email": SECRETS["email"]})

    lines = log()
    error = next(line for line in lines if "error" in line)
    assert response.status_code == 500
    assert leaks(lines) == []
    assert error["error"] == "builtins.RuntimeError"
    assert error["after"] == "django.core.exceptions.ValidationError"
    assert error["at"][-1].endswith(" fail")
    assert error["request"] == lines[-1]["request"] == response[HEADER]
    assert (lines[-1]["route"], lines[-1]["status"]) == ("fail", 500)


def test_line_of_a_request_names_the_route_and_nothing_that_was_asked(log: Read, sign_in: SignIn) -> None:
    client = sign_in("editor")
    response = client.get("/needs/", {"q": SECRETS["asked"]}, headers={HEADER: "proxy-12345678"})

    lines = [line for line in log() if line["event"] == "request"]
    assert leaks(log()) == []
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [("GET", "public:listings", 200)]
    assert lines[0]["request"] == response[HEADER] == "proxy-12345678"


def test_person_appears_as_a_pseudonym(log: Read, world: World, sign_in: SignIn) -> None:
    sign_in("editor").get("/desk/")

    line = next(line for line in log() if line["event"] == "request")
    key = str(world.users["editor"].key)
    assert line["actor"] == pseudonym(key) != ""
    assert key not in json.dumps(log())
    with override_settings(SECRET_KEY="another" * 10):
        assert pseudonym(key) != line["actor"]


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "evil\nline-12345", "<script>-12345"])
def test_number_of_a_request_is_taken_from_the_proxy_only_if_it_is_one(given: str, world: World) -> None:
    number = Client().get("/needs/", headers={HEADER: given} if given else {})[HEADER]

    assert number != given
    assert len(number) == 16


def test_sign_in_that_fails_leaves_neither_address_nor_password(log: Read, world: World) -> None:
    Client().post("/account/login/", {"login": SECRETS["email"], "password": SECRETS["password"]})
    Client().get(f"/{SECRETS['name']}/{SECRETS['mobile']}/")
    Client().post("/ask/", {"problem": SECRETS["asked"]}, headers={"host": f"{SECRETS['mobile']}.example"})

    assert leaks(log()) == []


def test_library_keeps_its_template_and_loses_its_arguments(log: Read) -> None:
    logging.getLogger("somelib").error("cannot send to %s <%s> after %d tries", SECRETS["name"], SECRETS["email"], 3)
    logging.getLogger("keqiao.worker").error("the step %s failed for %s", "index", SECRETS["mobile"])

    assert [line["event"] for line in log()] == ["cannot send to … <…> after … tries", "the step index failed for […]"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail a.b+c@d-e.example.cn now", "mail […] now"),
        ("call 138 4311 2345 or +86 13843112345", "call […] or […]"),
        ("line 0431-88502345", "line […]"),
        ("id 22010219900307888X.", "id […]."),
        ("/needs/?q=abc&page=2 done", "/needs/[…] done"),
        ("91220101MA0Y3JWX2R and N-20261101-0001", "91220101MA0Y3JWX2R and N-20261101-0001"),
        ("took 1384311 ms, 20261129 rows", "took 1384311 ms, 20261129 rows"),
    ],
)
def test_addresses_and_numbers_of_people_are_struck_out(text: str, left: str) -> None:
    assert scrub(text) == left
    assert scrub({"a": [text]}) == {"a": [left]}
