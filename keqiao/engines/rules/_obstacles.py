"""Why no way leads there: the clauses that stay unmet whatever the levers do, and what keeps each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules import _syntax as s
from keqiao.engines.rules._policy import Policy
from keqiao.engines.rules._program import Program, Tested

REASONS = ("people", "data", "time", "fixed", "locked", "beyond", "together")


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """A clause that no move meets.

    `people` judge it; `data` are missing; `time` alone meets it; it is `fixed`, nothing a firm changes bears on it; its
    levers are `locked`; they do not reach far enough (`beyond`); or each clause can be met, but not all `together`.
    """

    clause: str
    label: str
    label_en: str
    reason: str


def obstacles(
    program: Program,
    states: Mapping[str, str],
    reach: Callable[[Tested], str],
    moves: Mapping[str, Mapping[str, int]],
    locked: Sequence[str],
) -> tuple[Obstacle, ...]:
    """Return what stands in the way of a firm for which no way was found, in the order of the text.

    `states` are the clauses' as it is, `reach` gives the best state of a clause at some amounts of the levers, `moves`
    the columns of every lever, locked ones included. A clause is named where the combination of clauses fails for want
    of it although all clauses that can be met are; where none is, those that are not met now cannot be met together.
    """
    asked = [one for one in program.clauses if states[one.clause.id] != "not_applicable"]
    reached = {one.clause.id: reach(one) for one in asked}
    stuck = {id for id, state in reached.items() if state != "pass"}
    truth = {id: None if state == "not_applicable" else id not in stuck for id, state in states.items()}
    named: set[str] = set()
    for part in _parts(program.policy.eligible, program.policy):
        if _holds(part, program.policy, truth) is False:
            named |= set(_clauses(part, program.policy)) & stuck
    found = [one for one in program.clauses if one.clause.id in named]
    if found:
        return tuple(_obstacle(one, _reason(one, program, reached[one.clause.id], moves, locked)) for one in found)
    unmet = [one for one in program.clauses if states[one.clause.id] not in ("pass", "not_applicable")]
    return tuple(_obstacle(one, "together") for one in unmet if one.clause.kind != "rate")


def _obstacle(tested: Tested, reason: str) -> Obstacle:
    clause = tested.clause
    return Obstacle(clause=clause.id, label=clause.label, label_en=clause.label_en, reason=reason)


def _reason(
    tested: Tested, program: Program, state: str, moves: Mapping[str, Mapping[str, int]], locked: Sequence[str]
) -> str:
    if state in ("manual", "unknown"):
        return "people" if state == "manual" else "data"
    columns = {node.value for node in n.walk([tested.holds]) if node.op == "col"}
    levers = {id for id, moved in moves.items() if columns & moved.keys()}
    if levers:
        return "locked" if levers <= set(locked) else "beyond"
    facts = program.policy.vocabulary.attributes
    return "time" if columns and all(name in facts and facts[name].type == "date" for name in columns) else "fixed"


def _ids(pattern: str, policy: Policy) -> list[str]:
    return [clause.id for clause in policy.clauses if fnmatchcase(clause.id, pattern)]


def _parts(node: s.Expression, policy: Policy) -> Iterator[s.Expression]:
    """What must hold side by side."""
    if isinstance(node, s.Binary) and node.op == "and":
        yield from _parts(node.left, policy)
        yield from _parts(node.right, policy)
    elif isinstance(node, s.Call) and node.name == "all":
        for arg in node.args:
            if isinstance(arg, s.Name) and arg.name.endswith("*"):
                yield from (s.Name(id) for id in _ids(arg.name, policy))
            else:
                yield from _parts(arg, policy)
    else:
        yield node


def _clauses(node: s.Expression, policy: Policy) -> Iterator[str]:
    if isinstance(node, s.Name):
        yield from _ids(node.name, policy)
    elif isinstance(node, s.Binary):
        yield from _clauses(node.left, policy)
        yield from _clauses(node.right, policy)
    elif isinstance(node, s.Call):
        for arg in node.args:
            yield from _clauses(arg, policy)


def _holds(node: s.Expression, policy: Policy, truth: Mapping[str, bool | None]) -> bool | None:
    """Whether a combination holds; None for one that is not asked, which neither hinders nor helps."""
    if isinstance(node, s.Name):
        found = [truth[id] for id in _ids(node.name, policy)]
        return found[0] if len(found) == 1 else True
    if isinstance(node, s.Binary) and node.op in ("and", "or"):
        sides = [_holds(node.left, policy, truth), _holds(node.right, policy, truth)]
        return _joined(node.op, sides)
    if isinstance(node, s.Call) and node.name in ("all", "any"):
        found = []
        for arg in node.args:
            if isinstance(arg, s.Name):
                found += [truth[id] for id in _ids(arg.name, policy)]
            else:
                found.append(_holds(arg, policy, truth))
        return _joined("and" if node.name == "all" else "or", found)
    return True


def _joined(op: str, parts: Sequence[bool | None]) -> bool | None:
    asked = [one for one in parts if one is not None]
    if not asked:
        return None
    return all(asked) if op == "and" else any(asked)
