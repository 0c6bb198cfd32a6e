"""One batch of an import at a time: rows and progress are written together or not at all, whenever the process dies."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import translation
from django.utils.translation import gettext as _

from keqiao.apps.files import queries, reading
from keqiao.apps.files.kinds import Context, ImportKind, Item, Problem, kinds
from keqiao.apps.files.models import ImportedNumber, ImportRow, ImportRun, ImportState, ImportVerdict
from keqiao.apps.files.models.importing import AT_WORK
from keqiao.apps.ledger import actions as ledger
from keqiao.engines.tables import Sheet, TableError

from .imports import subject_of

CHECKED_AT_ONCE = 500
WRITTEN_AT_ONCE = 200
GOOD = (ImportVerdict.NEW, ImportVerdict.CHANGED)


def advance_import(run: ImportRun, *, by: ledger.Actor, at: datetime) -> int:
    """Check or write the next batch of a run as the person who started it; returns how many rows it was.

    What makes going on impossible (the file is lost, the person may no longer do it) stops the run with the reason.
    """
    kind = kinds()[run.kind]
    name = "import.check" if run.state == ImportState.CHECKING else "import.write"
    with translation.override(run.language):
        try:
            with ledger.action(name, by=by, at=at, subject=subject_of(run), folds=True) as entry:
                run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update().select_related(None))
                entry.require(kind.may(by, run.sender))
                context = Context(by, run.sender, at, run.options)
                before, entry.count = run.position, 0
                if run.state == ImportState.CHECKING:
                    entry.count = _check(run, kind, context)
                elif run.state == ImportState.WRITING:
                    entry.count = _write(run, kind, context)
                run.updated_at = at
                run.save()
                entry.change(from_row=before, to_row=run.position)
        except (TableError, FileNotFoundError) as error:
            text = str(error) if isinstance(error, TableError) else _("存放的文件不见了，请重新上传。")
            return _stop(run, text, by=by, at=at)
        except ledger.Refused as refusal:
            return _stop(run, refusal.reason, by=by, at=at)
    return run.position - before


def _stop(run: ImportRun, problem: str, *, by: ledger.Actor, at: datetime) -> int:
    with ledger.action("import.fail", by=by, at=at, subject=subject_of(run)) as entry:
        run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update().select_related(None))
        if run.state in AT_WORK:
            run.paused_state, run.state = run.state, ImportState.FAILED
        run.problem, run.updated_at = problem, at
        run.save()
        entry.change(state=str(run.state))
    return 0


def _check(run: ImportRun, kind: ImportKind, context: Context) -> int:
    sheet, lines = reading.lines_of(run)
    batch = lines[run.position : run.position + CHECKED_AT_ONCE]
    items = []
    for line, cells in batch:
        item = reading.item_of(run, kind, line, cells, context)
        if line in sheet.blocked:
            item.problems = [Problem("", sheet.blocked[line])]
        items.append(item)
    _judge(kind, items, context)
    cells_of = dict(batch)
    known = _seen(run, items)
    rows = []
    for item in items:
        row = ImportRow(run=run, line=item.line, cells=cells_of[item.line])
        _note_twins(item, row, known)
        rows.append(_filled(row, item, run, sheet))
    ImportRow.objects.bulk_create(rows)
    run.position += len(batch)
    if run.position >= len(lines):
        run.state = ImportState.CHECKED
    return len(batch)


def _judge(kind: ImportKind, items: Sequence[Item], context: Context) -> None:
    good = [item for item in items if not item.problems]
    if kind.number:
        numbers = {item.values[kind.number] for item in good if kind.number in item.values}
        context.numbers = queries.numbers_of(kind=kind.code, sender=context.sender, numbers=numbers)
    kind.judge(good, context)


def _seen(run: ImportRun, items: Sequence[Item]) -> dict[str, ImportRow]:
    """Earlier rows of this file that are the same thing as one of these."""
    wanted = {item.match for item in items if item.match}
    rows = run.rows.filter(match__in=wanted).exclude(verdict=ImportVerdict.WRONG).order_by("-line")
    return {row.match: row for row in rows}


def _note_twins(item: Item, row: ImportRow, known: dict[str, ImportRow]) -> None:
    """A second row of one thing is double if it says the same; if it says something else, a person must decide."""
    if item.problems or not item.match:
        return
    twin = known.setdefault(item.match, row)
    if twin is row:
        return
    if [str(cell) for cell in twin.cells] == [str(cell) for cell in row.cells]:
        item.subject, item.changes = item.subject or f"line:{twin.line}", {}
    else:
        item.wrong(_("与第 %(line)d 行是同一条，内容却不同：请只留一行。") % {"line": twin.line})


def _filled(row: ImportRow, item: Item, run: ImportRun, sheet: Sheet) -> ImportRow:
    row.verdict, row.changes, row.match, row.subject = item.verdict, item.changes, item.match[:200], item.subject
    row.problems = [
        {
            "field": problem.field,
            "where": reading.where(run, sheet, item.line, problem.field),
            "text": problem.text,
            "code": problem.code,
        }
        for problem in item.problems
    ]
    return row


def _write(run: ImportRun, kind: ImportKind, context: Context) -> int:
    """Write the next good rows; each is judged again, for the world may have changed since the preview."""
    sheet = reading.book_of(run.attachment.sha256, run.attachment.name, run.kind)
    chosen = sheet.sheets[sheet.place_of(run.sheet)]
    rows = list(run.rows.filter(verdict__in=GOOD, is_written=False).order_by("line")[:WRITTEN_AT_ONCE])
    items = [reading.item_of(run, kind, row.line, row.cells, context) for row in rows]
    _judge(kind, items, context)
    written = 0
    for row, item in zip(rows, items, strict=True):
        if item.verdict in GOOD:
            try:
                with ledger.action("import.row", by=context.actor, at=context.at) as entry:
                    item.subject = entry.subject = kind.write(item, context)
                row.is_written = True
                written += 1
            except ValidationError as error:
                _take_error(item, kind, error)
            except ledger.Refused as refusal:
                item.problems.append(Problem("", code=refusal.reason))
            except IntegrityError:
                item.wrong(_("与已有的内容冲突，没有写入：请核对编号、代码和日期。"))
        kept = (row.verdict, row.changes)
        _filled(row, item, run, chosen)
        if row.is_written:
            row.verdict, row.changes = kept
    # One statement that meets its own keys is many times quicker than bulk_update, which writes a case for each cell.
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["pk"],
        update_fields=["verdict", "problems", "changes", "match", "subject", "is_written"],
    )  # fmt: skip
    _remember_numbers(run, kind, items)
    run.position += len(rows)
    run.written += written
    if len(rows) < WRITTEN_AT_ONCE:
        run.state, run.finished_at = ImportState.DONE, context.at
    return written


def _take_error(item: Item, kind: ImportKind, error: ValidationError) -> None:
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in found.items():
        code = name if kind.field(name) else ""
        for text in texts:
            item.wrong(text, field=code)


def _remember_numbers(run: ImportRun, kind: ImportKind, items: Sequence[Item]) -> None:
    if kind.number:
        ImportedNumber.objects.bulk_create(
            [
                ImportedNumber(kind=kind.code, sender=run.sender, number=item.values[kind.number], subject=item.subject)
                for item in items
                if item.values.get(kind.number) and item.subject and not item.problems
            ],
            ignore_conflicts=True,
        )
