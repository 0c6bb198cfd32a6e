"""Words of figures."""

from datetime import date
from fractions import Fraction

from django import template

from keqiao.apps.ledger.figures.checking import Change
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.web.parts import figures as parts

register = template.Library()

GRADE_CLASSES = {"rows": "pass", "register": "kind", "sentence": "unknown"}


@register.filter
def figure_name(figure: PublishedFigure) -> str:
    return parts.name(figure)


@register.filter
def figure_text(figure: PublishedFigure, what: str) -> str:
    return parts.name(figure, what)


@register.filter
def figure_value(figure: PublishedFigure) -> str:
    return parts.shown(figure)


@register.filter
def figure_amount(value: int | None, figure: PublishedFigure) -> str:
    return "—" if value is None else parts.shown(figure, value)


@register.filter
def figure_period(figure: PublishedFigure) -> str:
    return parts.period(figure)


@register.filter
def figure_owner(figure: PublishedFigure) -> str:
    return parts.owner_name(figure)


@register.filter
def grade_class(grade: str) -> str:
    return GRADE_CLASSES[grade]


@register.filter
def ratio(growth: Fraction | None) -> str:
    return parts.signed(growth)


@register.filter
def theme_name(code: str) -> str:
    return str(parts.THEMES.get(code, code))


@register.filter
def cells_moved(change: Change, figure: PublishedFigure) -> str:
    return parts.cells_changed(change, figure)


@register.filter
def isoday(day: date) -> str:
    return day.isoformat()
