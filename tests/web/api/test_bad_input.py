"""What no client should send: each gets a problem that says what is wrong, and nothing is written."""

from collections.abc import Callable

import pytest
from django.test import Client, override_settings

from keqiao.apps.market.models import Need, Offer
from tests.web.api.conftest import Call
from tests.web.world import World

BROKEN = {
    "not JSON": (b"{", 400),
    "not UTF-8": (b'{"title": "\xff\xfe"}', 400),
    "not an object": (b"[]", 422),
    "nothing": (b"", 422),
    "half a character": (b'{"title": "\\ud800"}', 422),
    "a zero byte": (b'{"title": "a\\u0000b"}', 422),
    "nested too deep": (b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "not a number": (b'{"budget_min_fen": NaN}', 422),
    "a number without end": (b'{"budget_min_fen": 1e999}', 422),
    "a number of 5,000 digits": (b'{"budget_min_fen": ' + b"9" * 5000 + b"}", 400),
    "half a fen": (b'{"budget_min_fen": 0.5}', 422),
    "money as text": (b'{"budget_min_fen": "100"}', 422),
    "a day that is none": (b'{"deadline_date": "2026-02-30"}', 422),
    "a title of null": (b'{"title": null}', 422),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_body_is_answered_with_a_problem(what: str, key_of: object, world: World) -> None:
    sent, status = BROKEN[what]
    before = Need.objects.values().get(key="N-draft")

    found = Client().patch(
        "/api/v1/needs/N-draft", sent, content_type="application/json",
        headers={"Authorization": f"Bearer {key_of('editor')}"},  # type: ignore[operator]
    )  # fmt: skip

    assert (found.status_code, found["Content-Type"]) == (status, "application/problem+json")
    assert Need.objects.values().get(key="N-draft") == before


def test_broken_details_of_an_offer_are_answered_with_a_problem(call: Call, world: World) -> None:
    before = Offer.objects.values().get(key="F-draft")
    wrong = [
        {"form": "a\0b"}, {"form": 10**400}, {"form": {"form": ["form"]}}, {"no such field": "x"}, {"\0": 1},
        {"form": [["x"] * 1000] * 10},
    ]  # fmt: skip

    found = [call("scholar", "patch", "/offers/F-draft", {"details": details}).status_code for details in wrong]

    assert found == [422] * 5 + [422]
    assert Offer.objects.values().get(key="F-draft") == before


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"title": "a\0"}, "title"), ({"keywords": ["激光", "\0"]}, "keywords"),
     ({"indicators": [{"name": "a\0", "low": 1}]}, "indicators")],
)  # fmt: skip
def test_zero_byte_is_refused_with_its_place_and_what_it_is(sent: dict[str, object], field: str, call: Call) -> None:
    found = call("editor", "patch", "/needs/N-draft", sent, **{"Accept-Language": "en"})

    assert found.status_code == 422
    assert [row["field"].partition(".")[0] for row in found.json()["errors"]] == [field]
    assert found.json()["errors"][0]["message"] == "The text holds a character that cannot be kept (a zero byte)."


@pytest.mark.parametrize("depth", [10, 200, 500, 900, 5000])
def test_deep_details_are_refused_however_deep(depth: int, key_of: object, world: World) -> None:
    sent = b'{"details": {"form": ' + b"[" * depth + b"]" * depth + b"}}"

    found = Client().patch(
        "/api/v1/offers/F-draft", sent, content_type="application/json",
        headers={"Authorization": f"Bearer {key_of('scholar')}"},  # type: ignore[operator]
    )  # fmt: skip

    assert found.status_code in (400, 422), found.content[:300]


QUERIES = {
    "limit=0": "limit", "limit=101": "limit", "limit=x": "limit", "updated_since=yesterday": "updated_since",
    "cursor=x": "cursor", "area=nowhere": "area", "kind=nothing": "kind", "nothing=1": "nothing", "field=%00": "field",
    "updated_since=0001-01-01T00:00:00%2B14:00": "updated_since",
    "updated_since=9999-12-31T23:59:59-14:00": "updated_since",
}  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_wrong_parameter_is_named(query: str, call: Call, world: World) -> None:
    found = call("", "get", f"/needs?{query}")

    assert (found.status_code, [row["field"] for row in found.json()["errors"]]) == (422, [QUERIES[query]])


def test_misspelt_filter_is_told_which_there_are(call: Call) -> None:
    found = call("", "get", "/needs?feild=laser", **{"Accept-Language": "en"})

    assert found.status_code == 422
    assert [(row["field"], row["message"]) for row in found.json()["errors"]] == [
        (
            "feild",
            "There is no such parameter. There are: area, cursor, field, kind, limit, mine, q, updated_since, urgency.",
        )
    ]


@override_settings(API_LARGEST_BODY=1000)
def test_body_that_is_too_large_is_refused_unread(call: Call) -> None:
    found = call("editor", "patch", "/needs/N-draft", {"text": "x" * 2000})

    assert (found.status_code, found.json()["code"]) == (413, "too_large")


def test_body_of_another_kind_is_refused(key_of: object, world: World) -> None:
    header = {"Authorization": f"Bearer {key_of('editor')}"}  # type: ignore[operator]
    found = Client().post("/api/v1/needs", {"title": "x"}, headers=header)

    assert (found.status_code, found.json()["code"]) == (415, "not_json")


ELSEWHERE = {
    "/api/v1": 404, "/api/v1/": 404, "/api/v1/nothing": 404, "/api/v1/needs/": 404, "/api/v1/no%0Athing": 404,
    "/api/v1/needs/N-public/nothing": 404, "/api/v2/needs": 404, "/api/v1/codes/nothing": 422,
}  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("path", ELSEWHERE)
def test_address_that_does_not_exist_is_a_problem(path: str, method: str, world: World) -> None:
    found = getattr(Client(enforce_csrf_checks=True), method)(path, content_type="application/json")

    known = path == "/api/v1/codes/nothing" and method != "get"
    assert (found.status_code, found["Content-Type"]) == (
        405 if known else ELSEWHERE[path], "application/problem+json",
    )  # fmt: skip


def test_method_that_is_not_there_is_a_problem_that_names_the_others(call: Call) -> None:
    found = call("editor", "delete", "/needs/N-draft")

    assert (found.status_code, found["Content-Type"], found["Allow"]) == (
        405, "application/problem+json", "GET, PATCH",
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/needs", "/introductions", "/needs/N-draft/steps/submit"])
def test_nobody_learns_the_shape_before_they_sign_in(path: str, call: Call, world: World) -> None:
    assert call("", "post", path, {"wrong": 1}).status_code == 401


SENT = {
    "not JSON": (b"{", "application/json", 400),
    "a form": (b"title=x", "application/x-www-form-urlencoded", 415),
    "too large": (b"x" * 2000, "application/json", 413),
    "of the wrong shape": (b'{"wrong": 1}', "application/json", 422),
}


@pytest.mark.parametrize("what", SENT)
@override_settings(API_LARGEST_BODY=1000, API_PER_MINUTE=1, API_PUBLIC_PER_MINUTE=2)
def test_key_scope_and_rate_come_before_whatever_the_body_is(
    what: str, key_of: Callable[..., str], world: World
) -> None:
    sent, kind, status = SENT[what]
    keys = {"none": "", "wrong": "kq_nothing", "weak": key_of("editor", "offers:read"), "right": key_of("editor")}

    def post(key: str) -> int:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return Client().post("/api/v1/needs", sent, content_type=kind, headers=headers).status_code

    found = {name: [post(key) for _ in range(3)] for name, key in keys.items()}

    assert found == {
        "none": [401, 401, 429], "wrong": [401, 401, 429], "weak": [403, 429, 429], "right": [status, 429, 429],
    }  # fmt: skip


def test_error_comes_in_the_language_asked_for(call: Call) -> None:
    told = [call("", "get", "/needs/N-none", **{"Accept-Language": code}).json()["detail"] for code in ("zh", "en")]

    assert told == ["没有这一项，或您不能查看。", "There is no such thing, or you may not see it."]
