"""What a figure is before anybody publishes it."""

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.timezone import make_aware

from keqiao.apps.ledger.models import Grade, Kind, Measure
from keqiao.catalogue.privacy import Privacy

Text = str | Promise


class UnknownFigureError(KeyError):
    """No app declares a figure of this code."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Period:
    """The days that a figure speaks of, half-open. A flow begins with its year, the others with the first day of all.

    >>> period = Period(2025, date(2025, 6, 30), Kind.FLOW)
    >>> period.start, period.end
    (datetime.date(2025, 1, 1), datetime.date(2025, 7, 1))
    """

    year: int
    as_of: date
    kind: str = Kind.FLOW

    def __post_init__(self) -> None:
        if self.as_of.year != self.year:
            raise ValueError(f"a figure of {self.year} cannot be as of {self.as_of}: choose a day of that year")

    @classmethod
    def of(cls, year: int, *, on: date, kind: str) -> "Period":
        """The whole year, or as much of it as is over on a day."""
        return cls(year, min(date(year, 12, 31), on), kind)

    @property
    def start(self) -> date:
        return date(self.year, 1, 1) if self.kind == Kind.FLOW else date(1, 1, 1)

    @property
    def end(self) -> date:
        return self.as_of + timedelta(days=1)

    @property
    def from_at(self) -> datetime:
        return make_aware(datetime.combine(max(self.start, date(1900, 1, 1)), time.min))

    @property
    def until_at(self) -> datetime:
        return make_aware(datetime.combine(self.end, time.min))


@dataclass(frozen=True)
class Dimension:
    """One way to break a figure down. `table` names the labels of its cells: of an enumeration or a code table."""

    code: str
    label: Text
    table: str = ""
    is_time: bool = False


@dataclass(frozen=True)
class Row:
    """One unit that a figure counts, or one amount that it adds up.

    `subject` is its stable key; `cells` says which cell of each dimension it is in, by codes; `holders` who stands
    behind it, where one of them must not fill a cell nearly alone.
    """

    subject: str
    amount: int = 1
    day: date | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    holders: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """What is frozen beside subject and amount; only texts, so that every database gives it back alike."""
        facts: dict[str, Any] = {"cells": dict(self.cells)}
        if self.day:
            facts["day"] = self.day.isoformat()
        if self.holders:
            facts["holders"] = list(self.holders)
        return facts


@dataclass(frozen=True)
class Face:
    """A row as everybody may see it now: its title, and the kind and key that lead to its page."""

    title: str
    title_en: str = ""
    source: str = ""


def _none(subjects: Sequence[str]) -> dict[str, Face]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A figure that can be published. A change of what it counts is a new `version`.

    `rows` gives the rows as the tables hold them now for a period; `faces` those of some subjects that everybody may
    see now. `privacy` is the class of the rows: above P0 they stay masked in public, and a figure that would give a
    single one away is refused. `cross` names the two dimensions of its matrix: one only, for the gaps of a second would
    have to be chosen together with those of the first. `owner` is the kind of department that answers for it. `part_of`
    names the figures whose rows hold all rows of this one.
    """

    code: str
    name: Text
    meaning: Text
    scope: Text
    unit: Text
    rows: Callable[[Period], Iterable[Row]]
    measure: str = Measure.COUNT
    kind: str = Kind.FLOW
    version: int = 1
    theme: str = ""
    owner: str = "science_technology"
    privacy: Privacy = Privacy.P0
    dimensions: tuple[Dimension, ...] = ()
    cross: tuple[str, str] | None = None
    faces: Callable[[Sequence[str]], dict[str, Face]] = _none
    grade: str = Grade.ROWS
    part_of: tuple[str, ...] = ()
    is_internal: bool = False

    def __post_init__(self) -> None:
        if self.grade == Grade.SENTENCE:
            raise ValueError(f"{self.code}: a figure of a sentence has no rows; use state_figure")
        if self.measure == Measure.TEXT:
            raise ValueError(f"{self.code}: rows are counted or added up")
        if self.cross and (len(set(self.cross)) != 2 or not all(map(self.dimension, self.cross))):
            raise ValueError(f"{self.code}: a matrix crosses two of the figure's own dimensions")

    @property
    def is_sum(self) -> bool:
        """Whether the amounts of the rows are added up; else the rows are counted."""
        return self.measure in (Measure.FEN, Measure.SUM)

    @property
    def is_masked(self) -> bool:
        return not self.privacy.is_public

    def dimension(self, code: str) -> Dimension | None:
        return next((one for one in self.dimensions if one.code == code), None)

    def period(self, year: int, *, as_of: date) -> Period:
        return Period(year, as_of, self.kind)


@cache
def definitions() -> dict[str, Definition]:
    """All figures of all installed apps by their codes, lower apps first; ValueError for a code declared twice."""
    found: dict[str, Definition] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.figures"
        if not config.name.startswith("keqiao.apps.") or config.label == "ledger" or not importlib.util.find_spec(name):
            continue
        for one in importlib.import_module(name).FIGURES:
            if one.code in found:
                raise ValueError(f"two figures are called {one.code}: give one of them another code")
            found[one.code] = one
    return found


def definition(code: str) -> Definition:
    if code not in definitions():
        raise UnknownFigureError(f"no figure is called {code!r}: `keqiao figure list` names those there are")
    return definitions()[code]
