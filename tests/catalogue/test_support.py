"""What a firm gets from all shipped policies together."""

from datetime import date

import pytest

from keqiao.catalogue import policies, support
from keqiao.catalogue.files import CatalogueError
from keqiao.engines.rules import Verdict, read_policy
from keqiao.engines.rules._policy import BENEFITS

ON = date(2026, 7, 1)
EDITIONS = [policy for some in policies.editions().values() for policy in some]


def verdict(slug: str, amount: int | None, state: str = "eligible") -> Verdict:
    return Verdict(policy=slug, version="1", as_of=ON.isoformat(), firm="A", verdict=state, score=None, clauses={},
                   amount_fen=amount, missing=())  # fmt: skip


def test_groups_are_declared_cited_and_hold_two_policies_at_least() -> None:
    used = [group.id for policy in EDITIONS for group in support.groups_of(policy)]

    assert set(used) == set(support.stackings())
    assert [name for name in support.stackings() if used.count(name) < 2] == []
    assert [one.id for one in support.stackings().values() if not (one.document and one.source and one.label_en)] == []


def test_group_of_a_demonstration_holds_demonstrations_only() -> None:
    mixed = [
        (policy.slug, group.id)
        for policy in EDITIONS for group in support.groups_of(policy) if group.is_demo != policy.is_demo
    ]  # fmt: skip
    assert mixed == []


def test_kinds_of_benefits_are_known_ones() -> None:
    assert {policy.benefit.kind for policy in EDITIONS if policy.benefit} == set(BENEFITS)


def test_two_grants_count_once_and_the_voucher_is_cut_at_the_cap() -> None:
    found = support.together(
        [
            verdict("demo-rd-grant", 98_000_000),
            verdict("demo-title-award", 60_000_000),
            verdict("voucher-demo", 5_000_000),
        ],
        on=ON,
    )

    assert [one.counted for one in found.shares] == [98_000_000, 0, 2_000_000]
    assert found.shares[1].instead == ("demo-rd-grant",)
    assert found.total == 100_000_000


def test_open_amount_leaves_the_total_open_and_other_currencies_are_left_out() -> None:
    found = support.together(
        [verdict("demo-rd-grant", None), verdict("uk-eris", 10**9), verdict("voucher-demo", 1, "unknown")], on=ON
    )

    assert (found.total, found.is_open, [one.policy for one in found.shares]) == (0, True, ["demo-rd-grant"])


def test_group_nobody_declared_is_refused() -> None:
    policy = policies.edition("voucher-demo", on=ON)
    text = (policies.FOLDER / "voucher-demo" / "demo-1.toml").read_text("utf-8").replace("demo_yearly_cap", "nowhere")
    other = read_policy(text, vocabulary=policy.vocabulary)
    with pytest.raises(CatalogueError, match="'nowhere', which is not declared"):
        support.groups_of(other)


def test_amount_paid_in_parts_is_dated() -> None:
    policy = policies.edition("key-little-giant-2024", on=ON)
    parts = support.payments(policy, 600_000_001, on=ON)
    assert [(one.year, one.amount) for one in parts] == [(2026, 300_000_001), (2028, 300_000_000)]
    assert support.payments(policy, None, on=ON) == ()
