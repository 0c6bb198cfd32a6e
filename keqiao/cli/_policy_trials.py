"""`keqiao policy diff`, `simulate`, `nearest`: what a change of rules would do to firms, and of firms to a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Annotated

import typer

from keqiao.cli import _policies as shared
from keqiao.engines.rules import Checker, Lever, Nearest, Program, RuleError, Searcher


def diff(
    old: Annotated[str, typer.Option("--old", help="slug or .toml file of the edition that holds")],
    new: Annotated[str, typer.Option("--new", help="slug or .toml file of the edition to try")],
    as_of: Annotated[str, typer.Option("--as-of", help="day the question is asked for, as 2026-07-01")],
    firms: shared.FirmsFile,
    out: shared.OutFile,
    old_as_of: Annotated[str, typer.Option("--old-as-of", help="day for the old edition, if another")] = "",
) -> None:
    """Write the firms whose verdict or amount would change, with the clauses that make it so."""
    from keqiao.engines.rules.trial import compare_editions

    before = shared.checker(old, as_of=shared.day(old_as_of or as_of))
    after = shared.checker(new, as_of=shared.day(as_of))
    given = shared.firms_of(firms, after)
    read = shared.read_all(after, given)
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
    population = Population(shared.read_all(checker, given))
    try:
        outcomes = run(checker.program.policy, population, as_of=checker.program.as_of, variants=_grid(settings or []))
    except RuleError as error:
        shared.stop(str(error))
    rows = (
        {"set": one.changes, "firms": one.firms, "amount_fen": one.amount_fen, "open_amounts": one.open_amounts}
        for one in outcomes
    )
    shared.finish(out, rows, given.errors)


def nearest(
    policy: Annotated[str, typer.Option("--policy", help="slug of a shipped policy, or the .toml file of an edition")],
    as_of: Annotated[str, typer.Option("--as-of", help="day the question is asked for, as 2026-07-01")],
    firms: shared.FirmsFile,
    out: shared.OutFile,
    costs: Annotated[list[str] | None, typer.Option("--cost", help="lever=分 a unit; may be repeated")] = None,
    locked: Annotated[list[str] | None, typer.Option("--lock", help="a lever that stays; may be repeated")] = None,
) -> None:
    """Write for each firm that is not eligible the cheapest and the smallest change that would make it so."""
    checker = shared.checker(policy, as_of=shared.day(as_of))
    if out.suffix == ".parquet":
        _nearest_of_columns(checker.program, firms, out, _costs(costs or []), locked or [])
        return
    given = shared.firms_of(firms, checker)
    try:
        searcher = Searcher(checker.program, costs=_costs(costs or []), locked=locked or [])
    except RuleError as error:
        shared.stop(str(error))
    read = shared.read_all(checker, given)
    rows = (
        {"firm": firm.id, "verdict": verdict.verdict, **asdict(searcher.search(firm))}
        for firm in read
        if (verdict := checker.check(firm)).verdict != "eligible"
    )
    shared.finish(out, rows, given.errors)


def _nearest_of_columns(program: Program, firms: Path, out: Path, costs: dict[str, int], locked: list[str]) -> None:
    """All firms of a Parquet file at once: costs and amounts of the cheapest and the smallest change as columns."""
    import polars as pl

    from keqiao.engines.rules.nearest_many import ManySearcher

    columns, lost = shared.columns_of(program, firms, out)
    try:
        single = Searcher(program, costs=costs, locked=locked)
    except RuleError as error:
        shared.stop(str(error))
    try:
        found = ManySearcher(program, costs=costs, locked=locked).search(columns)
        found.insert_column(0, columns["firm"])
    except RuleError:  # what it refuses is searched firm by firm
        checker = Checker(program)
        read = [checker.read(facts) for facts in shared.firms_of(firms, checker).rows]
        rows = [{"firm": firm.id, **_as_columns(single.search(firm), single.levers)} for firm in read]
        found = pl.DataFrame(rows, infer_schema_length=None)
    shared.write_columns(found, out, lost)


def _as_columns(nearest: Nearest, levers: Sequence[Lever]) -> dict[str, int | None]:
    """A firm's ways as the columns in which many are searched."""
    found: dict[str, int | None] = {}
    ways = (nearest.cheapest, nearest.smallest)
    for kind, way in zip(("cheapest", "smallest"), ways, strict=True):
        amounts = {move.lever: move.amount for move in way.moves} if way else {}
        found[f"{kind}_cost"] = way.cost if way else None
        found |= {f"{kind}_{lever.id}": amounts.get(lever.id, 0) if way else None for lever in levers}
    return found


def _costs(settings: list[str]) -> dict[str, int]:
    found = {}
    for one in settings:
        lever, _, cost = one.partition("=")
        if not cost.isdecimal():
            shared.stop(f"--cost is {one!r}: write lever=分 a unit, a whole number")
        found[lever] = int(cost)
    return found


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
