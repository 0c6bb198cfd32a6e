"""Firms' facts from files: .jsonl as they are, .parquet, .csv and .xlsx by column names, lists as JSON text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from keqiao.engines.identifiers import IdentifierError, check_uscc
from keqiao.engines.rules import Attribute, Vocabulary, unknown_names
from keqiao.engines.tables import TableError, read_book

_FLAGS = {"true": True, "false": False, "是": True, "否": False}
OWN_COLUMNS = ("firm_id", "uscc", "_periods")


@dataclass
class Firms:
    """The facts of every firm of a file, in its order, and what is wrong with it."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)

    def report(self, where: str, name: str, what: str) -> None:
        self.errors.append({"where": where, "attribute": name, "message": what})


def read_firms(path: Path, *, vocabulary: Vocabulary) -> Firms:
    """Every firm of a file; a value that cannot be used stays as written, so that the engine refuses it and says why.

    A firm that stands twice keeps only what both rows agree on. Raises `TableError` where nothing can be used.
    """
    if not path.is_file():
        raise TableError(f"找不到文件 {path}：请检查路径和文件名。")
    readers = {".jsonl": _json_lines, ".parquet": _parquet, ".csv": _sheet, ".xlsx": _sheet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise TableError(f"不支持 {path.name} 的文件类型：请使用 .jsonl、.parquet、.csv 或 .xlsx。")
    firms = Firms()
    for where, facts in reader(path, firms, vocabulary):
        _check_names(where, facts, firms, vocabulary)
        firms.rows.append(facts)
    if not firms.rows:
        raise TableError(f"{path.name} 里没有任何企业：请检查内容。")
    _settle_twins(firms)
    return firms


def _check_names(where: str, facts: dict[str, Any], firms: Firms, vocabulary: Vocabulary) -> None:
    code = facts.pop("uscc", None)
    if code is not None:
        try:
            facts["uscc"] = check_uscc(str(code))
        except IdentifierError as error:
            firms.report(where, "uscc", str(error))
    if facts.get("firm_id") in (None, ""):
        facts["firm_id"] = facts.get("uscc", "")
        if not facts["firm_id"]:
            firms.report(where, "firm_id", "the firm has no firm_id: give each firm its own")
    facts["firm_id"] = str(facts["firm_id"])
    for name in unknown_names(facts, vocabulary=vocabulary):
        if name not in OWN_COLUMNS:
            firms.report(
                where, name, f"{name} is no fact of the vocabulary: check the spelling and the unit (money in 分)"
            )


def _settle_twins(firms: Firms) -> None:
    """Rows of one firm that say different things: what they differ in is unknown."""
    for key in ("firm_id", "uscc"):
        counts = Counter(row[key] for row in firms.rows if row.get(key))
        for code in [code for code, count in counts.items() if count > 1]:
            twins = [row for row in firms.rows if row.get(key) == code]
            names = {name for row in twins for name in row} - {"firm_id", "uscc"}
            differ = sorted(name for name in names if any(row.get(name) != twins[0].get(name) for row in twins))
            for row in twins:
                for name in differ:
                    row.pop(name, None)
            said = ", ".join(differ) or "nothing"
            firms.report(
                str(code), key, f"{key} stands in {len(twins)} rows that differ in {said}: keep one row a firm"
            )


def _json_lines(path: Path, firms: Firms, vocabulary: Vocabulary) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                facts = json.loads(line)
            except ValueError as error:
                firms.report(f"line {number}", "", f"no valid JSON ({error}): correct the line")
                continue
            if isinstance(facts, dict):
                yield f"line {number}", facts
            else:
                firms.report(f"line {number}", "", "no JSON object: write one {…} a line")


def _parquet(path: Path, firms: Firms, vocabulary: Vocabulary) -> Iterator[tuple[str, dict[str, Any]]]:
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise TableError(f"{path.name} 不是可读的 Parquet 文件（{error}）：请重新导出。") from error
    for number, row in enumerate(frame.iter_rows(named=True), start=1):
        yield (
            f"row {number}",
            {name: _native(name, value, vocabulary) for name, value in row.items() if value is not None},
        )


def _native(name: str, value: Any, vocabulary: Vocabulary) -> Any:
    if isinstance(value, str) and (name in vocabulary.lists or name == "_periods"):
        return _json(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, Mapping) else value


def _sheet(path: Path, firms: Firms, vocabulary: Vocabulary) -> Iterator[tuple[str, dict[str, Any]]]:
    sheet = read_book(
        path.read_bytes(), name=path.name, known=vocabulary.attributes.__contains__, starts=lambda _: False
    )[0]
    (_, header), *lines = sheet.lines
    names = [str(cell).strip() for cell in header]
    for number, cells in lines:
        found = {name: cell for name, cell in zip(names, cells, strict=False) if name and str(cell).strip()}
        if number in sheet.blocked:
            firms.report(f"line {number}", "", sheet.blocked[number])
            found = {name: cell for name, cell in found.items() if name == "firm_id"}
        yield f"line {number}", {name: _cell(name, cell, vocabulary) for name, cell in found.items()}


def _cell(name: str, cell: Any, vocabulary: Vocabulary) -> Any:
    """A cell as the type its column asks for; what does not fit stays as it is."""
    if name in vocabulary.lists or name == "_periods":
        return _json(str(cell))
    attribute: Attribute | None = vocabulary.attributes.get(name)
    text = str(cell).strip()
    if attribute is None:
        return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else text
    if attribute.type == "flag":
        return cell if isinstance(cell, bool) else _FLAGS.get(text.lower(), cell)
    if attribute.type == "date":
        return cell.isoformat()[:10] if isinstance(cell, datetime | date) else text
    if attribute.type == "code":
        return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else text
    return _whole(cell, text)


def _whole(cell: Any, text: str) -> Any:
    """A spreadsheet knows no integers: 500.0 is 500; what is no whole number is left for the engine to refuse."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() else cell


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
