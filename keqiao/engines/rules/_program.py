"""A policy compiled for a day: lists to reduce, nodes to evaluate, and what each of their results is.

One program serves every back end. States of a clause follow from four nodes: does the test hold (Kleene), is it asked
at all, is it replaced by an exemption, and is any datum missing (an open test without a missing datum waits for
people).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from functools import partial
from typing import TypeVar

from keqiao.engines.rules import _nodes as n
from keqiao.engines.rules import _values as v
from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._facts import Attribute
from keqiao.engines.rules._lists import Term
from keqiao.engines.rules._lower import Scope, lower
from keqiao.engines.rules._nodes import Node
from keqiao.engines.rules._policy import Benefit, Clause, Parameter, Policy
from keqiao.engines.rules._syntax import Expression, parse
from keqiao.engines.rules._values import Value

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Tested:
    """A clause as nodes: `holds` (false where not asked), `lacks_data` where open for want of facts."""

    clause: Clause
    holds: Node
    lacks_data: Node
    is_out: Node  # not applicable
    value: Value


@dataclass(frozen=True, kw_only=True, eq=False)
class Program:
    """All results of a policy on a day: `eligible` (Kleene), `lacks_data`, `score` ends, `amount`, missing names."""

    policy: Policy
    as_of: date
    terms: tuple[Term, ...]
    clauses: tuple[Tested, ...]
    eligible: Node
    lacks_data: Node
    score: Value | None
    amount: Value | None
    paid: Node
    missing: Mapping[str, Node]
    scope: Scope


def compile_policy(policy: Policy, *, as_of: date, overrides: Mapping[str, str] | None = None) -> Program:
    """Return the program of a policy on a day; `overrides` tries other values of parameters ("60 %").

    Raises :class:`RuleError`, with line and clause, for unknown names, units that do not fit, circular references and
    a parameter that has no value on the day.
    """
    return _Compiler(policy, as_of, overrides or {}).program()


class _Compiler:
    def __init__(self, policy: Policy, as_of: date, overrides: Mapping[str, str]) -> None:
        self.policy, self.as_of = policy, as_of
        self._done: dict[str, Tested] = {}
        self._open: list[str] = []
        self.scope = Scope(vocabulary=policy.vocabulary, as_of=as_of)
        if unknown := sorted(overrides.keys() - policy.parameters.keys()):
            known = ", ".join(policy.parameters) or "none"
            raise RuleError(f"there is no parameter {unknown[0]!r}", remedy=f"the policy has {known}")
        self.scope.parameters = {name: self._on_the_day(one, overrides) for name, one in policy.parameters.items()}
        self.scope.stages = partial(self._stages, overrides)
        self.scope.definitions = {name: one.value for name, one in policy.definitions.items()}
        self.scope.flags = self._flags
        self._refuse_shadows()

    def _refuse_shadows(self) -> None:
        facts = self.policy.vocabulary.attributes
        for kind, names in (("parameter", self.policy.parameters), ("define", self.policy.definitions)):
            for name, one in names.items():
                if name in facts or (kind == "define" and name in self.policy.parameters):
                    raise RuleError(
                        f"{name} is already a fact or parameter", remedy="rename it", where=kind, line=one.line
                    )

    def _placed(self, where: str, line: int | None, work: Callable[[], Found]) -> Found:
        try:
            return work()
        except RuleError as error:
            raise error.at(where=where, line=line) from None

    def _on_the_day(self, one: Parameter, overrides: Mapping[str, str]) -> Value | RuleError:
        """The value of the day; where there is none, the error for whoever asks for it by its name."""
        try:
            return self._placed(f"parameter {one.name}", one.line, partial(self._parameter, one, overrides))
        except RuleError as error:
            if one.name not in overrides and all(stage.start and stage.start > self.as_of for stage in one.stages):
                return error
            raise

    def _parameter(self, parameter: Parameter, overrides: Mapping[str, str]) -> Value:
        if parameter.name in overrides:
            value: Expression | None = parse(overrides[parameter.name])
        else:
            held = [stage for stage in parameter.stages if stage.start is None or stage.start <= self.as_of]
            if not held:
                first = parameter.stages[0].start
                raise RuleError(
                    f"has no value on {self.as_of}: the first is of {first}", remedy="add the earlier value"
                )
            value = held[-1].value
        return self._worth(parameter, value)

    def _worth(self, parameter: Parameter, value: Expression | None) -> Value:
        if value is None:
            unit = self.scope.vocabulary.units.get(parameter.unit, ("1", 1))[0]
            return v.exact("number", n.const(None, kind="int"), unit=unit, gaps={parameter.name: n.TRUE})
        return lower(value, self.scope)

    def _stages(self, overrides: Mapping[str, str], name: str) -> list[tuple[date | None, Value]]:
        """Every value of a parameter with its first day; one that is tried holds always."""
        found = self.scope.parameters.get(name)
        if name in overrides and isinstance(found, Value):
            return [(None, found)]
        parameter = self.policy.parameters.get(name)
        return [(one.start, self._worth(parameter, one.value)) for one in parameter.stages] if parameter else []

    def _flags(self, pattern: str) -> list[tuple[str, Value]]:
        ids = [clause.id for clause in self.policy.clauses if fnmatchcase(clause.id, pattern)]
        return [(id, self._tested(id).value) for id in ids]

    def _tested(self, id: str) -> Tested:
        if id in self._open:
            trail = " → ".join([*self._open[self._open.index(id) :], id])
            raise RuleError(f"{trail} refers to itself", remedy="take one of the references out")
        if id not in self._done:
            self._open.append(id)
            clause = self.policy.clause(id)
            self._done[id] = self._placed(f"clause {id}", clause.line, lambda: self._test(clause))
            self._open.pop()
        return self._done[id]

    def _condition(self, expression: Expression) -> Value:
        found = lower(expression, self.scope)
        if found.kind != "flag":
            raise RuleError(
                f"{v.spoken(found)} stands where a condition is expected", remedy="compare it with something"
            )
        return found

    def _test(self, clause: Clause) -> Tested:
        test = self._condition(clause.test)
        applies = self._condition(clause.applies) if clause.applies else v.flag(n.TRUE, {})
        exempt = self._condition(clause.exempted_by) if clause.exempted_by else v.flag(n.FALSE, {})
        is_out = n.surely_not(applies.low)
        # Whether it is asked at all is an operand like the others: while that is unknown, so is the clause.
        holds = n.choose(applies.low, test.low, n.FALSE)
        gaps = v.merged((v.only_if(n.negate(is_out), test.gaps), v.only_if(applies.is_open, applies.gaps)))
        value = replace(v.flag(holds, gaps), is_out=is_out)
        value = replace(value, lacks=self._lacks_data(value))
        return Tested(
            clause=clause,
            holds=holds,
            lacks_data=value.lacks_data,
            is_out=n.some((is_out, n.surely(exempt.low))),
            value=value,
        )

    def _lacks_data(self, value: Value) -> Node:
        """Open for want of facts: whatever is open and could not wait for people, else what has a gap as well."""
        facts = self.policy.vocabulary.attributes
        by_people = any(node.op == "col" and _is_judged(facts.get(node.value)) for node in n.walk([value.low]))
        return value.lacks_data if by_people else value.is_open

    def program(self) -> Program:
        policy = self.policy
        clauses = tuple(self._tested(clause.id) for clause in policy.clauses)
        whole = self._placed("policy, eligible", policy.lines.get("policy"), lambda: self._condition(policy.eligible))
        lacks = self._lacks_data(whole)
        score = self._placed("policy, score", policy.lines.get("policy"), self._score)
        benefit = policy.benefit
        amount = self._placed("benefit", benefit.line, lambda: self._amount(benefit)) if benefit else None
        missing = v.only_if(lacks, whole.gaps)
        paid = n.const(None, kind="int")
        if amount is not None:
            is_due = n.surely(whole.low)
            settled = n.surely(n.compare("=", amount.low, amount.high)) if amount.is_interval else n.known(amount.low)
            due = n.choose(settled, amount.low, n.const(None, kind="int"))
            paid = n.choose(whole.low, due, n.ZERO)
            missing = v.merged((missing, v.only_if(n.every((is_due, n.negate(settled))), amount.gaps)))
        return Program(
            policy=policy,
            as_of=self.as_of,
            terms=tuple(self.scope.terms.values()),
            clauses=clauses,
            eligible=whole.low,
            lacks_data=lacks,
            score=score,
            amount=amount,
            paid=paid,
            missing=dict(sorted(missing.items())),
            scope=self.scope,
        )

    def _score(self) -> Value | None:
        if self.policy.score is None:
            return None
        found = lower(self.policy.score, self.scope)
        if (
            found.kind != "number"
            or found.unit != "1"
            or found.den != 1
            or found.low.nullable
            or found.bottom is not None
        ):
            raise RuleError(
                "the score is not a sum of points", remedy="add bands and other parts that are always known"
            )
        return found

    def _amount(self, benefit: Benefit) -> Value | None:
        if benefit.amount is None:
            return None
        found = lower(benefit.amount, self.scope)
        if found.kind != "number" or found.unit != self.policy.currency or found.bottom is not None:
            raise RuleError(f"the amount is {v.spoken(found)}", remedy=f"let it be money of {self.policy.currency}")
        step = lower(parse(f"1 {benefit.to}"), self.scope).low.value if benefit.to else 1
        low = _rounded(found.low, found.den * step, benefit.rounding, step)
        high = _rounded(found.high, found.den * step, benefit.rounding, step) if found.is_interval else low
        return Value("number", low, high, found.unit, 1, None, found.gaps)


def _is_judged(attribute: Attribute | None) -> bool:
    return attribute is not None and attribute.by == "experts"


def _rounded(node: Node, den: int, rounding: str, step: int) -> Node:
    if rounding == "exact":
        if den != 1:
            raise RuleError("the amount has fractions", remedy='say round = "floor" or "half_up" and to = the unit')
        return node
    if rounding == "floor":
        return n.mul(n.floor_div(node, den), n.const(step))
    doubled = n.add(n.mul(node, n.const(2)), n.const(den))
    return n.mul(n.floor_div(doubled, den * 2), n.const(step))
