"""Files as people send them, made for the tests."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from docx import Document


def workbook(
    rows: Iterable[Sequence[Any]], *, sheet: str = "Sheet1", merges: Iterable[tuple[str, str]] = (), before: Any = None
) -> bytes:
    """An .xlsx; days are written as days, texts as texts. `before` names a sheet that stands first and holds a note."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        if before:
            book.add_worksheet(before).write_row(0, 0, ["填表说明"])
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(number, column, value, day)
                elif value is not None:
                    page.write(number, column, value)
        for merge, text in merges:
            page.merge_range(merge, text)
    return stream.getvalue()


def document(*forms: Sequence[tuple[str, str]], paragraphs: Sequence[str] = ()) -> bytes:
    """A .docx with one two-column table a form."""
    word = Document()
    for text in paragraphs:
        word.add_paragraph(text)
    for form in forms:
        table = word.add_table(rows=0, cols=2)
        for label, value in form:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
        word.add_paragraph("")
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def text_table(rows: Iterable[Sequence[Any]], *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    return "\n".join(separator.join(str(cell) for cell in row) for row in rows).encode(encoding)
