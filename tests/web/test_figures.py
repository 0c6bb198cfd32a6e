"""Figures on their pages: found, opened, masked, prepared by one officer and published by another."""

import json
from datetime import date

import pytest
from django.test import Client
from django.utils.timezone import localdate

from keqiao.apps.ledger.figures import actions, queries
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.registers import actions as registers
from keqiao.apps.registers.models import Entry
from tests.web.conftest import SignIn
from tests.web.world import BY, World

HIDDEN = "不公开（少于 3 个单位或须隐去）"


@pytest.fixture
def department(sign_in: SignIn) -> Client:
    return sign_in("region")


@pytest.fixture
def colleague(sign_in: SignIn) -> Client:
    return sign_in("region-two")


def read(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def page_of(world: World, code: str) -> str:
    return f"/figures/edition/{world.things[f'figure {code}'].key}/"


def test_list_shows_every_grade_and_no_draft(visitor: Client) -> None:
    page = read(visitor, "/figures/")
    assert all(word in page for word in ("可打开到明细", "可打开到登记册", "仅有原句"))
    assert "发布供给数" not in page
    assert "已撤回" not in page


def test_list_is_narrowed(visitor: Client) -> None:
    page = read(visitor, "/figures/?theme=registers")
    assert "重点实验室" in page
    assert "发布技术需求数" not in page
    assert "没有符合条件的数字" in read(visitor, "/figures/?q=nothing")
    part = visitor.get("/figures/?q=x", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="figures"')


def test_place_shows_its_cell_and_hides_small_ones(visitor: Client) -> None:
    """Three in the first place, two and one in the others."""
    found = {}
    for area in ("229901", "229902", "229903", "229904"):
        (row,) = json.loads(visitor.get(f"/figures/?area={area}&theme=registers&export=json").content)["figures"]
        found[area] = row["value"]
    assert found == {"229901": "3 个", "229902": HIDDEN, "229903": HIDDEN, "229904": "0 个"}


def test_newest_leads_to_the_edition(visitor: Client, world: World) -> None:
    assert visitor.get("/figures/register_labs/")["Location"] == page_of(world, "register_labs")
    assert visitor.get("/figures/register_labs/?year=1999").status_code == 404
    assert visitor.get("/figures/register_labs/?year=x")["Location"] == page_of(world, "register_labs")


def test_register_figure_opens_to_rows_with_links(visitor: Client, world: World) -> None:
    page = read(visitor, page_of(world, "register_labs"))
    assert "Laboratory 1" in page
    assert "/registers/entry/lab-1/" in page
    assert "<b>6 个</b>" in page
    assert "HIDDEN" not in page


def test_masked_figure_lists_digests_alone(visitor: Client, department: Client, world: World) -> None:
    page = read(visitor, page_of(world, "needs_collected"))
    assert "已遮蔽" in page
    assert "need:" not in page
    assert "N-draft" not in page
    assert "need:N-draft" in read(department, page_of(world, "needs_collected"))


def test_rows_that_left_the_public_lose_their_title(visitor: Client, world: World) -> None:
    entry = Entry.objects.get(key="lab-2")
    registers.strike_entry(entry, reason="duplicate", by=BY, at=world.at)
    page = read(visitor, page_of(world, "register_labs"))
    assert "Laboratory 2" not in page
    assert "该条目不再公开" in page
    assert "重算为 <b>5 个</b>" in page
    assert "<b>6 个</b>" in page


def test_settled_figure_says_so(visitor: Client, world: World) -> None:
    assert "与发布时完全相同" in read(visitor, page_of(world, "register_labs"))


def test_sentence_is_quoted_with_its_source(visitor: Client, world: World) -> None:
    page = read(visitor, page_of(world, "stated_pledges"))
    assert "Loans came to 350 million yuan." in page
    assert "Yearly report" in page
    assert "原文所称增幅：9%" in page
    assert "仅有原句" in page


def test_withdrawn_figure_stays_and_says_why(visitor: Client, world: World) -> None:
    page = read(visitor, page_of(world, "stated_wrong"))
    assert "撤回" in page
    assert "Another year" in page


def test_citation_names_edition_and_digest(visitor: Client, world: World) -> None:
    page = read(visitor, page_of(world, "register_labs"))
    figure = world.things["figure register_labs"]
    assert "[DS/OL]" in page
    assert f"@misc{{{figure.key}," in page
    assert figure.digest in page
    assert f"keqiao figure verify {figure.key}" in page


def test_json_holds_everything_exactly(visitor: Client, world: World) -> None:
    answer = visitor.get(page_of(world, "register_labs") + "?export=json")
    data = json.loads(answer.content)
    assert (data["value"], data["grade"], data["row_count"], data["state"]) == ("6", "register", 6, "published")
    assert data["tables"]["level"] == [["province", "6"]]
    assert [row["title"] for row in data["rows"]][:2] == ["Laboratory 1", "Laboratory 2"]
    assert "attachment" in answer["Content-Disposition"]


def test_internal_figure_is_for_the_office(visitor: Client, department: Client, world: World) -> None:
    figure = actions.prepare_figure("firms_eligible", year=world.at.year, as_of=localdate(world.at), by=BY, at=world.at)
    actions.publish_figure(figure, by=BY, at=world.at)
    address = f"/figures/edition/{figure.key}/"
    assert visitor.get(address).status_code == 404
    assert department.get(address).status_code == 200
    assert "符合政策条件" not in read(visitor, "/figures/")
    assert "符合政策条件" in read(department, "/figures/")


def test_growth_stands_with_its_base(visitor: Client, world: World) -> None:
    year = localdate(world.at).year
    for number in (31, 32, 33):
        registers.add_entry(
            "prizes", key=f"prize-{number}", title=f"Prize {number}", source="A list", by=BY, at=world.at,
            start_date=date(year - 2 + (number > 31), 5, 5),
        )  # fmt: skip
    for back in (2, 1):
        figure = actions.prepare_figure(
            "register_prizes", year=year - back, as_of=date(year - back, 12, 31), by=BY, at=world.at
        )
        actions.publish_figure(figure, by=BY, at=world.at)
    page = read(visitor, f"/figures/edition/{figure.key}/")
    assert f"比上年 +100.0%（{year - 2} 年为 1 项）" in page
    assert "<svg" in page


def test_one_officer_freezes_and_another_publishes(department: Client, colleague: Client, world: World) -> None:
    day = localdate(world.at).isoformat()
    data = {"codes": ["organizations_registered", "needs_collected"], "year": day[:4], "as_of": day}
    page = department.post("/office/figures/", data, follow=True).content.decode()
    assert "“入库单位数”已冻结" in page
    assert "与已发布的版本完全相同" in page
    draft = queries.drafts().get(code="organizations_registered")
    address = f"/office/figures/{draft.key}/"
    assert "请由另一位同事复核发布" in read(department, address)
    assert "须由另一位同事" in department.post(address, {"do": "publish"}, follow=True).content.decode()
    assert colleague.post(address, {"do": "publish"})["Location"] == f"/figures/edition/{draft.key}/"
    draft.refresh_from_db()
    assert draft.state == "published"
    page = colleague.post(address, {"do": "withdraw", "reason": "other", "note": "Not yet"}, follow=True)
    assert "已撤回" in page.content.decode()


def test_faults_of_the_form_are_said(department: Client, world: World) -> None:
    day = localdate(world.at)
    for data, said in (
        ({"codes": ["needs_solved"], "year": day.year, "as_of": f"{day.year - 1}-05-05"}, "截至日须在所选年份之内"),
        ({"codes": ["needs_solved"], "year": day.year + 1}, "截至日须在所选年份之内"),
        ({"year": day.year}, "必填项"),
    ):
        answer = department.post("/office/figures/", data)
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_draft_is_dropped(colleague: Client, world: World) -> None:
    figure = world.things["figure offers_published"]
    colleague.post(f"/office/figures/{figure.key}/", {"do": "drop"})
    assert PublishedFigure.objects.get(pk=figure.pk).state == "dropped"
    assert "已经作废" in read(colleague, f"/office/figures/{figure.key}/")


def test_number_of_a_text_is_recorded_and_reviewed(department: Client, colleague: Client) -> None:
    data = {
        "code": "report_rd", "name_zh": "全社会研发投入", "value": "200.5", "unit_zh": "亿元", "kind": "flow",
        "as_of": "2024-12-31", "sentence": "研发投入200.5亿元。", "source": "年度报告",
    }  # fmt: skip
    answer = department.post("/office/figures/stated/", data)
    assert answer.status_code == 302
    colleague.post(answer["Location"], {"do": "publish"})
    assert PublishedFigure.objects.get(code="report_rd").state == "published"
    for wrong, said in (({"value": "many"}, "不是数字"), ({"code": "needs_published"}, "请换一个")):
        answer = department.post("/office/figures/stated/", data | wrong)
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_thread_leads_to_the_figures_that_count_the_need(visitor: Client, world: World) -> None:
    need = world.needs["public"] if "public" in world.needs else next(iter(world.needs.values()))
    page = read(visitor, f"/thread/need/{need.key}/")
    assert "发布技术需求数" in page
    assert page_of(world, "needs_published") in page


def test_register_is_kept_by_the_office(department: Client, world: World) -> None:
    data = {"title": "New park", "start_date": "2025-05-05", "source": "A letter", "level": "province",
            "uscc": world.organizations["school"].uscc, "is_public": "on"}  # fmt: skip
    answer = department.post("/office/registers/parks/new/", data)
    assert answer.status_code == 302
    row = Entry.objects.get(title="New park")
    assert (row.organization, row.area) == (world.organizations["school"], "229901")
    address = f"/office/registers/entry/{row.key}/"
    assert "New park" in read(department, address)
    department.post(address, data | {"title": "Old park"})
    row.refresh_from_db()
    assert row.title == "Old park"
    page = department.post(address, {"do": "strike", "reason": "luck"}, follow=True).content.decode()
    assert "请选择剔除原因" in page
    assert "已剔除" in department.post(address, {"do": "strike", "reason": "mistake"}, follow=True).content.decode()
    assert "这条记录已经剔除" in department.post(address, data, follow=True).content.decode()


def test_faults_of_an_entry_are_said(department: Client) -> None:
    for data, said in (
        ({"title": "x", "start_date": "2999-01-01", "source": "y"}, "日期不能晚于今天"),
        ({"title": "x", "start_date": "2025-01-01", "end_date": "2024-01-01", "source": "y"}, "不能早于起始日"),
        ({"title": "x", "start_date": "2025-01-01", "source": "y", "uscc": "1"}, "没有登记这个代码的单位"),
    ):
        answer = department.post("/office/registers/parks/new/", data)
        assert answer.status_code == 422
        assert said in answer.content.decode()
