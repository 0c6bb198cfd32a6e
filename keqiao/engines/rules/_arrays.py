"""Nodes over NumPy arrays, each value with the places where it is unknown; for searches that repeat parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from keqiao.engines.rules._nodes import Node

Array = npt.NDArray[Any]
Cells = tuple[Array, Array | None]  # values, and where they are unknown (None: nowhere)


def compute(node: Node, args: Sequence[Cells]) -> Cells:
    """Return the cells of an operation from those of its operands; constants and columns are the caller's."""
    return _CASES[node.op](node, args)


def constant(node: Node) -> Cells:
    """A constant; small integers stay small, so that points take two bytes."""
    value = node.value
    if value is None:
        empty = {"int": np.zeros(1, np.int64), "bool": np.zeros(1, np.bool_), "str": np.array([""], np.object_)}
        return empty[node.kind], np.ones(1, dtype=bool)
    if isinstance(value, bool):
        return np.array([value]), None
    if isinstance(value, int):
        return np.array([value], dtype=np.int16 if abs(value) < 2**14 else np.int64), None
    return np.array([value], dtype=object), None


def _union(args: Sequence[Cells]) -> Array | None:
    found = None
    for _, mask in args:
        if mask is not None:
            found = mask if found is None else found | mask
    return found


def _strict(function: Callable[..., Array]) -> Callable[[Node, Sequence[Cells]], Cells]:
    return lambda node, args: (function(*(values for values, _ in args)), _union(args))


def _wide(values: Array, node: Node) -> Array:
    return values if values.dtype != np.int16 or node.bound < 2**14 else values.astype(np.int64)


def _arithmetic(function: Callable[[Array, Array], Array]) -> Callable[[Node, Sequence[Cells]], Cells]:
    def run(node: Node, args: Sequence[Cells]) -> Cells:
        (left, _), (right, _) = args
        return function(_wide(left, node), _wide(right, node)), _union(args)

    return run


def _if(node: Node, args: Sequence[Cells]) -> Cells:
    (condition, open_condition), (yes, open_yes), (no, open_no) = args
    values = np.where(condition, yes, no)
    masks = [mask for mask in (open_yes, open_no, open_condition) if mask is not None]
    if not masks:
        return values, None
    false = np.zeros(1, dtype=bool)
    taken = np.where(condition, false if open_yes is None else open_yes, false if open_no is None else open_no)
    return values, taken if open_condition is None else taken | open_condition


def _junction(node: Node, args: Sequence[Cells], *, is_and: bool) -> Cells:
    """Two rails: surely true and surely false; what is neither is unknown."""
    sure, never = _rails(args[0])
    for cells in args[1:]:
        true, false = _rails(cells)
        sure, never = (sure & true, never | false) if is_and else (sure | true, never & false)
    return sure, ~(sure | never) if any(mask is not None for _, mask in args) else None


def _rails(cells: Cells) -> tuple[Array, Array]:
    values, mask = cells
    return (values, ~values) if mask is None else (values & ~mask, ~(values | mask))


def _known(node: Node, args: Sequence[Cells]) -> Cells:
    values, mask = args[0]
    return (np.ones(values.shape, dtype=bool) if mask is None else ~mask), None


def _surely(node: Node, args: Sequence[Cells]) -> Cells:
    values, mask = args[0]
    return (values if mask is None else values & ~mask), None


def _otherwise(node: Node, args: Sequence[Cells]) -> Cells:
    (values, mask), (default, default_mask) = args
    if mask is None:
        return values, None
    still = None if default_mask is None else mask & default_mask
    return np.where(mask, default, values), still


_CASES: dict[str, Callable[[Node, Sequence[Cells]], Cells]] = {
    "add": _arithmetic(np.add),
    "sub": _arithmetic(np.subtract),
    "mul": _arithmetic(np.multiply),
    "div": _arithmetic(np.floor_divide),
    "min": _arithmetic(np.minimum),
    "max": _arithmetic(np.maximum),
    "if": _if,
    "eq": _strict(np.equal),
    "le": _strict(np.less_equal),
    "lt": _strict(np.less),
    "in": lambda node, args: (np.isin(args[0][0], list(node.value)), args[0][1]),
    "not": _strict(np.logical_not),
    "and": lambda node, args: _junction(node, args, is_and=True),
    "or": lambda node, args: _junction(node, args, is_and=False),
    "known": _known,
    "surely": _surely,
    "otherwise": _otherwise,
}
