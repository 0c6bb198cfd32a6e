"""What a change of a rule would do: the same firms under two programs, and who moves, by which clause."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from keqiao.catalogue import policies, support
from keqiao.engines.rules import (
    VERDICTS,
    Award,
    Firm,
    Parameter,
    Policy,
    Program,
    combine,
    compile_policy,
    share_budget,
)

ELIGIBLE = "eligible"
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(\D*)")


@dataclass(frozen=True)
class Result:
    """What one program says of one firm."""

    firm: str
    verdict: str
    amount_fen: int | None
    clauses: Mapping[str, str]


@dataclass(frozen=True)
class Move:
    """A firm of which the two programs say different things; `clauses` are (id, before, after)."""

    before: Result
    after: Result

    @property
    def clauses(self) -> list[tuple[str, str, str]]:
        known = self.before.clauses
        return [
            (id, known.get(id, ""), state) for id, state in self.after.clauses.items() if known.get(id, "") != state
        ]


@dataclass
class Sums:
    """Firms and money of one side."""

    verdicts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    due_fen: int = 0
    paid_fen: int = 0
    added_fen: int = 0  # what it costs beyond the policies of its groups, with which it does not add up

    @property
    def eligible(self) -> int:
        return self.verdicts[ELIGIBLE]


@dataclass(frozen=True)
class Comparison:
    """Both sides as a whole and the firms that move, those that lose or win it first."""

    before: Sums
    after: Sums
    moves: Sequence[Move]
    results: Sequence[tuple[Result, Result]]

    def grouped(self, key: Callable[[str], str]) -> list[tuple[str, Sums, Sums]]:
        """The two sums for each group of firms, largest first; `key` gives the group of a firm's id."""
        groups: dict[str, list[tuple[Result, Result]]] = defaultdict(list)
        for pair in self.results:
            groups[key(pair[0].firm)].append(pair)
        found = [
            (name, _sums([one for one, _ in some]), _sums([two for _, two in some])) for name, some in groups.items()
        ]
        return sorted(found, key=lambda row: (-max(row[1].eligible, row[2].eligible), row[0]))


def compare(
    before: Program,
    after: Program,
    firms: Sequence[Firm],
    *,
    budget_fen: int | None = None,
    beside: Sequence[Program] = (),
) -> Comparison:
    """Judge the same firms by both programs. A budget is shared among those who are due under each.

    `beside` are the policies that the one tried may not add up with (:func:`programs_beside`); they stay as they are.
    """
    # Polars takes a tenth of a second and 30 MB to import, and pages that simulate are few.
    from keqiao.engines.rules.batch import judge, states_of, verdict_of  # noqa: PLC0415 - as just said
    from keqiao.engines.rules.trial import Population  # noqa: PLC0415 - as just said

    population = Population(firms)

    def results(program: Program) -> list[Result]:
        rows = judge(program, population.frame(program)).iter_rows(named=True) if firms else ()
        return [
            Result(firm.id, verdict_of(row), row.get("amount"), states_of(program, row))
            for firm, row in zip(firms, rows, strict=True)
        ]

    pairs = list(zip(results(before), results(after), strict=True))

    moved = [Move(one, two) for one, two in pairs if (one.verdict, one.amount_fen) != (two.verdict, two.amount_fen)]
    moved.sort(key=lambda move: (move.before.verdict == move.after.verdict, move.after.firm))
    others = _awards_beside(beside, map(results, beside))
    sides = []
    for side, own in enumerate((before, after)):
        rows = [pair[side] for pair in pairs]
        sums = _sums(rows, budget_fen=budget_fen)
        sums.added_fen = sum(_added(own, row, others.get(row.firm, ())) for row in rows if row.verdict == ELIGIBLE)
        sides.append(sums)
    return Comparison(sides[0], sides[1], moved, pairs)


def programs_beside(policy: Policy, *, on: date) -> list[Program]:
    """The other policies of the groups that a policy's benefit does not simply add up with."""
    names = {one.slug for group in support.groups_of(policy) for one in support.members(group.id, on=on)}
    return [program(slug, on=on) for slug in sorted(names - {policy.slug})]


def _award(program: Program, amount_fen: int | None) -> Award:
    return Award(
        policy=program.policy.slug,
        amount=amount_fen,
        groups=tuple(one.id for one in support.groups_of(program.policy)),
    )


def _awards_beside(programs: Sequence[Program], results: Iterable[Sequence[Result]]) -> dict[str, list[Award]]:
    """By firm, what else it is eligible for in the groups of the policy that is tried."""
    found: dict[str, list[Award]] = {}
    for one, rows in zip(programs, results, strict=True):
        for row in rows:
            if row.verdict == ELIGIBLE and row.amount_fen:
                found.setdefault(row.firm, []).append(_award(one, row.amount_fen))
    return found


def _added(own: Program, row: Result, others: Sequence[Award]) -> int:
    """What a firm gets with the policy beyond what it would get without it."""
    if not row.amount_fen:
        return 0
    groups = {name: one.on(own.as_of) for name, one in support.stackings().items()}
    award = _award(own, row.amount_fen)
    return combine([award, *others], groups=groups).total - combine(others, groups=groups).total


def _sums(rows: Iterable[Result], *, budget_fen: int | None = None) -> Sums:
    sums, due = Sums(), {}
    for row in rows:
        sums.verdicts[row.verdict] += 1
        if row.verdict == ELIGIBLE and row.amount_fen:
            due[row.firm] = row.amount_fen
    sums.due_fen = sum(due.values())
    sums.paid_fen = sum(share_budget(due, budget=budget_fen).values()) if budget_fen is not None else sums.due_fen
    return sums


@dataclass(frozen=True)
class Slider:
    """A parameter that can be tried: what holds today, and a range in steps that people would try."""

    name: str
    label: str
    label_en: str
    unit: str
    value: Decimal
    largest: Decimal
    step: Decimal

    def text(self, value: Decimal) -> str:
        """As a file of a policy would say it: 60 %, 500 万元."""
        return f"{value:f} {self.unit}".strip()


def sliders(policy: Policy, *, on: date) -> list[Slider]:
    """The parameters whose value is one number with a unit. Conditions of another form are changed in a file."""
    return [slider for one in policy.parameters.values() if (slider := _slider(one, on=on))]


def _slider(parameter: Parameter, *, on: date) -> Slider | None:
    begun = [stage for stage in parameter.stages if stage.start is None or stage.start <= on]
    match = _NUMBER.fullmatch(begun[-1].text.strip()) if begun else None
    if match is None:
        return None
    value, unit = Decimal(match[1]), match[2].strip()
    largest = Decimal(100) if unit == "%" and value <= 100 else max(value * 3, Decimal(1))
    step = _step(largest, value)
    return Slider(parameter.name, parameter.label, parameter.label_en, unit, value, largest, step)


def _step(largest: Decimal, value: Decimal) -> Decimal:
    """Some hundreds of steps, and today's value among them."""
    step = Decimal(10) ** (largest.adjusted() - 2)
    return step if value % step == 0 else Decimal(10) ** value.normalize().as_tuple().exponent  # type: ignore[operator]


def program(slug: str, *, on: date, overrides: Mapping[str, str] | None = None) -> Program:
    """A policy compiled for a day, with other values of parameters where some are given; `RuleError` if one is none.

    A day before its first edition is answered by the policy whose place it took.
    """
    return compile_policy(policies.edition_before_or_on(slug, on=on), as_of=on, overrides=overrides)
