"""Whether a plan holds, looked at apart from how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keqiao.engines.scheduling._plan import Seat, Wish


def clashes(
    wishes: Sequence[Wish], seats: Sequence[Seat | None], *, busy: Mapping[str, frozenset[int]] | None = None
) -> list[str]:
    """What is wrong with the seats, one line each: somebody twice in a slot, a table twice, a busy slot.

    >>> from keqiao.engines.scheduling import Seat, Wish
    >>> clashes([Wish("a", "b", 1.0), Wish("a", "c", 1.0)], [Seat(0, 0), Seat(0, 1)])
    ['a is in two meetings in slot 0']
    """
    found: list[str] = []
    people: set[tuple[str, int]] = set()
    tables: set[Seat] = set()
    for wish, seat in zip(wishes, seats, strict=True):
        if seat is None:
            continue
        for who in (wish.one, wish.other):
            if (who, seat.slot) in people:
                found.append(f"{who} is in two meetings in slot {seat.slot}")
            if wish.fixed is None and seat.slot in (busy or {}).get(who, ()):
                found.append(f"{who} is busy in slot {seat.slot}")
            people.add((who, seat.slot))
        if seat in tables:
            found.append(f"table {seat.table} is taken twice in slot {seat.slot}")
        tables.add(seat)
    return found
