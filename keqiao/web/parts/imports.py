"""What import pages show of a run: for whom it is, what its columns hold, what is wrong with its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keqiao.apps.files import queries, reading
from keqiao.apps.files.kinds import Field, ImportKind, kinds
from keqiao.apps.files.models import ImportRow, ImportRun, ImportState
from keqiao.apps.files.models.importing import AT_WORK
from keqiao.apps.parties import places
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import units
from keqiao.engines.tables import TableError, as_text
from keqiao.web.parts import reasons
from keqiao.web.parts.export import Column, file_response
from keqiao.web.templatetags.keqiao import name_of

SAMPLES = 3
MOST_COLUMNS = 8
LONGEST = 120


def kinds_for(actor: Actor) -> list[ImportKind]:
    """What the actor may bring at all."""
    return [kind for kind in kinds().values() if kind.senders(actor)]


def senders(actor: Actor) -> list[str]:
    """For whom the actor may bring anything."""
    return list(dict.fromkeys(sender for kind in kinds().values() for sender in kind.senders(actor)))


def sender_choices(actor: Actor) -> list[tuple[str, str]]:
    return sender_names(senders(actor))


def sender_names(given: Iterable[str]) -> list[tuple[str, str]]:
    """Senders with their names, in the reader's language."""
    wanted = list(given)
    keys = {
        kind: [one.partition(":")[2] for one in wanted if one.startswith(f"{kind}:")]
        for kind in ("organization", "station")
    }
    names = {
        f"organization:{row.key}": name_of(row) for row in parties.organizations().filter(key__in=keys["organization"])
    }
    if keys["station"]:
        names |= {f"station:{row.key}": name_of(row) for row in parties.stations().filter(key__in=keys["station"])}
    for one in wanted:
        kind, _sep, key = one.partition(":")
        if kind == "area":
            area = places.label(key, language=get_language() or "zh-hans")
            names[one] = _("%(area)s主管部门") % {"area": area}
        elif kind == "unit":
            names[one] = units.label(key, get_language() or "")
        elif kind == "user":
            names[one] = _("本人（技术经纪人）")
    return [(one, names[one]) for one in wanted if one in names]


def is_at_work(run: ImportRun) -> bool:
    return run.state in AT_WORK


def is_open_to_matching(run: ImportRun) -> bool:
    """Whether the columns may still be matched otherwise: nothing is at work and nothing has been written."""
    return not is_at_work(run) and not run.written and run.state != ImportState.DONE


@dataclass(frozen=True)
class MatchColumn:
    """One column of the file, to be matched: its heading, what stands in it, the field chosen so far."""

    number: int
    heading: str
    samples: list[str]
    chosen: str
    fields: tuple[Field, ...]


def columns_to_match(run: ImportRun, kind: ImportKind) -> list[MatchColumn]:
    try:
        lines = reading.lines_of(run)[1][:SAMPLES]
    except (TableError, FileNotFoundError):
        lines = []
    columns, known = [], {"", *(field.code for field in kind.fields)}
    for number, heading in enumerate(run.headings):
        samples = [as_text(cells[number])[:40] for _line, cells in lines if number < len(cells)]
        chosen = run.mapping[number] if number < len(run.mapping) else ""
        if heading or any(samples):
            fields = kind.fields if chosen in known else (*kind.fields, *filter(None, [kind.field(chosen)]))
            columns.append(MatchColumn(number, heading, [one for one in samples if one], chosen, fields))
    return columns


def sheets_of(run: ImportRun) -> list[tuple[str, int]]:
    """The sheets of the file with the number of lines each holds; empty if there is one only."""
    try:
        book = reading.book_of(run.attachment.sha256, run.attachment.name, run.kind)
    except (TableError, FileNotFoundError):
        return []
    return [(sheet.name, len(sheet.lines)) for sheet in book.sheets] if len(book.sheets) > 1 else []


def shown_columns(run: ImportRun, kind: ImportKind) -> list[tuple[int, str]]:
    """The first matched columns in the order of the kind's fields, then what it knows besides, as number and label."""
    own = [field.code for field in kind.fields]
    codes = [code for code in own if code in run.mapping] + [code for code in run.mapping if code and code not in own]
    found = [(run.mapping.index(code), _label(kind, code)) for code in codes]
    return found[:MOST_COLUMNS]


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview."""

    line: int
    verdict: str
    cells: list[str]
    problems: list[tuple[str, str, str]]  # where, field, sentence
    changes: list[tuple[str, str, str]]  # field, old, new
    is_written: bool
    subject: str
    twin: str


def shown_row(row: ImportRow, run: ImportRun, kind: ImportKind) -> ShownRow:
    cells = [
        as_text(row.cells[number])[:LONGEST] if number < len(row.cells) else ""
        for number, _label in shown_columns(run, kind)
    ]
    changes = [(_label(kind, code), old[:LONGEST], new[:LONGEST]) for code, (old, new) in row.changes.items()]
    twin = row.subject.removeprefix("line:") if row.subject.startswith("line:") else ""
    return ShownRow(row.line, row.verdict, cells, _problems(row, kind), changes, row.is_written, row.subject, twin)


def _problems(row: ImportRow, kind: ImportKind) -> list[tuple[str, str, str]]:
    return [
        (problem["where"], _label(kind, problem["field"]), problem["text"] or reasons.sentence(problem["code"]))
        for problem in row.problems
    ]


def _label(kind: ImportKind, code: str) -> str:
    field = kind.field(code) if code else None
    return str(field.label) if field else ""


def wrong_rows(run: ImportRun) -> HttpResponse:
    """The wrong rows as they came, with their problems in the last column, as a file that can be brought again."""
    kind = kinds()[run.kind]
    columns = [Column(label, _cell(number)) for number, label in enumerate(_unique(run.headings))]
    line = _("原文件行号")
    columns = [Column(line, lambda row: row.line), *columns, Column(_("问题"), lambda row: _told(row, kind))]
    return file_response(
        queries.import_rows(run, verdict="wrong"), columns, kind="xlsx", name=f"keqiao-{run.kind}-wrong"
    )


def _cell(number: int) -> Any:
    return lambda row: row.cells[number] if number < len(row.cells) else ""


def _told(row: ImportRow, kind: ImportKind) -> str:
    return "\n".join(
        " ".join(filter(None, (where, f"{field}：" if field else "", text)))
        for where, field, text in _problems(row, kind)
    )


def _unique(headings: Iterable[str]) -> list[str]:
    """The headings as they stood; a second one of the same text, or an empty one, is told apart by its number."""
    found: list[str] = []
    for number, heading in enumerate(headings, 1):
        name = heading or f"({number})"
        found.append(f"{name} ({number})" if name in found else name)
    return found
