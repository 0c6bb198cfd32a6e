"""Names of bodies: symmetric, blind to writing, never the same for two hospitals by number."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keqiao.engines.names import Likeness, compare, core, pairs, plain

NAMES = st.text("甲乙光学精密机械激光第一二医院大学分公司有限责任（）() ", min_size=1, max_size=14)


@given(NAMES, NAMES)
def test_comparison_does_not_depend_on_the_order(one: str, other: str) -> None:
    assert compare(one, other) == compare(other, one)


@given(NAMES)
def test_name_is_like_itself_however_it_is_written(name: str) -> None:
    written = name.replace("（", "(").replace("）", ")").replace(" ", "\u3000")
    expected = Likeness(1.0, "same_name") if plain(name) else None
    assert compare(name, written) == expected


@given(NAMES)
def test_core_is_never_longer_than_the_name_nor_nothing(name: str) -> None:
    assert len(core(name)) <= len(plain(name))
    assert bool(core(name)) == bool(plain(name))


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("示范光学有限责任公司", "示范光学股份有限公司", "same_core"),
        ("演示市示范光学有限公司", "示范光学有限公司", "same_core"),
        ("松江激光设备有限公司", "松江激光设各有限公司", "one_letter"),
        ("松江激光设备", "松江光激设备", "one_letter"),
        ("松江激光设备", "松江激光设备制造", "short_for"),
        ("示范市第一医院", "示范市第二医院", None),
        ("示范大学", "示范大学第一医院", None),
        ("示范银行", "示范银行平岗分行", None),
        ("一汽", "二汽", None),
        ("", "甲", None),
    ],
)
def test_names_are_alike_for_a_reason(one: str, other: str, reason: str | None) -> None:
    found = compare(one, other, places=("演示市",))
    assert (found.reason if found else None) == reason


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(NAMES, min_size=1, max_size=2)))
def test_pairs_are_those_of_comparing_all(names: dict[str, list[str]]) -> None:
    keys = sorted(names)
    best = {
        (one, other): max((found for a in names[one] for b in names[other] if (found := compare(a, b))),
                          key=lambda found: found.score, default=None)
        for place, one in enumerate(keys) for other in keys[place + 1 :]
    }  # fmt: skip
    assert {(one, other): found for one, other, found in pairs(names)} == {k: v for k, v in best.items() if v}


@pytest.mark.slow
def test_pairs_among_many_names_are_found_quickly() -> None:
    names = {f"{n:05}": [f"{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n * 7919 % 99991:05}精密机械有限公司"] for n in range(5000)}
    start = time.perf_counter()
    list(pairs(names))
    assert time.perf_counter() - start < 20
