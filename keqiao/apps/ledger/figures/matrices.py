"""A figure broken down two ways at once, with gaps chosen beside the breakdowns that are published already.

The margins of the matrix are those breakdowns, gap for gap: what they show stays shown, what they leave out stays out.
Cells are left out until nobody can bound a hidden one more closely than its protection by taking the others from the
totals, and until what a line leaves out together is no small cell itself. Where that cannot be reached the matrix is
not published at all; the breakdowns are.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keqiao.engines.disclosure import CannotHideError, bounds, protect

from .definitions import Definition, Row
from .freezing import FEWEST, Cell, is_unsafe

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
# An empty cell may be left out as well, else three lone ones below a total of three would be known.
LEAST = 0
# A hidden count may be anything in a span of so many; an unsafe sum is hidden within so many per cent of itself.
LEAST_WIDTH, SHARE_OF_SUM = FEWEST - 1, 15


def matrix_of(definition: Definition, rows: Sequence[Row], tables: dict[str, Any]) -> dict[str, Any]:
    """The matrix of a figure as it may be shown: `by`, the codes of its two dimensions, and `cells`, line by line.

    Lines and columns are the cells of the two breakdowns in `tables`, in their order. A gap is None; `cells` is None
    where the matrix or one of its margins may not be shown. Empty for a figure that crosses nothing.
    """
    if definition.cross is None:
        return {}
    said: dict[str, Any] = {"by": list(definition.cross), "cells": None}
    margins = [tables.get(code) for code in definition.cross]
    if not rows or None in margins:
        return said
    try:
        return said | {"cells": _Matrix(definition, rows, margins).shown()}
    except CannotHideError:
        return said


class _Matrix:
    """The cells of two crossed dimensions with their totals, and which of them may not be known."""

    def __init__(self, definition: Definition, rows: Sequence[Row], margins: Sequence[Any]) -> None:
        self.is_sum = definition.is_sum
        places = [{key: number for number, (key, _value) in enumerate(margin)} for margin in margins]
        self.shape = (len(places[0]) + 1, len(places[1]) + 1)
        self.cells: dict[tuple[int, int], Cell] = {}
        for row in rows:
            place = tuple(
                keys[row.cells.get(code, "")] for keys, code in zip(places, definition.cross or (), strict=True)
            )
            self.cells.setdefault((place[0], place[1]), Cell("")).add(row)
        self.table = self._table()
        self.hidden_margins = self._hidden_margins(margins)

    def _table(self) -> Whole:
        table = np.zeros(self.shape, dtype=np.int64)
        for place, cell in self.cells.items():
            table[place] = cell.amount if self.is_sum else cell.count
        table[-1, :] = table.sum(axis=0)
        table[:, -1] = table.sum(axis=1)
        return table

    def _hidden_margins(self, margins: Sequence[Any]) -> Mask:
        hidden = np.zeros(self.shape, dtype=bool)
        hidden[:-1, -1] = [value is None for _key, value in margins[0]]
        hidden[-1, :-1] = [value is None for _key, value in margins[1]]
        return hidden

    def shown(self) -> list[list[int | None]]:
        """The cells without the totals; CannotHideError where too much would be known."""
        kept = np.zeros(self.shape, dtype=bool)
        kept[-1, :] = kept[:, -1] = True
        unsafe = self.hidden_margins.copy()
        for place, cell in self.cells.items():
            unsafe[place] = self.table[place] > 0 and is_unsafe(cell, is_sum=self.is_sum)
        hidden = protect(self.table, unsafe, width=self._width(unsafe), kept=kept & ~unsafe,
                         least=LEAST, weak=self._weak)  # fmt: skip
        inner, gaps = self.table[:-1, :-1], hidden[:-1, :-1]
        return [
            [None if gap else int(value) for value, gap in zip(*line, strict=True)]
            for line in zip(inner, gaps, strict=True)
        ]

    def _width(self, unsafe: Mask) -> Whole:
        """How far apart the bounds of each entry have to stand; of a margin no more than its own breakdown grants."""
        width: Whole = np.full(self.shape, LEAST_WIDTH, dtype=np.int64)
        if self.is_sum:
            width = np.where(unsafe, np.maximum(width, self.table * SHARE_OF_SUM // 100), width)
        low, high = bounds(self.table, self.hidden_margins | self._inner(), least=LEAST)
        return np.where(self.hidden_margins, np.minimum(width, high - low), width)

    def _inner(self) -> Mask:
        """Every cell: with all of them hidden, the margins are known as their breakdowns show them."""
        inner = np.ones(self.shape, dtype=bool)
        inner[-1, :] = inner[:, -1] = False
        return inner

    def _weak(self, hidden: Mask) -> Mask:
        """What a line still shows, where its total is shown and its gaps together are an unsafe cell themselves."""
        found = np.zeros(self.shape, dtype=bool)
        for axis in (0, 1):
            for number in range(self.shape[axis] - 1):
                line = (number, slice(0, -1)) if axis == 0 else (slice(0, -1), number)
                total = (number, -1) if axis == 0 else (-1, number)
                if hidden[line].any() and not hidden[total] and self._is_pool_unsafe(axis, number, hidden):
                    found[line] |= ~hidden[line] & (self.table[line] > 0)
        return found

    def _is_pool_unsafe(self, axis: int, number: int, hidden: Mask) -> bool:
        pool = Cell("")
        for place, cell in self.cells.items():
            if place[axis] == number and hidden[place]:
                pool.join(cell)
        return is_unsafe(pool, is_sum=self.is_sum)
