"""The nearest way for many firms at once: the same exact search as :class:`~keqiao.engines.rules.Searcher`, in arrays.

For each lever the amounts at which one of its comparisons flips follow from a division, since both sides are straight
lines. Parts of the policy that depend on no lever are computed once, those on one lever once for each of its corners,
and only the rest for each product of corners. Imported by name, like `batch`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt
import polars as pl

from keqiao.engines.rules._arrays import Array, Cells, compute, constant
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._nearest import columns_moved, own_comparisons
from keqiao.engines.rules._nodes import Node, walk
from keqiao.engines.rules._program import Program

SLICE = 65_536
_STRAIGHT = frozenset({"col", "add", "sub", "mul"})
_NONE = np.iinfo(np.int64).max
Amounts = npt.NDArray[np.int64]


class ManySearcher:
    """A program made ready to search for many firms; costs and locks as for `Searcher`.

    Raises :class:`RuleError` where a comparison of a lever has another inside it or is an equality: such policies are
    searched firm by firm.
    """

    def __init__(self, program: Program, *, costs: Mapping[str, int] | None = None, locked: Sequence[str] = ()) -> None:
        self.levers = [lever for lever in program.policy.levers if lever.id not in locked]
        self._costs = [(costs or {}).get(lever.id, lever.cost) for lever in self.levers]
        self._moves = [columns_moved(program, lever) for lever in self.levers]
        by_id = {lever.id: moves for lever, moves in zip(self.levers, self._moves, strict=True)}
        self._known_levers: dict[Node, frozenset[int]] = {}
        self._comparisons = [own_comparisons(program, by_id, lever) for lever in self.levers]
        for lever, nodes in zip(self.levers, self._comparisons, strict=True):
            if any(not self._is_plain(node) for node in nodes):
                raise RuleError(f"{lever.id} moves a comparison that is not plain", remedy="search firm by firm")
        self._root = _grouped(program.eligible, self._levers_of)
        # What depends on several levers, operands first: all that is computed for each product of corners.
        self._joint = [node for node in walk([self._root]) if len(self._levers_of(node)) > 1]
        single = {arg for node in (*self._joint, self._root) for arg in (*node.args, self._root)} - set(self._joint)
        self._single = [(node, min(self._levers_of(node), default=None)) for node in single]
        self._columns = {node.value: node for node in walk([program.eligible]) if node.op == "col"}

    def _levers_of(self, node: Node) -> frozenset[int]:
        """The levers a node depends on."""
        found = self._known_levers.get(node)
        if found is None:
            own = (number for number, moves in enumerate(self._moves) if node.op == "col" and node.value in moves)
            found = frozenset(own).union(*(self._levers_of(arg) for arg in node.args))
            self._known_levers[node] = found
        return found

    def _is_plain(self, node: Node) -> bool:
        """Whether a comparison is a straight line in what levers move, without choices there, in 64 bits."""
        if node.op not in ("le", "lt"):
            return False
        moved = [one for one in walk(node.args) if self._levers_of(one)]
        return not any(arg.is_wide for arg in node.args) and all(one.op in _STRAIGHT for one in moved)

    def search(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return for each firm `cheapest_cost` with `cheapest_<lever>` amounts, and the same for `smallest`.

        The frame has the columns of :func:`~keqiao.engines.rules.batch.columns`. Costs are null where nothing helps,
        and 0 where the firm is eligible as it is.
        """
        parts = [self._slice(frame.slice(start, SLICE)) for start in range(0, frame.height, SLICE)]
        found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}
        table = pl.DataFrame({name: pl.Series(name, values) for name, values in found.items()})
        return table.with_columns(
            pl.when(pl.col(f"{kind}_cost") != _NONE).then(pl.col(name)).alias(name)
            for kind in ("cheapest", "smallest")
            for name in table.columns
            if name.startswith(kind)
        )

    def _slice(self, frame: pl.DataFrame) -> dict[str, Amounts]:
        cells = {name: _cells(frame[name], node) for name, node in self._columns.items()}
        fixed: dict[Node, Cells] = {}
        possible = np.flatnonzero(self._may_help(fixed, cells, frame.height))
        found = {f"{kind}_cost": np.full(frame.height, _NONE) for kind in ("cheapest", "smallest")}
        for kind in ("cheapest", "smallest"):
            found |= {f"{kind}_{lever.id}": np.zeros(frame.height, dtype=np.int64) for lever in self.levers}
        if possible.size:
            near = {name: _taken(one, possible) for name, one in cells.items()}
            for name, values in self._searched(near, possible.size).items():
                found[name][possible] = values
        return found

    def _may_help(self, fixed: dict[Node, Cells], cells: Mapping[str, Cells], size: int) -> Array:
        """Firms that do not already fail in a part that no lever moves."""
        parts = self._root.args if self._root.op == "and" else (self._root,)
        open_still = np.ones(size, dtype=bool)
        for part in parts:
            if not self._levers_of(part):
                values, mask = self._value(part, fixed, cells, {})
                open_still &= values if mask is None else values & ~mask  # unknown is not moved by a lever either
        return open_still

    def _searched(self, cells: Mapping[str, Cells], size: int) -> dict[str, Amounts]:
        corners = [self._corners(number, cells, size) for number in range(len(self.levers))]
        fixed: dict[Node, Cells] = {}
        by_corner: list[list[dict[Node, Cells]]] = [[{} for _ in range(one.shape[0])] for one in corners]
        moved = [[self._moved(number, cells, amounts) for amounts in one] for number, one in enumerate(corners)]
        best = np.full((len(self.levers) + 1, size), _NONE)
        chosen = np.zeros((len(self.levers) + 1, len(self.levers), size), dtype=np.int64)
        costs = [one * weight for one, weight in zip(corners, self._costs, strict=True)]
        for place in product(*(range(one.shape[0]) for one in corners)):
            caches = [one[at] for one, at in zip(by_corner, place, strict=True)]
            columns = [one[at] for one, at in zip(moved, place, strict=True)]
            values, mask = self._at(cells, caches, columns, fixed)
            sure = np.flatnonzero(np.broadcast_to(values if mask is None else values & ~mask, (size,)))
            if not sure.size:
                continue
            cost = sum(
                (one[at][sure] for one, at in zip(costs, place, strict=True)), np.zeros(sure.size, dtype=np.int64)
            )
            amounts = np.stack([one[at][sure] for one, at in zip(corners, place, strict=True)])
            count = (amounts > 0).sum(axis=0)
            better = cost < best[count, sure]
            firms, counts = sure[better], count[better]
            best[counts, firms] = cost[better]
            chosen[counts, :, firms] = amounts[:, better].T
        return self._chosen(best, chosen)

    def _chosen(self, best: Amounts, chosen: Amounts) -> dict[str, Amounts]:
        cheapest, smallest = best.argmin(axis=0), (best != _NONE).argmax(axis=0)
        firms = np.arange(best.shape[1])
        found = {}
        for kind, which in (("cheapest", cheapest), ("smallest", smallest)):
            found[f"{kind}_cost"] = best[which, firms]
            for number, lever in enumerate(self.levers):
                found[f"{kind}_{lever.id}"] = chosen[which, number, firms]
        return found

    def _corners(self, number: int, cells: Mapping[str, Cells], size: int) -> Amounts:
        """0 and the amounts after each flip, in rows; a firm that needs fewer has 0 in the others."""
        lever = self.levers[number]
        at_zero: dict[Node, Cells] = {}
        at_one: dict[Node, Cells] = {}
        one_more = {**cells, **self._moved(number, cells, np.ones(size, dtype=np.int64))}
        rows = [np.zeros(size, dtype=np.int64)]
        for node in self._comparisons[number]:
            start, mask = _difference(node, at_zero, cells)
            slope = _difference(node, at_one, one_more)[0] - start
            flip = _flip(node.op, np.broadcast_to(start, (size,)), np.broadcast_to(slope, (size,)))
            flip = np.where((flip > lever.most) | (flip < 0) | (False if mask is None else mask), 0, flip)
            rows.append(flip)
        return _distinct(np.sort(np.stack(rows), axis=0))

    def _moved(self, number: int, cells: Mapping[str, Cells], amounts: Amounts) -> dict[str, Cells]:
        return {
            name: (cells[name][0] + step * amounts, cells[name][1])
            for name, step in self._moves[number].items()
            if name in cells
        }

    def _value(
        self, node: Node, cache: dict[Node, Cells], cells: Mapping[str, Cells], other: Mapping[str, Cells]
    ) -> Cells:
        """The cells of a node over columns, kept in a cache."""
        if node not in cache:
            if node.op == "const":
                cache[node] = constant(node)
            elif node.op == "col":
                cache[node] = other.get(node.value) or cells[node.value]
            else:
                cache[node] = compute(node, [self._value(arg, cache, cells, other) for arg in node.args])
        return cache[node]

    def _at(
        self,
        cells: Mapping[str, Cells],
        caches: Sequence[dict[Node, Cells]],
        columns: Sequence[Mapping[str, Cells]],
        fixed: dict[Node, Cells],
    ) -> Cells:
        """The root at a product of corners: what depends on one lever comes from that lever's corner."""
        here: dict[Node, Cells] = {}
        for node, lever in self._single:
            if lever is None:
                here[node] = self._value(node, fixed, cells, {})
            else:
                here[node] = caches[lever].get(node) or self._value(node, caches[lever], cells, columns[lever])
        for node in self._joint:
            here[node] = compute(node, [here[arg] for arg in node.args])
        return here[self._root]


def _difference(node: Node, cache: dict[Node, Cells], cells: Mapping[str, Cells]) -> Cells:
    """Left side less right side of a comparison."""

    def value(one: Node) -> Cells:
        if one not in cache:
            if one.op == "const":
                cache[one] = constant(one)
            elif one.op == "col":
                cache[one] = cells[one.value]
            else:
                cache[one] = compute(one, [value(arg) for arg in one.args])
        return cache[one]

    (left, left_mask), (right, right_mask) = value(node.args[0]), value(node.args[1])
    masks = [mask for mask in (left_mask, right_mask) if mask is not None]
    return left.astype(np.int64) - right.astype(np.int64), np.logical_or.reduce(masks) if masks else None


def _flip(op: str, start: Array, slope: Array) -> Amounts:
    """The first amount with another truth of `start + slope · amount ≤ 0` (or `< 0`), -1 where there is none."""
    holds = start <= 0 if op == "le" else start < 0
    rising, falling = np.where(slope > 0, slope, 1), np.where(slope < 0, -slope, 1)
    if op == "le":
        until, since = -start // rising + 1, -(-start // falling)
    else:
        until, since = -(start // rising), start // falling + 1
    found = np.where(holds, np.where(slope > 0, until, -1), np.where(slope < 0, since, -1))
    return found.astype(np.int64)


def _distinct(rows: Amounts) -> Amounts:
    """Sorted rows of corners with repetitions put back to 0, and only as many rows as some firm needs."""
    again = np.zeros(rows.shape, dtype=bool)
    again[1:] = rows[1:] == rows[:-1]
    kept: Amounts = np.sort(np.where(again, 0, rows), axis=0)
    needed: Amounts = kept[kept.any(axis=1) | (np.arange(len(kept)) == 0)]
    return needed


def _cells(series: pl.Series, node: Node) -> Cells:
    fill: dict[str, object] = {"int": 0, "bool": False, "str": ""}
    mask = series.is_null().to_numpy() if series.null_count() else None
    filled = series.fill_null(fill[node.kind]) if mask is not None else series
    return filled.to_numpy(), mask


def _taken(cells: Cells, rows: Array) -> Cells:
    values, mask = cells
    return values[rows], None if mask is None else mask[rows]


def _grouped(node: Node, levers_of: object) -> Node:
    """The node with the parts of its junctions gathered by the levers they depend on: each group is one value."""
    args = tuple(_grouped(arg, levers_of) for arg in node.args)
    if node.op not in ("and", "or") or not callable(levers_of):
        return Node(node.op, node.kind, args, node.value, node.nullable, node.bound) if args else node
    groups: dict[frozenset[int], list[Node]] = {}
    for arg in args:
        levers = levers_of(arg)
        groups.setdefault(levers if len(levers) < 2 else frozenset((-1, len(groups))), []).append(arg)
    made = [
        some[0] if len(some) == 1 else Node(node.op, "bool", tuple(some), nullable=any(one.nullable for one in some))
        for some in groups.values()
    ]
    return made[0] if len(made) == 1 else Node(node.op, "bool", tuple(made), nullable=any(one.nullable for one in made))
