"""What several benefits are worth together: the most that the rules allow, and to the 分."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.engines.rules import Award, Group, Instalment, RuleError, combine, pay_in_parts, read_stacking
from keqiao.engines.rules._facts import Vocabulary

GROUPS = {
    "x": Group(id="x", rule="highest"),
    "y": Group(id="y", rule="exclusive"),
    "c": Group(id="c", rule="cap", cap=60),
    "d": Group(id="d", rule="cap", cap=25),
    "unknown": Group(id="unknown", rule="cap"),
}
AWARDS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 50)),
        st.sets(st.sampled_from(["x", "y"])),
        st.sampled_from(["", "c", "d", "unknown"]),
    ),
    max_size=7,
).map(
    lambda rows: [
        Award(policy=f"p{place}", amount=amount, groups=(*sorted(some), *([cap] if cap else [])))
        for place, (amount, some, cap) in enumerate(rows)
    ]
)
WORDS = Vocabulary(attributes={}, lists={}, units={"元": ("分", 100), "万元": ("分", 1_000_000)})
FILE = '[groups.g]\nrule = "cap"\nlabel = "合计"\nlabel_en = "sum"\ndocument = "d"\nsource = "s"\n'


def most(awards: list[Award]) -> int:
    """The best of all choices, tried one by one."""
    sure = [one for one in awards if one.amount is not None and "unknown" not in one.groups]
    best = 0
    for choice in product((False, True), repeat=len(sure)):
        kept = [one for one, is_in in zip(sure, choice, strict=True) if is_in]
        if any(sum(group in one.groups for one in kept) > 1 for group in ("x", "y")):
            continue
        free = sum(one.amount for one in kept if not {"c", "d"} & set(one.groups))
        capped = [min(GROUPS[id].cap, sum(one.amount for one in kept if id in one.groups)) for id in ("c", "d")]
        best = max(best, free + sum(capped))
    return best


@given(AWARDS)
def test_combination_is_the_best_of_all_choices(awards: list[Award]) -> None:
    found = combine(awards, groups=GROUPS)

    assert found.total == most(awards) == sum(one.counted or 0 for one in found.shares)
    assert [one.policy for one in found.shares] == [one.policy for one in awards]
    assert found.is_open == any(one.amount is None or "unknown" in one.groups for one in awards)


@given(AWARDS)
def test_what_is_held_back_names_the_group_and_what_stands_in_its_place(awards: list[Award]) -> None:
    found = {one.policy: one for one in combine(awards, groups=GROUPS).shares}

    for one in found.values():
        if one.counted is not None and one.counted < one.amount:
            assert one.group
        if one.instead:
            assert one.counted == 0
            assert all(found[name].counted is not None for name in one.instead)


def test_equal_totals_keep_the_larger_award_then_the_smaller_name() -> None:
    pair = [Award(policy=name, amount=7, groups=("x",)) for name in ("b", "a")]
    assert [one.counted for one in combine(pair, groups=GROUPS).shares] == [0, 7]


def test_one_large_award_gives_way_to_two_that_are_worth_more() -> None:
    awards = [Award(policy="a", amount=50, groups=("x", "y")), Award(policy="b", amount=30, groups=("x",)),
              Award(policy="c", amount=30, groups=("y",))]  # fmt: skip

    first, *others = combine(awards, groups=GROUPS).shares

    assert (first.counted, first.instead, [one.counted for one in others]) == (0, ("b", "c"), [30, 30])


@pytest.mark.parametrize(
    ("award", "message"),
    [
        (Award(policy="a", amount=-1), "the award of a is -1"),
        (Award(policy="a", amount=1, groups=("z",)), "'z' that is not given"),
        (Award(policy="a", amount=1, groups=("c", "d")), "under two caps, c and d"),
    ],
)
def test_combination_refuses_what_has_no_meaning(award: Award, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        combine([award], groups=GROUPS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FILE, "the rule and the cap do not fit"),
        (FILE + "cap = []", "the rule and the cap do not fit"),
        (FILE.replace('"cap"', '"sum"'), "the rule is 'sum'"),
        (FILE + 'cap = [{ value = "3 人", source = "s" }]', "the cap is '3 人'"),
        (FILE + 'cap = [{ value = "0.001 元", source = "s" }]', "the cap is '0.001 元'"),
        (FILE + 'cap = [{ value = "1 元", source = "s", x = 1 }]', "unknown keys x"),
    ],
)
def test_group_file_names_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        read_stacking(text, vocabulary=WORDS)


def test_cap_nobody_knows_yet_is_none() -> None:
    groups = read_stacking(FILE + 'cap = [{ from = 2026-01-01, value = "", source = "s" }]', vocabulary=WORDS)
    assert [groups["g"].on(day).cap for day in (date(2025, 1, 1), date(2026, 1, 1))] == [None, None]


PLANS = st.lists(st.integers(0, 100), max_size=4).map(
    lambda cuts: [b - a for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), 100], strict=True)]
)


@given(st.integers(0, 10**15), PLANS)
def test_parts_add_up_and_no_part_comes_late(amount: int, percents: list[int]) -> None:
    plan = [Instalment(percent=one, year=place) for place, one in enumerate(percents)]

    parts = pay_in_parts(amount, plan, year=2026)

    paid = [sum(part.amount for part in parts[: place + 1]) for place in range(len(parts))]
    assert paid[-1] == amount
    assert all(part.amount >= 0 for part in parts)
    assert all(done * 100 >= amount * sum(percents[: place + 1]) for place, done in enumerate(paid))
    assert all((done - 1) * 100 < amount * sum(percents[: place + 1]) for place, done in enumerate(paid) if done)


@pytest.mark.parametrize(
    ("amount", "plan", "message"), [(-1, [], "the amount -1"), (1, [Instalment(percent=99, year=0)], "add up to 99 %")]
)
def test_parts_refuse_what_does_not_add_up(amount: int, plan: list[Instalment], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pay_in_parts(amount, plan, year=2026)


def test_no_plan_pays_at_once() -> None:
    assert [(part.year, part.amount) for part in pay_in_parts(5, [], year=2026)] == [(2026, 5)]
