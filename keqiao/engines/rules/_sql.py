"""Nodes as SQL text (DuckDB's dialect): for firms that stand in a database or files larger than the memory.

Unknown is NULL; SQL's three-valued AND, OR and NOT are Kleene's. Values that may need more than 64 bits are HUGEINT.
Parts used more than once get a name in a chain of subqueries, so that the text stays short.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._steps import steps

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "eq": "=", "le": "<=", "lt": "<"}


def quoted(name: str) -> str:
    """A name as an identifier.

    >>> quoted('#0.ip_items.low')
    '"#0.ip_items.low"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def select(roots: Mapping[str, Node], *, table: str, keep: Sequence[str] = ()) -> str:
    """Return a SELECT that computes the nodes under their names beside the columns to keep.

    >>> a = Node("col", "int", value="a")
    >>> select({"twice": Node("add", "int", (a, a))}, table="firms", keep=["id"])
    'SELECT "id", ("a" + "a") AS "twice" FROM firms'
    """
    named: dict[Node, str] = {}
    source = table
    for step in steps(list(roots.values())):
        columns = ", ".join(f"{_text(node, named)} AS {name}" for node, name in step.items())
        named.update(step)
        source = f"(SELECT *, {columns} FROM {source})"  # noqa: S608 - names and literals are quoted
    results = [f"{_text(node, named)} AS {quoted(name)}" for name, node in roots.items()]
    return f"SELECT {', '.join([*map(quoted, keep), *results])} FROM {source}"  # noqa: S608 - as above


def _text(node: Node, named: Mapping[Node, str]) -> str:
    """The text of one node, parts of earlier steps by their names."""
    return named.get(node) or _expression(node, [_text(arg, named) for arg in node.args])


def _expression(node: Node, args: list[str]) -> str:
    if node.op in _SIGNS:
        wide = node.is_wide or (node.kind == "bool" and any(arg.is_wide for arg in node.args))
        if wide and node.args[0].kind == "int":
            args = [_widened(arg, one) for arg, one in zip(args, node.args, strict=True)]
        return f"({args[0]} {_SIGNS[node.op]} {args[1]})"
    return _CASES[node.op](node, args)


def _widened(text: str, node: Node) -> str:
    return text if node.is_wide and node.op != "const" else f"CAST({text} AS HUGEINT)"


def _const(node: Node, args: list[str]) -> str:
    if node.value is None:
        return "NULL"
    if node.kind == "bool":
        return "TRUE" if node.value else "FALSE"
    if node.kind == "str":
        return literal(node.value)
    return f"CAST({node.value} AS HUGEINT)" if node.is_wide else f"CAST({node.value} AS BIGINT)"


def _div(node: Node, args: list[str]) -> str:
    """Floor division; DuckDB's // cuts towards zero."""
    top, bottom = args
    return f"(({top} - (({top} % {bottom} + {bottom}) % {bottom})) // {bottom})"


def _extreme(node: Node, args: list[str]) -> str:
    sign, other = ("<=", ">") if node.op == "min" else (">=", "<")
    left, right = args
    return f"(CASE WHEN {left} {sign} {right} THEN {left} WHEN {left} {other} {right} THEN {right} END)"


def _if(node: Node, args: list[str]) -> str:
    condition, yes, no = args
    if not node.args[0].nullable:
        return f"(CASE WHEN {condition} THEN {yes} ELSE {no} END)"
    return f"(CASE WHEN {condition} THEN {yes} WHEN NOT {condition} THEN {no} END)"


def _in(node: Node, args: list[str]) -> str:
    values = ", ".join(literal(one) if isinstance(one, str) else str(one) for one in node.value)
    return f"({args[0]} IN ({values}))"


_CASES: dict[str, Callable[[Node, list[str]], str]] = {
    "const": _const,
    "col": lambda node, args: quoted(node.value),
    "div": _div,
    "min": _extreme,
    "max": _extreme,
    "if": _if,
    "in": _in,
    "not": lambda node, args: f"(NOT {args[0]})",
    "and": lambda node, args: f"({' AND '.join(args)})",
    "or": lambda node, args: f"({' OR '.join(args)})",
    "known": lambda node, args: f"({args[0]} IS NOT NULL)",
    "surely": lambda node, args: f"({args[0]} IS TRUE)",
    "otherwise": lambda node, args: f"COALESCE({args[0]}, {args[1]})",
}
