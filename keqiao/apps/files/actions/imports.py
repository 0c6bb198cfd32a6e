"""What a person does with an import: bring a file, match its columns, start, pause, go on, throw away."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from keqiao.apps.files import contents, queries, reading
from keqiao.apps.files.kinds import ImportKind, kinds
from keqiao.apps.files.models import ImportMapping, ImportRun, ImportState, ImportVerdict
from keqiao.apps.files.models.importing import AT_WORK
from keqiao.apps.ledger import actions as ledger
from keqiao.engines.tables import TableError

from .attachments import attach

ENDINGS = ("xlsx", "csv", "txt", "parquet")


def upload_import(
    *, kind: ImportKind, sender: str, name: str, content: bytes, by: ledger.Actor, at: datetime
) -> ImportRun:
    """Keep a file and guess what its columns mean; nothing of it is written yet.

    A ValidationError says what is wrong with a file that cannot be used at all.
    """
    _check_ending(kind, name)
    contents.kind_of(name, content)
    book = _open(kind, name=name, content=content)
    place = book.best(kind)
    run = ImportRun(
        key=secrets.token_urlsafe(9), kind=kind.code, sender=sender, language=get_language() or "zh-hans",
        by=by.key, created_at=at, updated_at=at,
    )  # fmt: skip
    with ledger.action("import.upload", by=by, at=at, subject=subject_of(run)) as entry:
        permit = kind.may(by, sender)
        entry.require(permit)
        run.attachment = attach(
            subject=subject_of(run), name=name, content=content, permit=permit, by=by, at=at, purpose="import"
        )
        _turn_to(run, kind, book, place)
        run.save(force_insert=True)
        entry.change(kind=run.kind, sender=run.sender, file=run.attachment.name)
    return run


def choose_columns(
    run: ImportRun,
    *,
    mapping: Sequence[str],
    by: ledger.Actor,
    at: datetime,
    sheet: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Say which field each column holds and let the rows be checked; another sheet is only turned to.

    The columns are remembered for the sender's next table with the same headings.
    """
    kind = kinds()[run.kind]
    with ledger.action("import.choose_columns", by=by, at=at, subject=subject_of(run)) as entry:
        _hold(run, by, kind, entry)
        if run.state in AT_WORK or run.written:
            raise ledger.Refused("import_at_work")
        run.by, run.updated_at, run.state, run.problem = by.key, at, ImportState.MAPPING, ""
        run.rows.all().delete()
        run.options = dict(options or {})
        if sheet is not None and sheet != run.sheet:
            book = _open(kind, name=run.attachment.name, digest=run.attachment.sha256)
            _turn_to(run, kind, book, book.place_of(sheet))
        else:
            run.mapping = _checked(kind, mapping, width=len(run.headings))
            if kind.consent and not run.options.get("consent"):
                raise ValidationError(_("请先确认：%(what)s"), params={"what": kind.consent}, code="consent")
            ImportMapping.objects.update_or_create(
                kind=run.kind, sender=run.sender, signature=run.signature, defaults={"mapping": run.mapping, "at": at}
            )
            run.total, run.position, run.state = _count(run), 0, ImportState.CHECKING
        run.save()
        entry.change(sheet=run.sheet, mapping=run.mapping, state=str(run.state))


def start_import(run: ImportRun, *, by: ledger.Actor, at: datetime) -> None:
    """Let the good rows be written; the wrong ones stay behind."""
    kind = kinds()[run.kind]
    with ledger.action("import.start", by=by, at=at, subject=subject_of(run)) as entry:
        _hold(run, by, kind, entry)
        if run.state != ImportState.CHECKED:
            raise ledger.Refused("import_not_checked")
        run.total = run.rows.filter(verdict__in=(ImportVerdict.NEW, ImportVerdict.CHANGED)).count()
        if not run.total:
            raise ledger.Refused("nothing_to_import")
        run.by, run.updated_at, run.position, run.state = by.key, at, 0, ImportState.WRITING
        run.save()
        entry.change(state=str(run.state), rows=run.total)


def pause_import(run: ImportRun, *, by: ledger.Actor, at: datetime) -> None:
    """Stop after the batch that is being written; what is written stays, and the rest can go on later."""
    kind = kinds()[run.kind]
    with ledger.action("import.pause", by=by, at=at, subject=subject_of(run)) as entry:
        _hold(run, by, kind, entry)
        if run.state not in AT_WORK:
            raise ledger.Refused("import_not_at_work")
        run.paused_state, run.state, run.updated_at = run.state, ImportState.CANCELLED, at
        run.save(update_fields=["paused_state", "state", "updated_at"])
        entry.change(state=str(run.state), position=run.position)


def resume_import(run: ImportRun, *, by: ledger.Actor, at: datetime) -> None:
    """Go on where a pause or a failure left off."""
    kind = kinds()[run.kind]
    with ledger.action("import.resume", by=by, at=at, subject=subject_of(run)) as entry:
        _hold(run, by, kind, entry)
        if run.state not in (ImportState.CANCELLED, ImportState.FAILED) or not run.paused_state:
            raise ledger.Refused("import_not_paused")
        run.state, run.paused_state, run.problem = run.paused_state, "", ""
        run.by, run.updated_at = by.key, at
        run.save()
        entry.change(state=str(run.state), position=run.position)


def discard_import(run: ImportRun, *, by: ledger.Actor, at: datetime) -> None:
    """Throw the file's rows away, with all that they say of people. What was written from them stays."""
    kind = kinds()[run.kind]
    with ledger.action("import.discard", by=by, at=at, subject=subject_of(run)) as entry:
        _hold(run, by, kind, entry)
        if run.state in AT_WORK:
            raise ledger.Refused("import_at_work")
        attachment = run.attachment
        entry.change(rows=run.rows.count(), written=run.written)
        run.delete()
        attachment.removed_at = at
        attachment.save(update_fields=["removed_at"])


def subject_of(run: ImportRun) -> str:
    return f"import:{run.key}"


def _hold(run: ImportRun, by: ledger.Actor, kind: ImportKind, entry: ledger.Draft) -> None:
    run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update().select_related(None))
    entry.require(kind.may(by, run.sender))


def _check_ending(kind: ImportKind, name: str) -> None:
    ending = name.rpartition(".")[2].lower()
    if ending == "xls":
        raise ValidationError(
            _("“%(name)s”是旧版 Excel 文件，请另存为 .xlsx 后再传。"), params={"name": name}, code="xls"
        )
    if ending == "doc":
        raise ValidationError(
            _("“%(name)s”是旧版 Word 文件，请另存为 .docx 后再传。"), params={"name": name}, code="doc"
        )
    if ending not in ENDINGS and not (ending == "docx" and kind.reads_documents):
        what = _("不能从“%(name)s”导入。请使用 Excel（.xlsx）、CSV（.csv）或 Parquet（.parquet）。")
        if kind.reads_documents:
            what = _("不能从“%(name)s”导入。请使用 Excel（.xlsx）、CSV（.csv）、Parquet（.parquet）或 Word（.docx）。")
        raise ValidationError(what, params={"name": name}, code="ending")


def _open(kind: ImportKind, *, name: str, content: bytes = b"", digest: str = "") -> reading.Book:
    try:
        if digest:
            return reading.book_of(digest, name, kind.code)
        return reading.open_book(content, name=name, kind=kind)
    except TableError as error:
        raise ValidationError(str(error), code="unreadable") from error
    except FileNotFoundError as error:
        raise ValidationError(_("存放的文件不见了，请重新上传。"), code="lost") from error


def _turn_to(run: ImportRun, kind: ImportKind, book: reading.Book, place: int) -> None:
    header = book.headers[place]
    run.sheet, run.header, run.headings = book.sheets[place].name, list(header.lines), list(header.headings)
    run.signature = reading.signature(run.headings)
    known = queries.remembered_mapping(kind=run.kind, sender=run.sender, signature=run.signature)
    run.mapping = known or reading.guess(kind, run.headings)


def _checked(kind: ImportKind, mapping: Sequence[str], *, width: int) -> list[str]:
    given = [code if kind.field(code) else "" for code in mapping][:width]
    given += [""] * (width - len(given))
    used = [code for code in given if code]
    twice = [one for one in kind.fields if used.count(one.code) > 1]
    if twice:
        names = "、".join(str(one.label) for one in twice)
        raise ValidationError(_("“%(names)s”对应了不止一列，请只留一列。"), params={"names": names}, code="twice")
    missing = [one for one in kind.fields if one.required and one.code not in used]
    if missing:
        names = "、".join(str(one.label) for one in missing)
        raise ValidationError(
            _("缺少必填的内容：%(names)s。请指出它们在哪一列。"), params={"names": names}, code="missing"
        )
    return given


def _count(run: ImportRun) -> int:
    try:
        return len(reading.lines_of(run)[1])
    except TableError as error:
        raise ValidationError(str(error), code="unreadable") from error
    except FileNotFoundError as error:
        raise ValidationError(_("存放的文件不见了，请重新上传。"), code="lost") from error
