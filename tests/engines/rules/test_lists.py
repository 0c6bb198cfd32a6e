"""Lists become counts with a sure and a possible end, sums and newest states."""

from typing import Any

import pytest

from tests.engines.rules.small import judged, state

SURE, POSSIBLE, NOT = {"kind": "a"}, {}, {"kind": "b"}


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([SURE, SURE], "pass"),
        ([SURE, POSSIBLE], "unknown"),
        ([SURE, NOT], "fail"),
        ([], "fail"),
        (None, "unknown"),
        ("text", "unknown"),
        ([SURE, SURE, POSSIBLE], "pass"),
        ([SURE, "no item"], "unknown"),
    ],
)
def test_count_passes_with_sure_items_and_fails_without_possible_ones(items: Any, expected: str) -> None:
    assert state("count(items where kind = 'a') >= 2 件", {"items": items}) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"kind": "a", "paid_fen": 300}, {"kind": "a", "paid_fen": 200}], "pass"),
        ([{"kind": "a", "paid_fen": 300}, {"kind": "a", "paid_fen": 199}], "fail"),
        ([{"kind": "a", "paid_fen": 300}, {"paid_fen": 199}], "fail"),
        ([{"kind": "a", "paid_fen": 300}, {"paid_fen": 200}], "unknown"),
        ([{"kind": "a", "paid_fen": 500}, {"kind": "a"}], "pass"),
        ([{"kind": "a", "paid_fen": 499}, {"kind": "a"}], "unknown"),
        (None, "unknown"),
    ],
)
def test_sum_reaches_with_sure_items_and_fails_if_even_possible_ones_do_not(items: Any, expected: str) -> None:
    assert state("sum(items: paid_fen where kind = 'a') >= 5 元", {"items": items}) == expected


def test_sum_of_a_difference_is_endless_both_ways_where_an_amount_is_missing() -> None:
    items = [{"kind": "a", "paid_fen": 0}]
    assert state("sum(items: paid_fen - cost_fen where kind = 'a') <= 0 元", {"items": items}) == "unknown"


LATEST = "latest(items: kind by date since as_of - 30 days) = 'off'"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([("on", "2026-06-01"), ("off", "2026-06-02")], "pass"),
        ([("off", "2026-06-01"), ("on", "2026-06-02")], "fail"),
        ([("off", "2026-06-02"), ("on", "2026-06-02")], "unknown"),
        ([("off", "2026-05-16")], "pass"),
        ([("off", "2026-05-15")], "unknown"),
        ([("off", "2026-06-16")], "unknown"),
        ([("off", "2026-06-01"), ("on", None)], "unknown"),
        ([("off", "2026-06-01"), ("off", None)], "pass"),
        ([(None, "2026-06-01")], "unknown"),
        ([], "unknown"),
    ],
)
def test_latest_is_the_newest_within_the_window(items: list[tuple[str | None, str | None]], expected: str) -> None:
    given = [{"kind": kind, "date": day} for kind, day in items]
    assert state(LATEST, {"items": given}) == expected


def test_optional_end_is_open_while_an_impossible_one_is_unknown() -> None:
    test = "exists(items where until >= as_of)"
    assert state(test, {"items": [{}]}) == "pass"
    assert state(test, {"items": [{"until": "2026-02-30"}]}) == "unknown"


def test_fact_of_the_firm_inside_a_filter_is_what_is_missing() -> None:
    test = "exists(items where year = firm.year)"
    assert judged(test, {"items": [{"year": 2025}]}).missing == ("year",)
    assert judged(test, {"items": [{}], "year": 2025}).missing == ("items",)
    assert judged(test, {"items": [{"year": 2025}], "year": 2025}).verdict == "eligible"
