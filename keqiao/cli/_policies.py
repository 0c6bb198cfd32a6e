"""What the commands about policies share: reading a policy, a day and firms, and writing results."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from keqiao.catalogue import policies
from keqiao.catalogue.files import CatalogueError
from keqiao.cli._facts import Firms, error_of, error_of_problem, read_firms
from keqiao.engines.rules import VERDICTS, Checker, Firm, Program, RuleError, compile_policy
from keqiao.engines.tables import TableError

if TYPE_CHECKING:
    import polars as pl

FirmsFile = Annotated[Path, typer.Option("--firms", help="facts: .jsonl, .parquet, .csv or .xlsx")]
OutFile = Annotated[Path, typer.Option("--out", help="JSONL to write, one result a line")]


def checker(policy: str, *, as_of: date) -> Checker:
    """The checker of a slug, or of an edition's file."""
    try:
        if policy.endswith(".toml"):
            return Checker(compile_policy(policies.read_edition(Path(policy)), as_of=as_of))
        return policies.checker(policy, as_of=as_of)
    except (CatalogueError, RuleError, policies.NoPolicyError) as error:
        stop(str(error))


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        stop(f"--as-of is {text!r}, which is no day: write it as 2026-07-01")


def firms_of(path: Path, checker: Checker) -> Firms:
    try:
        return read_firms(path, vocabulary=checker.program.policy.vocabulary)
    except TableError as error:
        stop(str(error))


def check_columns(program: Program, firms: Path, out: Path) -> None:
    """Judge a Parquet file in columns and write one."""
    import polars as pl

    from keqiao.engines.rules.batch import judge

    columns, lost = columns_of(program, firms, out)
    found = judge(program, columns).with_columns(
        pl.col("verdict").replace_strict(dict(enumerate(VERDICTS)), return_dtype=pl.Enum(VERDICTS))
    )
    write_columns(found.insert_column(0, columns["firm"]), out, lost)


def columns_of(program: Program, firms: Path, out: Path) -> tuple[pl.DataFrame, list[dict[str, str]]]:
    """The columns a program reads from a Parquet file, and the cells that could not be used."""
    import polars as pl

    from keqiao.engines.rules.frames import read_frame

    if firms.suffix != ".parquet":
        stop(f"{out.name} is written from columns: give --firms as .parquet, or --out as .jsonl")
    try:
        frame = pl.read_parquet(firms)
    except (OSError, pl.exceptions.PolarsError) as error:
        stop(f"{firms.name} is no readable Parquet file ({error}): export it again")
    if "firm_id" not in frame.columns:
        stop(f"{firms.name} has no column firm_id: give each firm its own")
    facts = read_frame(frame, vocabulary=program.policy.vocabulary, year=program.as_of.year)
    errors = [error_of_problem(problem) for problem in facts.problems]
    named = Counter(one.name if one.name in facts.unusable else field_of(one.name) for one in facts.problems)
    for name, count in facts.unusable.items():
        if (more := count - named[name]) > 0:
            errors.append(error_of(firms.name, name, "more", given=more))
    return facts.for_program(program), errors


def field_of(name: str) -> str:
    """The column that a place in it belongs to: awards of awards[2].rank and of awards.rank."""
    return re.split(r"[\[.]", name, maxsplit=1)[0]


def read_all(checker: Checker, given: Firms) -> list[Firm]:
    """All firms of a file as the engine computes with them; what it cannot use is noted."""
    found = [checker.read(facts) for facts in given.rows]
    for firm in found:
        given.report_all(firm.problems)
    return found


def write_columns(found: pl.DataFrame, out: Path, errors: list[dict[str, str]]) -> None:
    """Write a Parquet file whole or not at all, and beside it what could not be used."""
    part = out.with_name(out.name + ".part")
    found.write_parquet(part)
    part.replace(out)
    _report(out, errors)


def stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def finish(out: Path, results: Iterable[Mapping[str, Any]], errors: list[dict[str, str]]) -> None:
    """Write results, then what went wrong; each file appears whole or not at all."""
    _write(out, results)
    _report(out, errors)


def _report(out: Path, errors: list[dict[str, str]]) -> None:
    error_file = out.with_name(out.name + ".errors.jsonl")
    if errors:
        _write(error_file, errors)
        typer.echo(f"{len(errors)} values or rows could not be used: see {error_file}", err=True)
    else:
        error_file.unlink(missing_ok=True)


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
