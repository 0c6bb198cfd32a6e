"""Lists become numbers before anything else is computed: how many items, what sum, which newest state.

An item satisfies a condition surely, possibly (a field is missing) or not. A count is [sure, possible]; an absent
list is [0, endless]. A sum adds sure items, is widened by possible ones, and is endless where an amount is missing. A
newest state is known only if nothing that may be newer contradicts it. The columns a term leaves are `<key>.low`,
`<key>.high`, `<key>.gap` (is the list itself to blame for the width) and, for `latest`, `<key>.value`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._python import compile_nodes
from keqiao.engines.rules._values import ENDLESS, Value

Items = list[dict[str, Any]] | None
Reduced = dict[str, Any]
ITEM = "item."  # prefix of an item's fields among the columns


@dataclass(frozen=True, kw_only=True)
class Term:
    """One use of a list: which items, and for sums and newest states what of them."""

    key: str
    kind: str  # count, sum or latest
    items: str
    condition: Node
    gap: Node  # whether an item is only possible because of its own fields
    value: Node = n.ZERO
    is_lone_field: bool = False  # a single amount that cannot be negative: missing means anything from 0
    by: str = ""
    is_signed: bool = False

    @property
    def low(self) -> Node:
        return n.column(f"{self.key}.low", kind="int", nullable=False, bound=ENDLESS)

    @property
    def high(self) -> Node:
        return n.column(f"{self.key}.high", kind="int", nullable=False, bound=ENDLESS)

    @property
    def has_gap(self) -> Node:
        return n.column(f"{self.key}.gap", kind="bool", nullable=False)

    @property
    def newest(self) -> Node:
        return n.column(f"{self.key}.value", kind=self.value.kind)


def counted(term: Term, unit: str) -> Value:
    """The interval a count or sum stands for."""
    return Value("number", term.low, term.high, unit, 1, None, {term.items: term.has_gap})


def reducer(term: Term) -> Callable[[Items, Mapping[str, Any]], Reduced]:
    """Return the function from a list and the firm's values to the columns of a term."""
    evaluate = compile_nodes((term.condition, term.gap, term.value))
    reduce = {"count": _count, "sum": _sum, "latest": _latest}[term.kind]

    def run(items: Items, firm: Mapping[str, Any]) -> Reduced:
        if items is None:
            return _absent(term)
        rows = [evaluate({**firm, **{ITEM + name: value for name, value in item.items()}}) for item in items]
        return reduce(term, items, rows)

    return run


def _absent(term: Term) -> Reduced:
    if term.kind == "latest":
        return {f"{term.key}.value": None, f"{term.key}.gap": True}
    low = 0 if term.kind == "count" or (term.is_lone_field and not term.is_signed) else -ENDLESS
    return {f"{term.key}.low": low, f"{term.key}.high": ENDLESS, f"{term.key}.gap": True}


def _count(term: Term, items: list[dict[str, Any]], rows: list[tuple[Any, ...]]) -> Reduced:
    sure = sum(holds is True for holds, _, _ in rows)
    possible = sum(holds is not False for holds, _, _ in rows)
    gap = any(holds is None and own for holds, own, _ in rows)
    return {f"{term.key}.low": sure, f"{term.key}.high": possible, f"{term.key}.gap": gap}


def _sum(term: Term, items: list[dict[str, Any]], rows: list[tuple[Any, ...]]) -> Reduced:
    low = high = 0
    gap, floor = False, 0 if term.is_lone_field and not term.is_signed else -ENDLESS
    for holds, own, value in rows:
        if holds is False:
            continue
        least, most = (floor, ENDLESS) if value is None else (value, value)
        if holds is None:
            least, most = min(0, least), max(0, most)
        gap = gap or value is None or bool(holds is None and own)
        low, high = low + least, high + most
    low, high = (max(-ENDLESS, min(end, ENDLESS)) for end in (low, high))
    return {f"{term.key}.low": low, f"{term.key}.high": high, f"{term.key}.gap": gap}


def _latest(term: Term, items: list[dict[str, Any]], rows: list[tuple[Any, ...]]) -> Reduced:
    """The value of the newest sure item, unless an item of that day or one that may be newer says otherwise."""
    days = [item[term.by] for item in items]
    newest = max((day for day, row in zip(days, rows, strict=True) if row[0] is True), default=None)
    said: set[Any] = set()
    for day, (holds, _, value) in zip(days, rows, strict=True):
        is_rival = holds is not False and newest is not None and (day is None or day >= newest)
        if is_rival:
            said.add(value)
    value = said.pop() if len(said) == 1 else None
    return {f"{term.key}.value": value, f"{term.key}.gap": value is None}
