"""What can be imported. Apps above put a module `imports` with a tuple `KINDS` beside their models; it is found here.

A kind names the fields of a row, tells of a batch of rows which are new, changed, double or wrong, and writes one
through the action that people use as well. It keeps no state: everything that has to outlive a batch stands in rows.
"""

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.engines.tables import as_text, plain

from .models import ImportVerdict

Text = str | Promise


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, under which heading, on which day."""

    value: Any
    heading: str
    on: date


@dataclass(frozen=True)
class Field:
    """One field of a row: what it is called, how its cell is read, what the template says of it."""

    code: str
    label: Text
    read: Callable[[Cell], Any]
    aliases: tuple[str, ...] = ()
    required: bool = False
    hint: Text = ""
    example: str = ""
    choices: Callable[[], Sequence[str]] | None = None
    width: int = 16
    show: Callable[[Any], str] = as_text

    def names(self) -> frozenset[str]:
        """What its column may be called: in every language of the site, for tables travel between readers."""
        found = {plain(self.code), *(plain(name) for name in self.aliases)}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                found.add(plain(str(self.label)))
        return frozenset(found)


@dataclass
class Problem:
    """What is wrong with a row: in which field, as a sentence or as a reason code of a refusal."""

    field: str
    text: str = ""
    code: str = ""


@dataclass
class Item:
    """One row in a batch: the values that could be read, and what is found out about it."""

    line: int
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    changes: dict[str, list[str]] = field(default_factory=dict)
    match: str = ""
    subject: str = ""
    # What `judge` found and `write` needs; it never outlives the batch.
    found: dict[str, Any] = field(default_factory=dict)

    def wrong(self, text: Text, *, field: str = "") -> None:
        self.problems.append(Problem(field, str(text)))

    @property
    def verdict(self) -> ImportVerdict:
        if self.problems:
            return ImportVerdict.WRONG
        if not self.subject:
            return ImportVerdict.NEW
        return ImportVerdict.CHANGED if self.changes else ImportVerdict.DUPLICATE


@dataclass
class Context:
    """For whom, as whom and when a batch is judged or written; `numbers` are the sender's own that are known.

    `kept` holds what a kind looks up once a batch.
    """

    actor: Any
    sender: str
    at: datetime
    options: Mapping[str, Any]
    numbers: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def on(self) -> date:
        return localdate(self.at)


class ImportKind:
    """One kind of table. `starts` is the field that begins a record in a document, `number` the sender's own number."""

    code: str
    label: Text
    hint: Text = ""
    fields: tuple[Field, ...]
    starts: str = ""
    number: str = ""
    reads_documents: bool = False
    # Whether the importer may choose that new rows are handed in at once.
    can_submit: bool = False
    # What the importer has to confirm before rows are checked, such as the consent of those who stand in the table.
    consent: Text = ""

    def may(self, actor: Any, sender: str) -> ledger.Verdict:
        """Whether the actor may bring rows of this kind for a sender."""
        raise NotImplementedError

    def senders(self, actor: Any) -> list[str]:
        """For whom the actor may bring rows of this kind."""
        raise NotImplementedError

    def judge(self, items: Sequence[Item], context: Context) -> None:
        """Fill in match, subject, changes and problems of rows without problems so far; a few queries for all."""
        raise NotImplementedError

    def write(self, item: Item, context: Context) -> str:
        """Write a new or changed row through an action and return its subject."""
        raise NotImplementedError

    def field(self, code: str) -> Field | None:
        return next((one for one in self.fields if one.code == code), None)

    def knows(self, heading: str) -> bool:
        name = plain(heading)
        return any(name in names for names in self._names().values())

    def is_start(self, heading: str) -> bool:
        return bool(self.starts) and plain(heading) in self._names()[self.starts]

    def code_of(self, names: Iterable[str]) -> str:
        """The field that one of these names of a column means; empty if none does."""
        for name in names:
            for code, known in self._names().items():
                if name in known:
                    return code
        return ""

    def compare(self, item: Item, current: Mapping[str, Any]) -> None:
        """Note which given values differ from those that stand; an empty cell leaves what stands."""
        for code, now in current.items():
            one, given = self.field(code), item.values.get(code)
            if one is not None and given is not None and given != now:
                item.changes[code] = [one.show(now), one.show(given)]

    def _names(self) -> dict[str, frozenset[str]]:
        return _names_of(self)


@cache
def _names_of(kind: ImportKind) -> dict[str, frozenset[str]]:
    """What the columns of a kind may be called."""
    return {one.code: one.names() for one in kind.fields}


@cache
def kinds() -> dict[str, ImportKind]:
    """All kinds of all installed apps by their codes, lower apps first."""
    found: dict[str, ImportKind] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.imports"
        if config.name.startswith("keqiao.") and importlib.util.find_spec(name):
            for kind in importlib.import_module(name).KINDS:
                found[kind.code] = kind
    return found
