"""Facts that cannot be used are unknown and listed."""

from typing import Any

import pytest

from keqiao.engines.rules import read_firm
from tests.engines.rules.small import WORDS


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"staff_t1": -1}, "-1 is negative"),
        ({"staff_t1": True}, "True is not a whole number of 人"),
        ({"sales_fen_t1": 12.5}, "12.5 is not whole 分 without unit or decimals"),
        ({"sales_fen_t1": "20000万元"}, "'20000万元' is not whole 分 without unit or decimals"),
        ({"sales_fen_t1": 2**53 + 1}, "9007199254740993 is larger than any register can hold"),
        ({"is_new": 1}, "1 is not true or false"),
        ({"founded": "2026-02-30"}, "'2026-02-30' is no date"),
        ({"founded": "20260215"}, "'20260215' is no date"),
        ({"kind": 3}, "3 is not a text"),
        ({"staff_t1": 5, "_periods": {"staff_t1": 2026}}, "its period 2026 lies in the future"),
        ({"staff_t1": 5, "_periods": {"staff_t1": 2024}}, "its period 2024 is not 2025"),
        ({"items": {}}, "{} is not a list"),
    ],
)
def test_fact_that_cannot_be_used_is_unknown_and_reported(facts: dict[str, Any], what: str) -> None:
    firm = read_firm({"firm_id": "A", **facts}, vocabulary=WORDS, year=2026)
    name = next(iter(facts))
    assert {**firm.values, **firm.lists}[name] is None
    assert [(one.firm, one.name, one.what.startswith(what)) for one in firm.problems] == [("A", name, True)]


def test_field_of_an_item_that_cannot_be_used_names_its_place() -> None:
    firm = read_firm({"firm_id": "A", "items": [{}, {"paid_fen": 1.5}]}, vocabulary=WORDS, year=2026)
    assert [one.name for one in firm.problems] == ["items[1].paid_fen"]


def test_zero_and_an_empty_list_are_known() -> None:
    firm = read_firm({"staff_t1": 0, "items": []}, vocabulary=WORDS, year=2026)
    assert (firm.values["staff_t1"], firm.lists["items"], firm.problems) == (0, [], [])


def test_periods_that_cannot_be_read_leave_no_value_of_a_year() -> None:
    firm = read_firm({"staff_t1": 5, "year": 2025, "_periods": "2025"}, vocabulary=WORDS, year=2026)
    assert (firm.values["staff_t1"], firm.values["year"], firm.problems[0].name) == (None, 2025, "_periods")
