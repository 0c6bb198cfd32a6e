"""No hidden cell can be worked out: against trying every table that fits."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.engines.disclosure import CannotHideError, derivable, suppress, suppress_line

FEWEST = 3


def with_totals(cells: np.ndarray) -> np.ndarray:
    wide = np.hstack([cells, cells.sum(axis=1, keepdims=True)])
    return np.vstack([wide, wide.sum(axis=0, keepdims=True)])


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    values = draw(st.lists(st.integers(0, 4), min_size=rows * columns, max_size=rows * columns))
    return with_totals(np.array(values, dtype=np.int64).reshape(rows, columns))


def fitting(table: np.ndarray, hidden: np.ndarray) -> list[np.ndarray]:
    """Every table that a reader of the published entries can think of, tried one by one."""
    inner = list(zip(*np.nonzero(hidden[:-1, :-1]), strict=True))
    most = int(table[-1, -1])
    found = []
    for values in product(range(1, most + 1), repeat=len(inner)):
        cells = table[:-1, :-1].copy()
        for place, value in zip(inner, values, strict=True):
            cells[place] = value
        whole = with_totals(cells)
        if (whole[~hidden] == table[~hidden]).all() and (whole[hidden] >= 1).all():
            found.append(whole)
    return found


@given(tables(), st.data())
@settings(max_examples=60, deadline=None)
def test_derivable_is_what_has_one_value_only(table: np.ndarray, data: st.DataObject) -> None:
    places = [place for place in zip(*np.nonzero(table >= 1), strict=True) if place != tuple(np.array(table.shape) - 1)]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True, max_size=3)) if places else []
    hidden = np.zeros(table.shape, dtype=bool)
    for place in chosen:
        hidden[place] = True

    all_that_fit = np.array(fitting(table, hidden))

    is_single = (all_that_fit == all_that_fit[0]).all(axis=0) & hidden
    assert (derivable(table, hidden) == is_single).all()


@given(tables())
@settings(max_examples=60, deadline=None)
def test_no_hidden_cell_can_be_worked_out(table: np.ndarray) -> None:
    unsafe = (table > 0) & (table < FEWEST)
    unsafe[-1, -1] = False
    try:
        hidden = suppress(table, unsafe)
    except CannotHideError:
        # Then not even a table of nothing but its sum would do.
        everything = table > 0
        everything[-1, -1] = False
        assert derivable(table, everything).any()
        return
    assert hidden[unsafe].all()
    assert not derivable(table, hidden).any()


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_line_is_a_table_of_one_column(values: list[int]) -> None:
    unsafe = [0 < value < FEWEST for value in values]
    try:
        hidden = suppress_line(values, unsafe)
    except CannotHideError:
        gaps = [value for value in values if value > 0]
        assert len(gaps) == 1 or sum(gaps) == len(gaps)
        return
    table = with_totals(np.array(values, dtype=np.int64).reshape(-1, 1))
    mask = np.array([[gap, gap] for gap in (*hidden, False)])
    assert all(gap or not small for gap, small in zip(hidden, unsafe, strict=True))
    assert not derivable(table, mask).any()


def test_single_gap_takes_its_smallest_neighbour_along() -> None:
    assert suppress_line([9, 2, 5, 4], [False, True, False, False]) == (False, True, False, True)


def test_gaps_that_all_hold_the_least_are_no_secret() -> None:
    with pytest.raises(CannotHideError):
        suppress_line([1, 1], [True, True])
    assert suppress_line([1, 1, 7], [True, True, False]) == (True, True, True)


def test_empty_cells_hide_nothing() -> None:
    assert suppress_line([2, 0, 0, 8], [True, False, False, False]) == (True, False, False, True)
    with pytest.raises(CannotHideError):
        suppress_line([2, 0, 0], [True, False, False])


def test_more_can_be_asked_of_the_gaps() -> None:
    table = with_totals(np.array([[2, 9, 8], [9, 9, 9], [9, 9, 9]]))
    hidden = suppress(table, table == 2, is_enough=lambda mask: int(mask[0].sum()) == 3)
    assert hidden[0].tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    ("table", "hidden", "message"),
    [
        ([[1, 1], [1, 1]], [[1, 1], [0, 1]], "the sum of all is hidden"),
        ([[1, 2], [1, 2]], [[0, 0], [0, 0]], "must be the sums of the cells"),
        ([[-1, -1], [-1, -1]], [[0, 0], [0, 0]], "no negative entry"),
        ([[0, 0], [0, 0]], [[1, 0], [0, 0]], "a hidden entry is smaller than 1"),
        ([[1]], [[0]], "rows and columns with their totals"),
    ],
)
def test_what_is_no_table_is_said(table: list, hidden: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        derivable(np.array(table), np.array(hidden, dtype=bool))


def test_a_mark_for_each_value() -> None:
    with pytest.raises(ValueError, match="each value needs its mark"):
        suppress_line([1], [])
    with pytest.raises(ValueError, match="smaller than 1"):
        suppress_line([0, 5], [True, False])
