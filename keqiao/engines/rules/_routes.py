"""How the clauses of a policy hang together: which must all hold, and of which one is enough.

The tree is read from the condition `eligible`. Clauses it does not name (such as rates) decide nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from keqiao.engines.rules import _syntax as s
from keqiao.engines.rules._policy import Policy

_OPEN = ("unknown", "manual")


@dataclass(frozen=True, kw_only=True)
class Route:
    """A clause, or several parts of which all (`all`) or one (`any`) must hold; `aside` decides nothing."""

    kind: str  # clause, all, any or aside
    clause: str = ""
    parts: tuple[Route, ...] = ()

    def state(self, states: Mapping[str, str]) -> str:
        """Return the state of the whole, given those of the clauses; what does not apply is neutral among others.

        >>> one, other = Route(kind="clause", clause="a"), Route(kind="clause", clause="b")
        >>> Route(kind="any", parts=(one, other)).state({"a": "fail", "b": "pass"})
        'pass'
        """
        if self.kind in ("clause", "aside"):
            return states[self.clause]
        found = [part.state(states) for part in self.parts]
        found = [one for one in found if one != "not_applicable"]
        settles, rest = ("pass", "fail") if self.kind == "any" else ("fail", "pass")
        if not found:
            return "not_applicable"
        return next((one for one in (settles, *_OPEN) if one in found), rest)

    def clauses(self) -> Iterator[str]:
        """Return the clauses of the route and its parts.

        >>> list(Route(kind="all", parts=(Route(kind="clause", clause="a"),)).clauses())
        ['a']
        """
        if self.clause:
            yield self.clause
        for part in self.parts:
            yield from part.clauses()


def routes(policy: Policy) -> tuple[Route, ...]:
    """Return what must all hold for a policy, in the order of its condition; then the clauses that decide nothing."""
    whole = _route(policy.eligible, policy)
    found = whole.parts if whole.kind == "all" else (whole,)
    named = {id for part in found for id in part.clauses()}
    aside = (clause.id for clause in policy.clauses if clause.id not in named)
    return (*found, *(Route(kind="aside", clause=id) for id in aside))


def _route(node: s.Expression, policy: Policy) -> Route:
    if isinstance(node, s.Binary) and node.op in ("and", "or"):
        return _joined("all" if node.op == "and" else "any", [_route(one, policy) for one in (node.left, node.right)])
    if isinstance(node, s.Call) and node.name in ("all", "any"):
        return _joined(node.name, [part for arg in node.args for part in _members(arg, policy)])
    if isinstance(node, s.Name) and node.name in policy.definitions:
        return _route(policy.definitions[node.name].value, policy)
    return _joined("all", _members(node, policy))


def _members(node: s.Expression, policy: Policy) -> list[Route]:
    """The clauses a name or a group's star stands for; of any other expression none, for it is no clause."""
    if not isinstance(node, s.Name):
        return [_route(node, policy)] if isinstance(node, s.Binary | s.Call) else []
    found = [clause.id for clause in policy.clauses if fnmatchcase(clause.id, node.name)]
    if not found and node.name in policy.definitions:
        return [_route(node, policy)]
    return [Route(kind="clause", clause=id) for id in found]


def _joined(kind: str, parts: list[Route]) -> Route:
    """Parts of the same kind are no level of their own, and one part alone is itself."""
    flat = [inner for part in parts for inner in (part.parts if part.kind == kind else (part,))]
    flat = [one for one in dict.fromkeys(flat) if one.clause or one.parts]
    return flat[0] if len(flat) == 1 else Route(kind=kind, parts=tuple(flat))
