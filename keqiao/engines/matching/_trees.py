"""Boosted decision trees, evaluated in NumPy: no training library is needed where they are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Trees:
    """A sum of trees over named features, all nodes in flat arrays.

    Node i goes to `left[i]` where feature[i] ≤ threshold[i], else to `right[i]`; a leaf goes to itself. `roots` are the
    first nodes of the trees, `depth` the longest path. Method: all rows descend all trees one level at a time.

    >>> stump = {"feature": [0, 0, 0], "threshold": [0.5, 0, 0], "left": [1, 1, 2], "right": [2, 1, 2],
    ...          "value": [0, -1.0, 1.0], "roots": [0], "depth": 1}
    >>> Trees.load(stump, names=["x"]).predict(np.array([[0.2], [0.9]])).tolist()
    [-1.0, 1.0]
    """

    names: tuple[str, ...]
    feature: Numbers
    threshold: Floats
    left: Numbers
    right: Numbers
    value: Floats
    roots: Numbers
    depth: int

    @classmethod
    def load(cls, data: Mapping[str, Any], *, names: Sequence[str]) -> Trees:
        """Return the trees of a JSON object. Raises ValueError where its arrays do not fit each other or `names`."""
        numbers = {key: np.array(data[key], dtype=np.int64) for key in ("feature", "left", "right", "roots")}
        reals = {key: np.array(data[key], dtype=np.float64) for key in ("threshold", "value")}
        sizes = {array.size for key, array in {**numbers, **reals}.items() if key != "roots"}
        if len(sizes) != 1:
            raise ValueError(f"The arrays of the trees have different lengths {sorted(sizes)}: train the model anew.")
        highest = max(int(numbers["feature"].max(initial=-1)) + 1, 0)
        if highest > len(names):
            raise ValueError(f"The trees ask for feature {highest}, {len(names)} are named: train the model anew.")
        return cls(
            names=tuple(names),
            feature=numbers["feature"],
            threshold=reals["threshold"],
            left=numbers["left"],
            right=numbers["right"],
            value=reals["value"],
            roots=numbers["roots"],
            depth=int(data["depth"]),
        )

    def predict(self, rows: Floats) -> Floats:
        """Return the sum of the leaves [row] for `rows` [row, feature]."""
        if rows.shape[1] != len(self.names):
            raise ValueError(f"{rows.shape[1]} features given, {len(self.names)} expected: {', '.join(self.names)}.")
        columns = np.arange(rows.shape[0])[:, None]
        node = np.broadcast_to(self.roots, (rows.shape[0], self.roots.size))
        for _ in range(self.depth):
            goes_left = rows[columns, self.feature[node]] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        total: Floats = self.value[node].sum(axis=1)
        return total
