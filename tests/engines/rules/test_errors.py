"""A wrong file is refused with line, clause and mend."""

from datetime import date

import pytest

from keqiao.engines.rules import RuleError, compile_policy, read_policy, read_vocabulary
from tests.engines.rules.small import AS_OF, WORDS, policy, policy_text

PARAMETER = """
[parameters.cap]
label = "上限"
label_en = "cap"
unit = "人"
values = [{ from = 2026-01-01, value = "%s", source = "第三条" }]
"""


def fault(test: str, **parts: str) -> str:
    with pytest.raises(RuleError) as caught:
        compile_policy(policy(test, **parts), as_of=AS_OF)
    return str(caught.value)


@pytest.mark.parametrize(
    ("test", "what"),
    [
        ("staff_t1 <= 500 元", "a number of 人 meets a number of 分; use values of one kind and unit"),
        ("staff_t1 <= 500", "a number of 人 meets a plain number; use values of one kind and unit"),
        ("sales_fen_t1 + staff_t1 > 1 元", "a number of 分 meets a number of 人; use values of one kind and unit"),
        ("staff_t1 <= 500 头", "the unit '头' is not known; use one of days, months, years, %, 分, 元, 万元, 人, 件"),
        ("staf_t1 <= 5 人", "the name 'staf_t1' is not known; do you mean 'staff_t1'?"),
        ("counts(items) >= 1", "there is no function counts; do you mean count?"),
        ("count(item) >= 1 件", "'item' is no list here; do you mean 'items'?"),
        ("staff_t1", "a number of 人 stands where a condition is expected; compare it with something"),
        ("founded >= 3 人", "a date >= a number of 人; compare values of one kind and unit"),
        (
            "sales_fen_t1 * rd_fen_t1 > 1 元",
            "a number of 分 is multiplied by a number of 分; multiply by a rate or a plain number",
        ),
        ("rd_fen_t1 / sales_fen_t1 = 5 %", "a quotient is compared by equality; use <= or >="),
        ("base.one", "base.one → base.one refers to itself; take one of the references out"),
    ],
)
def test_expression_that_makes_no_sense_names_line_clause_and_mend(test: str, what: str) -> None:
    assert fault(test) == f"line 11, clause base.one: {what}"


def test_definition_in_a_circle_is_shown_whole() -> None:
    rest = '[define.a]\nvalue = "b"\n[define.b]\nvalue = "a"'
    assert "a → b → a refers to itself" in fault("a > 1", rest=rest)


def test_parameter_without_a_value_on_the_day_is_an_error() -> None:
    found = policy("staff_t1 <= cap", rest=PARAMETER % "5 人")
    with pytest.raises(RuleError, match=r"parameter cap: has no value on 2025-12-31: the first is of 2026-01-01"):
        compile_policy(found, as_of=date(2025, 12, 31))


def test_parameter_that_nobody_knows_yet_answers_unknown() -> None:
    from keqiao.engines.rules import Checker  # noqa: PLC0415 - this test alone

    checker = Checker(compile_policy(policy("staff_t1 <= cap", rest=PARAMETER % ""), as_of=AS_OF))
    verdict = checker.check(checker.read({"firm_id": "A", "staff_t1": 1}))
    assert (verdict.verdict, verdict.missing) == ("unknown", ("cap",))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (('kind = "hard"', 'kind = "soft"'), "line 11, clause base.one: the kind is 'soft'; use one of hard, score"),
        (('source = "第一条"', ""), "line 11, clause base.one: 'source' is missing; add source = …"),
        (("label_en =", "labels_en ="), "line 11, clause base.one: 'label_en' is missing"),
        (('version = "1"', "version = 1"), "line 2, policy: 'version' is 1; write a value of type str"),
        (("[[clauses]]", "[clauses]"), "line 11: [clauses] stands once; write [[clauses]]"),
        (('eligible = "all(base.*)"', 'eligible = "all(bas.*)"'), "line 2, policy, eligible: no clause is named bas.*"),
        (('test = "is_new"', 'test = "is_new'), "line 17: this is no valid TOML"),
        (("[policy]", "[polcy]"), "there is no [policy]; begin the file with [policy]"),
    ],
)
def test_file_with_a_fault_names_its_line(change: tuple[str, str], what: str) -> None:
    text = policy_text("is_new").replace(*change)
    with pytest.raises(RuleError) as caught:
        compile_policy(read_policy(text, vocabulary=WORDS), as_of=AS_OF)
    assert str(caught.value).startswith(what)


def test_file_with_twin_clauses_is_refused() -> None:
    text = policy_text("is_new")
    twin = text[text.index("[[clauses]]") :]
    with pytest.raises(RuleError, match=r"clause base.one: two clauses have this id; rename one"):
        read_policy(text + twin, vocabulary=WORDS)


def test_amount_with_fractions_needs_a_rounding() -> None:
    rest = '[benefit]\nlabel = "补"\nlabel_en = "grant"\nsource = "二"\namount = "10 % * rd_fen_t1"'
    assert "benefit: the amount has fractions; say round" in fault("is_new", rest=rest)


def test_vocabulary_with_an_unknown_type_is_refused() -> None:
    with pytest.raises(RuleError, match="line 1, facts staff: the type is 'number'; use one of money, count"):
        read_vocabulary('[facts.staff]\ntype = "number"\nlabel = "职工"')


ARTICLE = """
[[articles]]
name = "第一条"
clauses = ["base.one"]
"""


@pytest.mark.parametrize(
    ("passages", "article", "message"),
    [
        ('["第一条", "第二条"]', ARTICLE, "the passage '第二条' is in no article"),
        ('["第一条"]', ARTICLE + 'passages = ["第一条", "第三条"]', "an article covers '第三条', which is no passage"),
        ('["第一条"]', '[[articles]]\nname = "第一条"', "is neither code nor manual"),
    ],
)
def test_passage_that_is_lost_is_named(passages: str, article: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        policy("staff_t1 <= 5 人", head=f"passages = {passages}", rest=article)


def test_passage_that_sets_the_amount_needs_no_clause() -> None:
    rest = ARTICLE + '[[articles]]\nname = "第二条"\namount = true'
    found = policy("staff_t1 <= 5 人", head='passages = ["第一条", "第二条"]', rest=rest)
    assert [(one.passages, one.is_amount) for one in found.articles] == [(("第一条",), False), (("第二条",), True)]
