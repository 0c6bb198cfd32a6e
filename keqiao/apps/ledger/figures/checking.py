"""What can be found out about an edition later: that it is still what was published, and what has changed since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from keqiao.apps.ledger.models import EntryValues, FigureRow, FigureState, Grade, Measure, PublishedFigure

from . import freezing, queries
from .definitions import Definition, Row, definition, definitions


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with an edition: changed, missing, value, digest, ledger or unrecorded, and a sentence."""

    kind: str
    message: str


def verify(figure: PublishedFigure) -> Iterator[Flaw]:
    """Recompute an edition from its frozen rows and from what the ledger says of it."""
    rows = list(figure.rows.order_by("number"))
    if len(rows) != figure.row_count or any(row.number != place for place, row in enumerate(rows, start=1)):
        yield Flaw("missing", f"{figure.key}: {figure.row_count} rows were frozen, {len(rows)} are there")
    for row in rows:
        if not row.is_erased and row.digest != _digest(figure, row):
            yield Flaw("changed", f"{figure.key}: row {row.number} ({row.subject}) was changed after publication")
    if figure.grade != Grade.SENTENCE and str(_value(figure, rows)) != figure.value:
        yield Flaw("value", f"{figure.key}: the rows give {_value(figure, rows)}, published is {figure.value}")
    if freezing.figure_digest(figure, rows) != figure.digest:
        yield Flaw("digest", f"{figure.key}: value, breakdowns or rows do not give the digest of the edition")
    said = _said(figure)
    for entry, digest in said:
        if digest != figure.digest:
            yield Flaw("ledger", f"{figure.key}: the ledger's entry {entry} holds another value or digest")
    if not said:
        yield Flaw("unrecorded", f"{figure.key}: the ledger holds no value and digest of this edition")


def _said(figure: PublishedFigure) -> list[tuple[int, str]]:
    """Entries with the digest they hold: of the edition itself, or of what stated it among others.

    The digest covers the value; an entry of its own that holds another value counts as one with another digest.
    """
    own = EntryValues.objects.filter(entry__subject=figure.subject, entry__kind__in=("figure.prepare", "figure.state"))
    found = [
        (kept.entry_id, kept.values.get("digest", "") if kept.values.get("value") == figure.value else "")
        for kept in own
    ]
    if found or not figure.about:
        return found
    among = EntryValues.objects.filter(entry__subject=figure.about.partition("#")[0], values__has_key="stated")
    return [(kept.entry_id, held) for kept in among if (held := kept.values["stated"].get(figure.key)) is not None]


def _digest(figure: PublishedFigure, row: FigureRow) -> str:
    return freezing.row_digest(figure.alg, row.salt, row.subject, row.amount, row.facts)


def _value(figure: PublishedFigure, rows: list[FigureRow]) -> int:
    return len(rows) if figure.measure == Measure.COUNT else sum(row.amount for row in rows)


def problem(code: str, year: int, as_of: date) -> str:
    """Why a figure could not be published now, as a reason code; empty if nothing stands in its way."""
    known = definition(code)
    rows = freezing.rows_of(known, known.period(year, as_of=as_of))
    before = queries.published(internal=True, year=year).filter(code=code, as_of=as_of).first()
    return safety_problem(known, rows, year=year, as_of=as_of, replaces=before)


def safety_problem(
    known: Definition, rows: list[Row], *, year: int, as_of: date, replaces: PublishedFigure | None
) -> str:
    """What would give a few masked rows away: alone, beside the parts, beside the edition to be corrected."""
    if found := freezing.total_problem(known, rows):
        return found
    if not known.is_masked:
        return ""
    if replaces and (found := freezing.correction_problem(known, rows, queries.amounts(replaces))):
        return found
    beside = {known.code, *known.part_of, *(one.code for one in definitions().values() if known.code in one.part_of)}
    others = queries.published(internal=True, year=year).filter(code__in=beside)
    others = others.exclude(pk=replaces.pk if replaces else 0).exclude(~Q(code=known.code) & ~Q(as_of=as_of))
    found_all = (freezing.difference_problem(rows, queries.amounts(other)) for other in others)
    return next((found for found in found_all if found), "")


def draft_problem(figure: PublishedFigure) -> str:
    """Why a draft may not be published now, as a reason code: it was tampered with, or others have overtaken it."""
    # Prepared inside the action that publishes it, it has its entry only once that ends.
    if any(flaw.kind != "unrecorded" for flaw in verify(figure)):
        return "figure_unsound"
    if figure.grade == Grade.SENTENCE:
        return ""
    known = definitions().get(figure.code)
    if known is None or known.version != figure.version:
        return "figure_definition_changed"
    if figure.replaces and figure.replaces.state != FigureState.PUBLISHED:
        return "figure_overtaken"
    kept = [Row(row.subject, row.amount, holders=tuple(row.facts.get("holders", ()))) for row in figure.rows.all()]
    return safety_problem(known, kept, year=figure.year, as_of=figure.as_of, replaces=figure.replaces)


@dataclass(frozen=True)
class Change:
    """A row that is another now: `before` and `now` are amounts, None where it is not counted; `cells` are other."""

    subject: str
    before: int | None
    now: int | None
    cells: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What the tables would give today for the same period.

    `reason` says why they cannot be compared: no_definition, other_definition, sentence. `erased` counts the rows whose
    subject was erased: they can be found again in no table.
    """

    value: int | None = None
    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    erased: int = 0
    reason: str = ""

    @property
    def changes(self) -> tuple[Change, ...]:
        return (*self.added, *self.removed, *self.changed)

    @property
    def is_settled(self) -> bool:
        """Whether nothing would change."""
        return not self.changes and not self.reason


def comparison(figure: PublishedFigure) -> Comparison:
    """The frozen rows of an edition against those that its definition gives now, row by row."""
    if figure.grade == Grade.SENTENCE:
        return Comparison(reason="sentence")
    defined = definitions().get(figure.code)
    if defined is None:
        return Comparison(reason="no_definition")
    if defined.version != figure.version:
        return Comparison(reason="other_definition")
    rows = freezing.rows_of(defined, defined.period(figure.year, as_of=figure.as_of))
    live = {row.subject: row for row in rows}
    kept = {row.subject: row for row in figure.rows.all() if row.subject}
    return Comparison(
        value=freezing.value_of(defined, rows),
        added=tuple(Change(key, None, live[key].amount) for key in live if key not in kept),
        removed=tuple(Change(key, kept[key].amount, None) for key in kept if key not in live),
        changed=tuple(_changed(kept[key], live[key]) for key in live if key in kept and _differs(kept[key], live[key])),
        erased=figure.row_count - len(kept),
    )


def _differs(kept: FigureRow, row: Row) -> bool:
    return kept.amount != row.amount or kept.facts.get("cells", {}) != dict(row.cells)


def _changed(kept: FigureRow, row: Row) -> Change:
    before, now = kept.facts.get("cells", {}), dict(row.cells)
    cells = tuple(
        (name, before.get(name, ""), now.get(name, ""))
        for name in sorted({*before, *now})
        if before.get(name, "") != now.get(name, "")
    )
    return Change(row.subject, kept.amount, row.amount, cells)
