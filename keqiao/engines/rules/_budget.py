"""A budget shared among claims, in whole 分, so that what is paid is the budget exactly."""

from __future__ import annotations

from collections.abc import Mapping


def share_budget(claims: Mapping[str, int], *, budget: int) -> dict[str, int]:
    """Return what each claimant gets: all of it where the budget suffices, else in proportion to the claims.

    Every share is rounded down to the smallest unit; the units left over go one each to the largest remainders, of
    equal ones to the smaller id by code point (the method of largest remainders, Hamilton 1792). Amounts are
    integers, claims above zero. Raises ValueError for a negative budget.

    >>> share_budget({"a": 100, "b": 100, "c": 100}, budget=100)
    {'a': 34, 'b': 33, 'c': 33}
    """
    if budget < 0:
        raise ValueError(f"the budget {budget} is negative: give 0 or more")
    wanted = sum(claims.values())
    if wanted <= budget:
        return dict(claims)
    shares = {id: claim * budget // wanted for id, claim in claims.items()}
    spare = budget - sum(shares.values())
    by_remainder = sorted(claims, key=lambda id: (-(claims[id] * budget % wanted), id))
    for id in by_remainder[:spare]:
        shares[id] += 1
    return shares
