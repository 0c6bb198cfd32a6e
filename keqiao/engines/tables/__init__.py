"""Tables from files and back: .xlsx, .csv, .jsonl and forms in .docx, with the place and reason of every bad row.

An engine because it makes sense without our database and both the command line and the web's downloads and imports
use it. `read_rows` reads the one table a program expects; `read_book` reads what people send: several sheets, titles
above the heading, merged cells, dates as numbers, forms in documents. The `as_…` functions read single cells.
"""

from keqiao.engines.tables._book import Header, Sheet, find_header, parts, place, plain, read_book, records
from keqiao.engines.tables._sheets import RowError, TableError
from keqiao.engines.tables._tables import Row, Table, neutral, read_rows, write_book, write_rows
from keqiao.engines.tables._template import TemplateColumn, write_template
from keqiao.engines.tables._values import (
    CellError,
    as_choice,
    as_choices,
    as_code,
    as_date,
    as_deadline,
    as_flag,
    as_money,
    as_number,
    as_text,
    as_words,
    unit_of,
)

__all__ = [
    "CellError",
    "Header",
    "Row",
    "RowError",
    "Sheet",
    "Table",
    "TableError",
    "TemplateColumn",
    "as_choice",
    "as_choices",
    "as_code",
    "as_date",
    "as_deadline",
    "as_flag",
    "as_money",
    "as_number",
    "as_text",
    "as_words",
    "find_header",
    "neutral",
    "parts",
    "place",
    "plain",
    "read_book",
    "read_rows",
    "records",
    "unit_of",
    "write_book",
    "write_rows",
    "write_template",
]
