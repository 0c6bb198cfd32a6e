"""The order in which shared parts of nodes are computed once, for back ends that think in columns.

Without it an expression used in ten places would be written, planned and perhaps computed ten times. A step holds parts
that need nothing but columns and the parts of earlier steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from keqiao.engines.rules._nodes import Node, walk

_CHEAP = frozenset({"const", "col", "known", "not", "surely"})  # as cheap to compute again as to look up


def steps(roots: Sequence[Node]) -> list[dict[Node, str]]:
    """Return the shared parts by step, each with a name of its own."""
    nodes = list(walk(roots))
    uses = Counter(arg for node in nodes for arg in node.args) + Counter(roots)
    shared = {node for node in nodes if uses[node] > 1 and node.op not in _CHEAP}
    depths: dict[Node, int] = {}
    for node in nodes:
        depths[node] = max((depths[arg] for arg in node.args), default=0) + (node in shared)
    found: list[dict[Node, str]] = [{} for _ in range(max(depths.values(), default=0))]
    for number, node in enumerate(node for node in nodes if node in shared):
        found[depths[node] - 1][node] = f"_{number}"
    return [step for step in found if step]
