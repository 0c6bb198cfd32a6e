"""What is wished, what is planned, and the way from one to the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keqiao.engines.scheduling._board import Board


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a meeting takes place: slot and table, both counted from 0."""

    slot: int
    table: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Two participants who should meet, and how much it is worth. `fixed` is a seat that a person has chosen.

    >>> Wish("firm", "school", 1.5).fixed is None
    True
    """

    one: str
    other: str
    weight: float
    fixed: Seat | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One seat and one reason for each wish, in their order; a reason stands where there is no seat.

    Reasons: `no_common_slot` the two are never free together; `full` they are, but in each such slot one of them meets
    somebody with more weight; `tables_full` both are free in some slot, but every table of it is taken.
    """

    seats: tuple[Seat | None, ...]
    reasons: tuple[str, ...]
    weight: float


def schedule(
    wishes: Sequence[Wish], *, slots: int, tables: int, busy: Mapping[str, frozenset[int]] | None = None
) -> Plan:
    """Give seats to the wishes so that nobody is in two meetings at once and no table is used twice.

    `busy` names the slots in which a participant has no time. Raises ValueError for a wish with oneself, the same pair
    twice, a weight that is not positive, fixed seats that clash with each other, or no slots or tables.

    >>> schedule([Wish("a", "b", 1.0)], slots=2, tables=1, busy={"a": frozenset({0})}).seats
    (Seat(slot=1, table=0),)
    """
    _check(wishes, slots=slots, tables=tables)
    board = Board([(wish.one, wish.other) for wish in wishes], [wish.weight for wish in wishes],
                  slots=slots, tables=tables, busy=busy or {})  # fmt: skip
    for number, wish in enumerate(wishes):
        if wish.fixed is not None:
            board.fix(number, wish.fixed.slot)
    _fill(board)
    numbered = _tables(wishes, board)
    seats = tuple(None if slot is None else Seat(slot, numbered[number]) for number, slot in enumerate(board.slot_of))
    reasons = tuple("" if seats[number] else board.reason(number) for number in range(len(wishes)))
    return Plan(seats, reasons, sum(wish.weight for wish, seat in zip(wishes, seats, strict=True) if seat))


def _check(wishes: Sequence[Wish], *, slots: int, tables: int) -> None:
    if slots < 1 or tables < 1:
        raise ValueError(f"there must be at least one slot and one table, not {slots} and {tables}")
    pairs, seats = set(), set()
    for number, wish in enumerate(wishes):
        where = f"wish {number} ({wish.one}, {wish.other})"
        pair = frozenset((wish.one, wish.other))
        if wish.one == wish.other:
            raise ValueError(f"{where}: nobody meets themselves")
        if pair in pairs:
            raise ValueError(f"{where}: the pair stands twice; add the weights up first")
        if not wish.weight > 0:
            raise ValueError(f"{where}: the weight must be above 0, not {wish.weight}")
        pairs.add(pair)
        if wish.fixed is not None:
            if not (0 <= wish.fixed.slot < slots and 0 <= wish.fixed.table < tables):
                raise ValueError(f"{where}: there is no {wish.fixed}")
            if wish.fixed in seats:
                raise ValueError(f"{where}: {wish.fixed} is fixed twice")
            seats.add(wish.fixed)


def _fill(board: Board) -> None:
    """Steps 1 to 3: until a whole round over what is left out brings nothing."""
    order = sorted(range(len(board.pairs)), key=lambda number: (-board.weights[number], number))
    for number in order:
        board.place_directly(number)
    moving = True
    while moving:
        moving = False
        for number in order:
            if board.slot_of[number] is None and (
                board.place_directly(number) or board.place_by_chain(number) or board.place_by_ejection(number)
            ):
                moving = True
        left = [number for number in order if board.slot_of[number] is None]
        if not moving and left:
            moving = any(board.give_way(number, left) for number in reversed(order))


def _tables(wishes: Sequence[Wish], board: Board) -> dict[int, int]:
    """Step 4: fixed tables first, then each meeting where its first participant sat before."""
    numbered: dict[int, int] = {}
    last: dict[str, int] = {}
    for slot in range(board.slots):
        here = [number for number, placed in enumerate(board.slot_of) if placed == slot]
        fixed = {number: seat.table for number in here if (seat := wishes[number].fixed) is not None}
        free = [table for table in range(board.tables) if table not in fixed.values()]
        for number in here:
            table = fixed.get(number)
            if table is None:
                before = last.get(wishes[number].one)
                table = before if before in free else free[0]
                free.remove(table)
            numbered[number] = last[wishes[number].one] = table
    return numbered
