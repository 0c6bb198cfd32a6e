"""Figures of registers: how many rows, what they come to; declared for each register of the catalogue."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from keqiao.apps.ledger.figures import Definition, Dimension, Face, Grade, Kind, Measure, Period, Row
from keqiao.apps.parties import places
from keqiao.catalogue.labels import Labelled
from keqiao.catalogue.registers import Register, registers

from .models import Entry
from .words import words


def _rows(period: Period, *, register: Register, measure: str) -> Iterator[Row]:
    for row in _entries(period, register):
        value = getattr(row, measure) if measure else 1
        if value is None:
            continue
        industry = row.organization.industry if row.organization else ""
        cells = {"level": row.level, "area": places.city(row.area), "field": row.field, "industry": industry[:2]}
        yield Row(row.subject, value, row.start_date, cells, (row.organization_name,) if row.organization_name else ())


def _entries(period: Period, register: Register) -> QuerySet[Entry]:
    rows = Entry.objects.filter(register=register.code, struck_at=None, is_public=True).select_related("organization")
    rows = rows.filter(start_date__gte=period.start, start_date__lt=period.end)
    if register.counts == "stock":
        rows = rows.filter(Q(end_date=None) | Q(end_date__gt=period.as_of))
    return rows.order_by()


def faces(subjects: Sequence[str]) -> dict[str, Face]:
    keys = [subject.partition(":")[2] for subject in subjects]
    rows = Entry.objects.filter(key__in=keys, is_public=True, struck_at=None)
    return {row.subject: Face(row.title, row.title_en, row.source) for row in rows}


def _dimensions(register: Register) -> tuple[Dimension, ...]:
    found = [
        Dimension("area", _("按地区"), "figure_area"), Dimension("field", _("按技术领域"), "fields"),
        Dimension("industry", _("按行业"), "industry"),
    ]  # fmt: skip
    if register.levels:
        found.insert(0, Dimension("level", _("按级别"), f"register:{register.code}"))
    return tuple(found)


def _definition(register: Register, code: str, column: str, **more: Any) -> Definition:
    return Definition(
        code=f"register_{register.code}{code}", scope=_("由责任部门按来源文件登记的条目"),
        kind=Kind.STOCK if register.counts == "stock" else Kind.FLOW, theme="registers", owner=register.duty,
        grade=Grade.REGISTER, rows=partial(_rows, register=register, measure=column), faces=faces,
        dimensions=_dimensions(register), cross=("area", "industry"), meaning=words(register.hint), **more,
    )  # fmt: skip


def _declared() -> Iterator[Definition]:
    for register in registers().values():
        yield _definition(register, "", "", name=words(register), unit=words(register.unit))
        if register.amount.name:
            name = Labelled(name=f"{register.name}：{register.amount.name}",
                            name_en=f"{register.name_en}: {register.amount.name_en}")  # fmt: skip
            yield _definition(register, "_amount", "amount_fen", name=words(name), unit=_("元"), measure=Measure.FEN)
        if register.quantity.name:
            name = Labelled(name=f"{register.name}：{register.quantity.name}",
                            name_en=f"{register.name_en}: {register.quantity.name_en}")  # fmt: skip
            yield _definition(
                register, "_quantity", "quantity", name=words(name), unit=words(register.quantity_unit),
                measure=Measure.SUM,
            )  # fmt: skip


FIGURES = tuple(_declared())
