"""Reads of import runs."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from keqiao.apps.files.models import (
    ImportedNumber,
    ImportMapping,
    ImportRow,
    ImportRun,
    ImportState,
    ImportVerdict,
)
from keqiao.apps.files.models.importing import AT_WORK


def import_runs(*, senders: Iterable[str], by: str) -> QuerySet[ImportRun]:
    """The runs of these senders and those one started oneself, newest first."""
    rows = ImportRun.objects.select_related("attachment")
    return rows.filter(Q(sender__in=list(senders)) | Q(by=by)).order_by("-created_at", "-id")


def import_run(key: str) -> ImportRun:
    """One run; ImportRun.DoesNotExist if there is none."""
    return ImportRun.objects.select_related("attachment").get(key=key)


def import_counts(run: ImportRun) -> dict[str, int]:
    """How many rows of each verdict there are so far."""
    found = dict(run.rows.values_list("verdict").annotate(n=Count("pk")).order_by())
    return {verdict: found.get(verdict, 0) for verdict in ImportVerdict.values}


def import_rows(run: ImportRun, *, verdict: str = "") -> QuerySet[ImportRow]:
    """The rows of a run in the order of the file, of one verdict or all."""
    rows = run.rows.order_by("line")
    return rows.filter(verdict=verdict) if verdict in ImportVerdict.values else rows


def next_import() -> ImportRun | None:
    """The run whose turn it is: the one that has waited longest since its last batch."""
    return ImportRun.objects.filter(state__in=AT_WORK).select_related("attachment").order_by("updated_at", "id").first()


def remembered_mapping(*, kind: str, sender: str, signature: str) -> list[str] | None:
    """How the sender read a table with these headings the last time."""
    row = ImportMapping.objects.filter(kind=kind, sender=sender, signature=signature).first()
    return list(row.mapping) if row else None


def numbers_of(*, kind: str, sender: str, numbers: Iterable[str]) -> dict[str, str]:
    """The things that a sender's own numbers stand for, by number."""
    rows = ImportedNumber.objects.filter(kind=kind, sender=sender, number__in=list(numbers))
    return dict(rows.values_list("number", "subject"))


def origins_of(subject: str) -> QuerySet[ImportRow]:
    """The rows of files that a thing was written from, newest first."""
    rows = ImportRow.objects.filter(subject=subject, is_written=True, run__state__in=(*AT_WORK, ImportState.DONE))
    return rows.select_related("run__attachment").order_by("-run__created_at")
