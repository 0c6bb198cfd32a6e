"""How closely a reader can bound what is hidden, and hiding enough that nobody comes too close."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from keqiao.engines.disclosure._derive import Edge, Mask, Whole, _check, _edges
from keqiao.engines.disclosure._suppress import CannotHideError

Place = tuple[int, int]
# In a wide table one entry for so many that are too close goes at a time, in a small one a single entry.
BATCH = 8


def bounds(table: Whole, hidden: Mask, *, least: int = 1) -> tuple[Whole, Whole]:
    """Return the smallest and the largest value of each entry in all tables that fit the published ones.

    `table` and `hidden` as in :func:`derivable`, with the same ValueError; of published entries both are the entry.
    Both bounds are reached by a table of whole numbers (the integrality of flows), so no reader can be closer. Method:
    an entry rises by as much as flows from the end of its edge back to its start through the residual network, and
    falls by as much as flows the other way; both are found as maximal flows along shortest paths (Edmonds and Karp
    1972).

    >>> table = np.array([[1, 5, 6], [8, 9, 17], [9, 14, 23]])
    >>> low, high = bounds(table, np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0]], bool))
    >>> low[0, 0], high[0, 0], low[1, 1], high[1, 1]
    (np.int64(1), np.int64(5), np.int64(9), np.int64(13))
    """
    _check(table, hidden, least)
    low, high = table.copy(), table.copy()
    network = _Network(table, least=least)
    for place in _places(hidden):
        network.open(place)
    most = int(table[-1, -1])
    for place in _places(hidden):
        low[place] -= network.fall(place, enough=most)
        high[place] += network.rise(place, enough=most)
    return low, high


def protect(
    table: Whole, unsafe: Mask, *, width: Whole, kept: Mask | None = None, least: int = 1,
    weak: Callable[[Mask], Mask] | None = None,
) -> Mask:  # fmt: skip
    """Return which entries to hide, so that the bounds of each hidden one stand at least its `width` apart.

    `table` and `unsafe` as in :func:`derivable`; `width` has their shape and counts in units of the table. Entries in
    `kept` are published elsewhere and stay; what is unsafe is hidden even so. `weak` may ask for more, given the
    mask of all that is hidden: it marks the entries of which one more has to go, none if it is content. Raises
    CannotHideError if hiding whatever may be hidden would not do: then no such table can be published.

    Method: as in :func:`suppress`, the smallest entry goes that stands in a line with one that is bounded too closely,
    cells before totals, until none is. Hiding more only moves bounds apart, so an entry that was found wide enough is
    not looked at again. That the intervals are wide enough is exact; that few entries go is not sought (it is NP-hard).
    Width as what protects is the sliding protection of Fischetti and Salazar (2000).

    >>> table = np.array([[1, 5, 6], [8, 9, 17], [9, 14, 23]])
    >>> protect(table, table == 1, width=np.full(table.shape, 2)).astype(int)
    array([[1, 1, 0],
           [1, 1, 0],
           [0, 0, 0]])
    """
    kept = np.zeros_like(unsafe) if kept is None else kept
    hidden = unsafe.copy()
    _check(table, hidden, least)
    network = _Network(table, least=least)
    waiting = _places(hidden)
    for place in waiting:
        network.open(place)
    while True:
        waiting = [place for place in waiting if not network.is_wide(place, int(width[place]))]
        if waiting:
            beside, count = _marked(hidden.shape, waiting), max(1, len(waiting) // BATCH)
            more = [_smallest(table, hidden, kept=kept, least=least, beside=beside) for _turn in range(count)]
        elif weak is not None and (lacking := weak(hidden)).any():
            more = [_smallest(table, hidden, kept=kept | ~lacking, least=least, beside=lacking)]
        else:
            return hidden
        for place in more:
            network.open(place)
        waiting += more


def _places(mask: Mask) -> list[Place]:
    return [(int(row), int(column)) for row, column in zip(*np.nonzero(mask), strict=True)]


def _marked(shape: tuple[int, ...], places: list[Place]) -> Mask:
    found = np.zeros(shape, dtype=bool)
    for place in places:
        found[place] = True
    return found


class _Network:
    """The residual network of the hidden entries: from a node to its neighbours with what may still flow."""

    def __init__(self, table: Whole, *, least: int) -> None:
        self.table, self.least, self.most = table, least, int(table[-1, -1])
        self.edges = dict(_edges(table.shape))
        self.flow: dict[int, dict[int, int]] = {node: {} for edge in self.edges.values() for node in edge}

    def open(self, place: Place) -> None:
        """Let a hidden entry be anything from the least on."""
        start, end = self.edges[place]
        self.flow[start][end] = self.most
        self.flow[end][start] = int(self.table[place]) - self.least

    def is_wide(self, place: Place, width: int) -> bool:
        room = self.fall(place, enough=width)
        return room >= width or room + self.rise(place, enough=width - room) >= width

    def rise(self, place: Place, *, enough: int) -> int:
        """By how much an entry can rise, counted no further than is asked for."""
        start, end = self.edges[place]
        return self._push(place, end, start, most=enough)

    def fall(self, place: Place, *, enough: int) -> int:
        start, end = self.edges[place]
        return self._push(place, start, end, most=min(enough, int(self.table[place]) - self.least))

    def _push(self, place: Place, source: int, target: int, *, most: int) -> int:
        """How much flows from one node to another past an entry's own edge; the network is left as it was."""
        start, end = self.edges[place]
        self.flow[start][end] = self.flow[end][start] = 0
        done: list[tuple[list[Edge], int]] = []
        pushed = 0
        while pushed < most and (path := _path(self.flow, source, target)):
            size = min(most - pushed, *(self.flow[a][b] for a, b in path))
            self._send(path, size)
            done.append((path, size))
            pushed += size
        for path, size in done:
            self._send(path, -size)
        self.open(place)
        return pushed

    def _send(self, path: list[Edge], size: int) -> None:
        for a, b in path:
            self.flow[a][b] -= size
            self.flow[b][a] += size


def _path(flow: dict[int, dict[int, int]], source: int, target: int) -> list[Edge]:
    """A shortest path on which something may still flow, as its edges; empty if there is none."""
    before: dict[int, int] = {source: source}
    queue = deque([source])
    while queue and target not in before:
        node = queue.popleft()
        for other, size in flow[node].items():
            if size > 0 and other not in before:
                before[other] = node
                queue.append(other)
    if target not in before:
        return []
    path = []
    node = target
    while node != source:
        path.append((before[node], node))
        node = before[node]
    return path[::-1]


def _smallest(table: Whole, hidden: Mask, *, kept: Mask, least: int, beside: Mask) -> Place:
    """Hide the smallest entry that may go and stands in a line with one of some others, cells before totals."""
    corner = (table.shape[0] - 1, table.shape[1] - 1)
    rows, columns = np.nonzero(beside)
    free = [place for place in _places(~hidden & ~kept & (table >= least)) if place != corner]
    if not free:
        raise CannotHideError

    def order(place: Place) -> tuple[bool, bool, bool, int, Place]:
        is_total = place[0] == corner[0] or place[1] == corner[1]
        # What holds the least already cannot fall, and so gives others room in one direction alone.
        is_least = int(table[place]) == least
        return not (place[0] in rows or place[1] in columns), is_total, is_least, int(table[place]), place

    found = min(free, key=order)
    hidden[found] = True
    return found
