"""The office: screening, users, the ledger."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from keqiao.apps.ledger.models import Entry
from keqiao.apps.market.models import Need
from keqiao.apps.parties.models import Membership, User
from tests.web import world as worlds
from tests.web.conftest import SignIn
from tests.web.html import notices, text
from tests.web.pages import EVERYBODY
from tests.web.test_listings import downloaded
from tests.web.world import World
from tests.web.worlds import proposals

WORKPLACES = {
    "officer": "/office/queue/needs/", "stranger": "/office/queue/needs/", "registrar": "/office/registrations/",
    "administrator": "/office/users/", "security": "/office/users/", "auditor": "/office/ledger/",
    "coordinator": "/desk/stations/", "broker": "/desk/stations/",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(EVERYBODY - {""}))
def test_office_leads_each_role_to_its_work_and_is_shown_to_no_other(name: str, sign_in: SignIn) -> None:
    client = sign_in(name)
    response = client.get("/office/")

    work = WORKPLACES.get(name)
    assert (response.status_code, response.get("Location")) == ((302, work) if work else (403, None))
    assert ('href="/office/"' in client.get("/").content.decode()) == (work is not None)
    assert work is None or client.get(work, follow=True).status_code == 200


def test_office_asks_visitors_to_sign_in_and_is_not_shown_to_them(visitor: Client) -> None:
    assert visitor.get("/office/")["Location"] == "/account/login/?next=/office/"
    assert 'href="/office/"' not in visitor.get("/").content.decode()


def test_station_is_one_step_from_the_office_for_those_at_one_station(sign_in: SignIn) -> None:
    assert sign_in("broker").get("/office/", follow=True).redirect_chain[-1] == ("/desk/stations/station/", 302)


def test_broker_without_a_station_begins_with_the_events(world: World, sign_in: SignIn) -> None:
    worlds.user(world, "wanderer", role="broker")

    response = sign_in("wanderer").get("/office/", follow=True)

    assert (response.redirect_chain, response.status_code) == ([("/office/events/", 302)], 200)


def test_office_that_hands_over_begins_with_the_proposals(world: World, sign_in: SignIn) -> None:
    client = sign_in(proposals.HAND_OVER)

    assert client.get("/office/")["Location"] == "/office/proposals/"
    assert client.get("/office/proposals/").status_code == 200


def test_officer_of_a_second_department_begins_where_screening_is(world: World, sign_in: SignIn) -> None:
    user = world.users[proposals.HAND_OVER]
    Membership.objects.create(user=user, role="officer", department="science", area="229999", from_date=world.at.date())

    assert sign_in(proposals.HAND_OVER).get("/office/")["Location"] == "/office/queue/needs/"


def queued(response: HttpResponse) -> list[str]:
    return re.findall(r'href="/office/queue/\w+/([\w-]+)/"', response.content.decode())


def test_queue_shows_what_waits_in_ones_places(sign_in: SignIn) -> None:
    response = sign_in("officer").get("/office/queue/needs/")

    assert queued(response) == ["N-submitted", "N-screened"]
    assert "待办：需求 2 条，供给 1 条。先到的排在前面。" in text(response)


def test_queue_of_another_place_is_empty(sign_in: SignIn) -> None:
    response = sign_in("stranger").get("/office/queue/needs/")

    assert queued(response) == []
    assert "没有待审核的条目 有新提交时会出现在这里。" in text(response)


def test_decision_page_has_all_an_officer_needs(sign_in: SignIn) -> None:
    page = text(sign_in("officer").get("/office/queue/needs/N-submitted/"))

    assert "连续切割两小时后功率从 2 kW 掉到 1.5 kW。" in page
    assert "相近的已发布条目" in page
    assert "need.submit" in page


@pytest.mark.parametrize(
    ("key", "data", "state", "sentence"),
    [
        ("N-submitted", {"step": "screen"}, "screened", "已审核通过，等待发布。"),
        ("N-screened", {"step": "publish"}, "published", "已发布，几秒钟后出现在匹配结果中。"),
        ("N-submitted", {"step": "return", "reason": "unclear"}, "draft", "已退回，提交人可看到原因。"),
        ("N-submitted", {"step": "publish"}, "submitted", "该条目正在待审核，不能这样操作。页面可能已经过时，请刷新。"),
        ("N-submitted", {"step": "return", "reason": "nonsense"}, "submitted", "请选择原因。"),
    ],
)  # fmt: skip
def test_decisions(key: str, data: dict[str, str], state: str, sentence: str, sign_in: SignIn) -> None:
    response = sign_in("officer").post(f"/office/queue/needs/{key}/", data, follow=True)

    assert sentence in notices(response)[0]
    assert Need.objects.get(key=key).state == state


def test_officer_does_not_decide_on_the_own_organization(sign_in: SignIn, world: World) -> None:
    worlds.user(world, "both", role="officer", department="science", area=worlds.AREA)
    worlds.parties.grant(
        world.users["both"], role="member", organization=world.organizations["firm"], by=worlds.BY, at=world.at
    )

    response = sign_in("both").post("/office/queue/needs/N-submitted/", {"step": "screen"})

    del world.users["both"]
    assert response.status_code == 403
    assert Need.objects.get(key="N-submitted").state == "submitted"


def test_users_are_found_and_masked(sign_in: SignIn) -> None:
    page = text(sign_in("administrator").get("/office/users/?q=editor"))

    assert "editor e***@example.invalid 单位编辑 · 松江激光设备有限公司 启用" in page
    assert "manager" not in page


def test_new_user_opens_the_account_with_the_reset_letter(sign_in: SignIn) -> None:
    response = sign_in("administrator").post("/office/users/new/", {"email": "New@Example.invalid", "name": "新人"})

    user = User.objects.get(email="new@example.invalid")
    assert response["Location"] == f"/office/users/{user.key}/"
    assert not user.has_usable_password()


def test_user_with_a_known_address_is_not_added(sign_in: SignIn) -> None:
    response = sign_in("administrator").post(
        "/office/users/new/", {"email": "editor@example.invalid", "name": "又一个"}
    )

    assert response.status_code == 422
    assert len(notices(response)) == 1


def user_page(world: World, name: str) -> str:
    return f"/office/users/{world.users[name].key}/"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"role": "broker"}, ("broker", "", "")),
        ({"role": "broker", "station": "station"}, ("broker", "", "")),
        ({"role": "coordinator", "station": "branch"}, ("coordinator", "", "")),
        ({"role": "officer", "department": "science", "area": worlds.AREA}, ("officer", "science", worlds.AREA)),
    ],
)
def test_granting_a_role(data: dict[str, str], expected: tuple[str, str, str], sign_in: SignIn, world: World) -> None:
    scope = {"station": world.stations[data["station"]].pk} if "station" in data else {}
    response = sign_in("security").post(user_page(world, "outsider"), {"do": "grant"} | data | scope)

    row = Membership.objects.get(user=world.users["outsider"])
    assert response.status_code == 302
    assert (row.role, row.department, row.area) == expected


@pytest.mark.parametrize(
    "data",
    [
        {"role": "editor"},
        {"role": "editor", "organization": "nothing"},
        {"role": "officer"},
        {"role": "officer", "department": "science"},
        {"role": "nonsense"},
        {"role": "broker", "department": "nonsense"},
        {"role": "broker", "area": worlds.AREA},
        {"role": "coordinator"},
        {"role": "coordinator", "station": "nothing"},
        {"role": "registrar"},
        {"role": "auditor", "station": "1"},
    ],
)
def test_role_without_its_scope_is_not_granted(data: dict[str, str], sign_in: SignIn, world: World) -> None:
    response = sign_in("security").post(user_page(world, "outsider"), {"do": "grant"} | data)

    assert response.status_code == 422
    assert notices(response) != []
    assert not Membership.objects.filter(user=world.users["outsider"]).exists()


def test_each_administrator_sees_the_own_half_of_a_user_page(sign_in: SignIn, world: World) -> None:
    system, security = (sign_in(name).get(user_page(world, "editor")) for name in ("administrator", "security"))

    assert ["停用账号" in text(page) for page in (system, security)] == [True, False]
    assert ["授予角色" in text(page) for page in (system, security)] == [False, True]


def test_second_of_the_kept_apart_roles_is_refused_with_the_reason(sign_in: SignIn, world: World) -> None:
    response = sign_in("security").post(
        user_page(world, "auditor"), {"do": "grant", "role": "administrator"}, follow=True
    )

    assert notices(response)[0] == "系统管理员、安全管理员、审计员须由不同的人担任（三员分立）。"
    assert Membership.objects.filter(user=world.users["auditor"]).count() == 1


def test_revoking_a_role_closes_its_pages(sign_in: SignIn, world: World) -> None:
    row = Membership.objects.get(user=world.users["auditor"])

    sign_in("security").post(user_page(world, "auditor"), {"do": "revoke", "membership": str(row.pk)})

    assert sign_in("auditor").get("/office/ledger/").status_code == 403


@pytest.mark.parametrize("pk", ["", "x", "999999"])
def test_revoking_a_role_that_is_not_there_is_not_found(pk: str, sign_in: SignIn, world: World) -> None:
    response = sign_in("security").post(user_page(world, "auditor"), {"do": "revoke", "membership": pk})

    assert response.status_code == 404


def test_deactivated_account_is_signed_out(sign_in: SignIn, world: World) -> None:
    client = sign_in("editor")
    assert client.get("/desk/").status_code == 200

    sign_in("administrator").post(user_page(world, "editor"), {"do": "deactivate"})

    assert client.get("/desk/").status_code == 302
    sign_in("administrator").post(user_page(world, "editor"), {"do": "activate"})
    assert User.objects.get(pk=world.users["editor"].pk).is_active


def test_administrator_does_not_lock_the_own_account(sign_in: SignIn, world: World) -> None:
    response = sign_in("administrator").post(user_page(world, "administrator"), {"do": "deactivate"}, follow=True)

    assert notices(response)[0] == "不能停用自己的账号。"


@pytest.mark.parametrize("key", ["00000000-0000-0000-0000-000000000000"])
def test_unknown_user_is_not_found(key: str, sign_in: SignIn) -> None:
    assert sign_in("administrator").get(f"/office/users/{key}/").status_code == 404


def entries(response: HttpResponse) -> list[int]:
    return [int(seq) for seq in re.findall(r'<tr><td class="number">(\d+)</td>', response.content.decode())]


def test_ledger_shows_the_newest_first(sign_in: SignIn) -> None:
    client = sign_in("auditor")
    newest = Entry.objects.order_by("-seq").values_list("seq", flat=True)[:20]

    assert entries(client.get("/office/ledger/")) == list(newest)


@pytest.mark.parametrize(
    "chosen", [{"kind": "need.publish"}, {"subject": "need:N-public"}, {"outcome": "refused"}, {"actor": "system:test"}]
)
def test_ledger_filters(chosen: dict[str, str], sign_in: SignIn, world: World) -> None:
    sign_in("editor").post("/desk/needs/N-public/submit/")
    client = sign_in("auditor")
    names = {"kind": "kind__startswith", "subject": "subject__startswith"}
    expected = Entry.objects.filter(**{names.get(k, k): v for k, v in chosen.items()}).order_by("-seq")

    shown = entries(client.get("/office/ledger/", chosen))

    assert shown == [row.seq for row in expected[:20]]
    assert shown != []


def test_ledger_download_holds_what_the_filters_leave(sign_in: SignIn) -> None:
    rows = downloaded(sign_in("auditor").get("/office/ledger/?kind=need.publish&export=csv"), "csv")

    assert [int(row["序号"]) for row in rows] == list(
        Entry.objects.filter(kind="need.publish").order_by("-seq").values_list("seq", flat=True)
    )


def test_ledger_shows_names_of_fields_not_their_values(sign_in: SignIn) -> None:
    page = text(sign_in("auditor").get("/office/ledger/?subject=need:N-introduction&kind=need.create"))

    assert "organization, area, title, title_en, " in page
    assert [word for word in worlds.HIDDEN if word in page] == []
