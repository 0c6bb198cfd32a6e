"""The grid while it is being filled: who sits where, and the three ways to let one more in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Pair = tuple[str, str]
_LEAST_GAIN = 1e-9  # below it a rise of the total is the rounding of its sums


class Board:
    """Meetings by slot; each change keeps it free of clashes."""

    def __init__(
        self, pairs: Sequence[Pair], weights: Sequence[float], *, slots: int, tables: int,
        busy: Mapping[str, frozenset[int]],
    ) -> None:  # fmt: skip
        self.pairs, self.weights, self.slots, self.tables = list(pairs), list(weights), slots, tables
        self.busy = busy
        self.slot_of: list[int | None] = [None] * len(self.pairs)
        self.fixed: set[int] = set()
        self._at: list[dict[str, int]] = [{} for _ in range(slots)]
        self._count = [0] * slots
        self._worth = 0.0
        self._log: list[tuple[int, int | None]] = []  # each change: which meeting, and its slot before

    # What is where

    def _is_free(self, who: str, slot: int) -> bool:
        return who not in self._at[slot] and slot not in self.busy.get(who, ())

    def _common(self, number: int) -> list[int]:
        """The slots in which both have time, whomever they meet then."""
        one, other = self.pairs[number]
        taken = {*self.busy.get(one, ()), *self.busy.get(other, ())}
        return [slot for slot in range(self.slots) if slot not in taken]

    def _put(self, number: int, slot: int) -> None:
        for who in self.pairs[number]:
            self._at[slot][who] = number
        self._count[slot] += 1
        self._log.append((number, None))
        self._worth += self.weights[number]
        self.slot_of[number] = slot

    def _take(self, number: int) -> None:
        slot = self.slot_of[number]
        assert slot is not None  # noqa: S101 - only what is placed is taken
        for who in self.pairs[number]:
            del self._at[slot][who]
        self._count[slot] -= 1
        self._log.append((number, slot))
        self._worth -= self.weights[number]
        self.slot_of[number] = None

    def fix(self, number: int, slot: int) -> None:
        """Place what a person has chosen; a person may also choose a slot that somebody had called busy."""
        for who in self.pairs[number]:
            if who in self._at[slot]:
                raise ValueError(f"wish {number}: {who} has another fixed meeting in slot {slot}")
        self._put(number, slot)
        self.fixed.add(number)

    def reason(self, number: int) -> str:
        """Why a wish has no seat."""
        one, other = self.pairs[number]
        common = self._common(number)
        if not common:
            return "no_common_slot"
        both = any(self._is_free(one, slot) and self._is_free(other, slot) for slot in common)
        return "tables_full" if both else "full"

    # Three ways in

    def place_directly(self, number: int) -> bool:
        if self.slot_of[number] is not None:
            return False
        one, other = self.pairs[number]
        for slot in range(self.slots):
            if self._count[slot] < self.tables and self._is_free(one, slot) and self._is_free(other, slot):
                self._put(number, slot)
                return True
        return False

    def place_by_chain(self, number: int) -> bool:
        """Exchange two slots along the path that begins at the second participant."""
        one, other = self.pairs[number]
        common = self._common(number)
        for slot in common:
            if not self._is_free(one, slot):
                continue
            for spare in common:
                if spare != slot and self._is_free(other, spare) and self._exchange(other, one, slot, spare):
                    self._put(number, slot)
                    return True
        return False

    def _exchange(self, start: str, barred: str, slot: int, spare: int) -> bool:
        """Free `start` in `slot`; the path must not end at `barred`, who would lose the slot by it."""
        path: list[int] = []
        who, here = start, slot
        while (meeting := self._at[here].get(who)) is not None:
            path.append(meeting)
            one, other = self.pairs[meeting]
            who, here = (other if who == one else one), (spare if here == slot else slot)
        if who == barred or not path or not all(self._may_change(meeting, slot, spare) for meeting in path):
            return False
        leaving = sum(self.slot_of[meeting] == slot for meeting in path)
        coming = len(path) - leaving
        if self._count[slot] - leaving + coming + 1 > self.tables:
            return False
        if self._count[spare] + leaving - coming > self.tables:
            return False
        new = [(meeting, spare if self.slot_of[meeting] == slot else slot) for meeting in path]
        for meeting in path:
            self._take(meeting)
        for meeting, to in new:
            self._put(meeting, to)
        return True

    def _may_change(self, meeting: int, slot: int, spare: int) -> bool:
        to = spare if self.slot_of[meeting] == slot else slot
        return meeting not in self.fixed and all(to not in self.busy.get(who, ()) for who in self.pairs[meeting])

    def place_by_ejection(self, number: int, *, kept: frozenset[int] = frozenset()) -> bool:
        """Take the place of meetings that find another one, or that weigh less together; the cheapest slot first.

        One that finds no free place may in turn take that of a lighter one, but not of what is `kept`: two steps deep.
        """
        choices = []
        for slot in self._common(number):
            out = self._in_the_way(number, slot, kept=kept)
            if out and not set(out) & (self.fixed | kept):
                choices.append((sum(self.weights[meeting] for meeting in out), slot, out))
        worth = self._worth
        for _cost, slot, out in sorted(choices):
            mark = len(self._log)
            for meeting in out:
                self._take(meeting)
            self._put(number, slot)
            for meeting in sorted(out, key=lambda one: (-self.weights[one], one)):
                if not self.place_directly(meeting) and not kept:
                    self.place_by_ejection(meeting, kept=frozenset({number, *out}))
            if self._worth > worth + _LEAST_GAIN:
                return True
            self._undo(mark)
        return False

    def _undo(self, mark: int) -> None:
        """Take back all changes since the log was so long."""
        for number, before in reversed(self._log[mark:]):
            if before is None:
                self._take(number)
            else:
                self._put(number, before)
        del self._log[mark:]

    def give_way(self, meeting: int, left: Sequence[int]) -> bool:
        """Let one meeting go for those of the left out that weigh more together, heaviest first; else all stays."""
        slot = self.slot_of[meeting]
        if slot is None or meeting in self.fixed:
            return False
        full, own = self._count[slot] >= self.tables, set(self.pairs[meeting])
        wanting = [number for number in left if full or own & set(self.pairs[number])]
        if sum(self.weights[number] for number in wanting) <= self.weights[meeting]:
            return False
        mark, worth = len(self._log), self._worth
        self._take(meeting)
        for number in wanting:
            self.place_directly(number)
        if self._worth > worth + _LEAST_GAIN:
            self.place_directly(meeting)
            return True
        self._undo(mark)
        return False

    def _in_the_way(self, number: int, slot: int, *, kept: frozenset[int]) -> list[int]:
        """The meetings that must leave a slot: of either participant; the lightest one where all tables are taken."""
        here = self._at[slot]
        out = sorted({here[who] for who in self.pairs[number] if who in here})
        if not out and self._count[slot] >= self.tables:
            movable = [meeting for meeting in set(here.values()) if meeting not in self.fixed | kept]
            out = sorted(movable, key=lambda meeting: (self.weights[meeting], -meeting))[:1]
        return out
