"""The policy library: what it lists and finds, text beside code, files as they are computed, changes by month."""

import hashlib
from datetime import date

import pytest
from django.test import Client

from keqiao.catalogue import policies
from keqiao.web.public import policy_shelf as shelf
from tests.web.conftest import english
from tests.web.html import text

TECH_SME = "/policies/tech-sme-2017/"


def test_library_lists_every_policy_with_document_time_and_coverage(visitor: Client) -> None:
    page = text(visitor.get("/policies/"))

    assert f"{len(policies.editions())} 项政策（共 {len(policies.editions())} 项）" in page
    assert "国科发政〔2017〕115号" in page
    assert "2017-05-03 起" in page
    assert "4 段条文、13 条规则 3 段已编码 1 段未编码" in page


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("q=科技型中小企业评价", {"tech-sme-2017"}),
        ("q=zzzz", set()),
        ("q=additional+deduction", {"rd-super-deduction", "uk-eris"}),
        ("region=99&benefit=amount", {"demo-rd-grant", "demo-title-award", "voucher-demo"}),
        ("state=undated", {slug for slug, some in policies.editions().items() if some[-1].starts is None}),
    ],
)
def test_library_finds_by_word_region_kind_and_state(visitor: Client, query: str, slugs: set[str]) -> None:
    page = visitor.get(f"/policies/?{query}").content.decode()

    assert {slug for slug in policies.editions() if f'href="/policies/{slug}/"' in page} == slugs


def test_choice_that_is_not_offered_gives_the_whole_list(visitor: Client) -> None:
    page = text(visitor.get("/policies/?region=nowhere&benefit=luck&state=%00"))

    assert f"（共 {len(policies.editions())} 项）" in page


def test_table_is_downloaded_with_the_same_filter(visitor: Client) -> None:
    lines = visitor.get("/policies/?region=99&export=csv").content.decode("utf-8-sig").splitlines()

    assert [line.rsplit(",", 1)[1] for line in lines] == ["演示"] * 4


def test_page_sets_passage_threshold_citation_and_code_side_by_side(visitor: Client, today: date) -> None:
    page = text(visitor.get(TECH_SME))

    assert "职工总数不超过 500 人 必要条件 依据 国科发政〔2017〕115号 第六条（二）" in page
    assert f"{today.year - 1} 年职工总数 ≤ 500 人 数据来自 社保/年报" in page
    assert "test = staff_t1 <= staff_most" in page
    assert "不写成代码的原因 触发核查的情形不影响资格" in page
    assert "≥ 30 % 20 ≥ 25 % 16" in page


def test_fictitious_amounts_say_so_where_they_stand(visitor: Client) -> None:
    page = text(visitor.get("/policies/voucher-demo/"))

    assert "5 万元 演示" in page
    assert "演示：这份文件和其中的金额都是虚构的" in page


def test_english_reader_gets_units_with_english_names(visitor: Client) -> None:
    page = text(english(visitor).get("/policies/voucher-demo/"))

    assert "cap of an order always 50,000 yuan Demo" in page


def test_file_is_the_one_whose_digest_the_page_shows(visitor: Client) -> None:
    answer = visitor.get(f"{TECH_SME}file/")

    assert hashlib.sha256(answer.content).hexdigest() in visitor.get(TECH_SME).content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="tech-sme-2017-2017-115.toml"'


@pytest.mark.parametrize("path", ["/policies/nothing/", f"{TECH_SME}?edition=1", f"{TECH_SME}file/?edition=../x"])
def test_unknown_policy_or_edition_is_not_found(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_every_clause_stands_on_its_page_once(visitor: Client) -> None:
    for slug, editions in policies.editions().items():
        page = visitor.get(f"/policies/{slug}/?edition={editions[-1].version}").content.decode()
        assert [page.count(f'id="{clause.id}"') for clause in editions[-1].clauses] == [1] * len(editions[-1].clauses)


def test_policy_says_what_its_benefit_does_not_add_up_with(visitor: Client) -> None:
    page = text(visitor.get("/policies/demo-title-award/"))

    assert "演示省企业奖补，不重复享受：不叠加，按高者计 演示 研发投入后补助（演示）" in page
    assert "合计有上限 100 万元" in page or "合计有上限 100万元" in page
    assert "认定当年 50% 认定后第 1 年 50% 复核资格有效后" in page


def test_month_shows_what_begins_in_it(visitor: Client) -> None:
    page = text(visitor.get("/policies/changes/?month=2026-04"))

    assert "2026-04 1 专精特新中小企业认定 开始施行" in page
    assert "替代 工信部企业〔2022〕63号" in page


def test_month_shows_numbers_of_an_edition_against_those_of_the_one_before(visitor: Client) -> None:
    page = text(visitor.get("/policies/changes/?month=2026-04"))

    assert "主营业务收入占比下限 70 % → 90 %" in page
    assert "营业收入下限 1000 万元 → 1500 万元" in page


def test_month_shows_the_old_and_the_new_value_of_a_rate(visitor: Client) -> None:
    page = text(visitor.get("/policies/changes/?month=2023-01"))

    assert "加计扣除比例 75 % → 100 % 财政部 税务总局公告2023年第7号" in page


def test_rate_of_a_tax_year_is_put_in_words(visitor: Client) -> None:
    page = visitor.get("/policies/rd-super-deduction/").content.decode()
    amount = page.partition("<dt>算法</dt>")[2].partition("</dd>")[0]

    assert "纳税年度的加计扣除比例" in amount
    assert "in_year" not in amount


def test_months_around_list_what_lies_ahead_and_behind(visitor: Client) -> None:
    assert "之后 12 个月 2026-04 1" in text(visitor.get("/policies/changes/?month=2026-03"))
    assert "之前 12 个月 2026-04 1" in text(visitor.get("/policies/changes/?month=2026-05"))


@pytest.mark.parametrize("month", ["0000-01", "9999-12", "2026-13", "x", "2026-1"])
def test_odd_month_shows_the_present_one(visitor: Client, month: str) -> None:
    assert "本月" in text(visitor.get(f"/policies/changes/?month={month}"))


def test_days_of_an_edition_that_is_over_or_ahead_are_its_own() -> None:
    policy = policies.editions()["tech-sme-2017"][0]
    edition = shelf.Edition(policy=policy, ends=date(2020, 12, 31))

    assert (edition.state(date(2021, 1, 1)), edition.day(date(2021, 1, 1))) == ("over", date(2020, 12, 31))
    assert (edition.state(date(2017, 5, 2)), edition.day(date(2017, 5, 2))) == ("ahead", date(2017, 5, 3))


def test_last_day_is_the_one_before_the_text_no_longer_holds() -> None:
    edition = shelf.find_edition("srdi-2022", "", date(2026, 7, 1))

    assert (edition.ends, edition.state(date(2026, 3, 31))) == (date(2026, 3, 31), "in_force")
    assert edition.state(date(2026, 4, 1)) == "over"


def test_editions_under_another_name_stand_in_one_row_with_what_differs(visitor: Client) -> None:
    page = text(visitor.get("/policies/srdi-2026/"))

    assert "各版沿革 2026-2 工信部企业〔2026〕2号" in page
    assert "2022-08-01 – 2026-03-31 已被替代或失效" in page
    assert "处不同" in page


def test_number_nobody_knows_says_that_data_are_needed(visitor: Client) -> None:
    page = text(visitor.get("/policies/rd-guide-grant/"))

    assert "研发费用下限 一直 待补数据" in page
    assert "年研发费用总额 ≥ 待补数据" in page
    assert "个数值没有找到公开来源" in page
