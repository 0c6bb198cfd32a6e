"""What would happen if a figure were frozen now: seen before anybody freezes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from keqiao.apps.ledger.models import FigureRow, FigureState, PublishedFigure

from . import freezing, queries
from .checking import safety_problem
from .definitions import Definition, Row


@dataclass(frozen=True)
class Readiness:
    """A figure as it would be frozen now. `problem` is the reason code of a refusal, empty if it would be frozen.

    `standing` is the key of the edition that it would correct. `withheld` are the breakdowns that could not be shown at
    all, `gaps` says how many cells of the others would be left out.
    """

    code: str
    value: int
    count: int
    problem: str = ""
    standing: str = ""
    withheld: tuple[str, ...] = ()
    gaps: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether something is wrong; that nothing has changed, or that a draft waits, is in order."""
        return self.problem not in ("", "figure_unchanged", "figure_draft_exists")


def readiness(known: Definition, *, year: int, as_of: date) -> Readiness:
    """What freezing a figure now would come to. It reads the rows anew: as long as freezing itself takes."""
    rows = freezing.rows_of(known, known.period(year, as_of=as_of))
    before = queries.published(internal=True, year=year).filter(code=known.code, as_of=as_of).first()
    tables = freezing.tables_of(known, rows)
    problem = safety_problem(known, rows, year=year, as_of=as_of, replaces=before)
    waits = PublishedFigure.objects.filter(code=known.code, year=year, as_of=as_of, state=FigureState.DRAFT)
    if waits.exists():
        problem = "figure_draft_exists"
    elif before and says_the_same(known, rows, before):
        problem = "figure_unchanged"
    shown = [table for table in tables.values() if table is not None]
    return Readiness(
        code=known.code,
        value=freezing.value_of(known, rows),
        count=len(rows),
        problem=problem,
        standing=before.key if before else "",
        withheld=tuple(code for code, table in tables.items() if table is None),
        gaps=sum(value is None for table in shown for _key, value in table),
    )


def says_the_same(known: Definition, rows: list[Row], before: PublishedFigure) -> bool:
    """Whether freezing these rows would give the edition that stands, row by row."""
    value, tables = str(freezing.value_of(known, rows)), freezing.tables_of(known, rows)
    said = (known.version, value, tables, freezing.matrix(known, rows, tables))
    return said == (before.version, before.value, before.tables, before.matrix) and _kept(before.rows.all()) == {
        row.subject: (row.amount, row.facts()) for row in rows
    }


def _kept(rows: Iterable[FigureRow]) -> dict[str, tuple[int, object]]:
    return {row.subject: (row.amount, row.facts) for row in rows}
