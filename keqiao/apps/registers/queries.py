"""Reads of registers."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from keqiao.apps.parties import places

from .models import Entry


def entries(register: str, *, kept_too: bool = False) -> QuerySet[Entry]:
    """The rows of a register, newest first; with `kept_too` those as well that are not public or were struck."""
    rows = Entry.objects.filter(register=register).select_related("organization").order_by("-start_date", "-id")
    return rows if kept_too else rows.filter(is_public=True, struck_at=None)


def entry(key: str) -> Entry:
    return Entry.objects.select_related("organization").get(key=key)


def narrowed(rows: QuerySet[Entry], *, text: str, area: str, level: str, year: int | None, on: date) -> QuerySet[Entry]:
    """Rows that hold a text, of a place and what lies inside, of a level, that began in a year."""
    if text:
        rows = rows.filter(
            Q(title__icontains=text) | Q(title_en__icontains=text) | Q(organization_name__icontains=text)
        )
    if area:
        rows = rows.filter(area__in=places.inside(area, on=on))
    if level:
        rows = rows.filter(level=level)
    return rows if year is None else rows.filter(start_date__year=year)


def counts() -> dict[str, int]:
    """How many public rows each register has."""
    rows = Entry.objects.filter(is_public=True, struck_at=None).order_by().values_list("register").annotate(Count("pk"))
    return dict(rows)


def years(register: str) -> list[int]:
    found = Entry.objects.filter(register=register, struck_at=None).order_by().dates("start_date", "year", order="DESC")
    return [day.year for day in found]
