"""What a change of rules would do: other values of parameters, or another edition, over a population of firms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from keqiao.engines.rules._facts import Firm
from keqiao.engines.rules._lists import Term, reducer
from keqiao.engines.rules._policy import Policy
from keqiao.engines.rules._program import Program, compile_policy
from keqiao.engines.rules._verdict import VERDICTS, Checker, Verdict
from keqiao.engines.rules.batch import columns, judge


class Population:
    """Firms ready to be judged again and again: a list is reduced once for each different use of it."""

    def __init__(self, firms: Iterable[Firm]) -> None:
        self.firms = list(firms)
        self._ids = pl.Series("firm", [firm.id for firm in self.firms], dtype=pl.String)
        self._values: dict[str, pl.Series] = {}
        self._reduced: dict[Term, dict[str, pl.Series]] = {}

    def frame(self, program: Program) -> pl.DataFrame:
        """Return the columns a program reads, and `firm`."""
        found = {"firm": self._ids}
        reduced: dict[str, pl.Series] = {}
        for term in program.terms:
            for part, series in self._parts(term).items():
                reduced[f"{term.key}.{part}"] = series
        for name, dtype in columns(program).items():
            if name in reduced:
                found[name] = reduced[name].cast(dtype)
                continue
            if name not in self._values:
                self._values[name] = pl.Series(name, [firm.values[name] for firm in self.firms], dtype=dtype)
            found[name] = self._values[name]
        return pl.DataFrame([series.alias(name) for name, series in found.items()])

    def _parts(self, term: Term) -> dict[str, pl.Series]:
        use = replace(term, key="")
        if use not in self._reduced:
            reduce = reducer(use)
            rows = [reduce(firm.lists[term.items], firm.values) for firm in self.firms]
            names = list(rows[0]) if rows else []
            self._reduced[use] = {name.removeprefix("."): pl.Series([row[name] for row in rows]) for name in names}
        return self._reduced[use]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a variant does: firms by verdict, what would be paid, and how many eligible firms' amounts are open."""

    changes: Mapping[str, str]
    firms: Mapping[str, int]
    amount_fen: int
    open_amounts: int


def simulate(
    policy: Policy, population: Population, *, as_of: date, variants: Sequence[Mapping[str, str]]
) -> list[Outcome]:
    """Return what each variant of the parameters does; a variant maps names to values as a file writes them ("60 %").

    Amounts are whole units of the policy's currency. Raises :class:`RuleError` for an unknown parameter or a value that
    does not fit. Each variant is compiled anew, so that units are checked as in a file.
    """
    return [_outcome(compile_policy(policy, as_of=as_of, overrides=one), population, one) for one in variants]


def _outcome(program: Program, population: Population, changes: Mapping[str, str]) -> Outcome:
    found = judge(program, population.frame(program), with_masks=False)
    counts = dict(found["verdict"].value_counts().iter_rows())
    eligible = found.filter(pl.col("verdict") == VERDICTS.index("eligible"))
    amounts = eligible["amount"] if "amount" in found.columns else pl.Series([], dtype=pl.Int64)
    return Outcome(
        changes=dict(changes),
        firms={name: counts.get(place, 0) for place, name in enumerate(VERDICTS)},
        amount_fen=int(amounts.sum() or 0),
        open_amounts=amounts.null_count(),
    )


@dataclass(frozen=True, kw_only=True)
class Change:
    """A firm whose verdict or amount differs between two editions, and the clauses that made it so."""

    firm: str
    before: Verdict
    after: Verdict
    clauses: Mapping[str, tuple[str, str]]

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain values for JSON."""
        return {
            "firm": self.firm,
            "before": {"verdict": self.before.verdict, "amount_fen": self.before.amount_fen},
            "after": {"verdict": self.after.verdict, "amount_fen": self.after.amount_fen},
            "clauses": {id: list(states) for id, states in self.clauses.items()},
        }


def compare_editions(old: Program, new: Program, firms: Iterable[Firm]) -> list[Change]:
    """Return the firms whose verdict or amount changes from one program to another, in their order.

    The clauses named are those whose state differs; one that stands in a single edition counts as absent in the other
    and is named if it settled something there (it did not pass).
    """
    before, after = Checker(old), Checker(new)
    found = []
    for firm in firms:
        one, other = before.check(firm), after.check(firm)
        if (one.verdict, one.amount_fen) != (other.verdict, other.amount_fen):
            found.append(Change(firm=firm.id, before=one, after=other, clauses=_responsible(one, other)))
    return found


def _responsible(one: Verdict, other: Verdict) -> dict[str, tuple[str, str]]:
    found = {}
    for id in dict.fromkeys((*one.clauses, *other.clauses)):
        states = one.clauses.get(id, "absent"), other.clauses.get(id, "absent")
        is_new_or_gone = "absent" in states
        if states[0] != states[1] and not (is_new_or_gone and "pass" in states):
            found[id] = states
    return found
