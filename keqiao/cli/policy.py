"""`keqiao policy`: firms checked against a policy, on files and without a server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from keqiao.catalogue import policies
from keqiao.catalogue.files import CatalogueError
from keqiao.cli._facts import Firms, read_firms
from keqiao.engines.rules import (
    Checker,
    Explainer,
    Explanation,
    Policy,
    RuleError,
    compile_policy,
    explanation_dict,
    share_budget,
)
from keqiao.engines.tables import TableError

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

_MARKS = {"pass": "✓", "fail": "✗", "unknown": "?", "manual": "☐", "not_applicable": "–"}

Slug = Annotated[str | None, typer.Option("--policy", help="slug of a shipped policy, or the .toml file of an edition")]
Day = Annotated[str | None, typer.Option("--as-of", help="day the question is asked for, as 2026-07-01")]
FirmsFile = Annotated[Path | None, typer.Option("--firms", help="facts: .jsonl, .parquet, .csv or .xlsx")]
OutFile = Annotated[Path, typer.Option("--out", help="JSONL to write, one verdict a line")]


@app.command("list")
def list_policies() -> None:
    """Print the shipped policies: slug, edition, first day, document."""
    for slug, some in policies.editions().items():
        for policy in some:
            mark = "（演示）" if policy.is_demo and "演示" not in policy.title else ""
            typer.echo(f"{slug}\t{policy.version}\t{policy.starts or ''}\t{policy.title}{mark}\t{policy.document}")


@app.command()
def check(
    out: OutFile,
    policy: Slug = None,
    as_of: Day = None,
    firms: FirmsFile = None,
    cases: Annotated[Path | None, typer.Option("--cases", help="a case file instead of the other three")] = None,
) -> None:
    """Write the verdict on every firm; what could not be used counts as unknown and is listed in OUT.errors.jsonl."""
    if cases is not None:
        _finish(out, _answers(cases), [])
        return
    if policy is None or as_of is None or firms is None:
        _stop("--policy, --as-of and --firms are needed: give all three, or --cases")
    checker = _checker(policy, as_of=_day(as_of))
    given = _firms(firms, checker)
    _finish(out, _verdicts(checker, given), given.errors)


@app.command()
def explain(
    policy: Annotated[str, typer.Option("--policy", help="slug of a shipped policy, or the .toml file of an edition")],
    as_of: Annotated[str, typer.Option("--as-of", help="day the question is asked for, as 2026-07-01")],
    firms: Annotated[Path, typer.Option("--firms", help="facts: .jsonl, .parquet, .csv or .xlsx")],
    firm: Annotated[str | None, typer.Option("--firm", help="only the firm of this id")] = None,
    language: Annotated[str, typer.Option("--language", help="zh or en")] = "zh",
    out: Annotated[Path | None, typer.Option("--out", help="JSONL to write instead of printing")] = None,
) -> None:
    """Say of every clause what it asks, what the firm has, from which register, and where the text says so."""
    if language not in ("zh", "en"):
        _stop(f"there is no language {language!r}: use zh or en")
    checker = _checker(policy, as_of=_day(as_of))
    given = _firms(firms, checker)
    wanted = [facts for facts in given.rows if firm is None or facts["firm_id"] == firm]
    if not wanted:
        _stop(f"{firms.name} holds no firm {firm!r}: check --firm")
    explainer = Explainer(checker.program, language=language)
    found = [explainer.explain(checker.read(facts)) for facts in wanted]
    if out is not None:
        _finish(out, map(explanation_dict, found), given.errors)
        return
    for one in found:
        typer.echo("\n".join(_lines(one)) + "\n")
    program = checker.program
    typer.echo(f"{program.policy.slug} {program.policy.version} sha256:{program.policy.digest} as of {program.as_of}")


def _lines(explanation: Explanation) -> Iterator[str]:
    yield f"{explanation.verdict.firm}  {explanation.headline}"
    for note in explanation.clauses:
        yield f"  {_MARKS[note.state]} {note.id}  {note.sentence}" + (f" [{note.note}]" if note.note else "")
    for part in explanation.parts:
        yield f"    {part.label}: {part.points}"
    for lack in explanation.missing:
        yield f"  → {lack.name}  {lack.label} ← {lack.register}"


def _verdicts(checker: Checker, given: Firms) -> Iterator[Mapping[str, Any]]:
    for facts in given.rows:
        firm = checker.read(facts)
        for problem in firm.problems:
            given.report(f"firm {problem.firm}", problem.name, problem.what)
        yield checker.check(firm).as_dict()


def _answers(path: Path) -> Iterator[Mapping[str, Any]]:
    """The verdicts a case file asks for; of a batch, after its budget is shared."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            checker = _checker(case["policy"], as_of=_day(case["as_of"]))
            firms = case["firms"] if "firms" in case else [case["firm"]]
            found = [checker.check(checker.read(facts)).as_dict() for facts in firms]
        except (ValueError, KeyError, TypeError) as error:
            _stop(f"{path.name}, line {number} is no case ({error}): give id, policy, as_of and firm")
        if "firms" in case:
            _share(found, int(case["budget_fen"]))
        yield {"case": case["id"], "verdict": found if "firms" in case else found[0]}


def _share(verdicts: list[dict[str, Any]], budget: int) -> None:
    due = {one["firm"]: one["amount_fen"] for one in verdicts if one["verdict"] == "eligible" and one["amount_fen"]}
    paid = share_budget(due, budget=budget)
    for one in verdicts:
        one["amount_fen"] = paid.get(one["firm"], one["amount_fen"])


def _checker(policy: str, *, as_of: date) -> Checker:
    """The checker of a slug, or of an edition's file."""
    try:
        if policy.endswith(".toml"):
            edition: Policy = policies.read_edition(Path(policy))
            return Checker(compile_policy(edition, as_of=as_of))
        return policies.checker(policy, as_of=as_of)
    except (CatalogueError, RuleError, policies.NoPolicyError) as error:
        _stop(str(error))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _stop(f"--as-of is {text!r}, which is no day: write it as 2026-07-01")


def _firms(path: Path, checker: Checker) -> Firms:
    try:
        return read_firms(path, vocabulary=checker.program.policy.vocabulary)
    except TableError as error:
        _stop(str(error))


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _finish(out: Path, results: Iterable[Mapping[str, Any]], errors: list[dict[str, str]]) -> None:
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
