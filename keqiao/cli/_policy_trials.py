"""`keqiao policy diff` and `simulate`: what a change of rules would do to the firms of a file."""

from __future__ import annotations

from itertools import product
from typing import Annotated

import typer

from keqiao.cli import _policies as shared
from keqiao.engines.rules import RuleError


def diff(
    old: Annotated[str, typer.Option("--old", help="slug or .toml file of the edition that holds")],
    new: Annotated[str, typer.Option("--new", help="slug or .toml file of the edition to try")],
    as_of: Annotated[str, typer.Option("--as-of", help="day the question is asked for, as 2026-07-01")],
    firms: shared.FirmsFile,
    out: shared.OutFile,
) -> None:
    """Write the firms whose verdict or amount would change, with the clauses that make it so."""
    from keqiao.engines.rules.trial import compare_editions

    before, after = (shared.checker(one, as_of=shared.day(as_of)) for one in (old, new))
    given = shared.firms_of(firms, after)
    read = [after.read(facts) for facts in given.rows]
    changes = compare_editions(before.program, after.program, read)
    shared.finish(out, (one.as_dict() for one in changes), given.errors)
    typer.echo(f"{len(changes)} of {len(read)} firms change")


def simulate(
    policy: Annotated[str, typer.Option("--policy", help="slug of a shipped policy, or the .toml file of an edition")],
    as_of: Annotated[str, typer.Option("--as-of", help="day the question is asked for, as 2026-07-01")],
    firms: shared.FirmsFile,
    out: shared.OutFile,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="parameter=value, or several values parted by |; may be repeated")
    ] = None,
) -> None:
    """Write a line for each combination of values: firms by verdict and the sum to be paid."""
    from keqiao.engines.rules.trial import Population
    from keqiao.engines.rules.trial import simulate as run

    checker = shared.checker(policy, as_of=shared.day(as_of))
    given = shared.firms_of(firms, checker)
    population = Population(checker.read(facts) for facts in given.rows)
    try:
        outcomes = run(checker.program.policy, population, as_of=checker.program.as_of, variants=_grid(settings or []))
    except RuleError as error:
        shared.stop(str(error))
    rows = (
        {"set": one.changes, "firms": one.firms, "amount_fen": one.amount_fen, "open_amounts": one.open_amounts}
        for one in outcomes
    )
    shared.finish(out, rows, given.errors)


def _grid(settings: list[str]) -> list[dict[str, str]]:
    """Every combination of the values given."""
    names, choices = [], []
    for one in settings:
        name, sign, values = one.partition("=")
        if not sign or not values:
            shared.stop(f"--set is {one!r}: write parameter=value")
        names.append(name.strip())
        choices.append([value.strip() for value in values.split("|")])
    return [dict(zip(names, values, strict=True)) for values in product(*choices)]
