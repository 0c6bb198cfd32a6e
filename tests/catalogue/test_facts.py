"""Facts for people: every attribute in a group, exact reading of what people state, and saying it again."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.catalogue import policies
from keqiao.catalogue.facts import (
    FactError,
    check_value,
    check_year,
    facts,
    find_fact,
    groups,
    in_unit,
    registers,
    said,
    units_of,
)

ON = date(2026, 7, 1)


def check(name: str, value: object, unit: str = "") -> Any:
    return check_value(facts()[name], value, unit=unit, on=ON)


def refusal(name: str, value: object, unit: str = "") -> str:
    with pytest.raises(FactError) as caught:
        check(name, value, unit)
    assert caught.value.fact is facts()[name]
    return caught.value.code


def test_facts_are_all_of_the_vocabulary_once() -> None:
    columns = [fact.column(period) for fact in facts().values() for period in fact.periods or (0,)]
    words = policies.vocabulary()

    assert sorted(columns) == sorted([*words.attributes, *words.lists])
    assert [name for group in groups() for name in group.facts] == list(facts())


def test_every_source_is_a_register_that_has_a_name() -> None:
    assert {fact.source for fact in facts().values() if fact.source} <= set(registers())


def test_every_label_says_one_fact_only() -> None:
    for language in ("zh-hans", "en"):
        labels = [fact.label(language) for fact in facts().values()]
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("value", "unit", "fen"),
    [
        (1200, "万元", 1_200_000_000),
        ("1,200.50", "万元", 1_200_500_000),
        ("1200万元", "", 1_200_000_000),
        ("０.0１亿元", "亿元", 100_000_000),
        (12.34, "元", 1234),
        ("12.34 Yuan", "", 1234),
        (12.34, "yuan", 1234),
        (1234, "", 1234),
        (1234.0, "分", 1234),
    ],
)
def test_money_is_converted_exactly(value: object, unit: str, fen: int) -> None:
    assert check("revenue_fen", value, unit) == fen


@pytest.mark.parametrize(
    ("name", "value", "unit", "code"),
    [
        ("revenue_fen", 12.345, "元", "fraction"),
        ("revenue_fen", 0.5, "", "fraction"),
        ("revenue_fen", -1, "元", "negative"),
        ("revenue_fen", 1, "人", "unit_unknown"),
        ("revenue_fen", "5万元", "元", "two_units"),
        ("revenue_fen", "面议", "元", "number"),
        ("revenue_fen", True, "元", "number"),
        ("revenue_fen", None, "元", "number"),
        ("revenue_fen", float("nan"), "元", "number"),
        ("revenue_fen", float("inf"), "元", "number"),
        ("revenue_fen", 10**9, "亿元", "too_large"),
        ("staff", -3, "", "negative"),
        ("staff", 3.5, "", "not_whole"),
        ("staff", 3, "项", "unit_unknown"),
        ("resident", 1, "", "flag"),
        ("resident", "是", "人", "unit_unknown"),
        ("founded", "2025-02-30", "", "date"),
        ("founded", "2025", "", "date"),
        ("founded", "2026-07-02", "", "date_future"),
        ("product_category", "奢侈品", "", "code_choice"),
        ("industry_division", "", "", "code_text"),
        ("hightech_field", "x" * 61, "", "code_text"),
    ],
)
def test_value_that_cannot_be_taken_is_refused(name: str, value: object, unit: str, code: str) -> None:
    assert refusal(name, value, unit) == code


def test_signed_amount_may_be_negative() -> None:
    assert check("net_assets_fen", "-12.5", "万元") == -12_500_000


def test_shares_and_points_are_given_as_people_say_them() -> None:
    assert check("market_share_bp", "12.5", "%") == 1250
    assert check("platform_score_centi", 86.5, "分") == 8650
    assert refusal("market_share_bp", 0.001, "%") == "fraction"


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("resident", True, True),
        ("resident", "否", False),
        ("founded", "2019年3月5日", "2019-03-05"),
        ("founded", date(2019, 3, 5), "2019-03-05"),
        ("founded", "20190305", "2019-03-05"),
        ("product_category", "允许类", "normal"),
        ("product_category", "restricted", "restricted"),
        ("industry_division", 39.0, "39"),
        ("hightech_field", "01", "01"),
    ],
)
def test_other_values_are_read_as_policies_need_them(name: str, value: object, found: object) -> None:
    assert check(name, value) == found


def test_list_items_are_checked_field_by_field() -> None:
    text = '[{"type": "高新技术企业", "from": "2024-11-01", "to": "2027-10-31", "revoked_on": null}]'
    assert check("certificates", text) == [{"type": "high_tech_enterprise", "from": "2024-11-01", "to": "2027-10-31"}]
    assert check("certificates", []) == []


def test_amount_in_a_list_item_may_carry_its_unit() -> None:
    assert check("equity_rounds", [{"date": "2025-03-01", "paid_in_fen": "500万元"}]) == [
        {"date": "2025-03-01", "paid_in_fen": 500_000_000}
    ]


@pytest.mark.parametrize(
    ("value", "code", "item", "field"),
    [
        ("none", "list", 0, ""),
        ({"id": "A"}, "list", 0, ""),
        ([{"id": "A"}, 3], "item", 2, ""),
        ([{}], "item", 1, ""),
        ([{"id": "A", "colour": "red"}], "item_field", 1, "colour"),
        ([{"id": "A", "granted": "2025-13-01"}], "date", 1, "granted"),
        ([{"id": "A", "class": -1}], "negative", 1, "class"),
        ([{"id": "A", "kind": "poem"}], "code_choice", 1, "kind"),
        ([{"id": "A"}, {"id": "A"}], "item_twice", 1, "id"),
        ([{"granted": "2025-01-02", "valid_to": "2025-01-01"}], "days_order", 1, "valid_to"),
        ([{"id": str(number)} for number in range(501)], "list_long", 0, ""),
    ],
)
def test_list_that_cannot_be_taken_names_item_and_field(value: object, code: str, item: int, field: str) -> None:
    with pytest.raises(FactError) as caught:
        check("ip_items", value)

    assert (caught.value.code, caught.value.item, caught.value.field) == (code, item, field)


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("staff", None, "year_needed"),
        ("staff", 2026, "year_future"),
        ("staff", 2027, "year_future"),
        ("staff", 89, "year_bad"),
        ("founded", 2025, "year_none"),
    ],
)
def test_year_that_cannot_be_is_refused(name: str, year: int | None, code: str) -> None:
    with pytest.raises(FactError) as caught:
        check_year(facts()[name], year, on=ON)

    assert caught.value.code == code


def test_fact_is_found_by_name_and_label() -> None:
    assert find_fact("高新技术产品(服务)收入").name == "hightech_income_fen"
    assert find_fact("R&D expenditure").name == "rd_fen"
    with pytest.raises(FactError, match="unknown_fact: sales_wan"):
        find_fact("sales_wan")


@pytest.mark.parametrize(
    ("name", "value", "chinese", "english"),
    [
        ("revenue_fen", 1_234_560_000, "1,234.56 万元", "12,345,600 yuan"),
        ("revenue_fen", 250_000_000_000, "25 亿元", "2,500,000,000 yuan"),
        ("net_assets_fen", -50, "-0.5 元", "-0.5 yuan"),
        ("revenue_fen", 0, "0 元", "0 yuan"),
        ("staff", 1234, "1,234 人", "1,234 people"),
        ("tax_year", 2025, "2025", "2025"),
        ("market_share_bp", 1250, "12.5 %", "12.5 %"),
        ("platform_score_centi", 8650, "86.5 分", "86.5 points"),
        ("resident", False, "否", "no"),
        ("product_category", "normal", "允许类", "permitted"),
        (
            "industry_division",
            "39",
            "计算机、通信和其他电子设备制造业",
            "Manufacture of computers, communication and other electronic equipment",
        ),
        ("ip_items", [{}, {}], "2 件", "2 items"),
    ],
)
def test_value_is_said_in_both_languages(name: str, value: object, chinese: str, english: str) -> None:
    assert said(facts()[name], value, "zh-hans") == chinese
    assert said(facts()[name], value, "en") == english


@given(st.integers(min_value=0, max_value=9 * 10**15), st.sampled_from(["revenue_fen", "staff", "market_share_bp"]))
def test_number_and_unit_of_a_form_lead_back_to_the_value(value: int, name: str) -> None:
    number, unit = in_unit(facts()[name], value)
    assert check(name, number, unit) == value


def test_units_of_a_flag_are_none() -> None:
    assert units_of(facts()["resident"]) == {}
