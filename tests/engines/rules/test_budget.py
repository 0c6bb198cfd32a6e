"""A budget is paid out to the last 分."""

from hypothesis import given
from hypothesis import strategies as st

from keqiao.engines.rules import share_budget

CLAIMS = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 10**12), min_size=1, max_size=8)


def test_budget_that_suffices_cuts_nothing() -> None:
    assert share_budget({"a": 3, "b": 4}, budget=7) == {"a": 3, "b": 4}


def test_spare_units_go_to_the_largest_remainders_then_the_smaller_id() -> None:
    assert share_budget({"C": 1, "A": 1, "B": 1}, budget=2) == {"C": 0, "A": 1, "B": 1}


@given(CLAIMS, st.integers(0, 10**12))
def test_shares_add_up_and_never_exceed_the_claim(claims: dict[str, int], budget: int) -> None:
    shares = share_budget(claims, budget=budget)
    assert sum(shares.values()) == min(budget, sum(claims.values()))
    assert all(0 <= shares[id] <= claims[id] for id in claims)
