"""What is unknown stays unknown, what is on the bound passes, and nothing is ever divided."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.rules.small import judged, state

RATIO = "rd_fen_t1 / sales_fen_t1 >= 5 %"


@pytest.mark.parametrize(
    ("rd", "sales", "expected"),
    [
        (5, 100, "pass"),
        (4, 100, "fail"),
        (449_999_999_999_999, 8_999_999_999_999_980, "pass"),
        (449_999_999_999_998, 8_999_999_999_999_980, "fail"),
        (5, 0, "fail"),
        (0, 0, "fail"),
        (None, 0, "unknown"),
        (5, None, "unknown"),
    ],
)
def test_ratio_is_compared_exactly_and_strictly(rd: int | None, sales: int | None, expected: str) -> None:
    assert state(RATIO, {"rd_fen_t1": rd, "sales_fen_t1": sales}) == expected


def test_ratio_over_nothing_satisfies_no_upper_bound_either() -> None:
    assert state("rd_fen_t1 / sales_fen_t1 <= 80 %", {"rd_fen_t1": 0, "sales_fen_t1": 0}) == "fail"


@given(st.integers(0, 2**53), st.integers(0, 2**53), st.integers(1, 1000))
def test_ratio_agrees_with_integers_of_any_size(rd: int, sales: int, permille: int) -> None:
    expected = sales > 0 and rd * 1000 >= permille * sales
    found = state(f"rd_fen_t1 / sales_fen_t1 >= {permille} ‰", {"rd_fen_t1": rd, "sales_fen_t1": sales})
    assert found == ("pass" if expected else "fail")


@pytest.mark.parametrize(
    ("test", "facts", "expected", "missing"),
    [
        ("is_new and staff_t1 <= 5 人", {"is_new": False}, "fail", []),
        ("is_new and staff_t1 <= 5 人", {"is_new": True}, "unknown", ["staff_t1"]),
        ("is_new or staff_t1 <= 5 人", {"is_new": True}, "pass", []),
        ("is_new or staff_t1 <= 5 人", {}, "unknown", ["is_new", "staff_t1"]),
        ("reviewed", {}, "manual", []),
        ("reviewed and is_new", {}, "unknown", ["is_new"]),
        ("reviewed and is_new", {"is_new": False}, "fail", []),
        ("if(is_new, staff_t1, 3 人) <= 5 人", {"is_new": False}, "pass", []),
        ("if(is_new, staff_t1, 3 人) <= 5 人", {"is_new": True}, "unknown", ["staff_t1"]),
        ("if(is_new, staff_t1, 3 人) <= 5 人", {}, "unknown", ["is_new", "staff_t1"]),
        ("kind in ('a', 'b')", {"kind": "c"}, "fail", []),
        ("kind != 'a'", {}, "unknown", ["kind"]),
        ("known(kind)", {}, "fail", []),
        ("year in (2017, 2022)", {"year": 2022}, "pass", []),
    ],
)
def test_conditions_follow_kleene(test: str, facts: dict[str, Any], expected: str, missing: list[str]) -> None:
    verdict = judged(test, facts)
    assert (verdict.clauses["base.one"], list(verdict.missing)) == (expected, missing)


def test_needs_review_is_what_only_people_can_settle() -> None:
    assert judged("reviewed", {}).verdict == "needs_review"


def test_clause_that_does_not_apply_holds_nobody_up() -> None:
    verdict = judged("staff_t1 <= 5 人", {"is_new": False}, clause='applies = "is_new"')
    assert (verdict.verdict, verdict.clauses["base.one"]) == ("eligible", "not_applicable")


def test_clause_of_which_nobody_knows_whether_it_applies_is_unknown() -> None:
    verdict = judged("staff_t1 <= 5 人", {"staff_t1": 3}, clause='applies = "is_new"')
    assert (verdict.clauses["base.one"], verdict.missing) == ("unknown", ("is_new",))


GROWTH = "growth(sales_fen, 3, founded) >= 25 %"


@pytest.mark.parametrize(
    ("years", "founded", "expected"),
    [
        ((125, 100, 80), "2010-01-01", "pass"),
        ((124, 100, 80), "2010-01-01", "fail"),
        ((125, 100, 0), "2010-01-01", "pass"),
        ((125, 0, 80), "2010-01-01", "fail"),
        ((125, 100, None), "2024-12-31", "pass"),
        ((125, 100, 999), "2024-12-31", "pass"),
        ((125, None, None), "2025-01-01", "fail"),
        ((125, 100, None), None, "unknown"),
    ],
)
def test_growth_takes_the_years_since_founding(
    years: tuple[int | None, ...], founded: str | None, expected: str
) -> None:
    facts = {f"sales_fen_t{k}": value for k, value in enumerate(years, start=1)}
    assert state(GROWTH, {**facts, "founded": founded}) == expected


@given(*[st.integers(1, 2**53)] * 3)
def test_growth_of_the_largest_amounts_is_exact(last: int, middle: int, oldest: int) -> None:
    exact = 100 * (middle * middle + last * oldest) >= 250 * middle * oldest
    facts = {"sales_fen_t1": last, "sales_fen_t2": middle, "sales_fen_t3": oldest, "founded": "2010-01-01"}
    assert state(GROWTH, facts) == ("pass" if exact else "fail")


def test_wrong_period_counts_as_unknown() -> None:
    verdict = judged("staff_t1 <= 5 人", {"staff_t1": 3, "_periods": {"staff_t1": 2024}})
    assert (verdict.verdict, verdict.missing) == ("unknown", ("staff_t1",))


AMOUNT = """
[benefit]
label = "补助"
label_en = "grant"
source = "第二条"
amount = "tiers(rd_fen_t1, 10 % to 100 元, 5 % to 200 元, 1 %)"
round = "{}"
to = "元"
"""


@pytest.mark.parametrize(
    ("rd", "rounding", "expected"),
    [
        (10_000, "floor", 1000),
        (10_999, "floor", 1000),
        (11_000, "half_up", 1100),
        (10_999, "half_up", 1000),
        (11_001, "floor", 1000),
        (30_000, "floor", 1600),
        (None, "floor", None),
    ],
)
def test_amount_is_rounded_once_at_its_end(rd: int | None, rounding: str, expected: int | None) -> None:
    verdict = judged("is_new", {"is_new": True, "rd_fen_t1": rd}, rest=AMOUNT.format(rounding))
    assert verdict.amount_fen == expected


def test_amount_of_an_ineligible_firm_is_zero_and_of_an_unknown_one_open() -> None:
    facts = {"rd_fen_t1": 10_000}
    rest = AMOUNT.format("floor")
    assert judged("is_new", {"is_new": False, **facts}, rest=rest).amount_fen == 0
    assert judged("is_new", facts, rest=rest).amount_fen is None
