"""The page of a figure two ways at once: words, gaps, totals, drawings, files; the same in each."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from keqiao.apps.ledger.figures import Measure
from keqiao.apps.ledger.models import PublishedFigure
from tests.apps.ledger.figure_world import Rows, declared, publish
from tests.apps.ledger.test_matrices import FULL, crossed, rows_of
from tests.web.html import text
from tests.web.world import World

SMALL = FULL | {"a1": 2}


@pytest.fixture
def figure(world: World) -> PublishedFigure:
    with declared(crossed(Rows(*rows_of(SMALL)))):
        return publish()


def address(figure: PublishedFigure, way: str = "area-industry", more: str = "") -> str:
    return f"/figures/edition/{figure.key}/?cross={way}{more}"


def test_matrix_shows_gaps_and_totals(figure: PublishedFigure, visitor: Client) -> None:
    page = visitor.get(address(figure)).content.decode()
    table = page[page.index('class="numbers grid"') :]
    table = table[: table.index("</table>")]

    assert "不公开" in table
    assert ">70<" in table
    assert "最大的格" in page


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_files_of_a_matrix_hold_its_gaps_as_nothing(kind: str, figure: PublishedFigure, visitor: Client) -> None:
    answer = visitor.get(address(figure, more=f"&what=matrix&export={kind}"))

    said = answer.content.decode("utf-8-sig")
    if kind == "json":
        found = json.loads(said)
        assert (found["by"], found["total"], found["cells"][0][0]) == (["area", "industry"], "70", None)
    else:
        lines = [line.split(",") for line in said.splitlines()]
        line = next(line for line in lines if line[0] == "a")
        assert (line[2], line[-1], lines[-1][-1]) == ("", "17", "70")


def test_whole_edition_as_data_holds_its_matrix(figure: PublishedFigure, visitor: Client) -> None:
    found = json.loads(visitor.get(f"/figures/edition/{figure.key}/?export=json").content)

    assert found["matrix"]["line_totals"] == ["17", "27", "26"]


def test_years_stand_side_by_side_with_a_drawing(world: World, visitor: Client) -> None:
    rows = [*rows_of({"a1": 5, "b1": 4}, day=date(2024, 5, 1)), *rows_of({"a1": 6, "b1": 3}, day=date(2025, 5, 1))]
    with declared(crossed(Rows(*rows))):
        publish(year=2024, as_of=date(2024, 12, 31))
        new = publish(year=2025, as_of=date(2025, 12, 31))
        page = visitor.get(address(new, "area-year"))

    assert "Place × 年份" in text(page)
    assert 'class="chart lines-chart' in page.content.decode()
    assert ">11<" in page.content.decode()


def test_matrix_that_may_not_be_shown_says_so_and_has_no_file(world: World, visitor: Client) -> None:
    with declared(crossed(Rows(*rows_of({"a1": 1, "b2": 1})))):
        new = publish()

    assert "整表不发布" in text(visitor.get(address(new)))
    assert visitor.get(address(new, more="&what=matrix&export=csv"))["Content-Type"].startswith("text/html")


def test_money_of_a_matrix_is_exact_in_files(world: World, visitor: Client) -> None:
    many = [replace(row, amount=12_345_678, holders=(row.subject,)) for row in rows_of(FULL)]
    with declared(crossed(Rows(*many), measure=Measure.FEN)):
        new = publish()

    said = visitor.get(address(new, more="&what=matrix&export=csv")).content.decode("utf-8-sig")
    assert f"{9 * 123456.78:.2f}" in said
    assert "万元" in text(visitor.get(address(new)))
