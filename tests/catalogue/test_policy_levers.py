"""What a firm can change: the nearest way of the policies' own cases, to the fen and the item."""

import pytest

from keqiao.catalogue import policies
from keqiao.engines.rules import Searcher

SLUGS = [slug for slug, some in policies.editions().items() if some[-1].levers]


def way(slug: str, why: str) -> list[tuple[str, int]] | None:
    (case,) = [one for one in policies.cases(policies.editions()[slug][-1]) if one["why"] == why]
    checker = policies.checker(slug, as_of=case["as_of"])
    found = Searcher(checker.program).search(checker.read(case["firm"])).cheapest
    return [(move.lever, move.amount) for move in found.moves] if found else None


@pytest.mark.parametrize(
    ("slug", "why", "expected"),
    [
        ("innovative-sme-2022", "innovation of 15 alone sinks a total of 75", [("rd", 20_000_000)]),
        ("innovative-sme-2022", "too large", None),
        ("innovative-sme-2022", "one fen short", [("equity", 1)]),
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
