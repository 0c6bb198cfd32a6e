"""Published figures as the measure of promises: which there are, which one a promise names, what one says."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from keqiao.apps.ledger.figures import FigureState, Grade, Measure, definitions, queries
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.catalogue.labels import Labelled

FEN = Decimal(100)
# A promise names a figure if it holds so much of the figure's name.
ENOUGH = 0.6
_POWERS = {"亿": Decimal(100_000_000), "万": Decimal(10_000), "千": Decimal(1000), "百": Decimal(100)}
_MARKS = re.compile(r"[\W_]+")
_FILLERS = re.compile(r"数量|总数|数$|情况|发布|登记|的")


@dataclass(frozen=True, kw_only=True)
class Indicator(Labelled):
    """A figure that promises may be measured by, declared by an app or stated in replies."""

    code: str
    unit: str


def known() -> Mapping[str, Indicator]:
    """All figures that may measure a promise, those that open to rows first."""
    found = dict(_declared())
    stated = PublishedFigure.objects.filter(grade=Grade.SENTENCE, state=FigureState.PUBLISHED, is_internal=False)
    for code, name, name_en, unit in stated.order_by("code", "-year", "-pk").values_list(
        "code", "name_zh", "name_en", "unit_zh"
    ):
        found.setdefault(code, Indicator(code=code, name=name, name_en=name_en or name, unit=unit))
    return found


@cache
def _declared() -> Mapping[str, Indicator]:
    return {
        code: Indicator(code=code, name=str(one.name), name_en=str(one.name), unit=str(one.unit))
        for code, one in definitions().items()
        if not one.is_internal
    }


def propose(words: str, among: Iterable[Indicator]) -> tuple[Indicator, str] | None:
    """The figure whose name the words hold most of, and the part they share; None where none is named well enough.

    Only figures that open to rows or to a register are proposed: a sentence measures nothing by itself.
    """
    pairs = _pairs(words)
    best, most = None, 0.0
    for one in among:
        wanted = _pairs(_FILLERS.sub("", one.name))
        share = len(wanted & pairs) / len(wanted) if wanted else 0.0
        if share >= ENOUGH and (share, len(wanted)) > (most, len(_pairs(best.name)) if best else 0):
            best, most = one, share
    if best is None:
        return None
    return best, "、".join(sorted(_pairs(_FILLERS.sub("", best.name)) & pairs))


def declared() -> list[Indicator]:
    """The figures that are computed, not only said."""
    return list(_declared().values())


def _pairs(words: str) -> set[str]:
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", words)).lower()
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


def edition(key: str) -> PublishedFigure | None:
    """A published edition that everybody may open, None if there is none of this key."""
    try:
        return queries.edition(key)
    except PublishedFigure.DoesNotExist:
        return None


def standing(keys: Iterable[str]) -> set[str]:
    """Of some editions those that still stand: neither corrected nor withdrawn since."""
    rows = PublishedFigure.objects.filter(key__in=set(keys), state=FigureState.PUBLISHED)
    return set(rows.values_list("key", flat=True))


def amount_of(figure: PublishedFigure) -> Decimal:
    """What an edition says in the base unit of replies: yuan, and 万 and 亿 multiplied out."""
    if figure.measure == Measure.FEN:
        return figure.amount / FEN
    factor = Decimal(1)
    for letter in figure.unit_zh:
        if letter not in _POWERS:
            break
        factor *= _POWERS[letter]
    return figure.amount * factor


def around(code: str, *, day: date) -> tuple[PublishedFigure | None, list[PublishedFigure]]:
    """The edition that stood when something was promised, and those of later years and days, oldest first."""
    before: PublishedFigure | None = None
    after: list[PublishedFigure] = []
    for row in queries.published().filter(code=code).order_by("as_of", "published_at", "pk"):
        if row.as_of <= day:
            before = row
        else:
            after.append(row)
    return before, after


def same_as(
    *, value: Decimal, unit: str, words: str, year: int | None, among: Iterable[PublishedFigure]
) -> PublishedFigure | None:
    """The published figure that a number in a text is: same value, same year if it names one, and the same words."""
    pairs = _pairs(words)
    for row in among:
        wanted = _pairs(_FILLERS.sub("", row.name_zh))
        named = wanted and len(wanted & pairs) / len(wanted) >= ENOUGH
        is_money = row.measure == Measure.FEN or row.unit_zh.endswith("元")
        if named and is_money == (unit == "CNY") and year in (None, row.year) and amount_of(row) == value:
            return row
    return None
