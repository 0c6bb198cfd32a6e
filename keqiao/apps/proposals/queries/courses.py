"""What replies say of one thing over the years, found by the reply engine among everything that is published.

Numbers of one thing are not always of one basis: a year's, a sum since a beginning, what there is on a day, a plan.
They stand side by side and are compared only where their basis is the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db.models import Count, Max

from keqiao.apps.proposals import merging, parsing
from keqiao.apps.proposals.models import Publication, Reply, ReplyFigure
from keqiao.engines import replies as engine

from .replies import public_replies

# So many of the newest replies are compared: what is found is kept until one of them changes.
MOST_REPLIES = 400
BASES = ("annual", "cumulative", "stock", "plan", "unstated")
_STOCK = re.compile(r"余额|现有|拥有|保有|存量|总规模|总量|总数|在库|会员|持证")
_CUMULATIVE = re.compile(r"累计|目前|至今|以来|截至|近.{1,2}年|现有")
_YEAR = re.compile(r"20\d\d(?:-\d\d)?")


@dataclass(frozen=True)
class Stated:
    """One number of a course: in which reply and sentence, what it is, and what the reply prints of its growth."""

    key: str
    reply: Reply
    figure: ReplyFigure
    basis: str
    sentence: str
    growth: ReplyFigure | None

    @property
    def day(self) -> date | None:
        return self.reply.signed_date

    @property
    def time(self) -> str:
        """Where it stands on the axis of time: its year, else the year of the reply."""
        found = _YEAR.search(self.figure.period)
        if found and self.basis in ("annual", "plan"):
            return found[0][:4]
        return str(self.day.year) if self.day else ""


@dataclass(frozen=True)
class Step:
    """From one number to the next of the same basis: computed growth within the rounding of both, and the printed one.

    `low` and `high` are the ends of what growth the printed digits allow; `agrees` is None where none is printed.
    """

    before: Stated
    after: Stated
    low: Decimal
    high: Decimal
    printed: Decimal | None
    agrees: bool | None


@dataclass(frozen=True)
class Note:
    """Something that two replies say of one thing and a reader would ask about: disagree or frozen."""

    kind: str
    points: Sequence[Stated]


@dataclass(frozen=True)
class Course:
    """One thing over time: all its numbers, oldest first, by basis."""

    name: str
    points: Sequence[Stated]
    notes: Sequence[Note]

    @property
    def key(self) -> str:
        return self.points[0].key

    @property
    def bases(self) -> list[tuple[str, list[Stated]]]:
        found: dict[str, list[Stated]] = {}
        for point in self.points:
            found.setdefault(point.basis, []).append(point)
        return [(basis, found[basis]) for basis in BASES if basis in found]

    @property
    def steps(self) -> list[Step]:
        return [
            _step(before, after)
            for basis, points in self.bases
            if basis != "unstated"
            for before, after in pairwise(points)
            if before.figure.value and before.figure.unit == after.figure.unit and not _is_told_again(before, after)
        ]


def courses(*, q: str = "", unit: str = "") -> list[Course]:
    """Everything that two or more published replies put a number on, the longest course first."""
    rows = list(_all(_stamp()))
    for word in q.split():
        rows = [row for row in rows if word in row.name or any(word in point.sentence for point in row.points)]
    if unit:
        rows = [row for row in rows if any(point.figure.unit_code == unit for point in row.points)]
    return sorted(rows, key=lambda row: (-len(row.points), row.name))


def course(key: str) -> Course | None:
    """The course that a number lies on; None if it lies on none."""
    return next((row for row in _all(_stamp()) if any(point.key == key for point in row.points)), None)


def course_units() -> list[str]:
    return sorted({point.figure.unit_code for row in _all(_stamp()) for point in row.points} - {""})


def courses_of(reply: Reply) -> dict[tuple[int, int], str]:
    """Which numbers of a reply lie on a course: by their place, the key to open it with."""
    return {
        (point.figure.start, point.figure.end): point.key
        for row in _all(_stamp())
        for point in row.points
        if point.reply.pk == reply.pk
    }


def _public() -> Any:
    return public_replies().filter(publication=Publication.FULL, is_current=True)


def _stamp() -> tuple[object, ...]:
    """Changes with every published reply, and with every correction: the rows of its figures are made anew then."""
    rows = _public().values_list("sha256", "updated_at")[:MOST_REPLIES]
    figures = ReplyFigure.objects.aggregate(n=Count("pk"), last=Max("pk"))
    return (*rows, figures["n"], figures["last"])


@lru_cache(maxsize=2)
def _all(stamp: tuple[object, ...]) -> tuple[Course, ...]:
    rows = {row.key: row for row in _public().defer(None)[:MOST_REPLIES]}
    read = {key: parsed for key, row in rows.items() if (parsed := _engine_reply(row)) is not None}
    links = parsing.link(read, {key: rows[key].text for key in read})
    figures = {
        (row.reply_id, row.start, row.end): row for row in ReplyFigure.objects.filter(reply__in=list(rows.values()))
    }
    stated = _Statements(rows, figures)
    notes = [one for one in links.inconsistencies if one.kind in ("disagree", "frozen")]
    return tuple(found for one in links.series if (found := _course(one, stated, notes)) is not None)


def _engine_reply(row: Reply) -> engine.Reply | None:
    """The parse that is kept with its corrections, in the engine's form; figures whose value was taken out left out."""
    fixes = [one for one in row.corrections.order_by("pk") if one.withdrawn_at is None]
    found = merging.merge(row.parsed, text=row.text, fixes=fixes)
    figures = [_named(one, "f") for one in found.figures if one.get("value") is not None]
    promises = [_named(one, "c") | {"anchor_span": one.get("anchor_span") or one["span"]} for one in found.promises]
    try:
        return engine.reply_from_dict({**row.parsed, "meta": found.meta, "figures": figures, "commitments": promises})
    except (KeyError, TypeError):
        return None


def _named(thing: dict[str, Any], letter: str) -> dict[str, Any]:
    start, end = thing["span"]
    return thing | {"id": f"{letter}{start}-{end}"}


class _Statements:
    """The numbers of the replies by reply and place, made once each."""

    def __init__(self, rows: Mapping[str, Reply], figures: Mapping[tuple[int, int, int], ReplyFigure]) -> None:
        self._rows = rows
        self._figures = figures
        self._growths: dict[tuple[int, int], list[ReplyFigure]] = {}
        for row in figures.values():
            if row.quantity_kind == "growth":
                self._growths.setdefault((row.reply_id, row.sentence_start), []).append(row)

    def at(self, doc: str, span: tuple[int, int]) -> Stated | None:
        reply = self._rows[doc]
        figure = self._figures.get((reply.pk, *span))
        if figure is None or figure.value is None:
            return None
        sentence = "".join(reply.text[figure.sentence_start : figure.sentence_end].split())
        return Stated(f"{doc}-{span[0]}-{span[1]}", reply, figure, basis_of(figure), sentence, self._growth(figure))

    def _growth(self, figure: ReplyFigure) -> ReplyFigure | None:
        """The growth that the sentence states of a number: the next one behind it, before any other number."""
        rows = self._growths.get((figure.reply_id, figure.sentence_start), [])
        behind = [row for row in rows if row.start >= figure.end]
        return min(behind, key=lambda row: row.start, default=None)


def basis_of(figure: ReplyFigure) -> str:
    """Which basis a number has, by its words alone."""
    if figure.modality == "planned":
        return "plan"
    if _STOCK.search(figure.indicator):
        return "stock"
    if _CUMULATIVE.search(figure.period):
        return "cumulative"
    return "annual" if _YEAR.fullmatch(figure.period) else "unstated"


def _course(series: engine.Series, stated: _Statements, notes: Iterable[engine.Inconsistency]) -> Course | None:
    points = [found for one in series.points if (found := stated.at(one.doc, one.span)) is not None]
    if len({point.reply.pk for point in points}) < 2:
        return None
    points.sort(key=lambda point: (point.day or date.min, point.figure.start))
    by_key = {point.key: point for point in points}
    told = []
    for one in notes:
        met = [by_key[key] for doc, span in one.spans if (key := f"{doc}-{span[0]}-{span[1]}") in by_key]
        if len(met) > 1:
            told.append(Note(one.kind, met))
    return Course(series.key, points, told)


def _is_told_again(before: Stated, after: Stated) -> bool:
    """Whether two replies of a month state one and the same number."""
    days = before.day, after.day
    is_same_month = all(days) and f"{days[0]:%Y-%m}" == f"{days[1]:%Y-%m}"
    return is_same_month and before.figure.value == after.figure.value


def _step(before: Stated, after: Stated) -> Step:
    first, second = _interval(before.figure), _interval(after.figure)
    low = (second[0] / first[1] - 1) * 100 if first[1] else Decimal(0)
    high = (second[1] / first[0] - 1) * 100 if first[0] else Decimal(0)
    growth = after.growth
    if growth is None or growth.value is None:
        return Step(before, after, low, high, None, None)
    printed = growth.value
    half = Decimal(1).scaleb(int(printed.normalize().as_tuple().exponent or 0) if printed else 0) / 2
    half = min(half, Decimal("0.5"))
    return Step(before, after, low, high, printed, low - half <= printed <= high + half)


def _interval(figure: ReplyFigure) -> tuple[Decimal, Decimal]:
    """What a printed number may have been before it was rounded: 1.15亿 is 1.145亿 to 1.155亿."""
    value = Decimal(figure.value or 0)
    found = re.search(r"\d[\d,，]*(?:\.(\d+))?", "".join(figure.raw.split()))
    if found is None or not value:
        return value, value
    written = Decimal(re.sub("[,，]", "", found[0]))
    scale = value / written if written else Decimal(1)
    step = scale * Decimal(10) ** -len(found[1] or "")
    if figure.approx in ("余", "多"):
        return value, value + step
    is_exact = scale == 1 and not found[1]
    return (value, value) if is_exact else (value - step / 2, value + step / 2)
