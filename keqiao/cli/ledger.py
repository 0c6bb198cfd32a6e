import typer

from . import _django

app = typer.Typer(no_args_is_help=True)


@app.callback()
def main() -> None:
    """Prove the ledger."""


@app.command()
def verify() -> None:
    """Recompute the whole chain; exit code 1 if a row was changed, is missing or stands elsewhere."""
    _django.start_on_rows()
    from keqiao.apps.ledger import queries

    problems = 0
    for problem in queries.verify():
        problems += 1
        typer.secho(f"{problem.kind}: {problem.message}", err=True)
    if problems:
        typer.secho(f"The ledger is NOT sound: {problems} problem(s).", err=True, fg="red")
        raise typer.Exit(1)
    typer.echo(f"The ledger is sound: {queries.last_seq()} entries.")
