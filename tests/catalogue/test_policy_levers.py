"""What a firm can change: the nearest way of the policies' own cases, to the fen and the item."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from keqiao.catalogue import policies
from keqiao.engines.rules import Checker, Lever, Nearest, Searcher
from keqiao.engines.rules._obstacles import REASONS
from tests.engines.rules.firms import made_up

SLUGS = [slug for slug, some in policies.editions().items() if some[-1].levers]
NO_LEVERS = {"tech-transfer-income-tax", "uk-eris"}


def way(slug: str, why: str) -> list[tuple[str, int]] | None:
    found = nearest(slug, why).cheapest
    return [(move.lever, move.amount) for move in found.moves] if found else None


def nearest(slug: str, why: str, *, without: str = "", **options: Any) -> Nearest:
    (case,) = [one for one in policies.cases(policies.editions()[slug][-1]) if one["why"] == why]
    checker = policies.checker(slug, as_of=case["as_of"])
    facts = {name: value for name, value in case["firm"].items() if name != without}
    return Searcher(checker.program, **options).search(checker.read(facts))


def after(checker: Checker, facts: Mapping[str, Any], amounts: Mapping[str, int]) -> Any:
    """The verdict on a firm after moves, made from its facts and not from the engine's columns."""
    found = dict(facts)
    for lever in checker.program.policy.levers:
        if amount := amounts.get(lever.id, 0):
            _move(found, lever, amount, checker)
    return checker.check(checker.read(found)).verdict


def _move(facts: dict[str, Any], lever: Lever, amount: int, checker: Checker) -> None:
    for name, step in lever.adds.items():
        if isinstance(facts.get(name), int):
            facts[name] += step * amount
    facts.update(lever.sets)
    if lever.items:
        days = {"as_of": checker.program.as_of.isoformat(), "forever": "2999-12-31"}
        item = {name: days.get(value, value) if isinstance(value, str) else value for name, value in lever.item.items()}
        is_sum = lever.unit == "分"
        added = [{name: amount if name.endswith("_fen") else value for name, value in item.items()}] if is_sum else []
        facts[lever.items] = [*facts[lever.items], *(added or [item] * amount)]


def firms_of(slug: str, *, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Made-up firms of which the lists are known that a lever adds to."""
    policy = policies.editions()[slug][-1]
    for facts in made_up(policy, count=count, seed=seed):
        for lever in policy.levers:
            if lever.items and facts.get(lever.items) is None:
                facts[lever.items] = []
            for name, step in lever.adds.items():
                if step < 0 and isinstance(facts.get(name), int):
                    facts[name] += 1  # so that less of it is still a fact
        yield facts


@pytest.mark.parametrize(
    ("slug", "why", "expected"),
    [
        ("innovative-sme-2022", "innovation of 15 alone sinks a total of 75", [("rd", 20_000_000)]),
        ("innovative-sme-2022", "too large", None),
        ("innovative-sme-2022", "one fen short", [("equity", 1)]),
        ("little-giant-2022", "R&D of the middle class a fen short", None),
        ("little-giant-2022", "no system, no certificate, no brand, no key link", None),
        ("demo-title-award", "another province, no title, listed", None),
    ],
)
def test_nearest_way_of_a_case(slug: str, why: str, expected: list[tuple[str, int]] | None) -> None:
    assert way(slug, why) == expected


@pytest.mark.parametrize("slug", SLUGS)
def test_levers_of_a_policy_can_be_searched(slug: str) -> None:
    policy = policies.editions()[slug][-1]
    case = policies.cases(policy)[0]
    searcher = Searcher(policies.checker(slug, as_of=case["as_of"]).program)

    assert [lever.id for lever in searcher.levers] == [lever.id for lever in policy.levers]
    assert all(lever.label and lever.label_en and lever.most > 0 and lever.cost >= 0 for lever in policy.levers)
    assert {lever.unit for lever in policy.levers} <= set(policy.vocabulary.units)


def test_every_policy_has_levers_but_those_of_contracts_and_of_another_country() -> None:
    assert set(policies.editions()) - set(SLUGS) == NO_LEVERS


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_ways_hold_are_least_and_nothing_cheaper_is_found_by_trying(slug: str) -> None:
    """Every way is applied to the facts, shortened by one unit, and held against random other moves."""
    chance = random.Random(slug)
    policy = policies.editions()[slug][-1]
    checker = policies.checker(slug, as_of=policies.cases(policy)[0]["as_of"])
    searcher = Searcher(checker.program)
    for facts in firms_of(slug, count=40, seed=5):
        if after(checker, facts, {}) != "ineligible":
            continue
        found = searcher.search(checker.read(facts))
        known = {move.lever: move.amount for one in (*found.ways, *found.until_people) for move in one.moves}
        verdict = "eligible" if found.ways else "needs_review"
        for one in (*found.ways, *found.until_people):
            amounts = {move.lever: move.amount for move in one.moves}
            assert after(checker, facts, amounts) == verdict
            for lever, amount in amounts.items():
                assert after(checker, facts, {**amounts, lever: amount - 1}) != verdict
        assert bool(found.ways) != bool(found.obstacles)
        assert {one.reason for one in found.obstacles} <= set(REASONS)
        for _try in range(25):
            tried = {lever.id: _amount(lever, known, chance) for lever in policy.levers}
            if after(checker, facts, tried) == "eligible":
                assert found.cheapest is not None
                assert found.cheapest.cost <= sum(lever.cost * tried[lever.id] for lever in policy.levers)


def _amount(lever: Lever, known: Mapping[str, int], chance: random.Random) -> int:
    near = known.get(lever.id, 1)
    some = [0, 0, near, max(0, near - 1), min(near + 1, lever.most), chance.randint(0, lever.most), lever.most]
    return chance.choice(some)


def reasons(found: Nearest) -> dict[str, str]:
    return {one.clause: one.reason for one in found.obstacles}


def test_obstacles_say_what_keeps_each_clause() -> None:
    assert reasons(nearest("little-giant-2022", "no system, no certificate, no brand, no key link")) == {
        "req.growth": "fixed", "req.key_field": "fixed",
    }  # fmt: skip
    assert reasons(nearest("demo-title-award", "another province, no title, listed")) == {
        "base.province": "fixed", "base.lists": "fixed",
    }  # fmt: skip
    niche = nearest("little-giant-2022", "no second-tier title, a day short in the niche")
    assert reasons(niche) == {"req.tier2": "fixed", "req.niche": "time", "req.growth": "fixed"}
    locked = nearest("demo-title-award", "another province, no title, listed", locked=["title"])
    assert reasons(locked)["title.srdi"] == "locked"


def test_obstacle_of_people_leaves_ways_as_far_as_that() -> None:
    found = nearest("key-little-giant-2024", "exactly 2000 万元 is not more", without="recommended_by_province")

    assert (found.cheapest, found.ways, reasons(found)) == (None, (), {"req.recommended": "people"})
    (way,) = found.until_people
    assert [(move.lever, move.amount) for move in way.moves] == [("plan", 1)]


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("one of 50 fewer", [("hire", 2)]),
        ("one fen below 5 %", [("rd", 1)]),
        ("one fen below 60 % of income", [("income", 1)]),
        ("364 days", None),
    ],
)
def test_way_to_a_high_tech_enterprise(why: str, expected: list[tuple[str, int]] | None) -> None:
    assert way("high-tech-enterprise-2016", why) == expected
