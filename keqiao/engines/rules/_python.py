"""Nodes as one Python function over a mapping of columns: the reference, and the fastest for one firm.

Every node becomes one assignment, operands first; None is unknown. Python's integers have no width, so nothing
overflows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules._nodes import Node

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "//", "eq": "==", "le": "<=", "lt": "<"}


def compile_nodes(roots: Sequence[Node]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Return a function from the columns of one firm to the values of the nodes.

    >>> double = compile_nodes([n.add(n.column("a", kind="int"), n.column("a", kind="int"))])
    >>> double({"a": 21}), double({"a": None})
    ((42,), (None,))
    """
    names: dict[Node, str] = {}
    lines: list[str] = []
    for node in n.walk(roots):
        if node.op == "const":
            names[node] = repr(node.value)
            continue
        name = f"v{len(names)}"
        lines.append(f"    {name} = {_expression(node, [names[arg] for arg in node.args])}")
        names[node] = name
    result = "".join(names[root] + ", " for root in roots)
    source = "\n".join(["def evaluate(row):", *lines, f"    return ({result})"])
    found: dict[str, Any] = {}
    exec(compile(source, "<policy>", "exec"), {}, found)  # noqa: S102 - the text is generated from the checked tree alone
    evaluate: Callable[[Mapping[str, Any]], tuple[Any, ...]] = found["evaluate"]
    return evaluate


def _expression(node: Node, args: list[str]) -> str:
    if node.op in _SIGNS:
        return _strict(node, args, f"{args[0]} {_SIGNS[node.op]} {args[1]}")
    if node.op in ("min", "max"):
        return _strict(
            node, args, f"{args[0]} if {args[0]} {'<=' if node.op == 'min' else '>='} {args[1]} else {args[1]}"
        )
    return _OTHERS[node.op](node, args)


def _strict(node: Node, args: list[str], plain: str) -> str:
    absent = [f"{name} is None" for name, arg in zip(args, node.args, strict=True) if arg.nullable]
    return f"None if {' or '.join(dict.fromkeys(absent))} else ({plain})" if absent else plain


def _if(node: Node, args: list[str]) -> str:
    condition, yes, no = args
    plain = f"{yes} if {condition} else {no}"
    return f"None if {condition} is None else ({plain})" if node.args[0].nullable else plain


def _junction(node: Node, args: list[str], *, settled: str, neutral: str) -> str:
    """Kleene: one settled part settles; otherwise one unknown part makes it unknown."""
    word = "or" if settled == "True" else "and"
    if not node.nullable:
        return f" {word} ".join(args)
    hits = " or ".join(f"{name} is {settled}" for name in args)
    gaps = " or ".join(f"{name} is None" for name, arg in zip(args, node.args, strict=True) if arg.nullable)
    return f"{settled} if {hits} else None if {gaps} else {neutral}"


_OTHERS: dict[str, Callable[[Node, list[str]], str]] = {
    "col": lambda node, args: f"row[{node.value!r}]",
    "in": lambda node, args: _strict(node, args, f"{args[0]} in {node.value!r}"),
    "not": lambda node, args: _strict(node, args, f"not {args[0]}"),
    "if": _if,
    "and": lambda node, args: _junction(node, args, settled="False", neutral="True"),
    "or": lambda node, args: _junction(node, args, settled="True", neutral="False"),
    "known": lambda node, args: f"{args[0]} is not None",
    "surely": lambda node, args: f"{args[0]} is True",
    "otherwise": lambda node, args: f"{args[1]} if {args[0]} is None else {args[0]}",
}
