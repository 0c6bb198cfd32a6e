"""`keqiao policy`: firms checked against a policy, on files and without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from keqiao.catalogue import policies
from keqiao.cli import _policies as shared
from keqiao.cli import _policy_together as together
from keqiao.cli import _policy_trials as trials
from keqiao.cli._facts import Firms
from keqiao.cli._policies import OutFile
from keqiao.engines.rules import Block, Checker, Explainer, Explanation, explanation_dict, share_budget

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
app.command("diff")(trials.diff)
app.command("simulate")(trials.simulate)
app.command("nearest")(trials.nearest)
app.command("together")(together.together)

_MARKS = {"pass": "✓", "fail": "✗", "unknown": "?", "manual": "☐", "not_applicable": "–"}

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "zh": {"any": "满足以下任一项即可：", "all": "同时满足以下各项：", "aside": "（不单独决定结果）"},
    "en": {
        "any": "any one of these is enough:",
        "all": "all of these together:",
        "aside": "(decides nothing by itself) ",
    },
}

Slug = Annotated[str | None, typer.Option("--policy", help="slug of a shipped policy, or the .toml file of an edition")]
Day = Annotated[str | None, typer.Option("--as-of", help="day the question is asked for, as 2026-07-01")]
FirmsFile = Annotated[Path | None, typer.Option("--firms", help="facts: .jsonl, .parquet, .csv or .xlsx")]


@app.command("list")
def list_policies() -> None:
    """Print the shipped policies: slug, edition, first day, document."""
    for slug, some in policies.editions().items():
        for policy in some:
            mark = "（演示）" if policy.is_demo and "演示" not in policy.title else ""
            typer.echo(f"{slug}\t{policy.version}\t{policy.starts or ''}\t{policy.title}{mark}\t{policy.document}")


@app.command()
def coverage(policy: Annotated[str | None, typer.Option("--policy", help="only this slug")] = None) -> None:
    """Print for each passage of a policy's text its clauses, or why there is no code for it; and what data it lacks."""
    if policy is not None and policy not in policies.editions():
        shared.stop(f"there is no policy {policy!r}; use one of {', '.join(policies.editions())}")
    for slug, some in policies.editions().items():
        for edition in some if policy in (None, slug) else ():
            typer.echo(f"{slug} {edition.version}  {edition.document}")
            for article in edition.articles:
                code = [*article.clauses, *(["→ benefit"] if article.is_amount else [])]
                typer.echo(f"  {article.name}: {', '.join(code) or article.manual}")
            for parameter in edition.parameters.values():
                if parameter.stages[-1].value is None:
                    typer.echo(f"  待补数据: {parameter.name} {parameter.label}")


@app.command()
def check(
    out: OutFile,
    policy: Slug = None,
    as_of: Day = None,
    firms: FirmsFile = None,
    cases: Annotated[Path | None, typer.Option("--cases", help="a case file instead of the other three")] = None,
) -> None:
    """Write the verdict on every firm; what could not be used counts as unknown and is listed in OUT.errors.jsonl.

    With .parquet for both files all is computed in columns, for a million firms at once: verdict, amount, ends of the
    score, and the states of the clauses as bit masks.
    """
    if cases is not None:
        shared.finish(out, _answers(cases), [])
        return
    if policy is None or as_of is None or firms is None:
        shared.stop("--policy, --as-of and --firms are needed: give all three, or --cases")
    checker = shared.checker(policy, as_of=shared.day(as_of))
    if out.suffix == ".parquet":
        shared.check_columns(checker.program, firms, out)
        return
    given = shared.firms_of(firms, checker)
    shared.finish(out, _verdicts(checker, given), given.errors)


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
    if language not in LANGUAGES:
        shared.stop(f"there is no language {language!r}: use zh or en")
    checker = shared.checker(policy, as_of=shared.day(as_of))
    given = shared.firms_of(firms, checker)
    wanted = [facts for facts in given.rows if firm is None or facts["firm_id"] == firm]
    if not wanted:
        shared.stop(f"{firms.name} holds no firm {firm!r}: check --firm")
    explainer = Explainer(checker.program, language=language)
    given.rows = wanted
    found = [explainer.explain(one) for one in shared.read_all(checker, given)]
    if out is not None:
        shared.finish(out, map(explanation_dict, found), given.errors)
        return
    for error in given.errors:
        text = error["message_zh" if language == "zh" else "message"]
        typer.echo(f"! {error['where']} {error['attribute']}: {text}", err=True)
    for one in found:
        typer.echo("\n".join(_lines(one, language=language)) + "\n")
    program = checker.program
    typer.echo(f"{program.policy.slug} {program.policy.version} sha256:{program.policy.digest} as of {program.as_of}")


def _block_lines(block: Block, indent: str, words: Mapping[str, str]) -> Iterator[str]:
    """A clause on a line, with alternatives below what they are alternatives for."""
    note = block.note
    if note is not None:
        aside = words["aside"] if block.kind == "aside" else ""
        rest = f" [{note.note}]" if note.note else ""
        yield f"{indent}{_MARKS[block.state]} {note.id}  {aside}{note.sentence}{rest}"
        return
    yield f"{indent}{_MARKS[block.state]} {words[block.kind]}"
    for part in block.parts:
        yield from _block_lines(part, f"{indent}    ", words)


def _lines(explanation: Explanation, *, language: str) -> Iterator[str]:
    yield f"{explanation.verdict.firm}  {explanation.headline}"
    for block in explanation.blocks:
        yield from _block_lines(block, "  ", LANGUAGES[language])
    for part in explanation.parts:
        yield f"    {part.label}: {part.points}"
    for due in explanation.dues:
        yield f"  ¥ {due.year}: {due.amount} ({due.percent}%)" + (f" {due.when}" if due.when else "")
    for lack in explanation.missing:
        yield f"  → {lack.name}  {lack.label} ← {lack.register}"


def _verdicts(checker: Checker, given: Firms) -> Iterator[Mapping[str, Any]]:
    for facts in given.rows:
        firm = checker.read(facts)
        given.report_all(firm.problems)
        yield checker.check(firm).as_dict()


def _answers(path: Path) -> Iterator[Mapping[str, Any]]:
    """The verdicts a case file asks for; of a batch, after its budget is shared."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            checker = shared.checker(case["policy"], as_of=shared.day(case["as_of"]))
            firms = case["firms"] if "firms" in case else [case["firm"]]
            found = [checker.check(checker.read(facts)).as_dict() for facts in firms]
        except (ValueError, KeyError, TypeError) as error:
            shared.stop(f"{path.name}, line {number} is no case ({error}): give id, policy, as_of and firm")
        if "firms" in case:
            _share(found, int(case["budget_fen"]))
        yield {"case": case["id"], "verdict": found if "firms" in case else found[0]}


def _share(verdicts: list[dict[str, Any]], budget: int) -> None:
    due = {one["firm"]: one["amount_fen"] for one in verdicts if one["verdict"] == "eligible" and one["amount_fen"]}
    paid = share_budget(due, budget=budget)
    for one in verdicts:
        one["amount_fen"] = paid.get(one["firm"], one["amount_fen"])
