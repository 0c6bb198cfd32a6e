"""`keqiao specs`: quantities out of texts, and needs checked against offers, on files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from keqiao.catalogue.lexicon import shipped_lexicon
from keqiao.engines.matching import Indicator, IndicatorVerdict, check, indicators_from, overall
from keqiao.engines.tables import Row, RowError, Table, TableError, read_rows
from keqiao.engines.text import Quantity, extract

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

_OPS = ("eq", "ge", "gt", "le", "lt", "range", "pm")
_SENSES = ("ge", "le", "cover", "in")


@app.command("extract")
def extract_file(
    texts: Annotated[Path, typer.Argument(help="JSONL, CSV or XLSX with the columns id and text")],
    out: Annotated[Path, typer.Option("--out", help="JSONL to write")],
) -> None:
    """Write the quantities of every text: span, operator, value, unit, name, and whether it is a specification."""
    lexicon = shipped_lexicon()
    table = _read(texts)
    results = (
        {
            "id": _key(row),
            "quantities": [_quantity(one) for one in extract(str(row.values["text"]), lexicon=lexicon)],
        }
        for row in table.rows
    )
    _finish(out, results, table.errors, any_good=bool(table.rows))


@app.command("check")
def check_files(
    needs: Annotated[Path, typer.Argument(help="needs: id, text or indicators")],
    offers: Annotated[Path, typer.Argument(help="offers: id, text or indicators")],
    out: Annotated[Path, typer.Option("--out", help="JSONL to write")],
    pairs: Annotated[Path | None, typer.Option("--pairs", help="JSONL or CSV with the columns need and offer")] = None,
) -> None:
    """Write a verdict per pair and per indicator; without --pairs every need meets every offer."""
    errors: list[RowError] = []
    asked, given = _indicators(needs, errors), _indicators(offers, errors)
    wanted = _pairs(pairs, asked, given, errors) if pairs else ((need, offer) for need in asked for offer in given)
    any_good = bool(asked and given)
    _finish(out, (_checked(need, offer, asked, given) for need, offer in wanted), errors, any_good=any_good)


def _checked(
    need: str, offer: str, asked: Mapping[str, list[Indicator]], given: Mapping[str, list[Indicator]]
) -> dict[str, Any]:
    rows = check(asked[need], given[offer], lexicon=shipped_lexicon())
    return {"need": need, "offer": offer, "overall": overall(rows), "indicators": [_row(row) for row in rows]}


def _row(row: IndicatorVerdict) -> dict[str, Any]:
    return {
        "name": row.need.name, "verdict": row.verdict, "margin": row.margin, "must": row.need.must,
        "reason": row.reason,
        "need_quote": row.need_quote, "offer_quote": row.offer_quote,
    }  # fmt: skip


def _quantity(quantity: Quantity) -> dict[str, Any]:
    value: float | list[float] = list(quantity.value) if len(quantity.value) > 1 else quantity.value[0]
    return {
        "span": list(quantity.span), "op": quantity.op, "value": value, "unit": quantity.unit, "name": quantity.name,
        "is_spec": quantity.is_spec, "trap": quantity.trap, "cap": quantity.cap, "sense": quantity.sense,
        "condition": quantity.condition,
    }  # fmt: skip


def _indicators(path: Path, errors: list[RowError]) -> dict[str, list[Indicator]]:
    """The indicators of every row by its id: as given when the cell holds some, else read from its text."""
    table = _read(path, one_of=("text", "indicators", "title"))
    errors += table.errors
    found: dict[str, list[Indicator]] = {}
    for row in table.rows:
        try:
            given = _given(row.values.get("indicators"))
            found[_key(row)] = given or indicators_from(_text(row), lexicon=shipped_lexicon())
        except ValueError as error:
            errors.append(RowError(f"{path.name} 第 {row.number} 行 indicators 列", str(error)))
    return found


def _given(cell: object) -> list[Indicator]:
    if isinstance(cell, str) and cell.strip():
        try:
            cell = json.loads(cell)
        except json.JSONDecodeError as error:
            raise ValueError(f"单元格内容不是有效的 JSON（{error}）：请填写对象列表，或留空由正文提取。") from error
    if not cell:
        return []
    if not isinstance(cell, list):
        raise ValueError("indicators 必须是对象列表，每个对象含 name、op、value、unit、sense、must。")
    return [_one(item, number) for number, item in enumerate(cell, start=1)]


def _one(item: Any, number: int) -> Indicator:
    if not isinstance(item, dict) or not item.get("name"):
        raise ValueError(f"第 {number} 个指标不是带 name 的对象：{item!r}")
    op, sense, raw = item.get("op", "ge"), item.get("sense"), item.get("value")
    if op not in _OPS or sense not in (None, *_SENSES):
        raise ValueError(f"第 {number} 个指标“{item['name']}”：op 须为 {_OPS} 之一，sense 须为 {_SENSES} 之一。")
    values: list[Any] = raw if isinstance(raw, list) else [raw]
    try:
        value = tuple(float(one) for one in values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"第 {number} 个指标“{item['name']}”的 value {raw!r} 不是数字：请写 5 或 [5, 10]。") from error
    wanted = 2 if op in ("range", "pm") else 1
    if len(value) != wanted:
        raise ValueError(f"第 {number} 个指标“{item['name']}”：{op} 需要 {wanted} 个数值，给了 {len(value)} 个。")
    must, cap = item.get("must", True) is not False, item.get("cap", False) is True
    unit, quote = str(item.get("unit") or "1"), str(item.get("quote", ""))
    return Indicator(str(item["name"]), op, value, unit, sense, must, cap, quote)


def _pairs(
    path: Path, asked: Mapping[str, object], given: Mapping[str, object], errors: list[RowError]
) -> Iterator[tuple[str, str]]:
    table = _read(path, required=("need", "offer"), one_of=())
    errors += table.errors
    for row in table.rows:
        need, offer = str(row.values.get("need") or ""), str(row.values.get("offer") or "")
        if need in asked and offer in given:
            yield need, offer
        else:
            missing = f"需求 {need}" if need not in asked else f"成果 {offer}"
            errors.append(RowError(f"{path.name} 第 {row.number} 行", f"{missing} 不在所给文件中：请核对编号。"))


def _read(path: Path, *, required: tuple[str, ...] = ("id",), one_of: tuple[str, ...] = ("text",)) -> Table:
    try:
        return read_rows(path, required=required, one_of=one_of)
    except TableError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _key(row: Row) -> str:
    return str(row.values["id"])


def _text(row: Row) -> str:
    return "。".join(str(row.values[name]) for name in ("title", "text") if row.values.get(name))


def _finish(out: Path, results: Iterable[Mapping[str, Any]], errors: list[RowError], *, any_good: bool) -> None:
    """Write results and errors atomically; exit with 2 when nothing was good."""
    if any_good:
        _write(out, results)
    error_file = out.with_name(out.name + ".errors.jsonl")
    if errors:
        _write(error_file, ({"where": error.where, "message": error.message} for error in errors))
        for error in errors:
            typer.echo(f"{error.where}: {error.message}", err=True)
    else:
        error_file.unlink(missing_ok=True)
    if not any_good:
        raise typer.Exit(2)


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
