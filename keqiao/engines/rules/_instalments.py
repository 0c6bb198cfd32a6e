"""An amount paid in parts: dated shares that add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """A part of a benefit: so many per cent, so many years after the award; `when` says what it waits for."""

    percent: int
    year: int
    when: str = ""
    when_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Payment:
    """What is paid in a calendar year."""

    year: int
    amount: int
    of: Instalment


def pay_in_parts(amount: int, plan: Sequence[Instalment], *, year: int) -> tuple[Payment, ...]:
    """Return the parts of an amount awarded in a calendar year, in the order of the plan.

    The amount is an integer of the smallest unit (分); the parts are integers and add up to it exactly. After each part
    no less has been paid than its share says: what is paid up to a part is the share so far, rounded up (so that "at
    least half in the year of approval" holds), and the last part is the rest. A plan of no parts pays all at once.
    Raises ValueError for a negative amount and for shares that do not add up to 100.

    >>> plan = [Instalment(percent=50, year=0), Instalment(percent=50, year=1)]
    >>> [(part.year, part.amount) for part in pay_in_parts(1001, plan, year=2026)]
    [(2026, 501), (2027, 500)]
    """
    if amount < 0:
        raise ValueError(f"the amount {amount} is negative: give 0 or more")
    plan = plan or (Instalment(percent=100, year=0),)
    if sum(one.percent for one in plan) != 100:
        raise ValueError(f"the shares add up to {sum(one.percent for one in plan)} %: let them be 100 %")
    found, share, paid = [], 0, 0
    for one in plan:
        share += one.percent
        due = -(-amount * share // 100)
        found.append(Payment(year=year + one.year, amount=due - paid, of=one))
        paid = due
    return tuple(found)
