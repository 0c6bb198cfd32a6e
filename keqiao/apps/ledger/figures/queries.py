"""Reads of published figures. Public reads leave drafts and internal figures out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import QuerySet

from keqiao.apps.ledger.models import FigureRow, FigureState, Kind, PublishedFigure

EVER_PUBLISHED = (FigureState.PUBLISHED, FigureState.CORRECTED, FigureState.WITHDRAWN)


def editions(*, internal: bool = False) -> QuerySet[PublishedFigure]:
    """Every edition that was ever published; internal ones for offices only."""
    rows = PublishedFigure.objects.filter(published_at__isnull=False)
    return rows if internal else rows.filter(is_internal=False)


def published(*, internal: bool = False, theme: str = "", year: int | None = None) -> QuerySet[PublishedFigure]:
    """The editions that stand now, of a theme, of a year."""
    rows = editions(internal=internal).filter(state=FigureState.PUBLISHED)
    if theme:
        rows = rows.filter(theme=theme)
    return rows if year is None else rows.filter(year=year)


def edition(key: str, *, internal: bool = False) -> PublishedFigure:
    """One edition by its key; PublishedFigure.DoesNotExist if the reader may not know of any."""
    return editions(internal=internal).select_related("replaces", "replaced_by").get(key=key)


def newest(code: str, *, year: int | None = None, internal: bool = False) -> PublishedFigure | None:
    """What stands of a figure for its newest period, or for a year; the widest period of that year first."""
    rows = published(internal=internal, year=year).filter(code=code)
    return rows.order_by("-year", "-as_of", "-published_at", "-pk").first()


def same_code(code: str, *, internal: bool = False) -> QuerySet[PublishedFigure]:
    """All editions of a figure, newest first."""
    return editions(internal=internal).filter(code=code).order_by("-year", "-as_of", "-published_at", "-pk")


def by_year(rows: Iterable[PublishedFigure]) -> list[PublishedFigure]:
    """One of the editions of a figure for each year, oldest first: the widest period, the newest edition."""
    found: dict[int, PublishedFigure] = {}
    for row in sorted(rows, key=lambda row: (row.year, row.as_of, row.pk)):
        found[row.year] = row
    return list(found.values())


def drafts() -> QuerySet[PublishedFigure]:
    """What waits for a second pair of eyes, oldest first."""
    return PublishedFigure.objects.filter(state=FigureState.DRAFT).order_by("prepared_at", "pk")


def years(*, internal: bool = False) -> list[int]:
    return list(published(internal=internal).order_by("-year").values_list("year", flat=True).distinct())


def figures_counting(subjects: Sequence[str], *, internal: bool = False) -> dict[str, list[PublishedFigure]]:
    """The published figures that count each of the subjects, newest first."""
    rows = FigureRow.objects.filter(subject__in=subjects, figure__state=FigureState.PUBLISHED)
    if not internal:
        rows = rows.filter(figure__is_internal=False)
    found: dict[str, list[PublishedFigure]] = {}
    for row in rows.select_related("figure").order_by("-figure__year", "-figure__as_of", "figure__code"):
        found.setdefault(row.subject, []).append(row.figure)
    return found


def counts_subject(subject: str) -> bool:
    """Whether any edition, published or not, holds a row of this subject."""
    return FigureRow.objects.filter(subject=subject).exists()


def amounts(figure: PublishedFigure) -> dict[str, int]:
    """The rows of an edition with their amounts; erased ones have no subject and are left out."""
    return dict(figure.rows.exclude(subject="").values_list("subject", "amount"))


@dataclass(frozen=True)
class Growth:
    """How a figure grew. `ratio` is computed from the exact values of both; `printed` is what a text says, untouched.

    `reason` says why there is no ratio: no_base, base_zero, other_span, other_definition.
    """

    base: PublishedFigure | None = None
    ratio: Fraction | None = None
    printed: str = ""
    reason: str = ""


def growth(figure: PublishedFigure, *, bases: Iterable[PublishedFigure] | None = None) -> Growth:
    """Growth against the same figure a year before: same definition, and for flows the same part of the year.

    `bases` are the editions to look among, for whoever has read them already.
    """
    if bases is None:
        bases = published(internal=figure.is_internal, year=figure.year - 1).filter(code=figure.code)
    before = [row for row in bases if row.year == figure.year - 1 and row.code == figure.code]
    if not before:
        return Growth(printed=figure.printed_growth, reason="no_base")
    base = next((row for row in before if _same_span(row, figure)), before[0])
    return _growth(figure, base)


def _growth(figure: PublishedFigure, base: PublishedFigure) -> Growth:
    reason = ""
    if base.version != figure.version or base.measure != figure.measure or base.unit_zh != figure.unit_zh:
        reason = "other_definition"
    elif figure.kind == Kind.FLOW and not _same_span(base, figure):
        reason = "other_span"
    elif not base.amount:
        reason = "base_zero"
    if reason:
        return Growth(base, printed=figure.printed_growth, reason=reason)
    ratio = Fraction(figure.amount) / Fraction(base.amount) - 1
    return Growth(base, ratio, figure.printed_growth)


def _same_span(base: PublishedFigure, figure: PublishedFigure) -> bool:
    return (base.as_of.month, base.as_of.day) == (figure.as_of.month, figure.as_of.day)
