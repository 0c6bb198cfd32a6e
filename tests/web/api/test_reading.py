"""Reading through the interface: what is public for everybody, the rest for whom it is meant, page by page."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from urllib.parse import quote

import pytest
from django.test import Client

from keqiao.apps.market.models import Need
from tests.factories.market import IntroductionFactory, NeedFactory, OfferFactory
from tests.web import world as worlds
from tests.web.api.conftest import Call
from tests.web.pages import EVERYBODY
from tests.web.world import HIDDEN, World

READ = [
    "/needs", "/offers", "/needs?mine=true", "/needs/N-public", "/needs/N-introduction", "/needs/N-draft",
    "/needs/N-public/matches", "/needs/N-introduction/matches", "/offers/F-public", "/offers/F-public/matches",
    "/introductions", "/codes/fields", "/openapi.json",
]  # fmt: skip
MAY_READ_HIDDEN = {"owner", "stranger"}  # its editor, the officer of its place


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EVERYBODY - MAY_READ_HIDDEN))
def test_nothing_kept_back_leaves_through_the_interface(name: str, call: Call) -> None:
    found = {path: call(name, "get", path).content.decode() for path in READ}

    if name == "coordinator":  # in charge of the introduction that this need is in
        del found["/introductions"]
    leaks = {path: [word for word in HIDDEN if word in text] for path, text in found.items()}
    assert {path: words for path, words in leaks.items() if words} == {}


def test_owner_reads_what_others_may_not(call: Call) -> None:
    assert "HIDDENTEXT" in call("owner", "get", "/needs/N-introduction").content.decode()


def test_hidden_need_says_why(call: Call) -> None:
    found = call("", "get", "/needs/N-introduction").json()

    shown = [found[name] for name in ("hidden", "text", "terms", "organization_name")]
    assert shown == ["introduction_needed", "", None, ""]


def test_draft_is_there_for_its_writers_alone(call: Call) -> None:
    statuses = {name: call(name, "get", "/needs/N-draft").status_code for name in ("", "outsider", "owner", "editor")}

    assert statuses == {"": 404, "outsider": 404, "owner": 404, "editor": 200}


def test_pages_give_every_need_once_though_needs_are_added_meanwhile(call: Call, world: World) -> None:
    NeedFactory.create_batch(5, organization=world.organizations["firm"])
    seen, cursor = [], ""
    while True:
        page = call("", "get", f"/needs?limit=3&cursor={cursor}").json()
        seen += [item["key"] for item in page["items"]]
        worlds.need(world, f"later-{len(seen)}")
        if not (cursor := page["next"]):
            break

    assert len(seen) == len(set(seen)) == 4 + 5
    assert [key for key in seen if key.startswith("N-later")] == []


def test_cursor_that_was_tampered_with_is_refused(call: Call) -> None:
    found = call("", "get", "/needs?cursor=abc")

    assert (found.status_code, found.json()["errors"][0]["field"]) == (422, "cursor")


def test_filter_that_is_not_offered_is_named(call: Call) -> None:
    found = call("", "get", "/needs?field=nowhere")

    assert (found.status_code, found.json()["errors"][0]["field"]) == (422, "field")


def test_thing_that_is_known_already_is_not_sent_again(call: Call) -> None:
    first = call("", "get", "/needs/N-public")

    again = call("", "get", "/needs/N-public", **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_matches_come_with_reasons_and_verdicts(call: Call) -> None:
    found = call("", "post", "/matches", {"text": "光纤激光器老是掉功率，想要 2 kW 以上的"}).json()
    first = found["items"][0]

    assert first["item"]["key"] == "F-public"
    assert first["words"] != []
    assert ["2 kW" in row["required"] for row in first["indicators"]] == [True]


def test_labels_come_in_the_language_asked_for(call: Call) -> None:
    def label(language: str) -> str:
        rows = call("", "get", "/codes/decline_reasons", **{"Accept-Language": language}).json()["items"]
        return next(row["label"] for row in rows if row["code"] == "too_early")

    assert (label("zh-hans"), label("en")) == ("技术还不成熟", "Technology not mature yet")


@pytest.mark.parametrize("path", ["/needs?limit=1", "/needs?limit=4", "/offers", "/introductions?limit=1"])
def test_lists_read_the_database_a_fixed_number_of_times(
    path: str, call: Call, django_assert_max_num_queries: object
) -> None:
    call("editor", "get", path)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        call("editor", "get", path)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
def test_moment_at_the_end_of_the_calendar_is_refused(moment: str, call: Call) -> None:
    found = call("", "get", f"/needs?updated_since={moment}")

    assert (found.status_code, found.json()["errors"][0]["field"]) == (422, "updated_since")


def keys(found: object) -> list[str]:
    return [item["key"] for item in found.json()["items"]]  # type: ignore[attr-defined]


def test_changes_since_a_moment_come_oldest_first_so_that_a_copy_can_be_kept(call: Call, world: World) -> None:
    marks = [world.at + timedelta(days=day) for day in (10, 11, 12)]
    for name, at in zip(("registered", "public", "abstract_only"), marks, strict=True):
        Need.objects.filter(key=f"N-{name}").update(updated_at=at)
    since = quote(marks[0].isoformat())
    first = call("", "get", f"/needs?limit=2&updated_since={since}")
    # What changes while one reads comes again at the end.
    Need.objects.filter(key="N-registered").update(updated_at=marks[2] + timedelta(days=1))

    rest = call("", "get", f"/needs?limit=2&updated_since={since}&cursor={first.json()['next']}")

    assert keys(first) == ["N-registered", "N-public"]
    assert keys(rest) == ["N-abstract_only", "N-registered"]


@pytest.mark.parametrize(
    "other", ["/offers?limit=1", "/introductions?limit=1", "/needs?mine=true", "/needs?updated_since=2026-01-01T00:00Z"]
)
def test_cursor_of_another_list_is_refused(other: str, call: Call, world: World) -> None:
    cursor = call("editor", "get", "/needs?limit=1").json()["next"]

    found = call("editor", "get", f"{other}{'&' if '?' in other else '?'}cursor={cursor}")

    assert (found.status_code, found.json()["errors"][0]["field"]) == (422, "cursor")
    assert call("editor", "get", f"/needs?limit=1&cursor={cursor}").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [("needs?q=HIDDEN", []), ("needs?urgency=high", ["N-public"]), ("needs?kind=software", []),
     ("offers?trl=8", []), ("offers?kind=achievement&q=秸秆", ["F-corn"])],
)  # fmt: skip
def test_lists_take_the_filters_of_the_pages(query: str, found: list[str], call: Call, world: World) -> None:
    assert keys(call("", "get", f"/{query}")) == found


def test_key_with_all_three_scopes_matches_ones_own_draft(key_of: Callable[..., str], world: World) -> None:
    scopes = ("matches:read", "needs:read", "offers:read")

    found = {
        name: Client().get(
            "/api/v1/needs/N-draft/matches", headers={"Authorization": f"Bearer {key_of(name, *scopes)}"}
        )
        for name in ("editor", "outsider")
    }

    assert {name: answer.status_code for name, answer in found.items()} == {"editor": 200, "outsider": 404}
    assert found["editor"].json()["items"] != []


def test_conversation_is_read_by_those_who_take_part(call: Call, world: World) -> None:
    row = IntroductionFactory(
        need=world.needs["public"], offer=OfferFactory(organization=world.organizations["school"])
    )
    call("scholar", "post", f"/introductions/{row.key}/messages", {"text": "可以先看样机。"})

    found = call("editor", "get", f"/introductions/{row.key}/messages").json()["items"]

    assert [(line["side"], line["author_name"], line["text"], line["is_mine"]) for line in found] == [
        ("provider", "", "可以先看样机。", False)
    ]
    assert call("outsider", "get", f"/introductions/{row.key}/messages").status_code == 404


def test_side_is_told_what_it_can_do(call: Call, world: World) -> None:
    row = IntroductionFactory(
        need=world.needs["public"], offer=OfferFactory(organization=world.organizations["school"])
    )

    found = call("editor", "get", f"/introductions/{row.key}").json()

    assert [(found[side]["is_mine"], found[side]["may_answer"]) for side in ("seeker", "provider")] == [
        (True, True), (False, False),
    ]  # fmt: skip


def test_every_answer_says_how_many_requests_are_left(call: Call) -> None:
    paths = ("/needs", "/needs/N-none", "/needs?limit=0", "/nothing", "/openapi.json")
    found = [call("", "get", path) for path in paths] + [call("", "delete", "/needs")]

    assert [answer["RateLimit-Limit"] for answer in found] == ["60"] * len(found)
    left = [int(answer["RateLimit-Remaining"]) for answer in found]
    # Where the minute ends meanwhile, the count begins anew.
    assert all(later in (earlier - 1, 59) for earlier, later in pairwise(left)), left
