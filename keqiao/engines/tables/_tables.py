"""Tables of needs and offers: read from .xlsx, .csv and .jsonl, written back without harm.

`read_rows` gives the good rows under the program's column names and the bad ones as errors with place and reason;
`TableError` is raised only where nothing of the file can be used.
"""

from __future__ import annotations

import csv
import datetime
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from keqiao.engines.tables._headers import CANONICAL, aliases, canonical
from keqiao.engines.tables._sheets import Grid, RowError, TableError, check_size, csv_grid, json_lines, sheet_grid

__all__ = ["Row", "RowError", "Table", "TableError", "neutral", "read_rows", "write_rows"]

TEXT_COLUMNS = ("id", "title", "text", "abstract", "field", "kind", "region", "need", "offer")
_HEADER_SEARCH_ROWS = 10
_SPLIT = re.compile(r"[;；,，、|\n]+")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_LONGEST_TITLE = 31
_EXCEL_CELL_LIMIT = 32_767


@dataclass(frozen=True)
class Row:
    """One good row: its line number in the file (from 1) and its values under canonical names."""

    number: int
    values: dict[str, object]


@dataclass(frozen=True)
class Table:
    """The good rows of a file and the errors of the others."""

    rows: list[Row]
    errors: list[RowError]


def read_rows(
    path: str | Path, *, required: Sequence[str] = ("id",), one_of: Sequence[str] = ("title", "text")
) -> Table:
    """Rows of a .xlsx, .csv or .jsonl file.

    `required` columns must exist and be filled in every row; of `one_of` at least one column must exist and be
    filled. Identifiers must be distinct. Raises `TableError` when the file as a whole cannot be used.
    """
    path = Path(path)
    readers: dict[str, Callable[[Path], Table]] = {
        ".xlsx": lambda p: _from_grid(sheet_grid(p), path=p, required=required, one_of=one_of),
        ".csv": lambda p: _from_grid(csv_grid(p), path=p, required=required, one_of=one_of),
        ".jsonl": _from_json_lines,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise TableError(f"不支持 {path.name} 的文件类型“{path.suffix}”：请使用 .xlsx、.csv 或 .jsonl。")
    check_size(path)
    raw = reader(path)
    rows, errors = _check_rows(raw.rows, required=required, one_of=one_of)
    table = Table(rows=rows, errors=sorted([*raw.errors, *errors], key=_line))
    if not table.rows and not table.errors:
        raise TableError(f"{path.name} 里没有任何数据行：请检查文件内容。")
    if path.suffix.lower() == ".jsonl" and raw.rows and not table.rows:
        _check_columns({name for row in raw.rows for name in row.values}, path=path, required=required, one_of=one_of)
    return table


def write_rows(path: str | Path, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Write rows to .xlsx, .csv or .jsonl; the file appears whole or not at all.

    In .xlsx and .csv a text that a spreadsheet could take for a formula gets a leading apostrophe.
    """
    path = Path(path)
    writers = {".xlsx": _write_xlsx, ".csv": _write_csv, ".jsonl": _write_jsonl}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise TableError(f"不能写成“{path.suffix}”类型（{path.name}）：请使用 .xlsx、.csv 或 .jsonl。")
    _whole(path, lambda temporary: writer(temporary, rows, columns))


def write_book(path: str | Path, sheets: Mapping[str, tuple[Iterable[Mapping[str, object]], Sequence[str]]]) -> None:
    """Write an .xlsx with several sheets: by title, the rows and the columns of each; whole or not at all.

    Titles are cut to the 31 characters a sheet may have. Texts are neutralised as by `write_rows`.
    """
    _whole(Path(path), lambda temporary: _write_sheets(temporary, sheets))


def _whole(path: Path, write: Callable[[Path], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def neutral(value: object) -> object:
    """A value that no spreadsheet runs: texts starting like a formula get an apostrophe, lists become JSON text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    text = str(value)
    return f"'{text}" if text.startswith(_RISKY) else text


def _from_grid(grid: Grid, *, path: Path, required: Sequence[str], one_of: Sequence[str]) -> Table:
    filled = [(number, cells) for number, cells in grid.rows if any(str(cell).strip() for cell in cells)]
    if not filled:
        raise TableError(f"{path.name} 里没有任何内容：请检查是否填在了第一张工作表。")
    place = _header_place(filled)
    number, header = filled[place]
    if number in grid.blocked:
        raise TableError(f"{path.name} 第 {number} 行（表头）：{grid.blocked[number]}")
    names = _column_names(header)
    if not any(name in CANONICAL.values() for name in names):
        raise TableError(
            f"{path.name} 第 {number} 行不像表头，没有认识的列名：请写成“编号、名称、内容、关键词、领域…”这样的列名。"
        )
    _check_columns(set(names), path=path, required=required, one_of=one_of)
    rows, errors = [], list(grid.errors)
    for number, cells in filled[place + 1 :]:
        if number in grid.blocked:
            errors.append(RowError(f"第 {number} 行", grid.blocked[number]))
        elif any(str(cell).strip() for cell in cells[len(names) :]):
            errors.append(
                RowError(f"第 {number} 行", f"有 {len(cells)} 格，表头只有 {len(names)} 列：请检查分隔符和引号。")
            )
        else:
            rows.append(Row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name}))
    return Table(rows, errors)


def _header_place(filled: Sequence[tuple[int, list[object]]]) -> int:
    """Place of the header: the first of the top rows with two known names (a title may stand above it)."""
    for place, (_, cells) in enumerate(filled[:_HEADER_SEARCH_ROWS]):
        if sum(canonical(cell) in CANONICAL.values() for cell in cells) >= 2:
            return place
    return 0


def _column_names(header: Sequence[object]) -> list[str]:
    names: list[str] = []
    for cell in header:
        name = canonical(cell)
        names.append(str(cell).strip() if name in names else name)
    return names


def _from_json_lines(path: Path) -> Table:
    rows, errors = [], []
    for number, value in json_lines(path):
        if isinstance(value, RowError):
            errors.append(value)
            continue
        exact = {name: item for name, item in value.items() if name in CANONICAL.values()}
        mapped = {canonical(name): item for name, item in value.items() if canonical(name) not in exact}
        rows.append(Row(number, {**mapped, **exact}))
    return Table(rows, errors)


def _check_columns(names: set[str], *, path: Path, required: Sequence[str], one_of: Sequence[str]) -> None:
    for name in required:
        if name not in names:
            raise TableError(f"{path.name} 缺少“{aliases(name)}”列：请补上这一列，每行一个不重复的值。")
    if one_of and not names & set(one_of):
        wanted = "或".join(f"“{aliases(name)}”" for name in one_of)
        raise TableError(f"{path.name} 缺少{wanted}列：至少要有其中一列，否则没有可供匹配的文字。")


def _check_rows(
    rows: Iterable[Row], *, required: Sequence[str], one_of: Sequence[str]
) -> tuple[list[Row], list[RowError]]:
    good: list[Row] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for row in rows:
        values, problem = _clean(row.values)
        identifier = str(values.get("id", ""))
        if problem is None:
            problem = _missing(values, required=required, one_of=one_of)
        if problem is None and "id" in required and identifier in seen:
            problem = f"编号“{identifier}”与第 {seen[identifier]} 行重复：编号必须唯一，这一行未读入。"
        if problem is not None:
            errors.append(RowError(f"第 {row.number} 行", problem))
            continue
        seen[identifier] = row.number
        good.append(Row(row.number, values))
    return good, errors


def _missing(values: Mapping[str, object], *, required: Sequence[str], one_of: Sequence[str]) -> str | None:
    for name in required:
        if values.get(name) in (None, ""):
            return f"“{aliases(name)}”是空的：请填写。"
    if one_of and not any(values.get(name) for name in one_of):
        return f"{'、'.join(f'“{aliases(name)}”' for name in one_of)}都是空的：至少填写一项。"
    return None


def _clean(values: Mapping[str, object]) -> tuple[dict[str, object], str | None]:
    """Values with texts, keywords and indicators in their forms, and what is wrong with them."""
    clean: dict[str, object] = {}
    for name, value in values.items():
        if name in TEXT_COLUMNS:
            if isinstance(value, list | dict):
                return clean, f"“{name}”应是文字，却是 {type(value).__name__}：请改为文字。"
            clean[name] = _as_text(value)
        elif name == "keywords":
            parts = value if isinstance(value, list | tuple) else _SPLIT.split(_as_text(value))
            clean[name] = [text for part in parts if (text := _as_text(part))]
        elif name == "indicators" and isinstance(value, str) and value.lstrip().startswith(("[", "{")):
            try:
                parsed = json.loads(value)
            except (json.JSONDecodeError, RecursionError) as error:
                return clean, f"“指标”一格以 [ 或 {{ 开头，却不是合法的 JSON（{error}）：请改正，或直接写成文字。"
            clean[name] = parsed if isinstance(parsed, list) else [parsed]
        else:
            clean[name] = value.strip() if isinstance(value, str) else value
    return clean, None


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a spreadsheet stores the identifier 12 as 12.0
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value).strip()


def _line(error: RowError) -> int:
    digits = re.search(r"\d+", error.where)
    return int(digits[0]) if digits else 0


def _write_xlsx(path: Path, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    _write_sheets(path, {"Sheet1": (rows, columns)})


def _write_sheets(path: Path, sheets: Mapping[str, tuple[Iterable[Mapping[str, object]], Sequence[str]]]) -> None:
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "constant_memory": True,
        "nan_inf_to_errors": True,
    }
    import xlsxwriter  # noqa: PLC0415 - only who writes Excel waits for it

    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        for title, (rows, columns) in sheets.items():
            sheet = book.add_worksheet(title[:_LONGEST_TITLE])
            for column, name in enumerate(columns):
                sheet.write_string(0, column, name, bold)
            for number, row in enumerate(rows, 1):
                for column, name in enumerate(columns):
                    value = neutral(row.get(name))
                    sheet.write(number, column, value[:_EXCEL_CELL_LIMIT] if isinstance(value, str) else value)
            sheet.freeze_panes(1, 0)


def _write_csv(path: Path, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    # The mark makes Excel on a Chinese desktop read the file as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([neutral(row.get(name)) for name in columns] for row in rows)


def _write_jsonl(path: Path, rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            record = {name: row[name] for name in columns if name in row}
            stream.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
