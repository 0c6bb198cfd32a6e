"""Hiding more until nothing can be found out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from keqiao.engines.disclosure._derive import Mask, Whole, derivable


class CannotHideError(ValueError):
    """No choice of gaps keeps what must not be known: the totals themselves would give it away.

    >>> try:
    ...     suppress_line([1, 1], [True, True])
    ... except CannotHideError as error:
    ...     print(error)
    the totals give away what must be hidden: publish no breakdown here
    """

    def __init__(self) -> None:
        super().__init__("the totals give away what must be hidden: publish no breakdown here")


def suppress(table: Whole, unsafe: Mask, *, least: int = 1, is_enough: Callable[[Mask], bool] | None = None) -> Mask:
    """Return which entries to hide: all unsafe ones, and as many others as it takes.

    `table` and `unsafe` as in :func:`derivable`; `is_enough` may ask for more of the gaps, given their mask, such as
    that together they hold enough units. Raises CannotHideError if hiding everything but the corner would not do.

    >>> table = np.array([[1, 5, 6], [8, 9, 17], [9, 14, 23]])
    >>> suppress(table, table == 1).astype(int)
    array([[1, 1, 0],
           [1, 1, 0],
           [0, 0, 0]])
    """
    hidden = unsafe.copy()
    if not hidden.any():
        return hidden
    while True:
        found = derivable(table, hidden, least=least)
        if not found.any() and (is_enough is None or is_enough(hidden)):
            return hidden
        hidden[_next(table, hidden, found, least=least)] = True


def _next(table: Whole, hidden: Mask, found: Mask, *, least: int) -> tuple[int, int]:
    """The smallest entry that stands in a line with one that can be found out, cells before totals."""
    rows, columns = np.nonzero(found if found.any() else hidden)
    free = [
        (int(row), int(column))
        for row, column in zip(*np.nonzero(~hidden & (table >= least)), strict=True)
        if (row, column) != (table.shape[0] - 1, table.shape[1] - 1)
    ]
    if not free:
        raise CannotHideError
    last = (table.shape[0] - 1, table.shape[1] - 1)

    def order(place: tuple[int, int]) -> tuple[bool, bool, int, tuple[int, int]]:
        is_total = place[0] == last[0] or place[1] == last[1]
        return not (place[0] in rows or place[1] in columns), is_total, int(table[place]), place

    return min(free, key=order)


def suppress_line(
    values: Sequence[int],
    unsafe: Sequence[bool],
    *,
    least: int = 1,
    is_enough: Callable[[tuple[bool, ...]], bool] | None = None,
) -> tuple[bool, ...]:
    """The same for one line of cells under a published total.

    >>> suppress_line([9, 2, 5], [False, True, False], is_enough=lambda hidden: sum(hidden) > 2)
    (True, True, True)
    """
    if len(values) != len(unsafe):
        raise ValueError("each value needs its mark")
    hidden = list(unsafe)
    while any(hidden):
        gaps = [value for value, gap in zip(values, hidden, strict=True) if gap]
        if min(gaps) < least:
            raise ValueError(f"a hidden value is smaller than {least}: values below that are published as they are")
        # Several gaps have one answer only if each of them holds the least it can.
        is_open = len(gaps) > 1 and sum(gaps) > least * len(gaps)
        if is_open and (is_enough is None or is_enough(tuple(hidden))):
            break
        free = [place for place, value in enumerate(values) if not hidden[place] and value >= least]
        if not free:
            raise CannotHideError
        hidden[min(free, key=lambda place: (values[place], place))] = True
    return tuple(hidden)
