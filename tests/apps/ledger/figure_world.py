"""Figures of a test: definitions over rows that the test holds in its hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from keqiao.apps.ledger.figures import Definition, Dimension, Period, Row, actions, definitions
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.catalogue.privacy import Privacy
from tests.apps.acting import officer
from tests.factories.base import MOMENT
from tests.factories.parties import UserFactory

REGION = "229999"
DIMENSIONS = (Dimension("area", "By place", "area"),)


class Rows:
    """What the tables hold; a test changes it as people would."""

    def __init__(self, *rows: Row) -> None:
        self.rows = list(rows)

    def __call__(self, period: Period) -> list[Row]:
        return [row for row in self.rows if row.day is None or period.start <= row.day < period.end]


def define(rows: Rows, **more: Any) -> Definition:
    words = {"name": "测试数字", "meaning": "口径", "scope": "范围", "unit": "项"}
    return Definition(**({"code": "test_figure", "rows": rows, "dimensions": DIMENSIONS} | words | more))  # type: ignore[arg-type]


def masked(rows: Rows, **more: Any) -> Definition:
    return define(rows, privacy=Privacy.P2, **more)


@contextmanager
def declared(*figures: Definition) -> Iterator[None]:
    """As if an app had declared them: they stand in the one table that discovery fills."""
    table = definitions()
    table.update({one.code: one for one in figures})
    try:
        yield
    finally:
        for one in figures:
            table.pop(one.code, None)


def rows_in(*places: str, amount: int = 1, start: int = 0, **more: Any) -> list[Row]:
    """A row in each of the places."""
    return [
        Row(f"thing:{number}", amount, date(2026, 3, 1), {"area": place}, **more)
        for number, place in enumerate(places, start=start)
    ]


def prepare(
    code: str = "test_figure", *, year: int = 2026, as_of: date | None = None, by: Any = None
) -> PublishedFigure:
    by = by or officer(REGION, UserFactory())
    return actions.prepare_figure(code, year=year, as_of=as_of or date(year, 6, 30), by=by, at=MOMENT)


def publish(code: str = "test_figure", **more: Any) -> PublishedFigure:
    figure = prepare(code, **more)
    actions.publish_figure(figure, by=officer(REGION, UserFactory()), at=MOMENT)
    figure.refresh_from_db()
    return figure


def other_version(one: Definition) -> Definition:
    return replace(one, version=one.version + 1)
