"""`keqiao reply`: public replies read into rows, linked with each other, and checked before they are published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from keqiao.catalogue.documents import DocumentError, ReadDocument, read_document
from keqiao.catalogue.regions import UnknownRegionError
from keqiao.catalogue.replies import parse_reply

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

_Region = Annotated[str | None, typer.Option("--region", help="code of a region whose departments are known by name")]


@app.command("parse")
def parse_files(
    files: Annotated[list[Path], typer.Argument(help="replies as .txt, .docx, .pdf or .html")],
    out: Annotated[Path, typer.Option("--out", help="folder for <name>.json; made if it is not there")],
    region: _Region = None,
) -> None:
    """Write the rows of every reply: figures, promises, answers, each with its span in the text as read.

    Beside the rows of a .docx, .pdf or .html stands the text that was read, <name>.read.txt, which the spans speak of. A
    file that cannot be read is named and left out; the command ends with 2 if one was.
    """
    names: dict[str, Path] = {}
    failed = False
    for path in files:
        try:
            target = out / f"{path.stem}.json"
            if target.name in names:
                raise ValueError(f"{path}: {names[target.name]} is written to the same {target}; rename one of them")
            read = _read(path)
            reply = parse_reply(read.text, region=region)
            names[target.name] = path
            out.mkdir(parents=True, exist_ok=True)
            _write(target, reply.to_dict(file=path.name) | {"notes": list(read.notes)})
            if path.suffix.lower() != ".txt":
                _put(out / f"{path.stem}.read.txt", read.text)
        except (DocumentError, UnknownRegionError, ValueError, OSError) as error:
            typer.echo(str(error), err=True)
            failed = True
            continue
        typer.echo(f"{target}: {len(reply.figures)} figures, {len(reply.commitments)} promises")
    if failed:
        raise typer.Exit(2)


def _read(path: Path) -> ReadDocument:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OSError(f"{path} cannot be read: {error.strerror}; correct the path") from error
    return read_document(content, name=path.name)


def _write(path: Path, value: Any) -> None:
    _put(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _put(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8", newline="")
    fresh.replace(path)
