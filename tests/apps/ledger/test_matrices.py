"""A figure two ways at once: its margins are its breakdowns, and no small cell can be told from them."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.apps.ledger.figures import Definition, Dimension, Measure, Row, freezing, grids, matrices
from keqiao.apps.ledger.figures.checking import verify
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.engines.disclosure import bounds
from tests.apps.ledger.figure_world import DIMENSIONS, Rows, declared, define, other_version, publish

TWO = (*DIMENSIONS, Dimension("industry", "By industry", "industry"))


def crossed(rows: Rows, **more: Any) -> Definition:
    return define(rows, dimensions=TWO, cross=("area", "industry"), **more)


def rows_of(counts: dict[str, int], *, day: date = date(2026, 3, 1), **more: Any) -> list[Row]:
    """So many rows in each cell, named by the letters of its place and its industry: {"a1": 3}."""
    return [
        Row(f"thing:{cell}-{day.year}-{number}", day=day, cells={"area": cell[0], "industry": cell[1]}, **more)
        for cell, count in counts.items()
        for number in range(count)
    ]


FULL = {"a1": 9, "a2": 8, "a3": 7, "b1": 9, "b2": 9, "b3": 9, "c1": 8, "c2": 9, "c3": 9}


def matrix(counts: dict[str, int]) -> dict[str, Any]:
    known, rows = crossed(Rows()), rows_of(counts)
    return matrices.matrix_of(known, rows, freezing.tables_of(known, rows))


def test_matrix_without_small_cells_has_no_gap() -> None:
    assert matrix(FULL) == {"by": ["area", "industry"], "cells": [[9, 8, 7], [9, 9, 9], [8, 9, 9]]}


def test_small_cell_takes_others_along_in_its_line_and_its_column() -> None:
    cells = matrix(FULL | {"a1": 2})["cells"]

    gaps = np.array([[value is None for value in line] for line in cells])
    assert gaps[0, 0]
    assert min(gaps.sum(axis=0)[0], gaps.sum(axis=1)[0]) >= 2
    assert gaps.sum() < gaps.size


def test_matrix_whose_margin_is_withheld_is_withheld() -> None:
    assert matrix({"a1": 1, "b2": 1}) == {"by": ["area", "industry"], "cells": None}
    assert matrix({}) == {"by": ["area", "industry"], "cells": None}


def test_figure_that_crosses_nothing_has_no_matrix() -> None:
    assert matrices.matrix_of(define(Rows()), rows_of(FULL), {}) == {}


@given(st.dictionaries(st.sampled_from(["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"]), st.integers(0, 9)))
@settings(max_examples=60, deadline=None)
def test_no_hidden_cell_is_bounded_within_its_protection(counts: dict[str, int]) -> None:
    known, rows = crossed(Rows()), rows_of(counts)
    tables = freezing.tables_of(known, rows)
    cells = matrices.matrix_of(known, rows, tables)["cells"]
    if cells is None:
        return
    lines, columns = tables["area"], tables["industry"]
    true = np.array([[counts.get(f"{a}{b}", 0) for b, _value in columns] for a, _value in lines])
    wide = np.hstack([true, true.sum(axis=1, keepdims=True)])
    table = np.vstack([wide, wide.sum(axis=0, keepdims=True)]).astype(np.int64)
    hidden = np.zeros(table.shape, dtype=bool)
    hidden[:-1, :-1] = [[value is None for value in line] for line in cells]
    hidden[:-1, -1] = [value is None for _key, value in lines]
    hidden[-1, :-1] = [value is None for _key, value in columns]

    low, high = bounds(table, hidden, least=0)

    inner = hidden[:-1, :-1]
    assert all(value == true[place] for place, value in np.ndenumerate(np.array(cells, object)) if value is not None)
    assert inner[(true > 0) & (true < freezing.FEWEST)].all()
    assert ((high - low)[:-1, :-1][inner] >= matrices.LEAST_WIDTH).all()


def test_sum_is_hidden_within_a_share_of_itself() -> None:
    counts = FULL | {"a1": 2}
    rows = [replace(row, amount=1000, holders=(row.subject,)) for row in rows_of(counts)]
    known = crossed(Rows(), measure=Measure.FEN)
    tables = freezing.tables_of(known, rows)
    cells = matrices.matrix_of(known, rows, tables)["cells"]
    true = np.array([[counts[f"{a}{b}"] * 1000 for b in "123"] for a in "abc"])
    wide = np.hstack([true, true.sum(axis=1, keepdims=True)])
    table = np.vstack([wide, wide.sum(axis=0, keepdims=True)]).astype(np.int64)
    hidden = np.zeros(table.shape, dtype=bool)
    hidden[:-1, :-1] = [[value is None for value in line] for line in cells]

    low, high = bounds(table, hidden, least=0)
    assert high[0, 0] - low[0, 0] >= 2000 * matrices.SHARE_OF_SUM // 100


def test_matrix_crosses_two_dimensions_of_the_figure() -> None:
    for cross in (("area", "area"), ("area", "luck")):
        with pytest.raises(ValueError, match="crosses two of the figure's own dimensions"):
            define(Rows(), dimensions=TWO, cross=cross)


@pytest.mark.django_db
@pytest.mark.databases
def test_matrix_is_frozen_and_stands_in_the_digest() -> None:
    with declared(crossed(Rows(*rows_of(FULL)))):
        figure = publish()
        assert list(verify(figure)) == []
        PublishedFigure.objects.filter(pk=figure.pk).update(matrix=figure.matrix | {"cells": [[9]]})
        figure.refresh_from_db()
        assert {flaw.kind for flaw in verify(figure)} == {"digest"}


@pytest.mark.django_db
def test_grid_has_the_breakdowns_as_its_totals() -> None:
    with declared(crossed(Rows(*rows_of(FULL)))):
        figure = publish()

    found = grids.crossed(figure)
    assert grids.ways(figure, [figure]) == [("area", "industry")]
    assert found == grids.Grid(
        by=("area", "industry"), lines=("a", "b", "c"), columns=("1", "2", "3"),
        cells=((9, 8, 7), (9, 9, 9), (8, 9, 9)), line_totals=(24, 27, 26), column_totals=(26, 26, 25), whole=77,
    )  # fmt: skip


@pytest.mark.django_db
def test_breakdown_over_the_years_adds_whole_years_without_gaps() -> None:
    rows = [*rows_of({"a1": 5, "b1": 4}, day=date(2024, 5, 1)), *rows_of({"a1": 6, "c1": 3}, day=date(2025, 5, 1))]
    with declared(crossed(Rows(*rows))):
        old, new = (publish(year=year, as_of=date(year, 12, 31)) for year in (2024, 2025))

    found = grids.grid_of(new, [old, new], ("area", "year"))
    assert found == grids.Grid(
        by=("area", "year"), lines=("a", "b", "c"), columns=("2024", "2025"), cells=((5, 6), (4, 0), (0, 3)),
        line_totals=(11, 4, 3), column_totals=(9, 9), whole=18,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "last"), [("stock", date(2025, 12, 31)), ("flow", date(2025, 6, 30))])
def test_stocks_and_years_that_are_not_over_are_not_added(kind: str, last: date) -> None:
    rows = [*rows_of({"a1": 5, "b1": 2, "c1": 2}, day=date(2024, 5, 1)), *rows_of({"a1": 6}, day=date(2025, 5, 1))]
    with declared(crossed(Rows(*rows), kind=kind)):
        old, new = publish(year=2024, as_of=date(2024, 12, 31)), publish(year=2025, as_of=last)

    found = grids.grid_of(new, [old, new], ("area", "year"))
    assert found is not None
    assert (found.line_totals, found.whole) == ((None,) * 3, None)
    assert found.cells[1][0] is None  # the gap of an edition stays one


@pytest.mark.django_db
def test_years_that_count_something_else_are_no_course() -> None:
    known = crossed(Rows(*rows_of(FULL, day=date(2024, 5, 1)), *rows_of(FULL, day=date(2025, 5, 1))))
    with declared(known):
        old = publish(year=2024, as_of=date(2024, 12, 31))
    with declared(other_version(known)):
        new = publish(year=2025, as_of=date(2025, 12, 31))

    assert grids.ways(new, [old, new]) == [("area", "industry")]


@pytest.mark.parametrize(
    ("cell", "total", "says"), [(None, None, False), (0, None, False), (4, None, True), (None, 9, True)]
)
def test_grid_of_gaps_and_empty_cells_alone_says_nothing(cell: int | None, total: int | None, says: bool) -> None:
    grid = grids.Grid(
        by=("area", "industry"), lines=("a",), columns=("1", "2"), cells=((cell, None),), line_totals=(total,),
        column_totals=(None, None), whole=9,
    )  # fmt: skip
    assert grid.says_something is says
