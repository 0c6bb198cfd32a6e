"""What a change of rules does to firms."""

from datetime import date
from typing import Any

import pytest

from keqiao.catalogue import policies
from keqiao.engines.rules import Checker, RuleError, compile_policy
from keqiao.engines.rules.trial import Population, compare_editions, simulate
from tests.engines.rules.firms import made_up

DAY = date(2026, 6, 1)


def population(slug: str = "demo-rd-grant", *, count: int = 200) -> Population:
    checker = policies.checker(slug, as_of=DAY)
    return Population([checker.read(facts) for facts in made_up(checker.program.policy, count=count, seed=2)])


def test_simulate_without_changes_counts_what_the_reference_counts() -> None:
    firms, checker = population(), policies.checker("demo-rd-grant", as_of=DAY)
    verdicts = [checker.check(firm) for firm in firms.firms]

    (outcome,) = simulate(checker.program.policy, firms, as_of=DAY, variants=[{}])

    eligible = [one for one in verdicts if one.verdict == "eligible"]
    assert outcome.firms["eligible"] == len(eligible)
    assert outcome.amount_fen == sum(one.amount_fen or 0 for one in eligible)
    assert outcome.open_amounts == sum(one.amount_fen is None for one in eligible)


def test_simulate_with_a_higher_cap_pays_no_less() -> None:
    variants = [{"cap": f"{cap} 万元"} for cap in (10, 50, 100, 200)]
    policy = policies.editions()["demo-rd-grant"][-1]

    paid = [one.amount_fen for one in simulate(policy, population(), as_of=DAY, variants=variants)]

    assert paid == sorted(paid)
    assert paid[0] < paid[-1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cup": "1 元"}, "there is no parameter 'cup'; the policy has rd_least"),
        ({"cap": "5 人"}, "a number of 人 meets a number of 分"),
    ],
)
def test_simulate_refuses_what_does_not_fit(change: dict[str, str], message: str) -> None:
    policy = policies.editions()["demo-rd-grant"][-1]
    with pytest.raises(RuleError, match=message):
        simulate(policy, population(count=2), as_of=DAY, variants=[change])


def test_population_frames_give_the_same_as_the_reference_for_every_policy() -> None:
    from keqiao.engines.rules.batch import judge, verdict_of  # noqa: PLC0415 - this test alone

    for slug in policies.editions():
        checker, firms = policies.checker(slug, as_of=DAY), population(slug, count=60)
        found = judge(checker.program, firms.frame(checker.program))
        assert [verdict_of(row) for row in found.to_dicts()] == [checker.check(one).verdict for one in firms.firms]


def changed(facts: dict[str, Any], **overrides: str) -> list[dict[str, Any]]:
    policy = policies.editions()["tech-sme-2017"][-1]
    old = compile_policy(policy, as_of=date(2026, 6, 15))
    new = compile_policy(policy, as_of=date(2026, 6, 15), overrides=overrides)
    firm = Checker(old).read({**policies.cases(policy)[0]["firm"], **facts})
    return [one.as_dict() for one in compare_editions(old, new, [firm])]


def test_compare_names_firms_and_the_clauses_responsible() -> None:
    (found,) = changed({}, staff_most="199 人")
    assert (found["before"]["verdict"], found["after"]["verdict"]) == ("eligible", "ineligible")
    assert found["clauses"] == {"base.staff": ["pass", "fail"]}


def test_compare_leaves_out_firms_that_stay() -> None:
    assert changed({}, staff_most="200 人") == []
