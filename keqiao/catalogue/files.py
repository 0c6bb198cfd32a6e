"""Reading the catalogue's own files: tables and settings, with errors that name file, line, fault and remedy."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


class CatalogueError(ValueError):
    """A file of the catalogue is malformed; the text says where, what is wrong and what to do.

    >>> str(CatalogueError(path=Path("r22/areas.csv"), line=3, what="the code is empty", remedy="fill it in"))
    'r22/areas.csv, line 3: the code is empty; fill it in'
    """

    def __init__(self, *, path: Path, what: str, remedy: str, line: int | None = None) -> None:
        place = f"{path.parent.name}/{path.name}" + (f", line {line}" if line else "")
        super().__init__(f"{place}: {what}; {remedy}")
        self.path = path
        self.line = line


@dataclass(frozen=True)
class Row:
    """One line of a table: its number in the file and its cells by column name, white space stripped."""

    path: Path
    line: int
    cells: Mapping[str, str]

    def error(self, *, what: str, remedy: str) -> CatalogueError:
        """Return the error to raise about this line.

        >>> str(Row(Path("x/y.csv"), 2, {}).error(what="no code", remedy="add one"))
        'x/y.csv, line 2: no code; add one'
        """
        return CatalogueError(path=self.path, line=self.line, what=what, remedy=remedy)

    def required(self, column: str) -> str:
        """Return the cell, or raise :class:`CatalogueError` where it is empty.

        >>> Row(Path("x/y.csv"), 2, {"code": "22"}).required("code")
        '22'
        """
        if not self.cells[column]:
            raise self.error(what=f"the column {column!r} is empty", remedy="fill it in or delete the line")
        return self.cells[column]

    def day(self, column: str) -> date | None:
        """Return the cell as a date, None where it is empty; raise :class:`CatalogueError` for anything else.

        >>> Row(Path("x/y.csv"), 2, {"valid_from": "2020-06-19"}).day("valid_from")
        datetime.date(2020, 6, 19)
        """
        text = self.cells[column]
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.error(
                what=f"{column!r} is {text!r}, which is no date", remedy="write it as 2020-06-19 or leave it empty"
            ) from None


def read_table(path: Path, *, columns: Sequence[str]) -> list[Row]:
    """Read a UTF-8 CSV file with exactly the named columns, in any order; empty lines are left out.

    Raises :class:`CatalogueError` for a missing file, other columns, a line of another width or other encoding.

    >>> from keqiao.catalogue.codes import VOCABULARY
    >>> read_table(VOCABULARY / "fields.csv", columns=("code", "name", "name_en", "parent", "edition"))[0].line
    2
    """
    return list(_rows(path, columns=columns))


def _rows(path: Path, *, columns: Sequence[str]) -> Iterator[Row]:
    lines = csv.reader(_text(path).splitlines())
    header = next(lines, [])
    if sorted(header) != sorted(columns):
        raise CatalogueError(
            path=path,
            line=1,
            what=f"the columns are {', '.join(header) or 'missing'}",
            remedy=f"use {', '.join(columns)}",
        )
    for values in lines:
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(header):
            raise CatalogueError(
                path=path,
                line=lines.line_num,
                what=f"{len(values)} cells stand under {len(header)} columns",
                remedy="add the missing commas or quote a cell that contains one",
            )
        yield Row(path, lines.line_num, dict(zip(header, (value.strip() for value in values), strict=True)))


def read_settings(path: Path) -> dict[str, Any]:
    """Read a UTF-8 TOML file.

    Raises :class:`CatalogueError` for a missing file, another encoding or a syntax error.

    >>> read_settings(Path(__file__).parent / "regions" / "r22" / "region.toml")["code"]
    '22'
    """
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(
            path=path, what=f"this is not valid TOML: {error}", remedy="correct the line named"
        ) from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CatalogueError(path=path, what="the file is missing", remedy="add it or remove its folder") from None
    except UnicodeDecodeError as error:
        raise CatalogueError(
            path=path, what=f"byte {error.start} is not UTF-8", remedy="save the file in the encoding UTF-8"
        ) from None


class Settings:
    """A table of a TOML file, read key by key with types checked; :meth:`finish` refuses what nobody asked for.

    >>> table = Settings({"code": "22"}, path=Path("r22/region.toml"))
    >>> table.text("code"), table.text("name_en", default="")
    ('22', '')
    >>> table.finish()
    """

    def __init__(self, values: Mapping[str, Any], *, path: Path, where: str = "") -> None:
        self._rest = dict(values)
        self.path = path
        self._where = where

    def error(self, *, what: str, remedy: str) -> CatalogueError:
        """Return the error to raise about this table.

        >>> str(Settings({}, path=Path("a/b.toml"), where="field 'x'").error(what="no type", remedy="add one"))
        "a/b.toml: field 'x': no type; add one"
        """
        return CatalogueError(path=self.path, what=f"{self._where}: {what}" if self._where else what, remedy=remedy)

    def take(self, key: str, *, types: tuple[type, ...], default: Any = None) -> Any:
        """Return and use up the value of a key; raise :class:`CatalogueError` where it is missing or of another type.

        >>> Settings({"months": 12}, path=Path("a/b.toml")).take("months", types=(int,))
        12
        """
        value = self._rest.pop(key, default)
        if value is None:
            raise self.error(what=f"the key {key!r} is missing", remedy="add it")
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            expected = " or ".join(kind.__name__ for kind in types)
            raise self.error(what=f"{key!r} is {value!r}", remedy=f"write a value of type {expected}")
        return value

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text.

        >>> Settings({"name": "吉林省"}, path=Path("a/b.toml")).text("name")
        '吉林省'
        """
        return str(self.take(key, types=(str,), default=default))

    def texts(self, key: str, *, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts as a tuple.

        >>> Settings({"states": ["draft"]}, path=Path("a/b.toml")).texts("states")
        ('draft',)
        """
        values = self.take(key, types=(list, tuple), default=default)
        if not all(isinstance(value, str) for value in values):
            raise self.error(what=f"{key!r} holds something that is not text", remedy="write a list of texts")
        return tuple(values)

    def finish(self) -> None:
        """Raise :class:`CatalogueError` where keys are left that nobody took.

        >>> Settings({}, path=Path("a/b.toml")).finish()
        """
        if self._rest:
            raise self.error(what=f"unknown keys {', '.join(sorted(self._rest))}", remedy="correct or remove them")
