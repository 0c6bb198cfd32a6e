"""What the commands about policies share: reading a policy, a day and firms, and writing results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from keqiao.catalogue import policies
from keqiao.catalogue.files import CatalogueError
from keqiao.cli._facts import Firms, read_firms
from keqiao.engines.rules import Checker, RuleError, compile_policy
from keqiao.engines.tables import TableError

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


def stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def finish(out: Path, results: Iterable[Mapping[str, Any]], errors: list[dict[str, str]]) -> None:
    """Write results, then what went wrong; each file appears whole or not at all."""
    _write(out, results)
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
