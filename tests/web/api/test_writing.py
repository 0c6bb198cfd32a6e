"""Writing through the interface: as the person may and the key allows, once, and never over somebody's change."""

import pytest
from django.test import override_settings

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market.models import Need
from keqiao.apps.parties import actions
from keqiao.apps.parties.models import ApiToken, User
from tests.factories.market import IntroductionFactory, OfferFactory
from tests.web.api.conftest import Call
from tests.web.pages import EVERYBODY
from tests.web.world import BY, World

WRITERS = {"editor", "manager"}


def body(world: World, **values: object) -> dict[str, object]:
    return {"organization": world.organizations["firm"].key, "title": "光纤激光器掉功率", "text": "掉功率。"} | values


def test_need_is_written_changed_and_handed_in(call: Call, world: World) -> None:
    lines = [{"name": "功率", "op": "ge", "low": 2, "unit": "kW"}]
    made = call("editor", "post", "/needs", body(world, indicators=lines, budget_min_fen=100, budget_max_fen=200))
    key = made.json()["key"]

    changed = call("editor", "patch", f"/needs/{key}", {"abstract": "激光器功率下降。"})
    handed_in = call("editor", "post", f"/needs/{key}/steps/submit", {})

    assert (made.status_code, changed.status_code, handed_in.status_code) == (201, 200, 200)
    assert (handed_in.json()["state"], handed_in.json()["terms"]["budget_max_fen"]) == ("submitted", 200)
    assert [line["name"] for line in handed_in.json()["indicators"]] == ["功率"]
    assert Need.objects.get(key=key).author == world.users["editor"]


def acts(world: World) -> list[tuple[str, str, dict[str, object], set[str]]]:
    """Method, address, body, and who may; the same rules as on pages."""
    collectors = {"broker", "coordinator", "officer"}
    return [
        ("post", "/needs", body(world), WRITERS | collectors),
        ("post", "/offers", body(world, kind="achievement"), WRITERS | {"officer"}),
        ("patch", "/needs/N-draft", {"title": "x"}, WRITERS),
        ("post", "/offers/F-draft/steps/submit", {}, {"scholar"}),
        ("post", "/needs/N-public/steps/withdraw", {"reason": "wrong"}, WRITERS | {"officer"}),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_only_those_who_may_write_through_the_interface(name: str, call: Call, world: World) -> None:
    call(name, "get", "/codes/fields")  # the first use of a key is noted once
    wrong = {}
    for method, path, sent, doers in acts(world):
        before = Entry.objects.filter(outcome="done").count()
        status = call(name, method, path, sent).status_code
        wrote = Entry.objects.filter(outcome="done").count() > before
        if wrote != (name in doers) or (status < 300) != (name in doers) or status >= 500:
            wrong[method, path] = (status, wrote)

    assert wrong == {}


def test_same_request_under_one_key_is_done_once(call: Call, world: World) -> None:
    header = {"Idempotency-Key": "k-1"}
    first = call("editor", "post", "/needs", body(world), **header)
    again = call("editor", "post", "/needs", body(world), **header)

    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Need.objects.filter(title="光纤激光器掉功率").count() == 1


def test_other_request_under_the_same_key_is_a_conflict(call: Call, world: World) -> None:
    header = {"Idempotency-Key": "k-2"}
    call("editor", "post", "/needs", body(world), **header)

    other = call("editor", "post", "/needs", body(world, title="别的"), **header)

    assert (other.status_code, other.json()["code"]) == (409, "key_used_otherwise")
    assert Need.objects.filter(title="别的").count() == 0


def test_refused_write_keeps_no_answer(call: Call, world: World) -> None:
    header = {"Idempotency-Key": "k-3"}
    wrong = call("editor", "post", "/needs", body(world, organization="nothing"), **header)
    right = call("editor", "post", "/needs", body(world), **header)

    assert (wrong.status_code, wrong.json()["errors"][0]["field"], right.status_code) == (422, "organization", 201)


def test_change_of_something_that_changed_meanwhile_is_refused(call: Call) -> None:
    tag = call("editor", "get", "/needs/N-draft")["ETag"]
    call("editor", "patch", "/needs/N-draft", {"title": "第一次"}, **{"If-Match": tag})

    late = call("editor", "patch", "/needs/N-draft", {"title": "第二次"}, **{"If-Match": tag})

    assert (late.status_code, Need.objects.get(key="N-draft").title) == (412, "第一次")


def test_null_empties_and_what_is_left_out_stays(call: Call, world: World) -> None:
    call("editor", "patch", "/needs/N-draft", {"budget_min_fen": 100, "budget_max_fen": 200, "ip_policy": "joint"})

    found = call("editor", "patch", "/needs/N-draft", {"budget_min_fen": None, "budget_max_fen": None})

    assert [found.json()["terms"][name] for name in ("budget_min_fen", "budget_max_fen", "ip_policy")] == [
        None, None, "joint",
    ]  # fmt: skip


def test_writing_tells_the_place_and_the_version_of_what_was_written(call: Call, world: World) -> None:
    made = call("editor", "post", "/needs", body(world))
    read = call("editor", "get", made["Location"].removeprefix("/api/v1"))

    changed = call("editor", "patch", f"/needs/{made.json()['key']}", {"title": "y"}, **{"If-Match": made["ETag"]})

    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])
    assert (changed.status_code, changed["ETag"] != made["ETag"]) == (200, True)


def test_need_that_nobody_may_see_cannot_be_introduced(call: Call, world: World) -> None:
    found = call("broker", "post", "/introductions", {"need": "N-draft", "offer": "F-public"})

    assert (found.status_code, found.json()["errors"][0]["field"]) == (422, "need")


def test_refusal_is_recorded_with_what_was_refused(call: Call, world: World) -> None:
    call("outsider", "post", "/needs", body(world))

    found = Entry.objects.filter(outcome="refused").order_by("seq").values_list("kind", "reason")
    assert list(found) == [
        ("need.create", "not_editor_of_organization"), ("token.write", "not_editor_of_organization"),
    ]  # fmt: skip


def test_refused_change_leaves_an_entry_that_names_the_listing(call: Call, world: World) -> None:
    call("editor", "patch", "/needs/N-submitted", {"title": "x"})
    call("editor", "post", "/needs/N-submitted/steps/submit", {})

    found = Entry.objects.filter(outcome="refused").order_by("seq").values_list("kind", "subject", "reason")
    person = f"user:{world.users['editor'].key}"
    assert list(found) == [
        ("need.edit", "need:N-submitted", "not_a_draft"), ("token.write", person, "not_a_draft"),
        ("need.submit", "need:N-submitted", "not_from_submitted"), ("token.write", person, "not_from_submitted"),
    ]  # fmt: skip


CLEARABLE = {
    "needs/N-draft": {
        "budget_min_fen": 1,
        "budget_max_fen": 2,
        "deadline_date": "2030-01-02",
        "expires_date": "2030-01-03",
    },
    "offers/F-draft": {"trl": 7, "expires_date": "2030-01-03"},
}


@pytest.mark.parametrize(("path", "values"), CLEARABLE.items())
def test_null_clears_every_field_that_can_be_empty(
    path: str, values: dict[str, object], call: Call, world: World
) -> None:
    name = "editor" if path.startswith("needs") else "scholar"

    def told(sent: dict[str, object]) -> dict[str, object]:
        found = call(name, "patch", f"/{path}", sent).json()
        return {key: (found["terms"] or {}).get(key, found.get(key)) for key in values}

    assert told(values) == values
    assert told(dict.fromkeys(values)) == dict.fromkeys(values)


def test_field_that_does_not_exist_is_named(call: Call) -> None:
    found = call("editor", "patch", "/needs/N-draft", {"titel": "x"})

    assert (found.status_code, found.json()["errors"][0]["field"]) == (422, "titel")


def test_state_in_the_way_is_a_conflict_with_a_reason(call: Call) -> None:
    found = call("editor", "post", "/needs/N-submitted/steps/submit", {})

    assert (found.status_code, found.json()["code"], found["Content-Type"]) == (
        409,
        "not_from_submitted",
        "application/problem+json",
    )


def test_introduction_is_made_answered_and_written_to(call: Call, world: World) -> None:
    offer = OfferFactory(organization=world.organizations["school"])
    made = call("broker", "post", "/introductions", {"need": "N-public", "offer": offer.key})
    key = made.json()["key"]

    yes = call("editor", "post", f"/introductions/{key}/answer", {"side": "seeker", "answer": "yes"})
    note = call("scholar", "post", f"/introductions/{key}/messages", {"text": "可以先看样机。"})

    assert (made.status_code, yes.json()["state"], note.status_code) == (201, "contacted", 201)
    assert call("outsider", "get", f"/introductions/{key}").status_code == 404


def test_answer_of_the_other_side_is_refused(call: Call, world: World) -> None:
    offer = OfferFactory(organization=world.organizations["school"])
    row = IntroductionFactory(need=world.needs["public"], offer=offer)

    found = call("scholar", "post", f"/introductions/{row.key}/answer", {"side": "seeker", "answer": "yes"})

    assert (found.status_code, found.json()["code"]) == (403, "not_editor_of_side")


def test_key_without_the_scope_is_told_which_is_missing(key_of: object, client: object, world: World) -> None:
    secret = key_of("editor", "offers:read")  # type: ignore[operator]
    header = {"Authorization": f"Bearer {secret}"}

    found = client.post("/api/v1/needs", body(world), content_type="application/json", headers=header)  # type: ignore[attr-defined]

    assert (found.status_code, found.json()["code"]) == (403, "scope_missing")


def test_key_that_was_revoked_or_is_wrong_opens_nothing(key_of: object, client: object, world: World) -> None:
    secret = key_of("editor")  # type: ignore[operator]
    ApiToken.objects.update(revoked_at=world.at)

    for given in (secret, "kq_nothing", ""):
        found = client.get("/api/v1/needs", headers={"Authorization": f"Bearer {given}"})  # type: ignore[attr-defined]
        assert (found.status_code, found["WWW-Authenticate"]) == (401, "Bearer")


def test_session_counts_for_nothing_here(sign_in: object, world: World) -> None:
    found = sign_in("editor").post("/api/v1/needs", body(world), content_type="application/json")  # type: ignore[operator]

    assert found.status_code == 401


@override_settings(API_PUBLIC_PER_MINUTE=3)
def test_too_many_requests_are_told_to_wait(call: Call) -> None:
    statuses = [call("", "get", "/codes/fields").status_code for _ in range(5)]
    last = call("", "get", "/codes/fields")

    assert 429 in statuses
    assert (last.status_code, 0 < int(last["Retry-After"]) <= 60) == (429, True)


def test_erased_account_leaves_no_key(key_of: object, world: World) -> None:
    key_of("outsider")  # type: ignore[operator]
    # A copy of its own: erasing empties the object, and the market's people serve other tests.
    user = User.objects.get(pk=world.users["outsider"].pk)

    actions.erase_user(user, by=BY, at=world.at, reason="own_request")

    assert ApiToken.objects.filter(user=user).count() == 0


def test_key_for_matches_alone_opens_no_listing(key_of: object, client: object, world: World) -> None:
    header = {"Authorization": f"Bearer {key_of('owner', 'matches:read')}"}  # type: ignore[operator]
    asked = {"text": "光纤激光器掉功率", "listing": "need"}

    found = client.get("/api/v1/needs/N-introduction/matches", headers=header)  # type: ignore[attr-defined]
    told = client.post("/api/v1/matches", asked, content_type="application/json", headers=header)  # type: ignore[attr-defined]

    assert [answer.json()["code"] for answer in (found, told)] == ["scope_missing", "scope_missing"]
