"""The nearest way to qualify is the cheapest there is."""

from itertools import product
from typing import Any

import pytest

from keqiao.catalogue import policies
from keqiao.engines.rules import Checker, Firm, RuleError, Searcher, Way, compile_policy
from keqiao.engines.rules.batch import frame_of
from keqiao.engines.rules.nearest_many import ManySearcher
from tests.engines.rules.firms import made_up
from tests.engines.rules.small import AS_OF, judged, policy

SLUG = "tech-sme-2017"
EDITION = policies.editions()[SLUG][-1]
DAY = policies.cases(EDITION)[0]["as_of"]
BASE: dict[str, Any] = policies.cases(EDITION)[0]["firm"]
CHECKER: Checker = policies.checker(SLUG, as_of=DAY)
RIGHT = {"granted": "2026-06-15", "valid_to": "2040-01-01", "disputed": False, "product_linked": True} | {
    "acquisition": "own_rd"
}


def nearest(change: dict[str, Any], **options: Any) -> Any:
    return Searcher(CHECKER.program, **options).search(CHECKER.read({**BASE, **change}))


def amounts(way: Way) -> dict[str, int]:
    return {move.lever: move.amount for move in way.moves}


def moved(facts: dict[str, Any], by: dict[str, int]) -> Firm:
    """The firm after the moves, made from its facts and not from the engine's columns."""
    found = dict(facts)
    for name, lever in (("tech_staff_t1", "hire"), ("staff_t1", "hire"), ("rd_fen_t1", "rd"), ("cost_fen_t1", "rd")):
        if isinstance(found.get(name), int):
            found[name] += by.get(lever, 0)
    if by.get("class_1") or by.get("class_2"):
        rights = [{**RIGHT, "class": 1}] * by.get("class_1", 0) + [{**RIGHT, "class": 2}] * by.get("class_2", 0)
        found["ip_items"] = [*(found.get("ip_items") or []), *rights]
    return CHECKER.read(found)


def eligible(facts: dict[str, Any], by: dict[str, int]) -> bool:
    return CHECKER.check(moved(facts, by)).verdict == "eligible"


def test_nearest_moves_two_people_where_one_does_not_reach_ten_per_cent() -> None:
    assert amounts(nearest({"tech_staff_t1": 19}).cheapest) == {"hire": 2}


def test_nearest_finds_nothing_where_no_lever_helps() -> None:
    found = nearest({"resident": False})
    assert (found.cheapest, found.smallest, found.ways) == (None, None, ())


def test_nearest_leaves_locked_levers_and_uses_the_firms_own_costs() -> None:
    facts = {"rd_fen_t1": 0, "ip_items": []}
    assert "class_1" in amounts(nearest(facts).cheapest)
    assert set(amounts(nearest(facts, locked=["class_1"]).cheapest)) == {"rd", "class_2"}
    assert amounts(nearest(facts, costs={"class_1": 10**12}, locked=["class_2"]).cheapest) == {"rd": 400_000_000}


def test_nearest_of_the_fewest_levers_may_cost_more_than_the_cheapest() -> None:
    found = nearest({"rd_fen_t1": 0, "ip_items": []})
    assert len(found.smallest.moves) < len(found.cheapest.moves)
    assert found.smallest.cost >= found.cheapest.cost


@pytest.mark.slow
def test_nearest_agrees_with_trying_everything() -> None:
    """Hires and rights in full, R&D at a price that keeps it out: each cheapest way is what exhaustion finds."""
    searcher = Searcher(CHECKER.program, locked=["rd"])
    costs = {"hire": 20_000_000, "class_1": 50_000_000, "class_2": 5_000_000}
    seen = 0
    for facts in made_up(EDITION, count=60, seed=11):
        known = {**facts, "ip_items": facts.get("ip_items") or [], "tech_staff_t1": facts.get("tech_staff_t1") or 0}
        if eligible(known, {}) or not isinstance(known.get("staff_t1"), int) or known["staff_t1"] > 600:
            continue
        seen += 1
        found = searcher.search(CHECKER.read(known)).cheapest
        grid = [dict(zip(costs, way, strict=True)) for way in product(range(0, 61), range(2), range(5))]
        fitting = [sum(costs[one] * way[one] for one in costs) for way in grid if eligible(known, way)]
        if fitting:
            assert found is not None
            assert found.cost == min(fitting)
    assert seen > 10


def test_nearest_with_one_unit_less_of_any_move_does_not_qualify() -> None:
    searcher = Searcher(CHECKER.program)
    for facts in made_up(EDITION, count=150, seed=12):
        known = {**facts, "ip_items": facts.get("ip_items") or []}
        if eligible(known, {}):
            continue
        for way in searcher.search(CHECKER.read(known)).ways:
            assert eligible(known, amounts(way))
            for lever, amount in amounts(way).items():
                assert not eligible(known, {**amounts(way), lever: amount - 1})


LEVER = """
[[levers]]
id = "{id}"
label = "甲"
label_en = "a"
unit = "分"
adds = {{ {fact} = 1 }}
cost = 1
most = 1000
"""


@pytest.mark.parametrize(
    ("test", "facts", "message"),
    [
        ("rd_fen_t1 / sales_fen_t1 >= 5 %", ("rd_fen_t1", "sales_fen_t1"), "a and b move one comparison"),
        ("min(rd_fen_t1, 5 元) >= 3 元", ("rd_fen_t1",), "a comparison is no straight line in a"),
        ("rd_fen_t1 >= 3 元", ("rd_fen",), "'rd_fen' is no fact"),
    ],
)
def test_levers_that_would_not_be_exact_are_refused(test: str, facts: tuple[str, ...], message: str) -> None:
    rest = "".join(LEVER.format(id=id, fact=fact) for id, fact in zip("ab", facts, strict=False))
    program = compile_policy(policy(test, rest=rest), as_of=AS_OF)
    with pytest.raises(RuleError, match=message):
        Searcher(program)


def test_lever_unknown_names_those_there_are() -> None:
    with pytest.raises(RuleError, match="there is no lever 'pay'; the policy has class_1, class_2, hire, rd"):
        Searcher(CHECKER.program, locked=["pay"])


def test_levers_do_not_change_the_verdict_itself() -> None:
    rest = LEVER.format(id="a", fact="rd_fen_t1")
    assert judged("rd_fen_t1 >= 3 元", {"rd_fen_t1": 299}, rest=rest).verdict == "ineligible"


MANY_AT_ONCE = (
    "cocoon-to-butterfly", "demo-title-award", "first-of-kind-reward", "innovative-sme-2022", "key-little-giant-2024",
    "little-giant-2026", "single-champion-2023", "srdi-2022", "srdi-2026", "tech-sme-2017",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("slug", MANY_AT_ONCE)
def test_many_at_once_find_what_one_by_one_finds(slug: str) -> None:
    edition = policies.editions()[slug][-1]
    checker = policies.checker(slug, as_of=policies.cases(edition)[0]["as_of"])
    firms = [checker.read(facts) for facts in made_up(edition, count=300, seed=6)]

    many = ManySearcher(checker.program).search(frame_of(checker.program, firms)).to_dicts()

    single = Searcher(checker.program)
    for firm, row in zip(firms, many, strict=True):
        found = single.search(firm)
        for way, kind in ((found.cheapest, "cheapest"), (found.smallest, "smallest")):
            assert row[f"{kind}_cost"] == (None if way is None else way.cost)
            moved = {id: row[f"{kind}_{id}"] for id in (one.id for one in edition.levers) if row[f"{kind}_{id}"]}
            costs = {one.id: one.cost for one in edition.levers}
            assert sum(costs[id] * amount for id, amount in moved.items()) == (row[f"{kind}_cost"] or 0)


def test_many_refuse_a_lever_whose_comparison_has_another_inside() -> None:
    rest = LEVER.format(id="a", fact="sales_fen_t1")
    program = compile_policy(policy("rd_fen_t1 / sales_fen_t1 <= 5 %", rest=rest), as_of=AS_OF)
    with pytest.raises(RuleError, match="a moves a comparison that is not plain; search firm by firm"):
        ManySearcher(program)
