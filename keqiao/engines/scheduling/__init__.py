"""Meetings into slots and tables so that nobody sits in two at once.

    >>> plan = schedule([Wish("firm", "school", 2.0), Wish("firm", "institute", 1.0)], slots=1, tables=2)
    >>> plan.seats
    (Seat(slot=0, table=0), None)
    >>> plan.reasons
    ('', 'full')

Method. A set of meetings without clashes is a partial edge colouring of the graph whose nodes are participants, whose
edges are wished meetings and whose colours are slots; each colour may be used `tables` times and each node forbids
the colours in which it is busy. Finding the heaviest one is NP-hard (it contains edge colouring, Holyer 1981), so:

1. *Greedy*: wishes from heaviest to lightest, each into its earliest free slot.
2. *Chains*: a wish that found no slot frees one by exchanging two colours along an alternating path (Kempe 1879, as
   in the proof of Vizing's theorem 1964); nothing is given up.
3. *Ejection*: it takes the place of other meetings if the total weight rises by it: because they are placed elsewhere,
   there perhaps in the place of lighter ones, or because they weigh less together than it does; or one meeting gives
   way to several that weigh more together. The total weight rises with each such step, so the loop ends; it goes on
   until no wish gains a place.
4. *Tables*: within a slot each meeting keeps the table that its first participant had before, if it is free.

At the end no wish that was left out could be let in by giving up nothing, or by giving up one lighter meeting; ties
are broken by the order of the wishes, so the same input gives the same plan. What is fixed is never moved.
"""

from ._check import clashes
from ._plan import Plan, Seat, Wish, schedule

__all__ = ["Plan", "Seat", "Wish", "clashes", "schedule"]
