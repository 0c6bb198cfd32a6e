"""From a stored file to the lines of one sheet under the fields of a kind, and from a line to its values."""

import datetime
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.engines.tables import (
    CellError,
    Header,
    Sheet,
    TableError,
    as_text,
    find_header,
    parts,
    place,
    plain,
    read_book,
    records,
)

from . import store
from .kinds import Cell, Context, ImportKind, Item, Problem, kinds
from .models import ImportRun

MOST_ROWS = 50_000
MOST_CELL = 20_000
# One sentence for each code of the engine: what is wrong with the cell, and what to write instead.
CELL_PROBLEMS = {
    "date": gettext_lazy("“%(given)s”不是日期，请写成 2026-12-31。"),
    "money": gettext_lazy("“%(given)s”不是金额，请写数字，例如 30、30-50 或 30万元；没有定就写“面议”。"),
    "money_order": gettext_lazy("“%(given)s”的下限大于上限，请对调。"),
    "money_fraction": gettext_lazy("“%(given)s”精确到了分以下，请核对金额。"),
    "money_too_large": gettext_lazy("“%(given)s”大得不像一个金额，请核对单位是元还是万元。"),
    "number": gettext_lazy("“%(given)s”不是整数，请只写数字。"),
    "flag": gettext_lazy("“%(given)s”看不出是或否，请写“是”或“否”。"),
    "choice": gettext_lazy("“%(given)s”不在可选的内容里，请从模板的下拉列表中选择。"),
    "lost_digits": gettext_lazy("“%(given)s”是数字格式，Excel 已丢掉末尾几位：请把该列设为“文本”后重新填写。"),
}


@dataclass(frozen=True)
class Book:
    """The sheets of a file with the heading each of them has for a kind."""

    sheets: tuple[Sheet, ...]
    headers: tuple[Header, ...]

    def place_of(self, name: str) -> int:
        return next((number for number, sheet in enumerate(self.sheets) if sheet.name == name), 0)

    def best(self, kind: ImportKind) -> int:
        """The sheet whose heading says most to the kind."""
        counts = [len(set(filter(None, guess(kind, header.headings)))) for header in self.headers]
        return max(range(len(counts)), key=lambda number: (counts[number], -number))


@lru_cache(maxsize=3)
def book_of(digest: str, name: str, kind: str) -> Book:
    """A stored file as sheets, kept for the batches to come; `TableError`, or FileNotFoundError if it is lost."""
    return open_book(store.read(digest), name=name, kind=kinds()[kind])


def open_book(content: bytes, *, name: str, kind: ImportKind) -> Book:
    sheets = tuple(read_book(content, name=name, known=kind.knows, starts=kind.is_start))
    return Book(sheets, tuple(find_header(sheet, known=kind.knows) for sheet in sheets))


def guess(kind: ImportKind, headings: Sequence[str]) -> list[str]:
    """The field of each column by its heading; a field is given to the first column that asks for it."""
    found: list[str] = []
    for heading in headings:
        code = kind.code_of(parts(heading)) if heading else ""
        found.append("" if code in found else code)
    return found


def signature(headings: Sequence[str]) -> str:
    """What tells one layout of columns from another: the headings in their order, without spaces, marks and notes."""
    text = json.dumps([plain(heading) for heading in headings], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def lines_of(run: ImportRun) -> tuple[Sheet, list[tuple[int, list[Any]]]]:
    """The chosen sheet of a run and its records."""
    book = book_of(run.attachment.sha256, run.attachment.name, run.kind)
    sheet = book.sheets[book.place_of(run.sheet)]
    header = Header(tuple(run.header), tuple(run.headings))
    found = _records(run.attachment.sha256, run.attachment.name, run.kind, run.sheet, header)
    if len(found) > MOST_ROWS:
        raise TableError(
            _("这张表有 %(n)d 行，一次最多 %(most)d 行：请拆成几个文件。") % {"n": len(found), "most": MOST_ROWS}
        )
    return sheet, found


@lru_cache(maxsize=3)
def _records(digest: str, name: str, kind: str, sheet: str, header: Header) -> list[tuple[int, list[Any]]]:
    book = book_of(digest, name, kind)
    return [
        (line, [stored(cell) for cell in cells]) for line, cells in records(book.sheets[book.place_of(sheet)], header)
    ]


def stored(cell: Any) -> Any:
    """A cell as JSON keeps it and as it is read back alike."""
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat(" ") if isinstance(cell, datetime.datetime) else cell.isoformat()
    return str(cell)


def item_of(run: ImportRun, kind: ImportKind, line: int, cells: Sequence[Any], context: Context) -> Item:
    """The values of a line; each cell that cannot be read, and each that is missing, is a problem of the row."""
    item = Item(line, {})
    for column, code in enumerate(run.mapping):
        one = kind.field(code) if code else None
        value = cells[column] if column < len(cells) else ""
        if one is None or as_text(value) == "":
            continue
        if isinstance(value, str) and len(value) > MOST_CELL:
            item.problems.append(Problem(code, _("内容超过 %(most)d 字，请缩短。") % {"most": MOST_CELL}))
            continue
        try:
            read = one.read(Cell(value, run.headings[column], context.on))
        except CellError as error:
            item.problems.append(Problem(code, str(CELL_PROBLEMS[error.code]) % {"given": error.given[:40]}))
            continue
        if read not in (None, "", []):
            item.values[code] = read
    wrong = {problem.field for problem in item.problems}
    for one in kind.fields:
        if one.required and one.code not in item.values and one.code not in wrong:
            item.problems.append(Problem(one.code, _("是空的，请填写。")))
    return item


def where(run: ImportRun, sheet: Sheet, line: int, field: str) -> str:
    """The cell a problem lies in, such as B7; the line alone where the problem is the row's."""
    column = run.mapping.index(field) if field in run.mapping else None
    return place(sheet, line, column)
