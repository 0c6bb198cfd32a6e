"""A table to fill in: headings, one example, lists to choose from, and a sheet that explains each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = "示例："
_ROWS = 1000
_MOST_CHOICES = 500


@dataclass(frozen=True)
class TemplateColumn:
    """One column: its heading, whether it must be filled, a note, an example, and what one may choose from."""

    heading: str
    required: bool = False
    hint: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    width: int = 16


def write_template(path: str | Path, columns: Sequence[TemplateColumn], *, words: Sequence[str]) -> None:
    """Write the table as .xlsx. `words` name the sheets and the explanation's headings: table, notes, choices,
    column, required, note, example.

    All cells are text, so that codes of 18 digits keep their digits. The line that begins with `EXAMPLE` is one that
    `records` leaves out.
    """
    table, notes, choices, *headings = words
    import xlsxwriter  # noqa: PLC0415 - only who writes Excel waits for it

    with xlsxwriter.Workbook(str(path)) as book:
        page, explained, lists = book.add_worksheet(table), book.add_worksheet(notes), book.add_worksheet(choices)
        text = book.add_format({"num_format": "@", "valign": "top"})
        head = book.add_format({"bold": True, "bg_color": "#e6f0fb", "border": 1, "valign": "vcenter"})
        must = book.add_format({"bold": True, "bg_color": "#fdf4dc", "border": 1, "valign": "vcenter"})
        grey = book.add_format({"font_color": "#4a5666", "num_format": "@", "text_wrap": True, "valign": "top"})
        explained.write_row(0, 0, headings, head)
        for number, width in enumerate((24, 10, 60, 36)):
            explained.set_column(number, number, width)
        for number, column in enumerate(columns):
            page.set_column(number, number, column.width, text)
            page.write_string(0, number, f"*{column.heading}" if column.required else column.heading,
                              must if column.required else head)  # fmt: skip
            example = f"{EXAMPLE}{column.example}" if number == 0 else column.example
            page.write_string(1, number, example, grey)
            needed = "✓" if column.required else ""
            explained.write_row(number + 1, 0, [column.heading, needed, column.hint, column.example], grey)
            if column.choices:
                given = column.choices[:_MOST_CHOICES]
                lists.write_column(0, number, given)
                source = f"='{choices}'!{_span(number, len(given))}"
                page.data_validation(
                    2, number, _ROWS, number, {"validate": "list", "source": source, "error_type": "warning"}
                )
        page.freeze_panes(1, 0)
        page.set_row(0, 24)
        lists.hide()


def _span(column: int, length: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"${letters}$1:${letters}${length}"
