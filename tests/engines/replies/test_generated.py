"""Two hundred written pairs of replies with known truth: nothing false is ever said, and nearly all that is true."""

import pytest

from .judging import Judged, judge

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judged() -> Judged:
    return judge(200)


def test_generated_pairs_get_no_false_link_verdict_or_contradiction(judged: Judged) -> None:
    assert judged.faults == []


@pytest.mark.parametrize(
    ("measure", "least"),
    [
        ("series", 0.95), ("contradictions", 0.95), ("promises kept", 0.9), ("promises partly", 0.9),
        ("sums right", 0.95), ("sums wrong", 0.95),
    ],
)  # fmt: skip
def test_generated_pairs_are_nearly_all_understood(judged: Judged, measure: str, least: float) -> None:
    assert judged.of[measure] > 40
    assert judged.found[measure] >= least * judged.of[measure]
