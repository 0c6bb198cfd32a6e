"""Whole workbooks as people fill them in: several sheets, titles above, merged cells, forms in documents."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import python_calamine

from keqiao.engines.tables._sheets import (
    MAX_FILE_BYTES,
    TableError,
    cell_name,
    check_archive,
    decode,
    sheet_files,
    text_grid,
    uncached_formulas,
)
from keqiao.engines.tables._values import as_text
from keqiao.engines.tables._word import forms

Known = Callable[[str], bool]
_SEARCHED = 20
_SAMPLE_LINES = 30
_NOTE = re.compile(r"^(?:合计|总计|小计|注[:：]|备注[:：]|说明[:：]|填表|制表|审核人|联系人[:：]|示例|例[:：]|样例)")
_NOTE_CELLS = 3


@dataclass(frozen=True)
class Sheet:
    """One sheet: its filled lines, numbered as people count them, with merged ranges filled in every cell.

    `blocked` says of a line why its cells cannot be trusted. In a sheet made of a document's forms the number of a
    line is the number of the form, the heading being number 0.
    """

    name: str
    lines: list[tuple[int, list[object]]]
    blocked: dict[int, str] = field(default_factory=dict)
    is_form: bool = False


@dataclass(frozen=True)
class Header:
    """Where the heading stands (one line, or two of which the upper one spans columns) and what it says."""

    lines: tuple[int, ...]
    headings: tuple[str, ...]


def read_book(content: bytes, *, name: str, known: Known, starts: Known) -> list[Sheet]:
    """The sheets of a .xlsx, .csv, .txt, .parquet or .docx file that hold anything.

    `known` tells which texts are headings, `starts` which heading begins a record; a document's forms are read by
    them. Raises `TableError` if nothing of the file can be used.
    """
    if not content:
        raise TableError(f"文件 {name} 是空的（0 字节）：请重新导出后再试。")
    if len(content) > MAX_FILE_BYTES:
        raise TableError(f"文件 {name} 超过 {MAX_FILE_BYTES // 2**20} MB 的上限：请拆成几个文件。")
    ending = name.rpartition(".")[2].lower()
    if ending == "xlsx":
        sheets = _workbook(content, name=name)
    elif ending in ("csv", "txt", "tsv"):
        sheets = [_text_sheet(content, name=name)]
    elif ending == "docx":
        sheets = [
            Sheet(sheet.name, sheet.lines, is_form=sheet.is_form)
            for sheet in forms(content, name=name, known=known, starts=starts)
        ]
    elif ending == "parquet":
        sheets = [_columns(content, name=name)]
    else:
        raise TableError(f"不支持 {name} 的文件类型：请使用 .xlsx、.csv、.parquet 或 .docx。")
    filled = [sheet for sheet in sheets if len(sheet.lines) > 1]
    if not filled:
        raise TableError(f"{name} 里没有带表头的表格：请检查内容，第一行写列名，下面每行写一条。")
    return filled


def find_header(sheet: Sheet, *, known: Known) -> Header:
    """The heading of a sheet: the top line, or pair of lines, with the most known headings; else the first line."""
    top = sheet.lines[:_SEARCHED]
    best, most = Header((top[0][0],), _texts(top[0][1])), 0
    for place, (number, cells) in enumerate(top):
        single = _texts(cells)
        count = _distinct(single, known)
        if count > most:
            best, most = Header((number,), single), count
        if place + 1 < len(top):
            below, lower = top[place + 1]
            both = _joined(single, _texts(lower), known)
            count = _distinct(both, known)
            if count > most:
                best, most = Header((number, below), both), count
    return best


def records(sheet: Sheet, header: Header) -> list[tuple[int, list[object]]]:
    """The lines below the heading that hold a record: no totals, no signatures, no heading repeated on a new page."""
    width = len(header.headings)
    last = max(header.lines)
    found = []
    for number, cells in sheet.lines:
        if number <= last or _is_note(cells) or _texts(cells)[:width] == header.headings:
            continue
        found.append((number, list(cells)))
    return found


def parts(heading: str) -> list[str]:
    """What a heading may be known by: all of it, then the lower and the upper half of a two-line heading."""
    whole = plain(heading)
    halves = [plain(half) for half in heading.split("/")]
    return list(dict.fromkeys([whole, "".join(halves), *reversed(halves)]))


def plain(heading: object) -> str:
    """A heading without what people add to it: spaces, marks for required fields, units and notes in brackets.

    >>> plain(" *企业名称 （盖章）"), plain("1. 预算(万元)")
    ('企业名称', '预算')
    """
    text = unicodedata.normalize("NFKC", "" if heading is None else str(heading))
    bare = re.sub(r"[(\[【].*?[)\]】]", "", "".join(text.split()))
    bare = re.sub(r"^(?:[*★●※]+|\d{1,2}[.、)]|[一二三四五六七八九十]+[、.])+", "", bare)
    return bare.strip("*:：★").casefold()


def _texts(cells: Sequence[object]) -> tuple[str, ...]:
    texts = [" ".join(as_text(cell).split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _joined(upper: Sequence[str], lower: Sequence[str], known: Known) -> tuple[str, ...]:
    joined = []
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        joined.append(above if not below or above == below else below if not above else f"{above}/{below}")
    return tuple(joined)


def _distinct(headings: Sequence[str], known: Known) -> int:
    return len({heading for heading in headings if heading and any(known(part) for part in parts(heading))})


def _is_note(cells: Sequence[object]) -> bool:
    texts = [text for text in _texts(cells) if text]
    if not texts:
        return True
    return _NOTE.match(texts[0]) is not None and (len(set(texts)) <= _NOTE_CELLS or texts[0].startswith("示例"))


def _workbook(content: bytes, *, name: str) -> list[Sheet]:
    check_archive(io.BytesIO(content), name=name)
    sheets = []
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = sheet_files(archive)
            for title in book.sheet_names:
                part = files.get(title)
                sheets.append(_sheet(book.get_sheet_by_name(title), title, archive.read(part) if part else b""))
    except python_calamine.PasswordError as error:
        raise TableError(f"{name} 设有密码：请去掉密码另存后再试。") from error
    except (python_calamine.CalamineError, OSError, KeyError, ValueError) as error:
        raise TableError(f"{name} 不是可读的 Excel 文件（{error}）：请用 Excel 打开后另存为 .xlsx。") from error
    return sheets


def _sheet(sheet: python_calamine.CalamineSheet, title: str, xml: bytes) -> Sheet:
    rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        for line in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(line))):
                line[column] = rows[top][left]
    blocked = {
        number: f"单元格 {where} 是公式，但文件中没有计算结果：请用 Excel 打开并保存，或粘贴为数值。"
        for number, where in uncached_formulas(xml)
    }
    return Sheet(title, [(number, row) for number, row in enumerate(rows, 1) if any(map(as_text, row))], blocked)


def _columns(content: bytes, *, name: str) -> Sheet:
    """A Parquet file as a sheet, its column names being the heading; nested values stand as JSON text."""
    import polars as pl  # noqa: PLC0415 - heavy, and few files need it

    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise TableError(f"{name} 不是可读的 Parquet 文件（{error}）：请重新导出。") from error
    lines: list[tuple[int, list[object]]] = [(1, list(frame.columns))]
    lines += [(number, [_flat(cell) for cell in row]) for number, row in enumerate(frame.iter_rows(), start=2)]
    return Sheet("", lines)


def _flat(cell: object) -> object:
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False, default=as_text)
    return "" if cell is None else cell


def _text_sheet(content: bytes, *, name: str) -> Sheet:
    text = decode(content, name=name)
    grid = text_grid(text, separator=_separator(text))
    lines = [(number, list(cells)) for number, cells in grid.rows if any(map(as_text, cells))]
    blocked: dict[int, str] = {}
    for error in grid.errors:
        number = int(re.sub(r"\D", "", error.where) or 0)
        lines.append((number, [""]))
        blocked[number] = error.message
    return Sheet("", sorted(lines, key=lambda line: line[0]), blocked)


def _separator(text: str) -> str:
    """The separator by which most of the first lines fall into equally many cells."""
    sample = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]

    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if len(row) > 1)
        width, lines = widths.most_common(1)[0] if widths else (1, 0)
        return lines, width

    return max((",", "\t", ";", "，", "|"), key=evenness)


def place(sheet: Sheet, line: int, column: int | None) -> str:
    """Where a cell stands, as people would look for it: B7, or the number of the form in a document."""
    if column is None or sheet.is_form:
        return str(line)
    return cell_name(line - 1, column)
