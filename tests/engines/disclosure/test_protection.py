"""No hidden cell can be bounded within its protection: against trying every table that fits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.engines.disclosure import CannotHideError, bounds, derivable, protect
from tests.engines.disclosure.test_suppression import FEWEST, fitting, tables, with_totals


@given(tables(), st.data())
@settings(max_examples=60, deadline=None)
def test_bounds_are_the_extremes_of_all_tables_that_fit(table: np.ndarray, data: st.DataObject) -> None:
    places = [place for place in zip(*np.nonzero(table >= 1), strict=True) if place != tuple(np.array(table.shape) - 1)]
    chosen = data.draw(st.lists(st.sampled_from(places), unique=True, max_size=4)) if places else []
    hidden = np.zeros(table.shape, dtype=bool)
    for place in chosen:
        hidden[place] = True

    low, high = bounds(table, hidden)

    all_that_fit = np.array(fitting(table, hidden))
    assert (low == all_that_fit.min(axis=0)).all()
    assert (high == all_that_fit.max(axis=0)).all()


@given(tables(), st.integers(1, 4), st.data())
@settings(max_examples=80, deadline=None)
def test_no_hidden_cell_is_bounded_within_its_protection(table: np.ndarray, width: int, data: st.DataObject) -> None:
    unsafe = (table > 0) & (table < FEWEST)
    unsafe[-1, :] = unsafe[:, -1] = False
    kept = np.zeros(table.shape, dtype=bool)
    if data.draw(st.booleans()):
        kept[-1, :] = kept[:, -1] = True  # the totals are published already
    wide = np.full(table.shape, width)
    try:
        hidden = protect(table, unsafe, width=wide, kept=kept)
    except CannotHideError:
        everything = ((table > 0) & ~kept) | unsafe
        everything[-1, -1] = False
        low, high = bounds(table, everything)
        assert ((high - low)[everything] < wide[everything]).any()
        return
    low, high = bounds(table, hidden)
    assert hidden[unsafe].all()
    assert not (hidden & kept).any()
    assert ((high - low)[hidden] >= width).all()
    assert not derivable(table, hidden).any()


def test_published_totals_stay_and_a_hidden_one_is_guarded() -> None:
    table = with_totals(np.array([[2, 9, 9], [8, 9, 9], [9, 9, 9]]))
    kept = np.zeros(table.shape, dtype=bool)
    kept[-1, :] = kept[:, -1] = True
    kept[1, -1] = kept[2, -1] = False  # two row totals are hidden where the rows stand alone
    unsafe = (table == 2) | (~kept & np.eye(*table.shape, k=2, dtype=bool))
    unsafe[1, -1] = unsafe[2, -1] = True

    hidden = protect(table, unsafe, width=np.full(table.shape, 4), kept=kept)

    low, high = bounds(table, hidden)
    assert not hidden[kept].any()
    assert ((high - low)[hidden] >= 4).all()


def test_wider_protection_hides_no_less() -> None:
    table = with_totals(np.array([[2, 3, 9], [3, 9, 9], [9, 9, 9]]))
    counts = [int(protect(table, table == 2, width=np.full(table.shape, width)).sum()) for width in (1, 4, 9)]

    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_totals_that_give_all_away_are_refused() -> None:
    table = with_totals(np.array([[1, 1], [1, 1]]))
    kept = np.zeros(table.shape, dtype=bool)
    kept[-1, :] = kept[:, -1] = True

    with pytest.raises(CannotHideError):
        protect(table, (table == 1), width=np.full(table.shape, 1), kept=kept)


def test_more_can_be_asked_of_the_gaps_of_a_line() -> None:
    table = with_totals(np.array([[2, 9, 8], [9, 9, 9], [9, 9, 9]]))

    def weak(hidden: np.ndarray) -> np.ndarray:
        found = np.zeros_like(hidden)
        if hidden[0].sum() < 3:
            found[0, :-1] = ~hidden[0, :-1]
        return found

    assert protect(table, table == 2, width=np.ones_like(table), weak=weak)[0].tolist() == [True, True, True, False]


def test_nothing_unsafe_hides_nothing() -> None:
    table = with_totals(np.array([[7, 9], [8, 9]]))

    assert not protect(table, table < 0, width=np.full(table.shape, 5)).any()
