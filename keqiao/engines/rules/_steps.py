"""What back ends that think in columns need: shared parts computed once, and nodes for columns without gaps.

Without it an expression used in ten places would be written, planned and perhaps computed ten times. A step holds parts
that need nothing but columns and the parts of earlier steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules._nodes import Node, walk

_CHEAP = frozenset({"const", "col", "known", "not", "surely"})  # as cheap to compute again as to look up


def steps(roots: Sequence[Node]) -> list[dict[Node, str]]:
    """Return the shared parts by step, each with a name of its own."""
    nodes = list(walk(roots))
    uses = Counter(arg for node in nodes for arg in node.args * _times(node)) + Counter(roots)
    shared = {node for node in nodes if uses[node] > 1 and node.op not in _CHEAP}
    depths: dict[Node, int] = {}
    for node in nodes:
        depths[node] = max((depths[arg] for arg in node.args), default=0) + (node in shared)
    found: list[dict[Node, str]] = [{} for _ in range(max(depths.values(), default=0))]
    for number, node in enumerate(node for node in nodes if node in shared):
        found[depths[node] - 1][node] = f"_{number}"
    return [step for step in found if step]


def _times(node: Node) -> int:
    """How often an operand stands in the text of a node: an extreme compares, then takes."""
    return 2 if node.op in ("min", "max") else 1


def without_gaps(roots: Mapping[str, Node], *, full: frozenset[str]) -> dict[str, Node]:
    """Return the nodes made anew for data in which the columns `full` have no unknown cell: much folds away."""
    made: dict[Node, Node] = {}
    for node in walk(roots.values()):
        args = [made[arg] for arg in node.args]
        if node.op == "col" and node.value in full:
            made[node] = replace(node, nullable=False)
        elif args == list(node.args):
            made[node] = node
        else:
            found = _MAKERS[node.op](node, args)
            made[node] = replace(found, bound=node.bound) if found.bound > node.bound else found
    return {name: made[node] for name, node in roots.items()}


_MAKERS: dict[str, Callable[[Node, list[Node]], Node]] = {
    "add": lambda node, args: n.add(*args),
    "sub": lambda node, args: n.sub(*args),
    "mul": lambda node, args: n.mul(*args),
    "div": lambda node, args: n.floor_div(args[0], args[1].value),
    "min": lambda node, args: n.least(*args),
    "max": lambda node, args: n.greatest(*args),
    "if": lambda node, args: n.choose(*args),
    "eq": lambda node, args: n.compare("=", *args),
    "le": lambda node, args: n.compare("<=", *args),
    "lt": lambda node, args: n.compare("<", *args),
    "in": lambda node, args: n.is_among(args[0], node.value),
    "not": lambda node, args: n.negate(args[0]),
    "and": lambda node, args: n.every(args),
    "or": lambda node, args: n.some(args),
    "known": lambda node, args: n.known(args[0]),
    "surely": lambda node, args: n.surely(args[0]),
    "otherwise": lambda node, args: n.otherwise(*args),
}
