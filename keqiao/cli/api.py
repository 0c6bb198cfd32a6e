import json
from pathlib import Path
from typing import Annotated

import typer

from . import _django

app = typer.Typer(no_args_is_help=True)


@app.callback()
def main() -> None:
    """Describe the HTTP interface."""


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option("--out", help="File to write; without it standard output.")] = None,
    language: Annotated[str, typer.Option("--language", help="Language of the summaries: en or zh-hans.")] = "en",
) -> None:
    """Write the OpenAPI 3.1 description of the HTTP interface, for generators of clients and for tests."""
    _django.start()
    from django.test import RequestFactory
    from django.urls import resolve, reverse
    from django.utils import translation

    # Asked for as a program would: the command line does not know how the site makes it.
    address = reverse("api:openapi-json")
    with translation.override(language):
        answer = resolve(address).func(RequestFactory().get(address))
    text = json.dumps(json.loads(answer.content), ensure_ascii=False, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        _django.fail(f"{out}: {error.strerror}. Name a file in a folder that exists and can be written.")
