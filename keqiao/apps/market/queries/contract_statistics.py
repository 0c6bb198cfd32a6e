"""Registered technology contracts counted and added up by every dimension of the yearly reports.

A contract counts in the year it was entered in the register, for as long as it stands there. Nothing is kept back here:
these tables are for offices. What the public sees are published figures (`market.figures.contracts`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from keqiao.apps.market.models import REGISTERED_STATES, Registration
from keqiao.apps.parties import places

COLUMNS = ("contract_type", "field", "ip_type", "seller_nature", "buyer_nature", "plan_source", "objective", "flow")
DIMENSIONS = (*COLUMNS, "size", "area", "office", "month", "year")
# Amounts in fen from which a contract belongs to a class of size.
SIZES = (("large", 1_000_000_000), ("middle", 100_000_000), ("small", 0))


@dataclass
class Sum:
    """What the contracts of one cell come to, and who holds how much of it."""

    key: str
    count: int = 0
    contract_fen: int = 0
    technology_fen: int = 0

    def add(self, row: "Row") -> None:
        self.count += 1
        self.contract_fen += row.contract_fen
        self.technology_fen += row.technology_fen


@dataclass(frozen=True)
class Row:
    """One contract, as far as sums need it."""

    key: str
    contract_fen: int
    technology_fen: int


@dataclass(frozen=True)
class Cell:
    """One line of a table. `share` is of the contract amount, `growth` against the year before; None is not known."""

    key: str
    count: int
    contract_fen: int
    technology_fen: int
    share: float | None = None
    growth: float | None = None

    @property
    def average_fen(self) -> int:
        return self.contract_fen // self.count if self.count else 0


@dataclass(frozen=True)
class Table:
    """The cells of one dimension and their total."""

    dimension: str
    cells: tuple[Cell, ...]
    total: Cell


def registered(*, year: int | None = None, office: int | None = None) -> QuerySet[Registration]:
    """The contracts that stand in the register, entered in a year, by an office."""
    rows = Registration.objects.filter(state__in=REGISTERED_STATES)
    if year is not None:
        rows = rows.filter(registered_date__year=year)
    return rows if office is None else rows.filter(office=office)


def years() -> list[int]:
    """The years with registered contracts, newest first."""
    found: list[date] = list(registered().order_by().dates("registered_date", "year", order="DESC"))
    return [day.year for day in found]


def table(dimension: str, *, year: int | None = None, office: int | None = None) -> Table:
    """Contracts of a year, or of all years, by a dimension."""
    if dimension not in DIMENSIONS:
        raise ValueError(f"no dimension {dimension}: use one of {', '.join(DIMENSIONS)}")
    cells, total = _sums(_rows(dimension, registered(year=year, office=office)))
    before: dict[str, Sum] = {}
    total_before: Sum | None = None
    if year is not None and dimension != "month":
        earlier, total_before = _sums(_rows(dimension, registered(year=year - 1, office=office)))
        before = {cell.key: cell for cell in earlier}
    elif dimension == "year":
        before = {str(int(cell.key) + 1): cell for cell in cells}
    shown = [_cell(cell, whole=total.contract_fen, before=before.get(cell.key)) for cell in cells]
    order = _by_key if dimension in ("month", "year") else _by_amount
    whole = _cell(total, whole=total.contract_fen, before=total_before)
    return Table(dimension, tuple(sorted(shown, key=order)), whole)


def _by_key(cell: Cell) -> str:
    return cell.key


def _by_amount(cell: Cell) -> tuple[int, str]:
    return -cell.contract_fen, cell.key


def _cell(found: Sum, *, whole: int, before: Sum | None) -> Cell:
    share = found.contract_fen / whole if whole else None
    growth = found.contract_fen / before.contract_fen - 1 if before is not None and before.contract_fen else None
    return Cell(found.key, found.count, found.contract_fen, found.technology_fen, share, growth)


def _rows(dimension: str, contracts: QuerySet[Registration]) -> Iterable[Row]:
    column = (
        dimension
        if dimension in COLUMNS
        else {"area": "seller_area", "office": "office__organization__key"}.get(dimension, "registered_date")
    )
    for value, whole, part in contracts.order_by().values_list(column, "contract_amount_fen", "technology_amount_fen"):
        yield Row(_key(dimension, value, whole), whole, part)


def _key(dimension: str, value: str | date, whole: int) -> str:
    if isinstance(value, date):
        if dimension == "size":
            return next(name for name, least in SIZES if whole >= least)
        return f"{value:%Y-%m}" if dimension == "month" else f"{value:%Y}"
    return places.city(value) or places.OUTSIDE if dimension == "area" else value


def _sums(rows: Iterable[Row]) -> tuple[list[Sum], Sum]:
    cells: dict[str, Sum] = {}
    total = Sum("")
    for row in rows:
        cells.setdefault(row.key, Sum(row.key)).add(row)
        total.add(row)
    return list(cells.values()), total
