"""Figures of registered contracts: what they count, and that published ones hide what tells of one."""

from datetime import date
from typing import Any

import pytest

from keqiao.apps.ledger.figures import Period, freezing
from keqiao.apps.market.figures import CONTRACT_FIGURES
from keqiao.apps.market.queries import contract_statistics as statistics
from keqiao.apps.market.queries.contract_statistics import DIMENSIONS
from tests.factories.market import OfficeFactory, RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

YI = 10_000_000_000


def register(count: int, **values: Any) -> None:
    """Contracts of as many sellers and buyers."""
    office = values.pop("office", None) or OfficeFactory()
    for _number in range(count):
        RegistrationFactory(office=office, registered=True, **values)


def counts(table: statistics.Table) -> dict[str, int]:
    return {cell.key: cell.count for cell in table.cells}


def test_table_adds_up_what_stands_in_the_register() -> None:
    register(3, contract_amount_fen=200, technology_amount_fen=100)
    register(4, contract_type="service", subtype="training", contract_amount_fen=100, technology_amount_fen=100)
    for state in ("submitted", "rejected", "deregistered"):
        RegistrationFactory(state=state)

    table = statistics.table("contract_type", year=2026)

    assert [(cell.key, cell.count, cell.contract_fen, cell.technology_fen) for cell in table.cells] == [
        ("development", 3, 600, 300), ("service", 4, 400, 400),
    ]  # fmt: skip
    assert [cell.average_fen for cell in table.cells] == [200, 100]
    assert [cell.share for cell in table.cells] == [0.6, 0.4]
    assert (table.total.count, table.total.contract_fen) == (7, 1000)


def test_growth_is_against_the_year_before() -> None:
    register(3, registered_date=date(2025, 5, 1), contract_amount_fen=100, technology_amount_fen=0)
    register(3, contract_amount_fen=150, technology_amount_fen=0)
    table = statistics.table("contract_type", year=2026)
    assert [cell.growth for cell in table.cells] == [0.5]
    assert table.total.growth == 0.5
    assert [(cell.key, cell.growth) for cell in statistics.table("year").cells] == [("2025", None), ("2026", 0.5)]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_dimension_counts_every_contract(dimension: str) -> None:
    register(3)
    register(3, seller_area="110000", flow="in", contract_amount_fen=2 * YI, registered_date=date(2026, 1, 3))
    table = statistics.table(dimension)
    assert sum(cell.count for cell in table.cells) == 6


def test_places_are_those_right_below_the_region() -> None:
    register(1, seller_area="229901")
    register(1, seller_area="110000")
    assert counts(statistics.table("area")) == {"229901": 1, "outside": 1}


def test_sizes_and_months() -> None:
    register(1, contract_amount_fen=1_000_000_000, technology_amount_fen=0)
    register(1, contract_amount_fen=999_999_999, technology_amount_fen=0)
    register(1, contract_amount_fen=99_999_999, technology_amount_fen=0, registered_date=date(2026, 2, 1))
    assert counts(statistics.table("size")) == {"large": 1, "middle": 1, "small": 1}
    assert list(counts(statistics.table("month"))) == ["2026-02", "2026-11"]


def test_one_office_alone() -> None:
    office = OfficeFactory()
    register(2, office=office)
    register(3)
    assert counts(statistics.table("office", office=office.pk)) == {office.organization.key: 2}


def test_figures_are_their_rows() -> None:
    register(2, contract_amount_fen=100, technology_amount_fen=60)
    register(1, flow="out", contract_amount_fen=10, technology_amount_fen=6)
    register(1, flow="in_abroad", contract_amount_fen=1, technology_amount_fen=1, registered_date=date(2025, 1, 1))
    found = {
        one.code: (freezing.value_of(one, one.rows(Period(2026, date(2026, 12, 31), one.kind))), one.kind == "stock")
        for one in CONTRACT_FIGURES
    }
    assert found == {
        "contracts_registered": (3, False), "contract_amount": (210, False), "technology_amount": (126, False),
        "local_conversion": (2, False), "local_amount": (200, False), "amount_out": (210, False),
        "amount_in": (200, False), "contracts_standing": (4, True),
    }  # fmt: skip


def test_a_dimension_that_is_none_is_said() -> None:
    with pytest.raises(ValueError, match="no dimension luck"):
        statistics.table("luck")


def test_published_breakdowns_hide_a_single_contract() -> None:
    register(5, contract_type="development")
    register(4, contract_type="service", subtype="training")
    register(1, contract_type="consulting", subtype="survey")
    one = CONTRACT_FIGURES[0]
    rows = freezing.rows_of(one, Period(2026, date(2026, 12, 31), one.kind))
    tables = freezing.tables_of(one, rows)
    assert tables["contract_type"] == [["consulting", None], ["development", 5], ["service", None]]
    assert freezing.total_problem(one, rows) == ""


def test_amounts_of_a_giant_are_not_published() -> None:
    register(4)
    register(1, contract_amount_fen=99 * YI, technology_amount_fen=1)
    amount = CONTRACT_FIGURES[1]
    rows = freezing.rows_of(amount, Period(2026, date(2026, 12, 31), amount.kind))
    assert freezing.total_problem(amount, rows) == "figure_dominated"
