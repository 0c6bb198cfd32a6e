"""Raw reading of .xlsx, .csv and .jsonl: cells and line numbers, nothing interpreted yet."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import python_calamine

MAX_FILE_BYTES = 200 * 1024 * 1024  # refused before parsing: a table of this size is a database, not a list of needs
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024  # sum of the sizes in the zip directory: a small file must not fill the memory
_CELL_LIMIT = 2**31 - 1
_FORMULA = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v>([^<]*)</v>)?')


class TableError(ValueError):
    """A file that cannot be used at all; the text says what, where, why and what to do."""


@dataclass(frozen=True)
class RowError:
    """One row that was left out: where it stands and why."""

    where: str
    message: str


@dataclass
class Grid:
    """Rows of cells with their line numbers as people count them (from 1), and what could not be read."""

    rows: list[tuple[int, list[object]]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    blocked: dict[int, str] = field(default_factory=dict)  # line → why its cells cannot be trusted


def check_size(path: Path) -> None:
    """Refuse a missing, empty or oversized file before any parser sees it."""
    if not path.is_file():
        raise TableError(f"找不到文件 {path}：请检查路径和文件名。")
    size = path.stat().st_size
    if size == 0:
        raise TableError(f"文件 {path.name} 是空的（0 字节）：请重新导出后再试。")
    if size > MAX_FILE_BYTES:
        raise TableError(
            f"文件 {path.name} 有 {size // 2**20} MB，超过 {MAX_FILE_BYTES // 2**20} MB 的上限：请拆成几个文件。"
        )


def read_text(path: Path) -> str:
    """Text of a file in UTF-8 (with or without mark), UTF-16 with mark, or GB18030."""
    return decode(path.read_bytes(), name=path.name)


def decode(raw: bytes, *, name: str) -> str:
    """The same for bytes; `name` is what messages call the file."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        codecs: tuple[str, ...] = ("utf-16",)
    elif raw[:4] == b"PK\x03\x04":
        suffix = f".{name.rpartition('.')[2]}"
        raise TableError(f"{name} 的内容是 Excel 或压缩文件，扩展名却是 {suffix}：请把扩展名改为 .xlsx。")
    else:
        codecs = ("utf-8-sig", "gb18030")
    for codec in codecs:
        try:
            return raw.decode(codec)
        except UnicodeDecodeError as error:
            place = error.start
    raise TableError(f"{name} 第 {place + 1} 个字节既不是 UTF-8 也不是 GB18030 编码：请另存为 UTF-8 后再试。")


def csv_grid(path: Path) -> Grid:
    """Cells of a .csv file; the separator (comma, semicolon or tab) is the commonest one in the first line."""
    text = read_text(path)
    first = text.lstrip().partition("\n")[0]
    return text_grid(text, separator=max(",;\t", key=first.count))


def text_grid(text: str, *, separator: str) -> Grid:
    """Cells of a text in lines; a line with an unpaired quotation mark is an error, the others are read."""
    csv.field_size_limit(_CELL_LIMIT)
    grid = Grid()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return grid
        except csv.Error as error:
            grid.errors.append(RowError(f"第 {line} 行", f"引号不成对或格式有误（{error}）：请检查这一行的引号。"))
            line = reader.line_num + 1
            continue
        grid.rows.append((line, list(cells)))
        line = reader.line_num + 1


def sheet_grid(path: Path) -> Grid:
    """Cells of the first sheet of an .xlsx file; merged ranges and formulas without a value block their rows."""
    _check_archive(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except python_calamine.PasswordError as error:
        raise TableError(f"{path.name} 设有密码：请去掉密码另存后再试。") from error
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise TableError(f"{path.name} 不是可读的 Excel 文件（{error}）：请用 Excel 打开后另存为 .xlsx。") from error
    grid = Grid(rows=[(number, list(row)) for number, row in enumerate(cells, 1)])
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        name = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
        for number in range(top + 1, bottom + 2):
            grid.blocked[number] = f"单元格 {name} 是合并单元格，无法判断各行各列的值：请取消合并并逐格填写。"
    for number, name in _uncached_formulas(path):
        grid.blocked.setdefault(
            number, f"单元格 {name} 是公式，但文件中没有计算结果：请用 Excel 打开并保存，或粘贴为数值。"
        )
    return grid


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, object] | RowError]]:
    """Objects of a .jsonl file with their line numbers; a line that is no object comes back as its error."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            column = f"第 {error.colno} 列：{error.msg}" if isinstance(error, json.JSONDecodeError) else "嵌套过深"
            yield number, RowError(f"第 {number} 行", f"不是合法的 JSON（{column}）：请改正这一行。")
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield number, RowError(f"第 {number} 行", "这一行不是 JSON 对象：每行应为 {…} 形式的一条记录。")


def cell_name(row: int, column: int) -> str:
    """Spreadsheet name of a cell counted from 0: (0, 0) is A1, (4, 27) is AB5."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _check_archive(path: Path) -> None:
    check_archive(path, name=path.name)


def check_archive(file: Path | BinaryIO, *, name: str) -> None:
    """Refuse what is no workbook, or a small file that would fill the memory."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            unpacked = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise TableError(
            f"{name} 的扩展名是 .xlsx，内容却不是 Excel 文件（{error}）：请用 Excel 另存为 .xlsx。"
        ) from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise TableError(
            f"{name} 解压后有 {unpacked // 2**20} MB，超过 {MAX_UNPACKED_BYTES // 2**20} MB 的上限，"
            "可能是压缩炸弹：请核对来源，或拆成几个文件。"
        )
    if "xl/workbook.xml" not in names:
        raise TableError(f"{name} 是压缩文件，但里面没有工作簿：请用 Excel 另存为 .xlsx。")


def _uncached_formulas(path: Path) -> Iterator[tuple[int, str]]:
    # calamine returns the cached value of a formula and hides that there is none, so the sheet itself is asked.
    with zipfile.ZipFile(path) as archive:
        name = _first_sheet(archive)
        yield from uncached_formulas(archive.read(name) if name else b"")


def uncached_formulas(content: bytes) -> Iterator[tuple[int, str]]:
    """Line and name of each cell in a sheet's XML that holds a formula without its result."""
    if b"<f" not in content:
        return
    for match in _FORMULA.finditer(content):
        if not match[3]:
            yield int(match[2]), (match[1] + match[2]).decode()


def _first_sheet(archive: zipfile.ZipFile) -> str | None:
    return next(iter(sheet_files(archive).values()), None)


def sheet_files(archive: zipfile.ZipFile) -> dict[str, str | None]:
    """The sheets of a workbook by name, in their order, each with the part of the archive that holds it."""
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets: dict[str, str] = {}
    for link in re.findall(r"<Relationship [^>]*>", links):
        target, identifier = re.search(r'Target="([^"]+)"', link), re.search(r'\bId="([^"]+)"', link)
        if target and identifier:
            name = target[1].lstrip("/")
            targets[identifier[1]] = name if name.startswith("xl/") else f"xl/{name}"
    found: dict[str, str | None] = {}
    for sheet in re.findall(r"<sheet [^>]*>", book):
        identifier, name = re.search(r'r:id="([^"]+)"', sheet), re.search(r'\bname="([^"]*)"', sheet)
        part = targets.get(identifier[1]) if identifier else None
        found[html.unescape(name[1]) if name else ""] = part if part in archive.namelist() else None
    return found
