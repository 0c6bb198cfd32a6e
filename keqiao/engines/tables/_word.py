"""Forms in Word documents: tables of two columns, “需求名称 | …”, one record each, and plain tables with a heading."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from keqiao.engines.tables._sheets import TableError

if TYPE_CHECKING:
    from docx.document import Document as Opened
    from docx.table import _Cell

Known = Callable[[str], bool]
_MAX_UNPACKED = 200 * 1024 * 1024
_LABEL = re.compile(r"^\s*([^:：\n]{2,20})[:：]\s*(.+)$", re.DOTALL)


@dataclass
class WordSheet:
    """What a document's forms come to: a heading, then one line a record."""

    name: str
    lines: list[tuple[int, list[object]]]
    is_form: bool


@dataclass
class _Reading:
    """Records read so far; what stands before the first record (the firm's name, its code) belongs to all after it."""

    starts: Known
    records: list[dict[str, str]] = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)
    in_record: bool = False

    def take(self, label: str, value: str) -> None:
        if self.starts(label):
            self.records.append(dict(self.shared))
            self.in_record = True
        target = self.records[-1] if self.in_record else self.shared
        target[label] = f"{target[label]}\n{value}" if target.get(label) and not self.starts(label) else value

    def end_table(self) -> None:
        self.in_record = False


def forms(content: bytes, *, name: str, known: Known, starts: Known) -> Iterator[WordSheet]:
    """The records of all forms of a .docx as one sheet, and each plain table of it as a sheet of its own."""
    from docx.table import Table  # noqa: PLC0415 - the library is for those who bring Word files

    document = _open(content, name=name)
    reading = _Reading(starts)
    for number, block in enumerate(document.iter_inner_content(), 1):
        if isinstance(block, Table):
            rows = [_cells(row.cells) for row in block.rows]
            if _is_plain(rows, known):
                yield WordSheet(f"表 {number}", list(enumerate([list(row) for row in rows], 1)), is_form=False)
            else:
                _read_form(rows, reading, known)
                reading.end_table()
        elif (found := _LABEL.match(block.text)) and known(found[1]) and not starts(found[1]):
            reading.take(found[1].strip(), found[2].strip())
    if reading.records:
        headings = list(dict.fromkeys(label for record in reading.records for label in record))
        lines: list[tuple[int, list[object]]] = [(0, list(headings))]
        for number, record in enumerate(reading.records, 1):
            lines.append((number, [record.get(label, "") for label in headings]))
        yield WordSheet("", lines, is_form=True)


def _open(content: bytes, *, name: str) -> Opened:
    from docx import Document  # noqa: PLC0415 - as above
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415 - as above

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MAX_UNPACKED:
                raise TableError(f"{name} 解压后过大，可能是压缩炸弹：请核对来源。")
        return Document(io.BytesIO(content))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} 不是可读的 Word 文件：请用 Word 打开后另存为 .docx。") from error


def _cells(cells: tuple[_Cell, ...]) -> list[str]:
    """The texts of a row; a cell that spans several columns stands once."""
    seen: list[object] = []
    texts = []
    for cell in cells:
        if cell._tc not in seen:
            seen.append(cell._tc)
            texts.append(_text(cell))
    return texts


def _text(cell: _Cell) -> str:
    """A cell's paragraphs, and the rows of tables inside it, as lines."""
    from docx.table import Table  # noqa: PLC0415 - as above

    lines = []
    for block in cell.iter_inner_content():
        if not isinstance(block, Table):
            lines.append(block.text.strip())
        else:
            lines += ["，".join(filter(None, _cells(row.cells))) for row in block.rows]
    return "\n".join(line for line in lines if line)


def _is_plain(rows: list[list[str]], known: Known) -> bool:
    """A table with a heading: its first line knows more headings than any other line does, and than a form would."""
    if len(rows) < 2:
        return False
    first = sum(known(cell) for cell in rows[0])
    below = max(sum(known(cell) for cell in row) for row in rows[1:])
    return first >= 3 and below <= 1


def _read_form(rows: list[list[str]], reading: _Reading, known: Known) -> None:
    waiting = ""
    for row in rows:
        if len(row) == 1:
            waiting = _read_single(row[0], waiting, reading, known)
            continue
        waiting = ""
        cells = row[1:] if len(row) % 2 and not known(row[0]) and known(row[1]) else row
        for label, value in zip(cells[::2], cells[1::2], strict=False):
            name = " ".join(label.split())
            if name and (value.strip() or reading.starts(name)) and not (known(value) and not known(label)):
                reading.take(name, value.strip())


def _read_single(text: str, waiting: str, reading: _Reading, known: Known) -> str:
    """A row of one cell: a label for the row below, the text that belongs to one above, or both in one."""
    bare = " ".join(text.split())
    if known(bare):
        return bare
    found = _LABEL.match(text)
    if found and known(found[1]):
        reading.take(found[1].strip(), found[2].strip())
    elif waiting and text.strip():
        reading.take(waiting, text.strip())
    return ""
