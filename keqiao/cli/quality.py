"""`keqiao quality`: how good the ranking is, and what people judged, as a file to train on."""

import json
from pathlib import Path
from typing import Annotated

import typer

from . import _django

app = typer.Typer(no_args_is_help=True)


@app.callback()
def main() -> None:
    """Measure the ranking against judgements and export them for training."""


@app.command()
def measure() -> None:
    """Measure the ranking of today against all judgements: the same figures as the office's page."""
    _django.start_on_rows()
    from django.utils.timezone import localdate

    from keqiao.apps.market import search_quality

    found = search_quality.measure(on=localdate())
    if found is None:
        _django.fail("There is no index yet. Let `keqiao worker` run once, then measure again.")
    for name, value in vars(found).items():
        said = "-" if value is None else f"{value:.3f}" if isinstance(value, float) else value
        typer.echo(f"{name:10s} {said}")


@app.command()
def export(to: Annotated[Path, typer.Argument(help="The .jsonl file to write")]) -> None:
    """Write published offers, graded needs and grades for `benchmarks/train.py --extra`; nothing in it is secret."""
    _django.start_on_rows()
    from django.utils.timezone import localdate

    from keqiao.apps.market import queries

    counts = {"offer": 0, "need": 0, "grade": 0}
    fresh = to.with_name(f"{to.name}.new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            for record in queries.training_file(on=localdate()):
                counts[record["part"]] += 1
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        fresh.replace(to)
    except OSError as error:
        _django.fail(f"{to} cannot be written: {error.strerror}. Choose another place.")
    typer.echo(f"{to}: {counts['offer']} offers, {counts['need']} needs, {counts['grade']} grades")
