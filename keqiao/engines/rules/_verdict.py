"""One firm, one policy: verdict, clause states, score, amount and missing facts; the reference for all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules._facts import Firm, read_firm
from keqiao.engines.rules._lists import reducer
from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._program import Program, Tested
from keqiao.engines.rules._python import compile_nodes

STATES = ("fail", "unknown", "manual", "pass", "not_applicable")
VERDICTS = ("ineligible", "unknown", "needs_review", "eligible")
FAIL, UNKNOWN, MANUAL, PASS, NOT_APPLICABLE = range(5)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a policy says of a firm on a day; amounts in the smallest unit, None while open or without money."""

    policy: str
    version: str
    as_of: str
    firm: str
    verdict: str
    score: int | tuple[int, int] | None
    clauses: Mapping[str, str]
    amount_fen: int | None
    missing: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as plain values for JSON.

        >>> Verdict(policy="p", version="1", as_of="2026-01-01", firm="A", verdict="eligible", score=(1, 2), clauses={},
        ...         amount_fen=None, missing=()).as_dict()["score"]
        [1, 2]
        """
        score = list(self.score) if isinstance(self.score, tuple) else self.score
        return {
            "policy": self.policy, "version": self.version, "as_of": self.as_of, "firm": self.firm,
            "verdict": self.verdict, "score": score, "clauses": dict(self.clauses), "amount_fen": self.amount_fen,
            "missing": list(self.missing),
        }  # fmt: skip


def state_node(holds: Node, lacks_data: Node, is_out: Node | None = None) -> Node:
    """The number of a state: position in STATES, or without `is_out` in VERDICTS."""
    never_waits = lacks_data == n.unknown(holds)  # nothing waits for people: what is open lacks data
    still_open = n.const(UNKNOWN) if never_waits else n.choose(lacks_data, n.const(UNKNOWN), n.const(MANUAL))
    settled = n.choose(n.surely(holds), n.const(PASS), n.choose(n.surely_not(holds), n.const(FAIL), still_open))
    return settled if is_out is None else n.choose(is_out, n.const(NOT_APPLICABLE), settled)


def clause_state(tested: Tested) -> Node:
    """The number of a clause's state."""
    return state_node(tested.holds, tested.lacks_data, tested.is_out)


class Checker:
    """A program made ready to judge firms one by one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._reducers = [(term.items, reducer(term)) for term in program.terms]
        self._ids = [tested.clause.id for tested in program.clauses]
        score = program.score
        roots = [
            state_node(program.eligible, program.lacks_data),
            program.paid,
            *((score.low, score.high) if score else (n.ZERO, n.ZERO)),
            *map(clause_state, program.clauses),
            *program.missing.values(),
        ]
        self._evaluate = compile_nodes(roots)
        self._names = list(program.missing)

    def row(self, firm: Firm) -> dict[str, Any]:
        """Return the columns the program computes from: the firm's values and its lists as numbers."""
        row = dict(firm.values)
        for items, reduce in self._reducers:
            row.update(reduce(firm.lists[items], firm.values))
        return row

    def read(self, facts: Mapping[str, Any]) -> Firm:
        """Return a firm read for the program's year."""
        return read_firm(facts, vocabulary=self.program.policy.vocabulary, year=self.program.as_of.year)

    def check(self, firm: Firm) -> Verdict:
        """Return the verdict on one firm."""
        return self.judge(firm, self.row(firm))

    def judge(self, firm: Firm, row: Mapping[str, Any]) -> Verdict:
        """Return the verdict on a firm whose row is made already."""
        state, paid, low, high, *rest = self._evaluate(row)
        policy, ids = self.program.policy, self._ids
        score = None if self.program.score is None else low if low == high else (low, high)
        return Verdict(
            policy=policy.slug,
            version=policy.version,
            as_of=self.program.as_of.isoformat(),
            firm=firm.id,
            verdict=VERDICTS[state],
            score=score,
            clauses={id: STATES[number] for id, number in zip(ids, rest, strict=False)},
            amount_fen=paid,
            missing=tuple(name for name, lacks in zip(self._names, rest[len(ids) :], strict=True) if lacks),
        )
