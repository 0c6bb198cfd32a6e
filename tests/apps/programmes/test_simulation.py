"""What a change of a rule would do: exact counts and money, who moves, by which clause."""

from dataclasses import replace
from decimal import Decimal

import pytest

from keqiao.apps.programmes import simulation
from keqiao.catalogue import policies
from keqiao.engines.rules import Firm, RuleError, read_firm

from .knowing import TODAY, small_firm

GRANT = "demo-rd-grant"


def firm(name: str, rd_fen: int) -> Firm:
    policy = policies.edition(GRANT, on=TODAY)
    facts = dict(policies.cases(policy)[0]["firm"]) | {
        "firm_id": name, "rd_fen_t1": rd_fen, "rd_fen_t2": rd_fen, "list_checks": small_firm()["list_checks"],
        "certificates": [{"type": "tech_sme", "from": "2026-06-01", "to": "2027-06-01"}],
    }  # fmt: skip
    return read_firm(facts, vocabulary=policies.vocabulary(), year=TODAY.year)


FIRMS = [firm("A", 49_999_999), firm("B", 60_000_000), firm("C", 200_000_000)]


def test_raised_threshold_moves_the_firms_below_it() -> None:
    before = simulation.program(GRANT, on=TODAY)
    after = simulation.program(GRANT, on=TODAY, overrides={"rd_least": "70 万元"})

    found = simulation.compare(before, after, FIRMS)

    assert (found.before.eligible, found.after.eligible) == (2, 1)
    # 10 % of 600,000 and of 2,000,000 yuan.
    assert (found.before.due_fen, found.after.due_fen) == (26_000_000, 20_000_000)
    (move,) = found.moves
    assert (move.before.firm, move.before.verdict, move.after.verdict) == ("B", "eligible", "ineligible")
    assert move.clauses == [("base.rd_floor", "pass", "fail")]


def test_budget_is_shared_to_the_last_fen() -> None:
    program = simulation.program(GRANT, on=TODAY)
    found = simulation.compare(program, program, FIRMS, budget_fen=13_000_001)

    assert (found.before.due_fen, found.before.paid_fen, found.moves) == (26_000_000, 13_000_001, [])


def test_added_spending_leaves_out_what_another_grant_pays_already() -> None:
    titled = replace(FIRMS[1], lists={**FIRMS[1].lists, "certificates": read_firm(
        {"firm_id": "x", "certificates": [
            {"type": "tech_sme", "from": "2026-06-01", "to": "2027-06-01"},
            {"type": "srdi", "from": "2026-06-01", "to": "2027-06-01"},
        ]}, vocabulary=policies.vocabulary(), year=TODAY.year).lists["certificates"]})  # fmt: skip
    before = simulation.program(GRANT, on=TODAY)
    after = simulation.program(GRANT, on=TODAY, overrides={"rate_first": "60 %"})
    beside = simulation.programs_beside(policies.edition(GRANT, on=TODAY), on=TODAY)

    found = simulation.compare(before, after, [titled, FIRMS[2]], beside=beside)

    # 60,000 yuan stay below the award of 300,000 for the title; 360,000 are 60,000 more than it.
    assert [one.policy.slug for one in beside] == ["demo-title-award", "voucher-demo"]
    assert (found.before.due_fen, found.before.added_fen) == (26_000_000, 20_000_000)
    assert (found.after.due_fen, found.after.added_fen) == (36_000_000 + 100_000_000, 6_000_000 + 100_000_000)


def test_groups_hold_each_firm_once() -> None:
    program = simulation.program(GRANT, on=TODAY)
    found = simulation.compare(program, program, FIRMS).grouped(lambda key: "vowel" if key == "A" else "other")

    assert [(name, before.eligible, sum(after.verdicts.values())) for name, before, after in found] == [
        ("other", 2, 2),
        ("vowel", 0, 1),
    ]


def test_nobody_to_judge_is_no_error() -> None:
    program = simulation.program(GRANT, on=TODAY)
    found = simulation.compare(program, program, [])
    assert (found.before.eligible, found.after.due_fen, found.grouped(str)) == (0, 0, [])


def test_sliders_begin_where_the_policy_stands_and_reach_its_value_by_steps() -> None:
    for slug in policies.editions():
        for slider in simulation.sliders(policies.edition(slug, on=TODAY), on=TODAY):
            assert 0 <= slider.value <= slider.largest
            assert slider.value % slider.step == 0
            simulation.program(slug, on=TODAY, overrides={slider.name: slider.text(slider.value)})

    (slider, *_others) = simulation.sliders(policies.edition(GRANT, on=TODAY), on=TODAY)
    assert (slider.name, slider.value, slider.unit, slider.text(Decimal("62.5"))) == (
        "rd_least", Decimal(50), "万元", "62.5 万元",
    )  # fmt: skip


def test_value_that_is_none_is_refused() -> None:
    with pytest.raises(RuleError, match="there is no parameter"):
        simulation.program(GRANT, on=TODAY, overrides={"nothing": "1"})
