"""The small arithmetic that every back end can do: integers, texts and truth values, each of which may be unknown.

A node says what is computed, whether it may be unknown (None, null) and how large it can become; everything else of
the language (units, ratios, bands, intervals, lists) is gone at this level. Rules for unknown: arithmetic and
comparisons are unknown as soon as an operand is; `and`, `or`, `not` follow Kleene; `if` with an unknown condition is
unknown; `known` and `surely` are always known. Constants are folded, so a policy compiled for a day holds no more
than that day needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from keqiao.engines.rules._errors import RuleError

LARGEST = 2**53  # of a single fact: what JSON carries exactly, above every amount the schema allows
_WIDEST = 2**126
NARROW = 2**63 - 1


@dataclass(frozen=True, eq=True)
class Node:
    """One operation: `op` with its operands, the value of a constant or the name of a column.

    `kind` is int, bool or str; `bound` the largest magnitude of an int, so that a back end knows where 64 bits do.
    """

    op: str
    kind: str
    args: tuple[Node, ...] = ()
    value: Any = None
    nullable: bool = False
    bound: int = 0
    _hash: int = field(default=0, compare=False, repr=False)

    def __post_init__(self) -> None:
        value = hash((self.op, self.kind, tuple(arg._hash for arg in self.args), self.value))
        object.__setattr__(self, "_hash", value)

    def __hash__(self) -> int:
        return self._hash

    @property
    def is_wide(self) -> bool:
        """Whether 64 bits may not hold it."""
        return self.bound > NARROW


def const(value: int | bool | str | None, *, kind: str = "") -> Node:
    """A value known when the policy is compiled; None needs its kind."""
    if value is None:
        return Node("const", kind, nullable=True)
    if isinstance(value, bool):
        return Node("const", "bool", value=value)
    if isinstance(value, int):
        return Node("const", "int", value=value, bound=abs(value))
    return Node("const", "str", value=value)


TRUE, FALSE, ZERO = const(True), const(False), const(0)


def column(name: str, *, kind: str, nullable: bool = True, bound: int = LARGEST) -> Node:
    """A fact of the firm, a field of an item, or what a list was reduced to."""
    return Node("col", kind, value=name, nullable=nullable, bound=bound if kind == "int" else 0)


def is_null_const(node: Node) -> bool:
    return node.op == "const" and node.value is None


def _known(node: Node) -> bool:
    return node.op == "const" and node.value is not None


def _arithmetic(op: str, left: Node, right: Node, bound: int) -> Node:
    if is_null_const(left) or is_null_const(right):
        return const(None, kind="int")
    if bound >= _WIDEST:
        raise RuleError("a product can become larger than 126 bits", remedy="divide before multiplying")
    return Node(op, "int", (left, right), nullable=left.nullable or right.nullable, bound=bound)


def add(left: Node, right: Node) -> Node:
    if _known(left) and _known(right):
        return const(left.value + right.value)
    if left == ZERO or right == ZERO:
        return right if left == ZERO else left
    return _arithmetic("add", left, right, left.bound + right.bound)


def sub(left: Node, right: Node) -> Node:
    if _known(left) and _known(right):
        return const(left.value - right.value)
    if right == ZERO:
        return left
    return _arithmetic("sub", left, right, left.bound + right.bound)


def mul(left: Node, right: Node) -> Node:
    if _known(left) and _known(right):
        return const(left.value * right.value)
    for one, other in ((left, right), (right, left)):
        if _known(one) and (one.value == 1 or (one.value == 0 and not other.nullable)):
            return other if one.value == 1 else ZERO
    return _arithmetic("mul", left, right, left.bound * right.bound)


def floor_div(left: Node, right: int) -> Node:
    """Division by a constant above zero, towards minus infinity."""
    if right == 1:
        return left
    if _known(left):
        return const(left.value // right)
    return _arithmetic("div", left, const(right), left.bound // right + 1)


def least(left: Node, right: Node) -> Node:
    return _extreme("min", left, right)


def greatest(left: Node, right: Node) -> Node:
    return _extreme("max", left, right)


def _extreme(op: str, left: Node, right: Node) -> Node:
    if left == right:
        return left
    if _known(left) and _known(right):
        return const(min(left.value, right.value) if op == "min" else max(left.value, right.value))
    return _arithmetic(op, left, right, max(left.bound, right.bound))


def choose(condition: Node, yes: Node, no: Node) -> Node:
    """`yes` where the condition holds, `no` where it does not, unknown where that is unknown."""
    if yes == no and not condition.nullable:
        return yes
    if condition.op == "const":
        if condition.value is None:
            return const(None, kind=yes.kind)
        return yes if condition.value else no
    if yes == TRUE and no == FALSE:
        return condition
    if is_null_const(no) and condition == known(yes):
        return yes
    if condition.op == "not":
        condition, yes, no = condition.args[0], no, yes
    if yes.op == "if" and yes.args[0] == condition:
        yes = yes.args[1]
    if no.op == "if" and no.args[0] == condition:
        no = no.args[2]
    if yes == no and not condition.nullable:
        return yes
    nullable = condition.nullable or yes.nullable or no.nullable
    return Node("if", yes.kind, (condition, yes, no), nullable=nullable, bound=max(yes.bound, no.bound))


_FOLD = {"eq": lambda a, b: a == b, "le": lambda a, b: a <= b, "lt": lambda a, b: a < b}


def compare(op: str, left: Node, right: Node) -> Node:
    """`left op right` for = != < <= > >=."""
    if op in (">", ">="):
        return compare("<" if op == ">" else "<=", right, left)
    if op == "!=":
        return negate(compare("=", left, right))
    name = {"=": "eq", "<=": "le", "<": "lt"}[op]
    if _known(left) and _known(right):
        return const(_FOLD[name](left.value, right.value))
    if is_null_const(left) or is_null_const(right):
        return const(None, kind="bool")
    return Node(name, "bool", (left, right), nullable=left.nullable or right.nullable)


def is_among(of: Node, values: tuple[Any, ...]) -> Node:
    if _known(of):
        return const(of.value in values)
    return Node("in", "bool", (of,), value=values, nullable=of.nullable)


def negate(of: Node) -> Node:
    if _known(of):
        return const(not of.value)
    if of.op == "not":
        return of.args[0]
    return of if is_null_const(of) else Node("not", "bool", (of,), nullable=of.nullable)


def every(parts: Iterable[Node]) -> Node:
    """Kleene's and: false beats unknown beats true."""
    return _junction("and", parts, neutral=TRUE, settled=FALSE)


def some(parts: Iterable[Node]) -> Node:
    """Kleene's or: true beats unknown beats false."""
    return _junction("or", parts, neutral=FALSE, settled=TRUE)


def _junction(op: str, parts: Iterable[Node], *, neutral: Node, settled: Node) -> Node:
    kept: list[Node] = []
    for part in parts:
        inside = part.args if part.op == op else (part,)
        kept += [one for one in inside if one != neutral and one not in kept]
    if settled in kept:
        return settled
    dual = "or" if op == "and" else "and"
    kept = [one for one in kept if one.op != dual or not any(arg in kept for arg in one.args)]  # a or (a and b) is a
    if len(kept) < 2:
        return kept[0] if kept else neutral
    return Node(op, "bool", tuple(kept), nullable=any(part.nullable for part in kept))


_STRICT = frozenset({"add", "sub", "mul", "div", "min", "max", "eq", "le", "lt", "in", "not"})


def known(of: Node) -> Node:
    """Whether a value is known at all; of a comparison or a sum, whether its operands are."""
    if not of.nullable:
        return TRUE
    if of.op in _STRICT:
        return every(known(arg) for arg in of.args)
    if of.op == "if" and not of.args[0].nullable and not all(arg.nullable for arg in of.args[1:]):
        condition, yes, no = of.args
        return some((condition, known(no))) if no.nullable else some((negate(condition), known(yes)))
    return FALSE if is_null_const(of) else Node("known", "bool", (of,))


def unknown(of: Node) -> Node:
    return negate(known(of))


def otherwise(of: Node, default: Node) -> Node:
    """The value, or the default where it is unknown."""
    if not of.nullable:
        return of
    if is_null_const(of):
        return default
    bound = max(of.bound, default.bound)
    return Node("otherwise", of.kind, (of, default), nullable=default.nullable, bound=bound)


def surely(of: Node) -> Node:
    """Whether a condition is known to hold."""
    if not of.nullable:
        return of
    return FALSE if is_null_const(of) else Node("surely", "bool", (of,))


def surely_not(of: Node) -> Node:
    return surely(negate(of))


def walk(roots: Iterable[Node]) -> Iterator[Node]:
    """Every node once, operands before what uses them."""
    seen: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False) for root in roots]
    stack.reverse()
    while stack:
        node, is_ready = stack.pop()
        if node in seen:
            continue
        if is_ready:
            seen.add(node)
            yield node
        else:
            stack.append((node, True))
            stack.extend((arg, False) for arg in reversed(node.args))
