"""What an explanation says of the threshold, the firm's value, its unit, year, register and source."""

from datetime import date

import pytest

from keqiao.catalogue import policies
from keqiao.engines.rules import Explainer, Explanation, Verdict, explanation_dict, plan_questions
from keqiao.engines.rules._words import decimal

DAY = date(2026, 6, 15)


def explained(slug: str, change: dict[str, object], *, language: str = "zh") -> Explanation:
    checker = policies.checker(slug, as_of=DAY)
    facts = {**policies.cases(checker.program.policy)[0]["firm"], **change}
    return Explainer(checker.program, language=language).explain(checker.read(facts))


def sentence(explanation: Explanation, id: str) -> str:
    return next(note.sentence for note in explanation.clauses if note.id == id)


@pytest.mark.parametrize(
    ("slug", "id", "change", "language", "expected"),
    [
        (
            "tech-sme-2017", "base.staff", {"staff_t1": 501}, "zh",
            "职工总数不超过 500 人：不符合。2025 年职工总数 ≤ 500 人：501 人。"
            "依据：国科发政〔2017〕115号 第六条（二）。",
        ),
        (
            "tech-sme-2017", "base.sales", {"sales_fen_t1": 20_000_000_001}, "en",
            "sales of the year no more than 200 million yuan: not met. sales in 2025 ≤ 200,000,000 yuan: "
            "200,000,000.01 yuan. Basis: 国科发政〔2017〕115号 第六条（二）.",
        ),
        (
            "high-tech-enterprise-2016", "base.rd_ratio", {"rd_fen_t1": 249_999_999}, "zh",
            "近三个会计年度研发费用总额占销售收入总额的比例达到要求：不符合。"
            "近三年研发费用总额合计 ÷ 近三年销售收入合计 ≥ 5%：4.99%。依据：国科发火〔2016〕32号 第十一条（五）。",
        ),
        (
            "tech-sme-2017", "base.lists", {"list_checks": None}, "zh",
            "未列入经营异常名录和严重违法失信企业名单：缺数据。最新的名单核查 = 未列入：未知；"
            "最新的名单核查 = 未列入：未知。依据：国科发政〔2017〕115号 第六条（四）。",
        ),
        (
            "srdi-2026", "req.niche", {}, "zh",
            "从事特定细分市场三年以上：符合。从事细分市场起始日 ≤ 2023-06-15：2023-05-20。"
            "依据：工信部企业〔2026〕2号 附件1。",
        ),
        (
            "little-giant-2026", "req.ip", {"ip_items": None}, "en",
            "at least four class I rights in use, not bought in, among the first three owners: data missing. "
            "qualifying intellectual property ≥ 4 items: at least 0 items. Basis: 工信部企业〔2026〕2号 附件2.",
        ),
        (
            "rd-super-deduction", "scope.year", {"tax_year": 2028}, "zh",
            "纳税年度在 2016 至 2027 年：不符合。纳税年度 ≥ 2016 年：2028 年；纳税年度 ≤ 2027 年：2028 年。"
            "依据：财税〔2015〕119号至公告2023年第7号 各年比例。",
        ),
    ],
)  # fmt: skip
def test_sentence_of_a_clause(slug: str, id: str, change: dict[str, object], language: str, expected: str) -> None:
    assert sentence(explained(slug, change, language=language), id) == expected


def test_headline_names_policy_document_and_amount() -> None:
    found = explained("rd-super-deduction", {})
    assert found.headline == "研发费用加计扣除（财税〔2015〕119号）：符合条件；加计扣除额（不是税额） 140 万元"


def test_missing_names_the_register_that_holds_it() -> None:
    (lack,) = explained("tech-sme-2017", {"resident": None}).missing
    assert (lack.name, lack.label, lack.register) == ("resident", "居民企业", "税务")


def test_parts_of_the_score_are_shown_as_intervals_where_they_are() -> None:
    parts = {one.label: one.points for one in explained("tech-sme-2017", {"cost_fen_t1": None, "rd_fen_t1": 1}).parts}
    assert (parts["科技人员"], parts["研发投入"]) == ("20", "0 至 50")


def test_explanation_is_plain_data() -> None:
    found = explanation_dict(explained("tech-sme-2017", {}))
    assert (found["verdict"], found["reasons"][1]["registers"]) == ("eligible", ["社保/年报"])


def test_every_policy_is_explained_in_both_languages_without_gaps() -> None:
    for slug in policies.editions():
        for language in ("zh", "en"):
            notes = explained(slug, {}, language=language).clauses
            assert [note.id for note in notes if "None" in note.sentence or not note.findings] == []


@pytest.mark.parametrize(
    ("value", "den", "expected"),
    [(1, 3, "0.333333"), (-250, 100, "-2.5"), (2025, 1, "2025"), (12345, 1, "12,345"), (0, 7, "0")],
)
def test_decimal_is_exact_or_cut(value: int, den: int, expected: str) -> None:
    assert decimal(value, den) == expected


def test_questions_begin_with_the_fact_that_settles_most() -> None:
    def lacking(*names: str) -> Verdict:
        return Verdict(
            policy="p", version="1", as_of="", firm="A", verdict="unknown", score=None, clauses={}, amount_fen=None,
            missing=names,
        )  # fmt: skip

    found = plan_questions([lacking("a", "b"), lacking("b"), lacking("a", "c"), lacking("a", "b")])
    assert [(one.name, one.settles, one.asked_in) for one in found] == [("b", 1, 3), ("a", 0, 3), ("c", 0, 1)]
