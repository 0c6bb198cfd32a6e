"""The nearest way to qualify: exact search over what a firm can change.

A lever moves facts together: a hire adds one to the technical staff and one to all staff, a patent adds an item to a
list. Each comparison of a policy is a step function of a lever's amount, since both of its sides are straight lines in
it; where it flips is found by bisection. Between flips nothing changes, so of all amounts only the first after each
flip can be cheapest, and the search over the products of these corners, cheapest first, is exact. Two levers may not
move one comparison: then the corners would no longer be points, and the policy is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._facts import FOREVER, Firm
from keqiao.engines.rules._lists import ITEM
from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._obstacles import Obstacle, obstacles
from keqiao.engines.rules._policy import Lever
from keqiao.engines.rules._program import Program, Tested
from keqiao.engines.rules._python import compile_nodes
from keqiao.engines.rules._verdict import STATES, Checker, clause_state

_COMPARISONS = frozenset({"eq", "le", "lt", "in"})


@dataclass(frozen=True, kw_only=True)
class Move:
    """How far one lever is moved and what that costs by its weight."""

    lever: str
    label: str
    label_en: str
    amount: int
    unit: str
    cost: int


@dataclass(frozen=True, kw_only=True)
class Way:
    """Moves that together make a firm eligible, and their cost."""

    moves: tuple[Move, ...]
    cost: int


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """The cheapest way, the one that moves the fewest levers (then the cheapest), and further ways by cost.

    `cheapest` is None where no amount of the levers helps; `obstacles` then say which clauses stand in the way and why.
    Where only people's judgement does, `until_people` are the ways that leave nothing but that open.
    """

    cheapest: Way | None
    smallest: Way | None
    ways: tuple[Way, ...]
    obstacles: tuple[Obstacle, ...] = ()
    until_people: tuple[Way, ...] = ()


class Searcher:
    """A program made ready to search; `costs` weighs a unit of a lever anew, `locked` levers stay where they are."""

    def __init__(self, program: Program, *, costs: Mapping[str, int] | None = None, locked: Sequence[str] = ()) -> None:
        names = {lever.id for lever in program.policy.levers}
        if unknown := sorted((set(costs or {}) | set(locked)) - names):
            raise RuleError(f"there is no lever {unknown[0]!r}", remedy=f"the policy has {', '.join(sorted(names))}")
        self.levers = [lever for lever in program.policy.levers if lever.id not in locked]
        self._costs = {lever.id: (costs or {}).get(lever.id, lever.cost) for lever in self.levers}
        self._checker = Checker(program)
        self._locked = tuple(locked)
        self._all_moves = {lever.id: columns_moved(program, lever) for lever in program.policy.levers}
        self._clauses = {one.clause.id: compile_nodes([clause_state(one)]) for one in program.clauses}
        self._moves = {lever.id: columns_moved(program, lever) for lever in self.levers}
        self._steps = {lever.id: own_comparisons(program, self._moves, lever) for lever in self.levers}
        self._compare = {id: compile_nodes(nodes) for id, nodes in self._steps.items()}
        self._eligible = compile_nodes([program.eligible, program.lacks_data])

    def search(self, firm: Firm, *, most_ways: int = 5) -> Nearest:
        """Return the nearest ways of a firm that is not eligible."""
        row = self._checker.row(firm)
        corners = [self._corners(lever, row) for lever in self.levers]
        ways = self._ways(row, corners, is_met=lambda eligible, _lacks_data: eligible is True)
        if ways:
            smallest = min(ways, key=lambda way: (len(way.moves), way.cost))
            return Nearest(cheapest=ways[0], smallest=smallest, ways=ways[:most_ways])
        found = self._obstacles(firm, row, corners)
        if all(one.reason == "people" for one in found):
            ways = self._ways(row, corners, is_met=lambda eligible, lacks_data: eligible is None and not lacks_data)
        return Nearest(cheapest=None, smallest=None, ways=(), obstacles=found, until_people=ways[:most_ways])

    def _ways(
        self, row: Mapping[str, Any], corners: list[list[int]], *, is_met: Callable[[Any, Any], bool]
    ) -> tuple[Way, ...]:
        """The cheapest amounts for each set of levers that does not hold another that helps, by cost."""
        best: dict[frozenset[str], Way] = {}
        for amounts in self._by_cost(corners):
            moved = frozenset(lever.id for lever, amount in zip(self.levers, amounts, strict=True) if amount)
            if any(known <= moved for known in best):
                continue
            if is_met(*self._eligible(self._moved(row, amounts))):
                best[moved] = self._way(amounts)
        return tuple(best.values())

    def _obstacles(self, firm: Firm, row: Mapping[str, Any], corners: list[list[int]]) -> tuple[Obstacle, ...]:
        def reach(tested: Tested) -> str:
            columns = {node.value for node in n.walk([tested.holds, tested.lacks_data]) if node.op == "col"}
            bears = [bool(columns & self._moves[lever.id].keys()) for lever in self.levers]
            own = [some if is_own else [0] for some, is_own in zip(corners, bears, strict=True)]
            evaluate = self._clauses[tested.clause.id]
            return STATES[max(evaluate(self._moved(row, amounts))[0] for amounts in product(*own))]

        program, states = self._checker.program, self._checker.check(firm).clauses
        return obstacles(program, states, reach, self._all_moves, self._locked)

    def _by_cost(self, corners: list[list[int]]) -> Iterator[tuple[int, ...]]:
        """Every product of corners, the cheapest first."""
        costs = [self._costs[lever.id] for lever in self.levers]
        found = list(product(*corners))
        found.sort(key=lambda amounts: sum(cost * amount for cost, amount in zip(costs, amounts, strict=True)))
        return iter(found)

    def _corners(self, lever: Lever, row: Mapping[str, Any]) -> list[int]:
        """0 and the first amount after each flip, found segment by segment from the inner comparisons outwards."""
        evaluate, moves = self._compare[lever.id], self._moves[lever.id]

        def at(amount: int) -> tuple[Any, ...]:
            return evaluate({**row, **{name: _after(row[name], step, amount) for name, step in moves.items()}})

        starts = [0]
        for place in range(len(self._steps[lever.id])):
            fresh = []
            for low, end in zip(starts, [*starts[1:], lever.most + 1], strict=True):
                fresh += _flip(lambda amount, place=place: at(amount)[place], low, end - 1)
            starts = sorted({*starts, *fresh})
        return starts

    def _moved(self, row: Mapping[str, Any], amounts: tuple[int, ...]) -> dict[str, Any]:
        found = dict(row)
        for lever, amount in zip(self.levers, amounts, strict=True):
            if amount:
                for name, step in self._moves[lever.id].items():
                    found[name] = _after(found[name], step, amount)
        return found

    def _way(self, amounts: tuple[int, ...]) -> Way:
        moves = tuple(
            Move(
                lever=lever.id,
                label=lever.label,
                label_en=lever.label_en,
                amount=amount,
                unit=lever.unit,
                cost=amount * self._costs[lever.id],
            )
            for lever, amount in zip(self.levers, amounts, strict=True)
            if amount
        )
        return Way(moves=moves, cost=sum(move.cost for move in moves))


def _after(value: Any, step: int | bool, amount: int) -> Any:
    """A column after so many units: a flag is set by the first, a number moves by each, an unknown one stays so."""
    if isinstance(step, bool):
        return step if amount else value
    return None if value is None else value + step * amount


def _flip(truth: Any, low: int, high: int) -> list[int]:
    """The first amount with another truth than at `low`, if there is one: bisection, one flip at most."""
    if low >= high or truth(low) == truth(high):
        return []
    first = truth(low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if truth(middle) == first else (low, middle)
    return [high]


def columns_moved(program: Program, lever: Lever) -> dict[str, int]:
    """The columns a unit of a lever changes, and by how much."""
    facts = program.policy.vocabulary.attributes
    if unknown := [name for name in lever.adds if name not in facts]:
        where = f"lever {lever.id}"
        raise RuleError(
            f"{unknown[0]!r} is no fact", remedy="name facts of the vocabulary", where=where, line=lever.line
        )
    if wrong := [name for name in lever.sets if name not in facts or facts[name].type != "flag"]:
        where = f"lever {lever.id}"
        raise RuleError(f"{wrong[0]!r} is no flag", remedy="set flags, add to numbers", where=where, line=lever.line)
    moved = {**lever.adds, **lever.sets}
    if lever.items:
        fields = program.policy.vocabulary.lists[lever.items].fields
        item = {name: _field(lever.item.get(name), program) for name in fields}
        for term in program.terms:
            if term.items == lever.items and term.kind != "latest":
                row = {ITEM + name: value for name, value in item.items()} | dict.fromkeys(facts)
                holds, value = compile_nodes([term.condition, term.value])(row)
                if holds is True and (term.kind == "count" or value):
                    step = 1 if term.kind == "count" else value
                    moved |= {f"{term.key}.low": step, f"{term.key}.high": step}
    return moved


def _field(value: Any, program: Program) -> Any:
    """A field of a new item; `as_of` and `forever` stand for days."""
    return (
        {"as_of": program.as_of.toordinal(), "forever": FOREVER}.get(value, value) if isinstance(value, str) else value
    )


def own_comparisons(program: Program, moves: Mapping[str, Mapping[str, int]], lever: Lever) -> list[Node]:
    """The comparisons that a lever moves, inner ones first; refuses one that another lever moves as well."""
    levers_of: dict[Node, frozenset[str]] = {}
    found = []
    for node in n.walk([program.eligible]):
        own = frozenset(id for id, columns in moves.items() if node.op == "col" and node.value in columns)
        levers_of[node] = own.union(*(levers_of[arg] for arg in node.args))
        if node.op == "col" and node.value in lever.sets:
            found.append(node)  # a flag flips by itself
        if node.op in _COMPARISONS and lever.id in levers_of[node] and not _is_choice_of_points(node):
            if len(levers_of[node]) > 1:
                both = " and ".join(sorted(levers_of[node]))
                raise RuleError(f"{both} move one comparison", remedy="let one lever move it", where="levers")
            if any(_degree(arg, moves[lever.id]) > 1 for arg in node.args):
                what = f"a comparison is no straight line in {lever.id}"
                raise RuleError(what, remedy="let the lever move other facts", where="levers", line=lever.line)
            found.append(node)
    return found


def _degree(node: Node, moved: Mapping[str, int]) -> int:
    """0 where a lever does not count, 1 for a straight line between inner flips, 2 for anything else."""
    if node.op == "col":
        return int(node.value in moved)
    inside = [_degree(arg, moved) for arg in node.args]
    if node.op == "mul":
        return min(2, sum(inside))
    if node.op == "if":
        return max(inside[1:])
    most = max(inside, default=0)
    return most if node.op in ("add", "sub", "otherwise") or not most else 2


def _is_choice_of_points(node: Node) -> bool:
    """A comparison of points: what it holds is itself a sum of steps, and flips only where one of them does."""
    return any(_is_steps(arg) for arg in node.args)


def _is_steps(node: Node) -> bool:
    if node.op in ("add", "sub", "min", "max", "otherwise"):
        return any(_is_steps(arg) for arg in node.args)
    return node.op == "if" and all(arg.op in ("const", "if") or _is_steps(arg) for arg in node.args[1:])
