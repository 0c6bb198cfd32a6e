"""A list as a file: what it shows, with the same filters, no more than the reader may see."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise

from keqiao.engines.tables import write_rows

MOST_ROWS = 10_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Column:
    """One column of a list: its heading and how a row gives its value."""

    label: str | Promise
    value: Callable[[Any], object]
    kind: str = "text"


def file_response(rows: Iterable[Any], columns: Sequence[Column], *, kind: str, name: str) -> HttpResponse:
    """The rows as a .csv or .xlsx download; formulas are neutralised by the writer."""
    labels = [str(column.label) for column in columns]
    table = ({label: column.value(row) for label, column in zip(labels, columns, strict=True)} for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.{kind}"
        write_rows(path, table, labels)
        response = HttpResponse(path.read_bytes(), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
