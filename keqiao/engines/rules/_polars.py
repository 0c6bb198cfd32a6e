"""Nodes as Polars expressions over columns of firms: the back end for many firms at once.

Unknown is null. Polars' own rules fit: arithmetic and comparisons give null for null, `&` and `|` follow Kleene. Where
a value may need more than 64 bits the operands are widened to 128 first, so that nothing wraps around.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._steps import steps

_TYPES: dict[str, type[pl.DataType]] = {"int": pl.Int64, "bool": pl.Boolean, "str": pl.String}


def evaluate(frame: pl.LazyFrame, roots: Mapping[str, Node], *, keep: Sequence[str] = ()) -> pl.LazyFrame:
    """Return a frame with the nodes under their names, beside the columns to keep."""
    named: dict[Node, str] = {}
    for step in steps(list(roots.values())):
        frame = frame.with_columns([_made(node, named).alias(name) for node, name in step.items()])
        named.update(step)
    return frame.select(*keep, *(_made(node, named).alias(name) for name, node in roots.items()))


def _made(node: Node, named: Mapping[Node, str]) -> pl.Expr:
    """The expression of one node, parts of earlier steps by their names."""
    if node in named:
        return pl.col(named[node])
    if node.op == "if" and node.args[0].op == "surely" and node.args[0] not in named:
        condition, yes, no = (node.args[0].args[0], *node.args[1:])  # what is unknown is not taken anyway
        return _if(node, [_made(arg, named) for arg in (condition, yes, no)])
    return _expression(node, [_made(arg, named) for arg in node.args])


def _expression(node: Node, args: list[pl.Expr]) -> pl.Expr:
    if node.op in ("add", "sub", "mul", "div", "min", "max", "if", "otherwise") and node.kind == "int":
        args = [_widened(arg, one, node.is_wide) for arg, one in zip(args, node.args, strict=True)]
    if node.op in ("eq", "le", "lt") and node.args[0].kind == "int":
        wide = any(arg.is_wide for arg in node.args)
        args = [_widened(arg, one, wide) for arg, one in zip(args, node.args, strict=True)]
    return _CASES[node.op](node, args)


def _widened(arg: pl.Expr, node: Node, wide: bool) -> pl.Expr:
    return arg.cast(pl.Int128) if wide and node.kind == "int" and not (node.is_wide and node.op != "const") else arg


def _const(node: Node, args: list[pl.Expr]) -> pl.Expr:
    dtype = pl.Int128 if node.is_wide else _TYPES[node.kind]
    return pl.lit(node.value, dtype=dtype)


def _extreme(node: Node, args: list[pl.Expr]) -> pl.Expr:
    if node.args[0].nullable and not node.args[1].nullable:
        args = args[::-1]  # with the known one first, an unknown comparison falls through to the unknown value
    left, right = args
    first = left <= right if node.op == "min" else left >= right
    if all(arg.nullable for arg in node.args):
        return pl.when(first).then(left).when(~first).then(right)
    return pl.when(first).then(left).otherwise(right)


def _if(node: Node, args: list[pl.Expr]) -> pl.Expr:
    condition, yes, no = args
    if not node.args[0].nullable:
        return pl.when(condition).then(yes).otherwise(no)
    return pl.when(condition).then(yes).when(~condition).then(no)


def _joined(args: list[pl.Expr], *, all_of: bool) -> pl.Expr:
    found = args[0]
    for arg in args[1:]:
        found = found & arg if all_of else found | arg
    return found


_CASES: dict[str, Callable[[Node, list[pl.Expr]], pl.Expr]] = {
    "const": _const,
    "col": lambda node, args: pl.col(node.value),
    "add": lambda node, args: args[0] + args[1],
    "sub": lambda node, args: args[0] - args[1],
    "mul": lambda node, args: args[0] * args[1],
    "div": lambda node, args: args[0] // args[1],
    "min": _extreme,
    "max": _extreme,
    "if": _if,
    "eq": lambda node, args: args[0] == args[1],
    "le": lambda node, args: args[0] <= args[1],
    "lt": lambda node, args: args[0] < args[1],
    "in": lambda node, args: args[0].is_in(list(node.value)),
    "not": lambda node, args: ~args[0],
    "and": lambda node, args: _joined(args, all_of=True),
    "or": lambda node, args: _joined(args, all_of=False),
    "known": lambda node, args: args[0].is_not_null(),
    "surely": lambda node, args: args[0].fill_null(value=False),
    "otherwise": lambda node, args: pl.coalesce(args[0], args[1]),
}
