from pathlib import Path
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
    if row.matrix:
        said = "hidden" if row.matrix["cells"] is None else f"keqiao figure matrix {row.key}"
        typer.echo(f"by {' × '.join(row.matrix['by'])}: {said}")
    later = comparison(row)
    if later.reason:
        typer.echo(f"later: not comparable ({later.reason})")
    else:
        counts = f"{len(later.added)} added, {len(later.removed)} removed, {len(later.changed)} changed"
        typer.echo(f"later: the tables give {later.value} now; {counts}")


@app.command()
def matrix(
    key: Annotated[str, typer.Argument(help="The key of an edition, or a code.")],
    by: Annotated[
        str, typer.Option(help="Two dimensions, as area-industry or area-year; else the first there is.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Write a .csv or .xlsx file instead of printing.")] = None,
) -> None:
    """A figure two ways at once: its matrix, or a breakdown over the years. A gap is *."""
    _django.start_on_rows()
    from keqiao.apps.ledger.figures import grids, queries
    from keqiao.engines.tables import write_rows

    row = _find(key)
    editions = queries.by_year(queries.published(internal=True).filter(code=row.code))
    ways = {"-".join(one): one for one in grids.ways(row, editions)}
    if not ways or (by and by not in ways):
        _django.fail(f"{row.key} is not broken down by {by or 'two things'}; there is: {', '.join(ways) or 'nothing'}")
    found = grids.grid_of(row, editions, ways[by] if by else next(iter(ways.values())))
    if found is None:
        _django.fail(f"{row.key}: this matrix may not be shown without giving small cells away")
    head = [" × ".join(found.by), *(name or "-" for name in found.columns), "total"]
    shown = [
        [name or "-", *(_amount(row, value) for value in (*cells, total))]
        for name, cells, total in (
            *zip(found.lines, found.cells, found.line_totals, strict=True),
            ("total", found.column_totals, found.whole),
        )
    ]
    if out is None:
        for line in (head, *shown):
            typer.echo("\t".join(line))
        return
    write_rows(out, (dict(zip(head, line, strict=True)) for line in shown), head)
    typer.echo(f"{len(found.lines)} lines → {out}")


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


def _amount(row: "PublishedFigure", value: int | None) -> str:
    if value is None:
        return "*"
    return f"{value / 100:.2f}" if row.measure == "fen" else str(value)


def _value(row: "PublishedFigure") -> str:
    return f"{row.amount / 100:.2f}" if row.measure == "fen" else row.value
