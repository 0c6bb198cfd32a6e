"""Tables of a TOML file with the lines they begin in; every error names line, place and mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from keqiao.engines.rules._errors import RuleError
from keqiao.engines.rules._syntax import Expression, parse

_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_MISSING = object()


class Table:
    """A table of the file: keys are taken one by one with their types; what nobody took is refused at the end."""

    def __init__(self, values: Mapping[str, Any], *, where: str, line: int | None) -> None:
        self._rest = dict(values)
        self.where, self.line = where, line

    def error(self, what: str, remedy: str) -> RuleError:
        return RuleError(what, remedy=remedy, where=self.where, line=self.line)

    def take(self, key: str, *types: type, default: Any = _MISSING) -> Any:
        value = self._rest.pop(key, default)
        if value is _MISSING:
            raise self.error(f"{key!r} is missing", f"add {key} = …")
        if value is not default and (not isinstance(value, types) or (isinstance(value, bool) and bool not in types)):
            names = " or ".join(one.__name__ for one in types)
            raise self.error(f"{key!r} is {value!r}", f"write a value of type {names}")
        return value

    def text(self, key: str, *, default: Any = _MISSING) -> str:
        return str(self.take(key, str, default=default))

    def expression(self, key: str, *, default: Any = _MISSING) -> Expression | None:
        text = self.take(key, str, default=default)
        if not text:
            return None
        try:
            return parse(text)
        except RuleError as error:
            raise error.at(where=f"{self.where}, {key}", line=self.line) from None

    def needed(self, key: str) -> Expression:
        found = self.expression(key)
        if found is None:
            raise self.error(f"{key!r} is empty", "write an expression")
        return found

    def finish(self) -> None:
        if self._rest:
            raise self.error(f"unknown keys {', '.join(sorted(self._rest))}", "correct the spelling or remove them")


class Lines:
    """Where tables of the file begin, by name and, for repeated tables, by count."""

    def __init__(self, text: str) -> None:
        self._found: dict[str, list[int]] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if (header := _HEADER.match(line)) and "=" not in line.split("]")[0]:
                self._found.setdefault(header[1].replace('"', ""), []).append(number)

    def of(self, name: str, count: int = 0) -> int | None:
        found = self._found.get(name, [])
        return found[count] if count < len(found) else None


def loaded(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else len(text.splitlines())
        raise RuleError(f"this is no valid TOML ({error})", remedy="complete or correct the line", line=line) from None


def named(values: Mapping[str, Any], section: str, lines: Lines) -> list[tuple[str, Table]]:
    found = []
    for name, one in values.get(section, {}).items():
        table, line = f"{section}.{name}", lines.of(f"{section}.{name}") or lines.of(section)
        if not isinstance(one, Mapping):
            raise RuleError(f"{name} is {one!r}", remedy=f"write a table [{table}]", where=section, line=line)
        found.append((name, Table(one, where=f"{section} {name}", line=line)))
    return found


def numbered(values: Mapping[str, Any], section: str, lines: Lines) -> list[Table]:
    rows = values.get(section, [])
    if not isinstance(rows, list):
        raise RuleError(f"[{section}] stands once", remedy=f"write [[{section}]]", line=lines.of(section))
    found = []
    for count, one in enumerate(rows):
        name = str(one.get("id") or one.get("name") or f"number {count + 1}")
        found.append(Table(one, where=f"{section.removesuffix('s')} {name}", line=lines.of(section, count)))
    return found
