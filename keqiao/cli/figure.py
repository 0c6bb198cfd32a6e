from typing import TYPE_CHECKING, Annotated

import typer

from . import _django

if TYPE_CHECKING:
    from keqiao.apps.ledger.models import PublishedFigure

app = typer.Typer(no_args_is_help=True)


@app.callback()
def main() -> None:
    """Look at published figures and prove them."""


@app.command("list")
def list_figures(
    year: Annotated[int | None, typer.Option(help="Only figures of this year.")] = None,
    internal: Annotated[bool, typer.Option("--internal", help="Internal figures as well.")] = False,
) -> None:
    """What stands published, one figure a line: key, value, unit, period, grade; then what could be published."""
    _django.start_on_rows()
    from keqiao.apps.ledger.figures import definitions, queries

    rows = list(queries.published(internal=internal, year=year))
    for row in rows:
        typer.echo("\t".join((row.key, _value(row), row.unit_zh, f"{row.kind} {row.as_of}", row.grade, row.name_zh)))
    known = {row.code for row in rows}
    for one in definitions().values():
        if one.code not in known and (internal or not one.is_internal):
            typer.echo(f"{one.code}\t-\t{one.unit}\t{one.kind}\t{one.grade}\t{one.name}")


@app.command()
def show(key: Annotated[str, typer.Argument(help="The key of an edition, as its page shows it, or a code.")]) -> None:
    """One edition: value, definition, growth with its base, breakdowns, and what later corrections would change."""
    _django.start_on_rows()
    from keqiao.apps.ledger.figures import queries
    from keqiao.apps.ledger.figures.checking import comparison

    row = _find(key)
    growth = queries.growth(row)
    lines = [
        ("key", row.key), ("state", row.state), ("name", f"{row.name_zh} / {row.name_en}"),
        ("value", f"{_value(row)} {row.unit_zh}"), ("grade", row.grade), ("kind", row.kind),
        ("as of", row.as_of.isoformat()), ("definition", f"version {row.version}: {row.meaning_zh}"),
        ("scope", row.scope_zh), ("rows", str(row.row_count)), ("digest", f"{row.alg}:{row.digest}"),
        ("growth", f"{float(growth.ratio):+.4f}" if growth.ratio is not None else growth.reason),
        ("base", f"{_value(growth.base)} ({growth.base.key})" if growth.base else ""),
        ("printed growth", growth.printed), ("sentence", row.sentence), ("source", row.source),
    ]  # fmt: skip
    for name, text in lines:
        if text:
            typer.echo(f"{name}: {text}")
    for code, table in row.tables.items():
        cells = "hidden" if table is None else ", ".join(f"{key or '-'}={'*' if n is None else n}" for key, n in table)
        typer.echo(f"by {code}: {cells}")
    later = comparison(row)
    if later.reason:
        typer.echo(f"later: not comparable ({later.reason})")
    else:
        counts = f"{len(later.added)} added, {len(later.removed)} removed, {len(later.changed)} changed"
        typer.echo(f"later: the tables give {later.value} now; {counts}")


@app.command()
def verify(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys or codes; without one, every edition.")] = None,
) -> None:
    """Recompute editions from their frozen rows; exit code 1 if one does not give its value or its digest."""
    _django.start_on_rows()
    from keqiao.apps.ledger.figures import checking, queries

    rows = [_find(key) for key in keys] if keys else list(queries.editions(internal=True))
    flaws = [flaw for row in rows for flaw in checking.verify(row)]
    for flaw in flaws:
        typer.secho(f"{flaw.kind}: {flaw.message}", err=True)
    if flaws:
        typer.secho(f"NOT sound: {len(flaws)} problem(s) in {len(rows)} edition(s).", err=True, fg="red")
        raise typer.Exit(1)
    for row in rows if keys else ():
        typer.echo(f"{row.key}: {row.row_count} rows give {_value(row)} {row.unit_zh}, {row.alg}:{row.digest}")
    typer.echo(f"Sound: {len(rows)} edition(s).")


def _find(key: str) -> "PublishedFigure":
    from keqiao.apps.ledger.figures import queries
    from keqiao.apps.ledger.models import PublishedFigure

    try:
        return queries.edition(key, internal=True)
    except PublishedFigure.DoesNotExist:
        found = queries.newest(key, internal=True)
    if found is None:
        _django.fail(f"no published figure is called {key!r}; `keqiao figure list --internal` names them all")
    return found


def _value(row: "PublishedFigure") -> str:
    return f"{row.amount / 100:.2f}" if row.measure == "fen" else row.value
