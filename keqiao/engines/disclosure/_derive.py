"""What a reader of a table with gaps can work out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
# One entry of the table as an edge of the flow: from, to.
Edge = tuple[int, int]


def derivable(table: Whole, hidden: Mask, *, least: int = 1) -> Mask:
    """Return which hidden entries have one value only that fits all the published ones.

    `table` is (rows + 1) × (columns + 1) whole numbers that are not negative, totals last; `hidden` has its shape and
    leaves the corner shown. A hidden entry is known to be at least `least`. Raises ValueError for a table whose totals
    are not the sums of its cells, a hidden corner, or a hidden entry that is smaller than `least`.

    >>> derivable(np.array([[2, 2], [7, 7], [9, 9]]), np.array([[1, 1], [0, 0], [0, 0]], bool)).any()
    np.True_
    >>> derivable(np.array([[2, 2], [7, 7], [9, 9]]), np.array([[1, 1], [1, 1], [0, 0]], bool)).any()
    np.False_
    """
    _check(table, hidden, least)
    edges = dict(_edges(table.shape))
    arcs: dict[int, set[int]] = {}
    for place in zip(*np.nonzero(hidden), strict=True):
        start, end = edges[place]
        arcs.setdefault(start, set()).add(end)
        if table[place] > least:
            arcs.setdefault(end, set()).add(start)
    found = np.zeros_like(hidden)
    for place in zip(*np.nonzero(hidden), strict=True):
        start, end = edges[place]
        can_rise = _reaches(arcs, end, start, without=(end, start))
        can_fall = table[place] > least and _reaches(arcs, start, end, without=(start, end))
        found[place] = not (can_rise or can_fall)
    return found


def _check(table: Whole, hidden: Mask, least: int) -> None:
    if table.ndim != 2 or table.shape != hidden.shape or min(table.shape) < 2:
        raise ValueError("a table has rows and columns with their totals, and a mask of the same shape")
    if (table < 0).any():
        raise ValueError("a table of what is counted or added up has no negative entry")
    if (table[:-1].sum(axis=0) != table[-1]).any() or (table[:, :-1].sum(axis=1) != table[:, -1]).any():
        raise ValueError("the totals in the last row and column must be the sums of the cells")
    if hidden[-1, -1]:
        raise ValueError("the sum of all is hidden: then there is nothing to publish")
    if (table[hidden] < least).any():
        raise ValueError(f"a hidden entry is smaller than {least}: entries below that are published as they are")


def _edges(shape: tuple[int, ...]) -> Iterator[tuple[tuple[int, int], Edge]]:
    """Each entry but the corner as an edge. Node 0 is the source and, over the corner, the sink as well."""
    rows, columns = shape[0] - 1, shape[1] - 1
    for row in range(rows):
        yield (row, columns), (0, 1 + row)
        for column in range(columns):
            yield (row, column), (1 + row, 1 + rows + column)
    for column in range(columns):
        # The corner is fixed, so that source and sink stay two nodes.
        yield (rows, column), (1 + rows + column, 1 + rows + columns)


def _reaches(arcs: dict[int, set[int]], start: int, end: int, *, without: Edge) -> bool:
    """Whether a path leads from one node to another; the arc back along the entry's own edge is no path."""
    seen, open_ = {start}, [start]
    while open_:
        node = open_.pop()
        for other in arcs.get(node, ()):
            if (node, other) == without or other in seen:
                continue
            if other == end:
                return True
            seen.add(other)
            open_.append(other)
    return False
