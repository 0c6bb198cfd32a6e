"""`keqiao match`: ranked offers for needs, from files to a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table as Screen

from keqiao.engines.tables import Row, RowError, TableError, read_rows, write_rows

if TYPE_CHECKING:
    from keqiao.engines.matching import Answer, Document, Match, Matcher, Query

NOBODY = "NONE"  # the offer named for a need without a good answer
_TAG = "keqiao"
_MANY = 20_000  # offers from which a second process is worth its start
_COLUMNS = {
    "need": "需求编号", "need_title": "需求名称", "rank": "名次", "offer": "成果编号", "offer_title": "成果名称",
    "score": "可用概率", "terms": "共同词", "phrase": "最长共同片段", "via": "行话对应", "overall": "指标结论",
    "indicators": "指标核对", "facets": "其他条件",
}  # fmt: skip
_VERDICTS = {"pass": "满足", "fail": "不满足", "unknown": "未知"}
_FACETS = {"field": "领域", "region": "地区", "trl": "成熟度", "budget": "预算", "deadline": "时限"}
_Item = TypeVar("_Item")


class Format(StrEnum):
    """How the matches are written."""

    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"
    TREC = "trec"


@dataclass(frozen=True)
class _Asked:
    """A need of the file: identifier, title and query."""

    key: str
    title: str
    query: Query


def match(
    needs: Annotated[Path, typer.Argument(help="需求文件（.xlsx/.csv/.jsonl，列：编号、名称、内容、关键词、领域…）")],
    offers: Annotated[Path, typer.Argument(help="供给文件（成果、专利、仪器…），格式同上")],
    top: Annotated[int, typer.Option(min=1, help="每条需求给出多少条")] = 10,
    out: Annotated[Path | None, typer.Option(help="结果文件；不写则显示在屏幕上")] = None,
    format: Annotated[Format | None, typer.Option(help="结果格式；不写则按结果文件的扩展名")] = None,
    abstain: Annotated[bool, typer.Option("--abstain", help="没有合适答案的需求只给出 NONE")] = False,
    expand: Annotated[bool, typer.Option("--expand/--no-expand", help="是否用行话词典扩展需求")] = True,
) -> None:
    """Rank OFFERS for every need in NEEDS, with reasons and a calibrated chance that the offer is useful."""
    try:
        chosen = _format(format, out)
        asked, offered, errors = _read(needs, offers, expand=expand)
    except TableError as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(2) from error
    _report(errors, out)
    if not asked or not offered:
        typer.echo(f"错误：{'需求' if not asked else '供给'}文件里没有可用的行，未做匹配。", err=True)
        raise typer.Exit(2)
    titles = {document.key: document.title for document in offered}
    matcher = _matcher(offered)
    answers = zip(asked, _progress(matcher, asked, top=top), strict=True)
    records = _records(answers, matcher=matcher, titles=titles, abstain=abstain)
    _write(records, out=out, chosen=chosen)


def _format(wanted: Format | None, out: Path | None) -> Format | None:
    if wanted is None and out is not None:
        suffix = out.suffix.lower().lstrip(".")
        wanted = Format(suffix) if suffix in set(Format) else Format.TREC if suffix in ("txt", "run") else None
        if wanted is None:
            raise TableError(f"从 {out.name} 看不出结果格式：请用 --format xlsx、csv、jsonl 或 trec 指明。")
    if wanted is Format.XLSX and out is None:
        raise TableError("Excel 结果不能显示在屏幕上：请用 --out 指定 .xlsx 文件。")
    return wanted


def _read(
    needs: Path, offers: Path, *, expand: bool
) -> tuple[list[_Asked], list[Document], dict[Path, list[RowError]]]:
    from keqiao.catalogue.matcher import document_from_row, query_from_row

    def asked(row: Row) -> _Asked:
        return _Asked(
            str(row.values["id"]), str(row.values.get("title", "")), query_from_row(row.values, expand=expand)
        )

    need_rows, need_errors = _converted(needs, asked)
    offer_rows, offer_errors = _converted(offers, lambda row: document_from_row(row.values))
    return need_rows, offer_rows, {needs: need_errors, offers: offer_errors}


def _converted(path: Path, convert: Callable[[Row], _Item]) -> tuple[list[_Item], list[RowError]]:
    table = read_rows(path)
    good, errors = [], list(table.errors)
    for row in table.rows:
        try:
            good.append(convert(row))
        except ValueError as error:
            errors.append(RowError(f"第 {row.number} 行", str(error)))
    return good, errors


def _report(errors: dict[Path, list[RowError]], out: Path | None) -> None:
    """Say which rows were left out, and keep them beside the result."""
    rows = [
        {"file": path.name, "where": e.where, "message": e.message} for path, found in errors.items() for e in found
    ]
    for row in rows:
        typer.echo(f"{row['file']} {row['where']}：{row['message']}", err=True)
    if rows and out is not None:
        kept = out.with_name(f"{out.name}.errors.jsonl")
        write_rows(kept, rows, ["file", "where", "message"])
        typer.echo(f"未读入的 {len(rows)} 行及原因见 {kept}", err=True)


def _matcher(offered: Sequence[Document]) -> Matcher:
    from keqiao.catalogue.matcher import create_index, shipped_matcher

    index = create_index()
    with index.writer() as writer:
        writer.add(_shown(offered, "建立索引"), processes=2 if len(offered) >= _MANY else 1)
    index.reload()
    return shipped_matcher(index)


def _progress(matcher: Matcher, asked: Sequence[_Asked], *, top: int) -> Iterator[Answer]:
    return matcher.answer_many((need.query for need in _shown(asked, "匹配需求")), top=top)


def _shown(items: Sequence[_Item], label: str) -> Iterable[_Item]:
    console = Console(stderr=True)
    return track(items, description=label, console=console, transient=True, disable=not console.is_terminal)


def _records(
    answers: Iterable[tuple[_Asked, Answer]], *, matcher: Matcher, titles: dict[str, str], abstain: bool
) -> Iterator[dict[str, object]]:
    for need, answer in answers:
        head: dict[str, object] = {"need": need.key, "need_title": need.title}
        if abstain and matcher.is_doubtful(answer):
            yield {**head, "rank": 1, "offer": NOBODY, "offer_title": "没有合适的答案", "score": answer.chance_any}
            continue
        for rank, found in enumerate(answer.matches, 1):
            yield {**head, "rank": rank, "offer_title": titles[found.key], **_reasons(found)}


def _reasons(found: Match) -> dict[str, object]:
    return {
        "offer": found.key,
        "score": found.score,
        "terms": [{"term": term, "weight": weight} for term, weight in found.terms],
        "phrase": found.phrase,
        "via": [{"trade": item.trade, "technical": list(item.technical)} for item in found.via],
        "overall": found.overall if found.indicators else None,
        "indicators": [
            {
                "name": row.need.name, "verdict": row.verdict, "margin": row.margin, "reason": row.reason,
                "need_quote": row.need_quote, "offer_quote": row.offer_quote,
            }
            for row in found.indicators
        ],
        "facets": [
            {"name": note.name, "need": note.need, "offer": note.offer, "agrees": note.agrees} for note in found.facets
        ],
    }  # fmt: skip


def _write(records: Iterator[dict[str, object]], *, out: Path | None, chosen: Format | None) -> None:
    if chosen is None:
        _screen(records)
    elif chosen is Format.TREC:
        _lines(map(_trec, records), out)
    elif chosen is Format.JSONL:
        _lines((json.dumps(record, ensure_ascii=False) for record in records), out)
    elif out is None:
        _lines(_csv_lines(records), out)
    else:
        rows = ({label: _plain(name, record.get(name)) for name, label in _COLUMNS.items()} for record in records)
        _as(out, f".{chosen}", lambda path: write_rows(path, rows, list(_COLUMNS.values())))


def _trec(record: dict[str, object]) -> str:
    identifiers = ["_".join(str(record[name]).split()) for name in ("need", "offer")]  # the format has no quotes
    return f"{identifiers[0]} Q0 {identifiers[1]} {record['rank']} {record['score']:.6f} {_TAG}"


def _csv_lines(records: Iterator[dict[str, object]]) -> Iterator[str]:
    import csv
    import io

    from keqiao.engines.tables import neutral

    for number, record in enumerate(records):
        line = io.StringIO()
        writer = csv.writer(line, lineterminator="\n")
        if number == 0:
            writer.writerow(_COLUMNS.values())
        writer.writerow([neutral(_plain(name, record.get(name))) for name in _COLUMNS])
        yield line.getvalue().rstrip("\n")


def _lines(lines: Iterable[str], out: Path | None) -> None:
    if out is None:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(f"{line}\n" for line in lines)

    _as(out, out.suffix, write)


def _as(out: Path, suffix: str, write: Callable[[Path], None]) -> None:
    """Write under a passing name and rename: the result appears whole or not at all, whatever its extension."""
    out.parent.mkdir(parents=True, exist_ok=True)
    passing = out.with_name(f".{out.name}.part{suffix}")
    try:
        write(passing)
        passing.replace(out)
    finally:
        passing.unlink(missing_ok=True)


def _plain(name: str, value: object) -> object:
    """A value as people read it in a cell."""
    if name == "overall":
        return _VERDICTS.get(str(value), "")
    if not isinstance(value, list):
        return round(value, 4) if isinstance(value, float) else value
    texts: dict[str, Callable[[dict[str, object]], str]] = {
        "terms": lambda item: str(item["term"]),
        "via": lambda item: f"{item['trade']}→{'、'.join(map(str, item['technical']))}",  # type: ignore[call-overload]
        "indicators": lambda item: (
            f"{item['name'] or item['need_quote']}：{_VERDICTS[str(item['verdict'])]}"
            + (f"（{item['offer_quote']}）" if item["offer_quote"] else "")
        ),
        "facets": lambda item: f"{_FACETS[str(item['name'])]}{'相符' if item['agrees'] else '不符'}",
    }
    return "；".join(map(texts[name], value))


def _screen(records: Iterator[dict[str, object]]) -> None:
    screen = Screen(show_lines=False)
    for label in ("需求编号", "名次", "成果编号", "成果名称", "可用概率", "共同词"):
        screen.add_column(label)
    for record in records:
        terms = _plain("terms", record.get("terms", []))
        cells = (
            record["need"],
            record["rank"],
            record["offer"],
            record["offer_title"],
            f"{record['score']:.3f}",
            terms,
        )
        screen.add_row(*map(str, cells))
    Console().print(screen)
