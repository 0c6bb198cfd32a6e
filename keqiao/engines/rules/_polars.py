"""Nodes as Polars expressions over columns of firms: the back end for many firms at once.

Unknown is null. Polars' own rules fit: arithmetic and comparisons give null for null, `&` and `|` follow Kleene. Every
value has the narrowest type that its bound allows, up to 128 bits, and operands are brought to it first: nothing wraps
around, and little memory is moved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache

import polars as pl

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._steps import steps

_TYPES: dict[str, type[pl.DataType]] = {"int": pl.Int64, "bool": pl.Boolean, "str": pl.String}
_WIDTHS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Int128)  # points take a byte: a column of them is read far faster
_OF_COLUMNS = 3
_MOST = (2**7 - 1, 2**15 - 1, 2**31 - 1, n.NARROW)


class Plan:
    """Nodes made into expressions once, for as many frames as come."""

    def __init__(self, roots: Mapping[str, Node], *, narrow: Collection[str] = ()) -> None:
        """Results are 64 bits wide, those called `narrow` as wide as they need."""
        named: dict[Node, str] = {}
        self.steps = []
        for step in steps(list(roots.values())):
            self.steps.append([_made(node, named).alias(name) for node, name in step.items()])
            named.update(step)
        self.results = [
            (_made(node, named) if name in narrow else _full(node, named)).alias(name) for name, node in roots.items()
        ]

    def over(self, frame: pl.LazyFrame, *, keep: Sequence[str] = ()) -> pl.LazyFrame:
        """Return a frame with the nodes under their names, beside the columns to keep."""
        for step in self.steps:
            frame = frame.with_columns(step)
        return frame.select(*keep, *self.results)


def _made(node: Node, named: Mapping[Node, str], width: int = 0) -> pl.Expr:
    """The expression of one node, integers at least so wide; parts of earlier steps by their names."""
    width = max(width, _width(node))
    if node in named or node.op == "col":
        made = pl.col(named.get(node, node.value))
        return made.cast(_WIDTHS[width]) if node.kind == "int" and _width(node) < width else made
    if node.op == "const":
        return pl.lit(node.value, dtype=_WIDTHS[width] if node.kind == "int" else _TYPES[node.kind])
    args = node.args
    if node.op == "if" and args[0].op == "surely" and args[0] not in named:
        args = (args[0].args[0], *args[1:])  # what is unknown is not taken anyway
    if node.kind != "int":
        width = max(map(_width, args))  # both sides of a comparison alike
    return _CASES[node.op](node, [_made(arg, named, width if arg.kind == "int" else 0) for arg in args])


def _full(node: Node, named: Mapping[Node, str]) -> pl.Expr:
    made = _made(node, named, _OF_COLUMNS if node.kind == "int" else 0)
    return made.cast(pl.Int64) if node.kind == "int" and _width(node) > _OF_COLUMNS else made


@lru_cache(maxsize=4096)
def _width(node: Node) -> int:
    """Place in _WIDTHS of the type a node's expression has: no less than any of its operands."""
    if node.op == "col":
        return _OF_COLUMNS
    own = next((place for place, most in enumerate(_MOST) if node.bound <= most), len(_MOST))
    return max([own, *(_width(arg) for arg in node.args if arg.kind == "int")])


def _extreme(node: Node, args: list[pl.Expr]) -> pl.Expr:
    """The one that is unknown comes last if it can: an unknown comparison falls through to it."""
    order = next((order for order in ((0, 1), (1, 0)) if _is_unknown_with(*(node.args[one] for one in order))), None)
    left, right = (args[one] for one in order or (0, 1))
    first = left <= right if node.op == "min" else left >= right
    found = pl.when(first).then(left).otherwise(right)
    return found if order else pl.when(first.is_not_null()).then(found)


def _is_unknown_with(first: Node, second: Node) -> bool:
    """Whether the second is unknown wherever the first is."""
    needs, given = n.known(first), n.known(second)
    found = set(given.args) if given.op == "and" else {given}
    return needs == n.TRUE or found.issuperset(needs.args if needs.op == "and" else (needs,))


def _if(node: Node, args: list[pl.Expr]) -> pl.Expr:
    condition, yes, no = args
    found = pl.when(condition).then(yes).otherwise(no)
    return pl.when(condition.is_not_null()).then(found) if node.args[0].nullable else found


def _joined(node: Node, args: list[pl.Expr], *, all_of: bool) -> pl.Expr:
    """The known ones first: then fewer steps have to look for unknown cells."""
    found, *rest = (args[place] for place in sorted(range(len(args)), key=lambda place: node.args[place].nullable))
    for arg in rest:
        found = found & arg if all_of else found | arg
    return found


_CASES: dict[str, Callable[[Node, list[pl.Expr]], pl.Expr]] = {
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
    "and": lambda node, args: _joined(node, args, all_of=True),
    "or": lambda node, args: _joined(node, args, all_of=False),
    "known": lambda node, args: args[0].is_not_null(),
    "surely": lambda node, args: args[0].fill_null(value=False),
    "otherwise": lambda node, args: pl.coalesce(args[0], args[1]),
}
