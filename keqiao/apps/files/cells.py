"""Readers of cells that several kinds share."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils import translation

from keqiao.engines.tables import (
    as_choice,
    as_choices,
    as_code,
    as_date,
    as_deadline,
    as_flag,
    as_money,
    as_number,
    as_text,
    as_words,
    unit_of,
)

from .kinds import Cell

FEN_PER_WAN = 1_000_000


def line(cell: Cell) -> str:
    return " ".join(as_text(cell.value).split())


def text(cell: Cell) -> str:
    return as_text(cell.value)


def code(cell: Cell) -> str:
    return as_code(cell.value)


def words(cell: Cell) -> list[str]:
    return as_words(cell.value)


def flag(cell: Cell) -> bool:
    return as_flag(cell.value)


def number(cell: Cell) -> int | None:
    return as_number(cell.value)


def first_day(cell: Cell) -> date | None:
    return as_date(cell.value, whole="first")


def last_day(cell: Cell) -> date | None:
    return as_date(cell.value, whole="last")


def deadline(cell: Cell) -> date | None:
    return as_deadline(cell.value, on=cell.on)


def money_range(cell: Cell) -> tuple[int, int] | None:
    """Fen, from and to; a bare number counts in the heading's unit, else in 万元."""
    return as_money(cell.value, unit=unit_of(cell.heading, default="万元"))


def money(cell: Cell) -> int | None:
    found = money_range(cell)
    return found[1] if found else None


def choice(choices: type[TextChoices], synonyms: Mapping[str, str] | None = None) -> Callable[[Cell], str]:
    """A reader of one code of an enumeration by its Chinese or English label, its code or another word for it."""
    return lambda cell: as_choice(cell.value, names_of(choices) | dict(synonyms or {}))


def several(choices: type[TextChoices], synonyms: Mapping[str, str] | None = None) -> Callable[[Cell], list[str]]:
    return lambda cell: as_choices(cell.value, names_of(choices) | dict(synonyms or {}))


@cache
def names_of(choices: type[TextChoices]) -> dict[str, str]:
    """Everything a code of an enumeration may be called."""
    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {str(label): str(value) for value, label in choices.choices}
    return found | {str(value): str(value) for value in choices.values}


def labels_of(choices: type[TextChoices]) -> Callable[[], list[str]]:
    """The Chinese labels, for the list in a template."""

    def labels() -> list[str]:
        with translation.override("zh-hans"):
            return [str(label) for _, label in choices.choices]

    return labels


def label_of(choices: type[TextChoices]) -> Callable[[Any], str]:
    """Shows a code, or codes, by label in the reader's language."""

    def show(value: Any) -> str:
        values: Iterable[Any] = value if isinstance(value, list) else [value] if value else []
        return "、".join(str(choices(one).label) if one in choices.values else str(one) for one in values)

    return show


def wan(fen: Any) -> str:
    """Fen, or a range of fen, in 万元."""
    if fen is None:
        return ""
    if isinstance(fen, tuple | list):
        low, high = fen
        return wan(high) if low == high else f"{wan(low)}–{wan(high)}"
    return f"{fen / FEN_PER_WAN:g} 万元"


def listed(value: Any) -> str:
    return "、".join(value) if isinstance(value, list) else as_text(value)
