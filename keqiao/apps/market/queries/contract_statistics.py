"""Registered technology contracts counted and added up by every dimension of the yearly reports.

A contract counts in the year it was entered in the register, for as long as it stands there. Public tables keep the
rule of statistics: no cell of fewer than FEWEST contracts, none of which one seller or one buyer holds more than
MOST_SHARE per cent. What may not be shown is pooled, and the smallest other cells with it until the pool may be shown
itself; then nothing can be found by taking the rows from the total.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from keqiao.apps.market.models import REGISTERED_STATES, Registration
from keqiao.apps.parties import places

FEWEST = 3
MOST_SHARE = 85
POOLED, OUTSIDE = "other", "outside"
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
    parties: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter), repr=False)

    def add(self, row: "Row") -> None:
        self.count += 1
        self.contract_fen += row.contract_fen
        self.technology_fen += row.technology_fen
        for side, name in (("seller", row.seller), ("buyer", row.buyer)):
            self.parties[f"{side} contract"][name] += row.contract_fen
            self.parties[f"{side} technology"][name] += row.technology_fen

    def join(self, other: "Sum") -> None:
        self.count += other.count
        self.contract_fen += other.contract_fen
        self.technology_fen += other.technology_fen
        for kind, held in other.parties.items():
            self.parties[kind].update(held)

    @property
    def may_be_shown(self) -> bool:
        """Enough contracts, and nobody stands for nearly all of a sum."""
        return self.count >= FEWEST and all(
            max(held.values()) * 100 <= sum(held.values()) * MOST_SHARE or not any(held.values())
            for held in self.parties.values()
        )


@dataclass(frozen=True)
class Row:
    """One contract, as far as sums need it."""

    key: str
    seller: str
    buyer: str
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
    """The cells of one dimension and their total; `total` is None where even that may not be shown."""

    dimension: str
    cells: tuple[Cell, ...]
    total: Cell | None


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


def table(dimension: str, *, year: int | None = None, office: int | None = None, hides: bool = True) -> Table:
    """Contracts of a year, or of all years, by a dimension; `hides` keeps the rule for public tables."""
    if dimension not in DIMENSIONS:
        raise ValueError(f"no dimension {dimension}: use one of {', '.join(DIMENSIONS)}")
    cells, total = _sums(_rows(dimension, registered(year=year, office=office)), hides=hides)
    before: dict[str, Sum] = {}
    total_before: Sum | None = None
    if year is not None and dimension != "month":
        earlier, total_before = _sums(_rows(dimension, registered(year=year - 1, office=office)), hides=hides)
        before = {cell.key: cell for cell in earlier if cell.key != POOLED}
    elif dimension == "year":
        before = {str(int(cell.key) + 1): cell for cell in cells if cell.key != POOLED}
    whole = total.contract_fen if total else 0
    shown = [_cell(cell, whole=whole, before=before.get(cell.key)) for cell in cells]
    order = _by_key if dimension in ("month", "year") else _by_amount
    return Table(
        dimension, tuple(sorted(shown, key=order)), _cell(total, whole=whole, before=total_before) if total else None
    )


def _by_key(cell: Cell) -> tuple[bool, str]:
    return cell.key == POOLED, cell.key


def _by_amount(cell: Cell) -> tuple[bool, int, str]:
    return cell.key == POOLED, -cell.contract_fen, cell.key


def _cell(found: Sum, *, whole: int, before: Sum | None) -> Cell:
    share = found.contract_fen / whole if whole else None
    growth = None
    if before is not None and before.contract_fen and found.key != POOLED:
        growth = found.contract_fen / before.contract_fen - 1
    return Cell(found.key, found.count, found.contract_fen, found.technology_fen, share, growth)


def _rows(dimension: str, contracts: QuerySet[Registration]) -> Iterable[Row]:
    column = (
        dimension
        if dimension in COLUMNS
        else {"area": "seller_area", "office": "office__organization__key"}.get(dimension, "registered_date")
    )
    names = (column, "seller_name", "buyer_name", "contract_amount_fen", "technology_amount_fen")
    for value, seller, buyer, whole, part in contracts.order_by().values_list(*names):
        yield Row(_key(dimension, value, whole), seller, buyer, whole, part)


def _key(dimension: str, value: str | date, whole: int) -> str:
    if isinstance(value, date):
        if dimension == "size":
            return next(name for name, least in SIZES if whole >= least)
        return f"{value:%Y-%m}" if dimension == "month" else f"{value:%Y}"
    return _place(value) if dimension == "area" else value


def _place(area: str) -> str:
    """The city that a place lies in: the level right below the region."""
    lineage = places.lineage(area)
    if places.region().root.code not in lineage:
        return OUTSIDE
    return lineage[-2] if len(lineage) > 1 else lineage[-1]


def _sums(rows: Iterable[Row], *, hides: bool) -> tuple[list[Sum], Sum | None]:
    cells: dict[str, Sum] = {}
    total = Sum("")
    for row in rows:
        cells.setdefault(row.key, Sum(row.key)).add(row)
        total.add(row)
    if not hides:
        return list(cells.values()), total
    return _pooled(list(cells.values())), total if total.may_be_shown else None


def _pooled(cells: list[Sum]) -> list[Sum]:
    """What may be shown; the rest in one cell, with as many others as that cell needs. Nothing if that never works."""
    kept = sorted((cell for cell in cells if cell.may_be_shown), key=lambda cell: (-cell.contract_fen, cell.key))
    hidden = [cell for cell in cells if not cell.may_be_shown]
    if not hidden:
        return kept
    pool = Sum(POOLED)
    for cell in hidden:
        pool.join(cell)
    while not pool.may_be_shown and kept:
        pool.join(kept.pop())
    return [*kept, pool] if pool.may_be_shown else kept
