"""Clauses as they hang together: which must all hold, of which one is enough; the whole is what the verdict says."""

import pytest

from keqiao.catalogue import policies
from keqiao.engines.rules import Explainer, Route, explanation_dict, routes
from tests.engines.rules.firms import made_up

from .test_frames import DAY

WHOLE = {"eligible": "pass", "ineligible": "fail"}


def shape(route: Route) -> object:
    if route.kind in ("clause", "aside"):
        return route.clause if route.kind == "clause" else f"({route.clause})"
    return {route.kind: [shape(part) for part in route.parts]}


def test_alternatives_are_grouped_and_groups_of_one_are_none() -> None:
    found = [shape(one) for one in routes(policies.editions()["tech-sme-2017"][0])]
    direct, score = found[-1]["any"][:-1], found[-1]["any"][-1]  # type: ignore[index]

    assert all(str(one).startswith("base.") for one in found[:-1])
    assert direct == ["direct.hte", "direct.award", "direct.rd_body", "direct.standard"]
    assert all(str(one).startswith("score.") for one in score["all"])


def test_clause_that_the_condition_does_not_name_stands_aside() -> None:
    policy = policies.edition("rd-super-deduction", on=DAY)

    aside = [one.clause for one in routes(policy) if one.kind == "aside"]

    assert aside
    assert {policy.clause(id).kind for id in aside} == {"rate"}


@pytest.mark.parametrize("slug", policies.editions())
def test_every_clause_stands_once_and_the_whole_is_what_the_verdict_says(slug: str) -> None:
    checker = policies.checker(slug, as_of=DAY)
    policy = checker.program.policy
    found = routes(policy)
    named = [id for route in found for id in route.clauses()]
    assert sorted(named) == sorted(clause.id for clause in policy.clauses)

    whole = Route(kind="all", parts=tuple(one for one in found if one.kind != "aside"))
    for facts in made_up(policy, count=60, seed=11):
        verdict = checker.check(checker.read(facts))
        state = whole.state(verdict.clauses)
        assert WHOLE.get(verdict.verdict, "open") == (state if state in WHOLE.values() else "open")


def test_explanation_holds_the_same_clauses_as_blocks() -> None:
    checker = policies.checker("tech-sme-2017", as_of=DAY)
    firm = checker.read({"firm_id": "A", "resident": True, "certificates": []})

    found = Explainer(checker.program).explain(firm)
    (group,) = [block for block in found.blocks if block.kind == "any"]

    assert (group.state, [part.state for part in group.parts]) == ("unknown", ["fail", *["unknown"] * 4])
    assert explanation_dict(found)["routes"][-1]["any"][0] == {"id": "direct.hte", "state": "fail", "kind": "clause"}
