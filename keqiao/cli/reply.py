"""`keqiao reply`: public replies read into rows, linked with each other, and checked before they are published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from keqiao.catalogue.documents import DocumentError, ReadDocument, read_document
from keqiao.catalogue.regions import UnknownRegionError
from keqiao.catalogue.replies import link_replies, parse_reply
from keqiao.engines.replies import Links, Reply, check, reply_from_dict

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

_HINTS = ("growth_rounding", "declined", "soft_only", "no_date")
_SENTENCES = {
    "growth_mismatch": "the growth is {computed}% by the figures, {stated}% is written",
    "growth_rounding": "the growth is {computed}% by the rounded figures; {stated}% is possible before rounding",
    "total_mismatch": "the parts come to {computed}, {stated} is written",
    "share_mismatch": "the part is {computed}% of its whole by the figures, {stated}% is written",
    "part_too_large": "a part is larger than its whole",
    "list_mismatch": "{computed:.0f} names are listed, {stated:.0f} is written",
    "after_signing": "{period} is reported as done, the reply is dated {date}",
    "number_year": "the document's number {number} is of another year than its date {date}",
    "no_date": "no date of signing was found",
    "unanswered": "suggestion {n} has no answer",
    "declined": "suggestion {n} is declined by {department}",
    "soft_only": "suggestion {n} has {promises} promises, none that one can check",
}
_Region = Annotated[str | None, typer.Option("--region", help="code of a region whose departments are known by name")]


@app.command("parse")
def parse_files(
    files: Annotated[list[Path], typer.Argument(help="replies as .txt, .docx, .pdf or .html")],
    out: Annotated[Path, typer.Option("--out", help="folder for <name>.json; made if it is not there")],
    region: _Region = None,
) -> None:
    """Write the rows of every reply: figures, promises, answers, each with its span in the text as read.

    Beside the rows of a .docx, .pdf or .html stands the text that was read, <name>.read.txt, which the spans speak
    of. A file that cannot be read is named and left out; the command ends with 2 if one was.
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


@app.command("link")
def link_files(
    folder: Annotated[Path, typer.Argument(help="folder of parsed replies, as `keqiao reply parse` writes them")],
    out: Annotated[Path, typer.Option("--out", help="JSON to write")],
    on: Annotated[str | None, typer.Option("--on", help="day to judge promises by, YYYY-MM-DD")] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", help="folder of the texts as read, <name>.txt; else the folder itself")
    ] = None,
) -> None:
    """Write what links replies, and print what to look at: sums that differ, contradictions, promises followed.

    Points are named by document, id and span. Promises are judged by the day given, else by that of the last reply.
    Where the text of a reply is at hand (<name>.read.txt or <name>.txt), sentences without a figure are evidence, too.
    """
    replies: dict[str, Reply] = {}
    failed = False
    paths = sorted(folder.glob("*.json"))
    if not paths:
        typer.echo(f"{folder} holds no .json: run `keqiao reply parse FILE… --out {folder}` first", err=True)
        raise typer.Exit(2)
    for path in paths:
        if path.resolve() == out.resolve():
            continue
        try:
            replies[path.stem] = reply_from_dict(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            typer.echo(f"{path} is no parsed reply ({error}); it is left out. Parse it again.", err=True)
            failed = True
    if replies:
        found = {name: _text_of(name, [folder, *([texts] if texts else [])]) for name in replies}
        # Spans that were counted in another text would cite the wrong words.
        read = {name: text for name, text in found.items() if text and len(text) == replies[name].chars}
        links = link_replies(replies, texts=read, on=on)
        _write(out, links.to_dict())
        _print_links(links)
        typer.echo(
            f"{out}: {len(replies)} replies, {len(links.series)} series, {len(links.promises)} promises, "
            f"{len(links.arithmetic)} sums, {len(links.inconsistencies)} to look at"
        )
    if failed:
        raise typer.Exit(2)


def _text_of(name: str, folders: list[Path]) -> str | None:
    """The text that a parsed reply was read from, with its newlines as they are; None if it is nowhere."""
    for path in (folder / f"{name}{ending}" for folder in reversed(folders) for ending in (".read.txt", ".txt")):
        if path.is_file():
            return read_document(path.read_bytes(), name=path.name).text
    return None


def _print_links(links: Links) -> None:
    """What a reader would look at: every promise with a later word, every sum that is not simply right."""
    for one in links.promises:
        quotes = "; ".join(f"{told.doc} “{told.quote[:40]}”" for told in one.evidence)
        if quotes:
            note = f" ({one.note})" if one.note else ""
            typer.echo(f"{one.status}: {one.promise['doc']} {one.promise['text'][:40]}{note} — {quotes}")
    for made in links.arithmetic:
        if made.verdict not in ("ok", "derived"):
            figures = ", ".join(f"{part.doc} {part.raw}" for part in made.parts)
            typer.echo(f"{made.verdict}: {made.formula} = {made.computed}, written {made.stated} — {figures}")
    for odd in links.inconsistencies:
        if odd.kind in ("disagree", "frozen"):
            typer.echo(f"{odd.kind}: {odd.text} — {', '.join(odd.docs)}")


@app.command("check")
def check_file(
    file: Annotated[Path, typer.Argument(help="a reply as .txt, .docx, .pdf or .html")],
    region: _Region = None,
) -> None:
    """Check a reply before it is published: growth, totals, lists, dates, answers. Ends with 1 if a fault was found."""
    try:
        read = _read(file)
        found = check(parse_reply(read.text, region=region))
    except (DocumentError, UnknownRegionError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for one in found:
        places = "; ".join(" ".join(read.text[slice(*span)][:60].split()) for span in one.spans)
        level = "hint" if one.code in _HINTS else "fault"
        typer.echo(f"{level}: {_SENTENCES[one.code].format(**one.values)}" + (f" — {places}" if places else ""))
    if not found:
        typer.echo(f"{file}: nothing found")
    if any(one.code not in _HINTS for one in found):
        raise typer.Exit(1)


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
