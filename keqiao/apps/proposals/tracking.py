"""What the evidence says of a promise. One rule for all of them, published with the site; people's views are apart.

1. Evidence that shows it kept, each piece with its sentence, figure or file: kept.
2. Evidence that shows part of it: partly.
3. Soft words and no indicator: nothing could show it, so nothing is said: too soft.
4. Its day is still to come: not due.
5. Otherwise: no later mention found, in so many later replies of the unit as were looked through.

It never says that a promise was broken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .models import Direction, PromiseState, Specificity, Supports


@dataclass(frozen=True)
class Standing:
    """A computed state and the step of the rule that gave it."""

    state: PromiseState
    why: str


def standing(
    *, supports: Iterable[str], specificity: str, has_indicator: bool, due_date: date, on: date, looked_in: int
) -> Standing:
    """The state of a promise on a day, from the evidence that counts and the number of later replies looked through."""
    shown = set(supports)
    if Supports.KEPT in shown:
        return Standing(PromiseState.KEPT, "evidence")
    if Supports.PARTLY in shown:
        return Standing(PromiseState.PARTLY, "evidence")
    if specificity == Specificity.SOFT and not has_indicator:
        return Standing(PromiseState.TOO_SOFT, "soft_words")
    if on <= due_date:
        return Standing(PromiseState.NOT_DUE, "day_to_come")
    return Standing(PromiseState.NO_MENTION, "looked_through" if looked_in else "no_later_reply")


def figure_supports(
    *, value: Decimal, target: Decimal | None, before: Decimal | None, direction: str
) -> Supports | None:
    """What a later edition of the promise's indicator shows; None where it shows nothing.

    The target reached is kept. Moved towards it, or with no target stated moved the promised way, is partly: without
    a target nobody can say that it is enough.
    """
    sign = -1 if direction == Direction.DOWN else 1
    if target is not None and sign * value >= sign * target:
        return Supports.KEPT
    if before is not None and sign * value > sign * before:
        return Supports.PARTLY
    return None
