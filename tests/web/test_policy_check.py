"""The self-check: what is asked, how answers are read, what they say, and that nothing of them is kept."""

import json
import logging
import re
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from keqiao.apps.ledger.models import Entry
from keqiao.catalogue import policies
from keqiao.web.public import policy_shelf as shelf
from keqiao.web.public.policy_sheet import PREFIX, Sheet
from tests.web.conftest import english
from tests.web.html import CHINESE_MARKS, HAN, text, texts

SLUGS = list(policies.editions())
TECH_SME = "tech-sme-2017"
ANSWERS = {
    "resident": "yes", "staff_t1": "120", "sales_fen_t1": "8000", "assets_fen_t1": "1.2亿元",
    "product_category": "normal",
    "clause-base.incidents": "yes", "clause-base.lists": "yes", "clause-direct.hte": "no", "clause-direct.award": "no",
    "clause-direct.rd_body": "no", "clause-direct.standard": "no", "tech_staff_t1": "36 人", "rd_fen_t1": "480",
    "cost_fen_t1": "7000", "ip-class_1": "0", "ip-class_2": "4",
}  # fmt: skip


def sheet(slug: str, answers: dict[str, str], *, on: date = date(2026, 7, 1)) -> Sheet:
    with translation.override("zh-hans"):
        return Sheet(shelf.find_edition(slug, "", on), on=on, given=answers, asked=list(answers))


def posted(client: Client, answers: dict[str, str], slug: str = TECH_SME, **more: str) -> str:
    data = {"asked": list(answers), **{PREFIX + name: raw for name, raw in answers.items()}, **more}
    return client.post(f"/policies/{slug}/check/", data).content.decode()


def names(page: str) -> list[str]:
    return re.findall(r'name="asked" value="([^"]+)"', page.split('id="result"')[0])


def test_visitor_is_asked_the_first_facts_of_the_text(visitor: Client) -> None:
    page = visitor.get(f"/policies/{TECH_SME}/check/").content.decode()

    assert names(page) == ["resident", "staff_t1", "sales_fen_t1", "assets_fen_t1", "product_category"]


def test_answers_lead_to_verdict_score_and_citation(visitor: Client) -> None:
    answer = visitor.post(
        f"/policies/{TECH_SME}/check/",
        {"asked": list(ANSWERS), **{PREFIX + name: raw for name, raw in ANSWERS.items()}},
    )
    page = text(answer)

    # 36 of 120 are 30 %: 20; 480 of 8000 are 6 %: 50; four of class II: 24.
    assert "按现有回答：符合条件" in page
    assert "得分 · 94" in page
    assert "科技人员 + 研发投入 + 科技成果 ≥ 60 · 您的情况 94" in page
    assert "依据 国科发政〔2017〕115号 第六条（五）" in page


def test_only_what_still_matters_is_asked(visitor: Client) -> None:
    assert names(posted(visitor, {"staff_t1": "501"})) == ["staff_t1"]
    settled = {name: ANSWERS[name] for name in list(ANSWERS)[:7]} | {"clause-direct.hte": "yes"}
    assert set(names(posted(visitor, settled))) == set(settled)


def test_the_other_conditions_are_asked_on_request(visitor: Client) -> None:
    page = posted(visitor, {"staff_t1": "501"}, do="everything")

    assert names(page)[:4] == ["resident", "sales_fen_t1", "assets_fen_t1", "product_category"]


@pytest.mark.parametrize(
    ("name", "raw", "error"),
    [
        ("sales_fen_t1", "50人", "这里要填万元，收到的单位是“人”。"),
        ("staff_t1", "50万元", "这里要填人，收到的单位是“万元”。"),
        ("staff_t1", "-3", "不能是负数；没有就填 0。"),
        ("staff_t1", "很多", "“很多”不是数。请填数字，例如 120 人。"),
        ("staff_t1", "3.5", "小数位太多，请填整数或少几位小数。"),
        ("staff_t1", "9" * 30, "这个数太大了，请检查单位。"),
        ("sales_fen_t1", "0.0000001", "金额最多精确到分。"),
        ("product_category", "gold", "请从列出的答案里选一个。"),
        ("ip-class_2", "5000", "这个数太大了，请检查。"),
    ],
)
def test_answer_that_cannot_be_used_says_why_and_others_are_kept(
    visitor: Client, name: str, raw: str, error: str
) -> None:
    page = posted(visitor, ANSWERS | {name: raw})

    assert error in page
    assert f'value="{ANSWERS["rd_fen_t1"]}"' in page
    assert name in sheet(TECH_SME, ANSWERS | {name: raw}).errors


def test_day_that_has_not_come_is_refused() -> None:
    ahead = sheet("high-tech-enterprise-2016", {"founded": "2026-07-02"})
    today = sheet("high-tech-enterprise-2016", {"founded": "2026-07-01"})

    assert ahead.errors == {"founded": "2026-07-02 在今天之后，请填已经发生的日期。"}
    assert today.errors == {}
    assert sheet("high-tech-enterprise-2016", {"founded": "2026-02-30"}).errors["founded"].startswith("“2026-02-30”")


@pytest.mark.parametrize(
    ("raw", "fen"),
    [("480", 480_000_000), ("480万元", 480_000_000), ("４８０ 万元", 480_000_000), ("1,480.5", 1_480_500_000),
     ("0.5亿元", 5_000_000_000), ("4800000元", 480_000_000), ("0.000001", 1)],
)  # fmt: skip
def test_money_is_read_exactly_in_the_units_people_use(raw: str, fen: int) -> None:
    assert sheet(TECH_SME, {"rd_fen_t1": raw}).facts == {"rd_fen_t1": fen}


def test_english_reader_types_yuan(visitor: Client) -> None:
    english(visitor)
    page = posted(visitor, {"sales_fen_t1": "5000000"})

    assert "sales in" in page
    assert "yours: <b>5,000,000 yuan</b>" in page


def test_share_and_points_are_typed_as_they_are_spoken() -> None:
    facts = sheet("little-giant-2026", {"market_share_bp": "12.5%", "platform_score_centi_t1": "61.5"}).facts

    assert facts == {"market_share_bp": 1250, "platform_score_centi_t1": 6150}
    assert sheet("little-giant-2026", {"market_share_bp": "101"}).errors == {"market_share_bp": "比例不能超过 100%。"}


@pytest.mark.parametrize("slug", SLUGS)
def test_each_clause_about_a_list_becomes_what_was_answered(slug: str) -> None:
    """Yes passes the clause, no fails it, unsure leaves it open, whatever else the list is asked for."""
    known = {"tax_year": "2025"} if slug in ("rd-super-deduction", "tech-transfer-income-tax") else {}
    for clause in policies.editions()[slug][-1].clauses:
        if sheet(slug, known)._asker.said(clause.id) is None:
            continue
        states = [
            sheet(slug, known | {f"clause-{clause.id}": answer}).verdict.clauses[clause.id]
            for answer in ("yes", "no", "unsure")
        ]
        assert states == ["pass", "fail", "unknown"], clause.id


def test_silence_about_part_of_a_list_is_not_taken_for_no() -> None:
    """Two clauses look at the same register: what was said of one leaves the other open."""
    states = sheet("srdi-2026", {"clause-base.incidents": "yes"}).verdict.clauses

    assert (states["base.incidents"], states["veto.falsified"]) == ("pass", "unknown")


def test_rights_are_counted_by_class_and_origin() -> None:
    given = {"ip-class_1": "2", "ip-class_1_own": "1", "high_value": "0", "ip-high_value": "0", "ip-class_2": "3"}
    some = sheet("innovative-sme-2022", given)

    assert some.errors == {}
    assert [item["class"] for item in some.facts["ip_items"]] == [1, 1, 2, 2, 2]
    assert [item["acquisition"] for item in some.facts["ip_items"]][:2] == ["own_rd", "merger"]


def test_part_of_the_rights_cannot_exceed_the_whole() -> None:
    given = {"ip-class_1": "2", "ip-class_1_own": "3", "ip-high_value": "", "ip-class_2": "0"}
    some = sheet("innovative-sme-2022", given)

    assert some.errors["ip-class_1_own"] == "不能多于前面填的 2 件。"
    assert some.errors["ip-high_value"].startswith("前面填了件数")
    assert "ip_items" not in some.facts


def test_contradiction_on_one_list_is_said() -> None:
    given = {"tax_year": "2025", "clause-contracts.qualifying": "no", "sum-1": "300"}

    assert list(sheet("tech-transfer-income-tax", given).errors) == ["clause-contracts.qualifying"]


def test_amount_of_an_eligible_firm_is_shown(visitor: Client) -> None:
    given = {"resident": "yes", "tax_year": "2025", "clause-contracts.qualifying": "yes", "sum-1": "600"}
    page = posted(visitor, given, "tech-transfer-income-tax")

    # 25 % of 500 万元 and half of the 100 万元 above.
    assert "少缴企业所得税 <b>137.5 万元</b>" in page


def test_nearest_way_is_shown_to_a_firm_that_falls_short(visitor: Client) -> None:
    page = posted(visitor, ANSWERS | {"ip-class_2": "0", "rd_fen_t1": "320"})

    assert "按现有回答：不符合条件" in page
    assert "最近的路" in page
    assert re.search(r"<li>(取得|增加)", page)


def test_facts_are_handed_out_as_the_command_line_reads_them(visitor: Client, today: date) -> None:
    data = {"asked": list(ANSWERS), **{PREFIX + name: raw for name, raw in ANSWERS.items()}, "do": "facts"}
    answer = visitor.post(f"/policies/{TECH_SME}/check/", data)
    firm = json.loads(answer.content)

    assert firm["staff_t1"] == 120
    assert firm["awards"] == []
    checker = policies.checker(TECH_SME, as_of=today)
    assert checker.check(checker.read(firm)).verdict == "eligible"


def test_nothing_of_the_answers_is_kept_or_logged(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    entries, sessions = Entry.objects.count(), Session.objects.count()
    posted(visitor, {"staff_t1": "77123"})  # what is read once a process is read now
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        page = posted(visitor, {"staff_t1": "77123"})

    assert "77123" in page
    assert "77123" not in caplog.text
    assert len(queries) == 0
    assert (Entry.objects.count(), Session.objects.count()) == (entries, sessions)


def test_answers_in_an_address_are_not_read(visitor: Client) -> None:
    page = visitor.get(f"/policies/{TECH_SME}/check/?asked=staff_t1&q-staff_t1=77123").content.decode()

    assert "还没有回答" in page
    assert 'value="77123"' not in page


def test_answer_is_not_kept_by_browsers_on_the_way(visitor: Client) -> None:
    answer = visitor.post(f"/policies/{TECH_SME}/check/", {"asked": ["staff_t1"], "q-staff_t1": "5"})

    assert "no-store" in answer["Cache-Control"]


ODD = ["nothing", "clause-x", "sum-99", "sum-0", "count-²", "count-x", "ip-gold", "expert_mgmt_lo", "", "sum-"]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_left_out(visitor: Client, name: str) -> None:
    assert visitor.post(f"/policies/{TECH_SME}/check/", {"asked": [name], f"q-{name}": "1"}).status_code == 200


@pytest.mark.parametrize("slug", SLUGS)
def test_check_ends_without_any_answer(visitor: Client, slug: str) -> None:
    """Who knows nothing is led through all questions once and told what is missing and who holds it."""
    asked: list[str] = []
    for _step in range(20):
        page = posted(visitor, dict.fromkeys(asked, ""), slug)
        if set(names(page)) == set(asked):
            break
        asked = names(page)

    assert "能问的都问过了" in page
    assert "还缺什么，在哪里" in page


def test_tomorrow_is_not_today() -> None:
    on = date(2026, 7, 1)
    late = sheet("voucher-demo", {"order_date": (on + timedelta(days=1)).isoformat()}, on=on)

    assert list(late.errors) == ["order_date"]


@pytest.mark.parametrize("slug", SLUGS)
def test_english_reader_is_asked_in_english(visitor: Client, slug: str) -> None:
    english(visitor)
    asked: list[str] = []
    for _step in range(20):
        answer = visitor.post(f"/policies/{slug}/check/", {"asked": asked, "do": "everything"})
        assert [text for text in texts(answer) if HAN.search(text) or CHINESE_MARKS.search(text)] == []
        if set(names(answer.content.decode())) == set(asked):
            break
        asked = names(answer.content.decode())


def test_clauses_that_stand_in_the_way_are_named_first(visitor: Client) -> None:
    page = posted(visitor, {"staff_t1": "501", "clause-direct.hte": "no"})

    assert '<li><a href="#result-base.staff">' in page
    assert '<a href="#result-direct.hte">' not in page


def test_standards_that_count_are_named(visitor: Client) -> None:
    question = sheet("high-tech-enterprise-2016", {"count-4": "1"}).questions["count-4"]

    assert question.help == "指：国际级、国家级、行业级。 数据来自市场监管"


def spoken(value: object, unit: str) -> str:
    """A fact of a case as somebody would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value}{unit if unit != '1' else ''}" if isinstance(value, int) else str(value)


@pytest.mark.parametrize("slug", SLUGS)
def test_shipped_cases_are_judged_as_from_their_facts(slug: str) -> None:
    """Typed answer by answer, each clause about a list answered as the engine finds it, a case stays what it is."""
    policy = policies.editions()[slug][-1]
    words, compared = policy.vocabulary, 0
    for case in policies.cases(policy):
        on = case["as_of"] if isinstance(case["as_of"], date) else date.fromisoformat(case["as_of"])
        edition = shelf.Edition(policy=policy, ends=None)
        if edition.day(on) != on:
            continue
        checker = shelf.checker(slug, policy.version, on)
        wanted = checker.check(checker.read(case["firm"])).clauses
        given = {
            name: spoken(case["firm"][name], one.unit) for name, one in words.attributes.items()
            if name in case["firm"] and one.per == 1 and not one.by
        }  # fmt: skip
        given |= {f"clause-{id}": {"pass": "yes", "fail": "no"}.get(state, "") for id, state in wanted.items()}
        with translation.override("zh-hans"):
            some = Sheet(edition, on=on, given=given, asked=list(given))
        rests = shelf.rests(slug, policy.version, on)
        plain = [name for name, one in words.attributes.items() if one.per == 1 and not one.by]
        for id, state in wanted.items():
            facts = {name for name in rests[id].names if name in words.attributes}
            is_spoken = not rests[id].terms or some._asker.said(id) is not None
            if facts <= set(plain) and is_spoken and not facts & some.errors.keys() and state != "not_applicable":
                assert (id, some.verdict.clauses[id]) == (id, state), case["why"]
                compared += 1

    assert compared > len(policy.clauses)


def test_numbers_of_rights_are_asked_together(visitor: Client) -> None:
    """However the answers before them fall, no step parts them, and one sent alone is no fault."""
    asked: dict[str, str] = {}
    for _step in range(20):
        page = posted(visitor, asked, "innovative-sme-2022", do="everything")
        new = [name for name in names(page) if name not in asked]
        rights = {name for name in new if name.startswith("ip-")}
        assert rights in (set(), {"ip-class_1", "ip-class_1_own", "ip-high_value", "ip-class_2"})
        if not new:
            break
        asked |= dict.fromkeys(new, "")
    alone = sheet("innovative-sme-2022", {"ip-class_1": "2"})

    assert (alone.errors, alone.facts) == ({}, {})


def test_number_nobody_knows_leaves_the_check_open(visitor: Client) -> None:
    page = text(visitor.post("/policies/rd-guide-grant/check/", {
        "asked": ["a107012_filed_t1", "rd_fen_t1"], "q-a107012_filed_t1": "yes", "q-rd_fen_t1": "900"}))  # fmt: skip

    assert "还不能判断" in page
    assert "≥ 待补数据 · 您的情况 900 万元" in page
    assert "研发费用下限 待补数据" in page
