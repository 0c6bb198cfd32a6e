"""The rate of the additional deduction for each year and kind of firm, against the table of its documents."""

from datetime import date

import pytest

from keqiao.catalogue import policies
from keqiao.engines.rules import compile_policy
from keqiao.engines.rules._verdict import Checker

ON = date(2026, 7, 1)
BASE = 100_000_000
PLAIN = {
    2016: 50,
    2017: 50,
    2018: 75,
    2019: 75,
    2020: 75,
    2021: 75,
    2023: 100,
    2024: 100,
    2025: 100,
    2026: 100,
    2027: 100,
}
MANUFACTURING = PLAIN | {2021: 100, 2022: 100}
TECH_SME = PLAIN | {2017: 75, 2022: 100}
LISTED = PLAIN | dict.fromkeys(range(2023, 2028), 120)


def facts(year: int, division: str, lists: tuple[str, ...]) -> dict[str, object]:
    return {
        "firm_id": "A", "resident": True, "accounts_levy": True, "industry_division": division, "tax_year": year,
        "list_years": [{"list": name, "year": year} for name in lists], "rd_five_fen": BASE, "rd_other_fen": 0,
        "rd_out_domestic_fen": 0, "rd_out_overseas_fen": 0, "rd_amort_fen": 0, "q4_method": "actual", "rd_q4_fen": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rates", "division", "lists"),
    [(PLAIN, "65", ()), (MANUFACTURING, "34", ()), (TECH_SME, "65", ("tech_sme",)), (LISTED, "65", ("ic",)),
     (PLAIN | {2022: 75}, "65", ()), (MANUFACTURING | LISTED | {2021: 100}, "34", ("machine_tool",))],
)  # fmt: skip
def test_rate_is_that_of_the_tax_year(rates: dict[int, int], division: str, lists: tuple[str, ...]) -> None:
    checker = policies.checker("rd-super-deduction", as_of=ON)
    found = {year: checker.check(checker.read(facts(year, division, lists))).amount_fen for year in rates}
    assert found == {year: BASE * rate // 100 for year, rate in rates.items()}


def test_year_before_the_first_rate_pays_nothing() -> None:
    checker = policies.checker("rd-super-deduction", as_of=ON)
    assert checker.check(checker.read(facts(2015, "34", ("tech_sme",)))).amount_fen == 0


def test_rate_that_is_tried_holds_for_every_year() -> None:
    policy = policies.edition("rd-super-deduction", on=ON)
    checker = Checker(compile_policy(policy, as_of=ON, overrides={"rate_general": "60 %"}))
    found = [checker.check(checker.read(facts(year, "65", ()))).amount_fen for year in (2016, 2019, 2026)]
    assert found == [BASE * 60 // 100] * 3
