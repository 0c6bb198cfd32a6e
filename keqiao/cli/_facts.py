"""Firms' facts from files: .jsonl as they are, .parquet, .csv and .xlsx by column names, lists as JSON text."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from keqiao.engines.identifiers import IdentifierError, check_uscc
from keqiao.engines.rules import Attribute, Problem, Vocabulary, unknown_names
from keqiao.engines.tables import TableError, read_book

_DIGITS = re.compile(r"(-?[0-9]{1,30})(?:\.0+)?")
_FLAGS = {"true": True, "false": False, "是": True, "否": False}
# What is wrong with a row or a column before the engine reads it, in English and Chinese.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "uscc": (
        "{given} is no unified social credit code: compare its 18 characters with the licence",
        "{given} 不是有效的统一社会信用代码：请对照营业执照逐位核对 18 位",
    ),
    "no_id": ("the firm has no firm_id: give each firm its own", "这家企业没有 firm_id：请为每家企业写一个"),
    "unknown_name": (
        "{given} is no fact of the vocabulary: check the spelling and the unit (money in 分)",
        "没有“{given}”这项数据：请核对名称和单位（金额以分为单位）",
    ),
    "twins": (
        "{given} stands in {count} rows that differ in {differ}: keep one row a firm",
        "{given} 有 {count} 行，这些数据不一致：{differ}。每家企业请只留一行",
    ),
    "no_json": ("no valid JSON ({given}): correct the line", "不是有效的 JSON（{given}）：请改正这一行"),
    "no_object": ("no JSON object: write one {{…}} a line", "不是 JSON 对象：请每行写一个 {{…}}"),
    "blocked": (
        "merged cells, or a formula without its value: unmerge them, or save the file with values ({given})",
        "{given}",
    ),
    "more": (
        "{given} more values could not be used and count as unknown",
        "另有 {given} 个值不能使用，按未知处理",
    ),
}
OWN_COLUMNS = ("firm_id", "uscc", "_periods")


@dataclass
class Firms:
    """The facts of every firm of a file, in its order, and what is wrong with it."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)

    def report(self, where: str, name: str, code: str, **words: object) -> None:
        self.errors.append(error_of(where, name, code, **words))

    def report_all(self, problems: Iterable[Problem]) -> None:
        self.errors += map(error_of_problem, problems)


def error_of(where: str, name: str, code: str, **words: object) -> dict[str, str]:
    """A line of the file of errors: a stable code, and in two languages what is wrong and what to do."""
    english, chinese = (text.format(**words) for text in SENTENCES[code])
    return {"where": where, "attribute": name, "code": code, "message": english, "message_zh": chinese}


def error_of_problem(problem: Problem) -> dict[str, str]:
    return {
        "where": f"firm {problem.firm}", "attribute": problem.name, "code": problem.code,
        "message": problem.say("en"), "message_zh": problem.say("zh"),
    }  # fmt: skip


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
            firms.report(where, "uscc", "uscc", given=f"{code} ({error.code})")
    if facts.get("firm_id") in (None, ""):
        facts["firm_id"] = facts.get("uscc", "")
        if not facts["firm_id"]:
            firms.report(where, "firm_id", "no_id")
    facts["firm_id"] = str(facts["firm_id"])
    for name in unknown_names(facts, vocabulary=vocabulary):
        if name not in OWN_COLUMNS:
            firms.report(where, name, "unknown_name", given=name)


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
            firms.report(str(code), key, "twins", given=key, count=len(twins), differ=said)


def _json_lines(path: Path, firms: Firms, vocabulary: Vocabulary) -> Iterator[tuple[str, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                facts = json.loads(line)
            except ValueError as error:
                firms.report(f"line {number}", "", "no_json", given=error)
                continue
            if isinstance(facts, dict):
                yield f"line {number}", facts
            else:
                firms.report(f"line {number}", "", "no_object")


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
    attribute = vocabulary.attributes.get(name)
    if attribute is not None:
        return _typed(value, attribute)
    if name in vocabulary.lists and isinstance(value, list):
        return [_native_item(one, vocabulary.lists[name].fields) for one in value]
    return _plain(value)


def _native_item(item: Any, fields: Mapping[str, Attribute]) -> Any:
    if not isinstance(item, Mapping):
        return _plain(item)
    return {name: _typed(one, fields[name]) if name in fields else _plain(one) for name, one in item.items()}


def _typed(value: Any, attribute: Attribute) -> Any:
    """A column has one type: where it holds decimals, 500.0 is 500."""
    if attribute.type in ("money", "count") and isinstance(value, float | Decimal):
        return _whole(value, "")
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return float(value) if isinstance(value, Decimal) else value


def _sheet(path: Path, firms: Firms, vocabulary: Vocabulary) -> Iterator[tuple[str, dict[str, Any]]]:
    sheet = read_book(
        path.read_bytes(), name=path.name, known=vocabulary.attributes.__contains__, starts=lambda _: False
    )[0]
    (_, header), *lines = sheet.lines
    names = [str(cell).strip() for cell in header]
    for number, cells in lines:
        found = {name: cell for name, cell in zip(names, cells, strict=False) if name and str(cell).strip()}
        if number in sheet.blocked:
            firms.report(f"line {number}", "", "blocked", given=sheet.blocked[number])
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
    if isinstance(cell, float | Decimal):
        number = float(cell)
        is_whole = math.isfinite(number) and abs(number) < 2**53 and cell == int(cell)
        return int(cell) if is_whole else number
    found = _DIGITS.fullmatch(text)
    return int(found[1]) if found else cell


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
