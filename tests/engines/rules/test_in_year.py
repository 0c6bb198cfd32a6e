"""A parameter asked for by year: the value that held when the year began."""

from datetime import date

import pytest

from keqiao.engines.rules import RuleError, compile_policy
from tests.engines.rules.small import AS_OF, judged, policy

RATE = """
[parameters.rate]
label = "比例"
label_en = "rate"
unit = "%"
values = [
  { from = 2018-01-01, value = "50 %", source = "一" },
  { from = 2020-07-01, value = "75 %", source = "二" },
  { from = 2024-01-01, value = "", source = "待补数据" },
]
"""


@pytest.mark.parametrize(
    ("year", "half", "state"),
    [
        (2018, 50, "pass"), (2018, 51, "fail"), (2020, 50, "pass"), (2020, 51, "fail"), (2021, 75, "pass"),
        (2023, 75, "pass"), (2023, 76, "fail"), (2024, 50, "unknown"), (2017, 50, "unknown"),
    ],
)  # fmt: skip
def test_value_is_that_of_the_first_of_january(year: int, half: int, state: str) -> None:
    verdict = judged(f"in_year(rate, year) >= {half} %", {"year": year}, rest=RATE)
    assert verdict.clauses["base.one"] == state


@pytest.mark.parametrize(
    ("facts", "missing"), [({}, ("rate", "year")), ({"year": 2025}, ("rate",)), ({"year": 2021}, ())]
)
def test_missing_names_the_year_and_the_value_nobody_knows(facts: dict[str, int], missing: tuple[str, ...]) -> None:
    assert judged("in_year(rate, year) >= 1 %", facts, rest=RATE).missing == missing


def test_day_asked_about_does_not_matter() -> None:
    found = [judged("in_year(rate, year) >= 75 %", {"year": 2022}, rest=RATE, as_of=day).verdict
             for day in (date(2000, 1, 1), AS_OF, date(2090, 1, 1))]  # fmt: skip
    assert found == ["eligible"] * 3


def test_parameter_without_a_value_on_the_day_is_refused_by_its_name() -> None:
    with pytest.raises(RuleError, match="parameter rate: has no value on 2017-01-01: the first is of 2018-01-01"):
        compile_policy(policy("rate >= 1 %", rest=RATE), as_of=date(2017, 1, 1))


@pytest.mark.parametrize(
    "text", ["in_year(rate)", "in_year(year, year)", "in_year(rate, founded)", "in_year(rate, 5 元 / 3 元)"]
)
def test_anything_but_a_parameter_and_a_year_is_refused(text: str) -> None:
    with pytest.raises(RuleError, match=r"write in_year\(rate, tax_year\)"):
        compile_policy(policy(f"{text} >= 1 %", rest=RATE), as_of=AS_OF)
