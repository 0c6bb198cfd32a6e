"""Writing a need on the desk and taking it from state to state."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from keqiao.apps.market.models import Need
from tests.web import world as worlds
from tests.web.conftest import SignIn
from tests.web.html import notices, text
from tests.web.world import World

TEXT = "导轨 3 m 长，直线度要优于 1 μm，现在只能做到 5 μm，测一次要两个小时，试过激光干涉仪，车间震动大读数乱跳。"


def typed(**values: Any) -> dict[str, Any]:
    """The form as a person sends it with a title, a text and no indicator lines."""
    return {
        "title": "长导轨直线度测量", "text": TEXT, "abstract": "", "secrecy": "public", "urgency": "normal",
        "indicators-TOTAL_FORMS": "0", "indicators-INITIAL_FORMS": "0",
    } | values  # fmt: skip


def line(number: int, **values: str) -> dict[str, str]:
    defaults = {"name": "直线度", "op": "le", "low": "1", "unit": "um", "sense": "le", "must": "on"}
    return {f"indicators-{number}-{name}": value for name, value in (defaults | values).items()}


def save(client: Client, **values: Any) -> HttpResponse:
    return client.post("/desk/needs/new/", typed(**values))


def test_new_page_explains_how_to_write(sign_in: SignIn) -> None:
    page = text(sign_in("editor").get("/desk/needs/new/"))

    assert "怎样写更容易找到答案 只写一个问题。" in page
    assert "松江激光设备有限公司" in page


def test_reading_the_text_fills_the_lines_and_loses_nothing(sign_in: SignIn) -> None:
    response = sign_in("editor").post("/desk/needs/new/", typed(read="1", coop_modes=["license"], budget_max="30"))
    page = response.content.decode()

    assert response.status_code == 200
    assert notices(response)[0].startswith("读到 ")
    assert 'name="indicators-0-name"' in page
    assert TEXT in page
    assert 'value="30"' in page
    assert Need.objects.filter(title="长导轨直线度测量").count() == 0


def test_reading_a_text_without_numbers_says_so(sign_in: SignIn) -> None:
    response = sign_in("editor").post("/desk/needs/new/", typed(read="1", text="机器老坏"))

    assert notices(response)[0] == "没有读到带数值的指标，请手工填写，或在问题里写明数值和单位。"


def test_saving_writes_a_draft_with_its_indicators(sign_in: SignIn, world: World) -> None:
    response = save(
        sign_in("editor"),
        **{"indicators-TOTAL_FORMS": "1"},
        **line(0),
        budget_min="30",
        budget_max="50",
        keywords="导轨，直线度",
    )

    need = Need.objects.get(title="长导轨直线度测量")
    assert response["Location"] == f"/desk/needs/{need.key}/edit/"
    assert (need.state, need.organization, need.author) == ("draft", world.organizations["firm"], world.users["editor"])
    assert (need.budget_min_fen, need.budget_max_fen, need.keywords) == (30_000_000, 50_000_000, ["导轨", "直线度"])
    assert [(row.name, row.op, row.low, row.unit) for row in need.indicators.all()] == [("直线度", "le", 1.0, "um")]


@pytest.mark.parametrize(("typed_area", "area"), [("", worlds.AREA), (worlds.OTHER_AREA, worlds.OTHER_AREA)])
def test_need_without_a_place_lies_where_its_organization_is(typed_area: str, area: str, sign_in: SignIn) -> None:
    save(sign_in("editor"), area=typed_area)

    assert Need.objects.get(text=TEXT).area == area


def test_saved_need_shows_its_completeness_and_questions(sign_in: SignIn) -> None:
    client = sign_in("editor")
    response = client.get(save(client)["Location"])

    assert "完整度 25/100" in text(response)
    assert "做到什么程度算解决？请给出一项带单位的数值。" in text(response)
    assert notices(response)[0] == "已保存为草稿。"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"budget_min": "50", "budget_max": "30"}, "上限不能小于下限。"),
        ({"budget_min": "-1"}, "大于或等于0"),
        ({"secrecy": "nonsense"}, "nonsense"),
        ({"title": "长" * 200}, "120"),
        ({"indicators-TOTAL_FORMS": "1", **line(0, op="range")}, "范围和 ± 需要两个数值。"),
        ({"indicators-TOTAL_FORMS": "1", **line(0, op="range", high="0.5")}, "下限大于上限，请对调。"),
        ({"indicators-TOTAL_FORMS": "1", **line(0, low="nan")}, "输入一个数字"),
    ],
)
def test_need_with_errors_is_not_saved_and_says_why(values: dict[str, Any], sentence: str, sign_in: SignIn) -> None:
    response = save(sign_in("editor"), **values)

    assert response.status_code == 422
    assert "没有保存，请改正下面标出的地方。" in text(response)
    assert sentence in " ".join(notices(response))
    assert TEXT in response.content.decode()
    assert Need.objects.filter(text=TEXT).count() == 0


def test_need_without_a_title_is_not_saved(sign_in: SignIn) -> None:
    assert save(sign_in("editor"), title="").status_code == 422


@pytest.mark.parametrize("name", ["outsider", "expert", "auditor"])
def test_people_without_an_organization_register_one_first(name: str, sign_in: SignIn) -> None:
    response = save(sign_in(name))

    assert response.status_code == 422
    assert "请选择单位。还没有单位？先在工作台登记。" in " ".join(notices(response))


def test_member_may_not_write_for_the_organization(sign_in: SignIn, world: World) -> None:
    response = save(sign_in("member"), organization=world.organizations["firm"].key)

    assert response.status_code == 422
    assert Need.objects.filter(text=TEXT).count() == 0


def test_editor_may_not_write_for_another_organization(sign_in: SignIn, world: World) -> None:
    response = save(sign_in("editor"), organization=world.organizations["hidden"].key)

    assert response.status_code == 422


def test_broker_writes_for_a_registered_firm_by_its_code(sign_in: SignIn, world: World) -> None:
    save(sign_in("broker"), organization=worlds.code(3))

    need = Need.objects.get(text=TEXT)
    assert (need.organization, need.author) == (world.organizations["hidden"], world.users["broker"])


def test_editing_shows_what_stands_and_replaces_it(sign_in: SignIn) -> None:
    client = sign_in("editor")
    page = client.get("/desk/needs/N-draft/edit/").content.decode()
    assert "连续切割两小时后功率从 2 kW 掉到 1.5 kW。" in page
    assert 'value="Output power"' in page

    client.post("/desk/needs/N-draft/edit/", typed(title="换过的标题"))

    need = Need.objects.get(key="N-draft")
    assert (need.title, need.indicators.count()) == ("换过的标题", 0)


def test_published_need_is_not_edited(sign_in: SignIn) -> None:
    response = sign_in("editor").post("/desk/needs/N-public/edit/", typed())

    assert response.status_code == 422
    assert "只有草稿可以修改。如需修改，请先撤回并重新编辑。" in " ".join(notices(response))
    assert Need.objects.get(key="N-public").title == "光纤激光器功率下降 public"


@pytest.mark.parametrize(
    ("key", "step", "data", "state", "sentence"),
    [
        ("N-draft", "submit", {}, "submitted", "已提交，等待审核。"),
        ("N-public", "withdraw", {"reason": "solved"}, "withdrawn", "已撤回，公众不再看到。"),
        ("N-withdrawn", "reopen", {}, "draft", "已重新成为草稿，可以修改后再提交。"),
        ("N-public", "submit", {}, "published", "该条目已发布，不能这样操作。页面可能已经过时，请刷新。"),
        ("N-public", "withdraw", {"reason": "nonsense"}, "published", "请选择原因。"),
        ("N-draft", "reopen", {}, "draft", "该条目现在是草稿，不能这样操作。页面可能已经过时，请刷新。"),
    ],
)  # fmt: skip
def test_steps_lead_from_state_to_state(
    key: str, step: str, data: dict[str, str], state: str, sentence: str, sign_in: SignIn
) -> None:
    response = sign_in("editor").post(f"/desk/needs/{key}/{step}/", data, follow=True)

    assert sentence in notices(response)[0]
    assert Need.objects.get(key=key).state == state


def test_steps_of_others_are_refused(sign_in: SignIn) -> None:
    response = sign_in("scholar").post("/desk/needs/N-public/withdraw/", {"reason": "solved"}, follow=True)

    assert notices(response)[0] == "该条目不在您负责的地区。"
    assert Need.objects.get(key="N-public").state == "published"


def test_submitting_a_kept_need_that_gives_itself_away_is_refused(sign_in: SignIn, world: World) -> None:
    need = worlds.need(world, "leaky", state="draft", secrecy="introduction", abstract="松江激光设备有限公司的难题")
    del world.needs["leaky"]

    response = sign_in("editor").post(f"/desk/needs/{need.key}/submit/", follow=True)

    assert "松江激光设备有限公司" in notices(response)[0]
    assert Need.objects.get(key=need.key).state == "draft"


def test_desk_lists_my_needs_with_their_actions(sign_in: SignIn) -> None:
    page = sign_in("editor").get("/desk/").content.decode()

    assert 'href="/desk/needs/N-draft/edit/"' in page
    assert 'action="/desk/needs/N-withdrawn/reopen/"' in page
    assert "N-introduction" not in page


def test_desk_of_somebody_new_says_where_to_begin(sign_in: SignIn) -> None:
    page = text(sign_in("outsider").get("/desk/"))

    assert "您还不属于任何单位。可以登记自己的单位；名录里已有的，在单位页面申请认领，或请单位管理员邀请您。" in page
    assert "还没有需求。把难题写下来，系统会读出指标并请您核对。" in page
