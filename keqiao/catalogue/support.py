"""What a firm gets from all policies together: which benefits do not add up, by the shipped rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from keqiao.catalogue import policies
from keqiao.catalogue.files import CatalogueError
from keqiao.engines.rules import (
    Award,
    Combination,
    Payment,
    Policy,
    RuleError,
    Stacking,
    Verdict,
    combine,
    pay_in_parts,
    read_stacking,
)

PATH = policies.FOLDER / "stacking.toml"


@cache
def stackings() -> Mapping[str, Stacking]:
    """Return the groups of benefits that do not simply add up, by name.

    >>> stackings()["demo_grants"].rule
    'highest'
    """
    try:
        return read_stacking(PATH.read_text(encoding="utf-8"), vocabulary=policies.vocabulary())
    except RuleError as error:
        raise CatalogueError(path=PATH, line=error.line, what=error.what, remedy=error.remedy) from None


def groups_of(policy: Policy) -> list[Stacking]:
    """Return the groups a policy's benefit is in; raise :class:`CatalogueError` for one that nobody declared.

    >>> [one.id for one in groups_of(policies.edition("voucher-demo", on=date(2026, 7, 1)))]
    ['demo_yearly_cap']
    """
    found = []
    for name in policy.benefit.stacking if policy.benefit else ():
        if name not in stackings():
            what = f"{policy.slug} is in the group {name!r}, which is not declared"
            raise CatalogueError(path=PATH, what=what, remedy=f"add [groups.{name}]")
        found.append(stackings()[name])
    return found


def members(group: str, *, on: date) -> list[Policy]:
    """Return the policies of a group, in the editions of a day.

    >>> [one.slug for one in members("demo_grants", on=date(2026, 7, 1))]
    ['demo-rd-grant', 'demo-title-award']
    """
    found = [policies.edition(slug, on=on) for slug in policies.editions()]
    return [one for one in found if one.benefit and group in one.benefit.stacking]


def together(verdicts: Iterable[Verdict], *, on: date) -> Combination:
    """Return the combination that gives a firm most of what it is eligible for on a day, in 分.

    Policies without an amount, and those of another currency, are left out.

    >>> together([], on=date(2026, 7, 1)).total
    0
    """
    awards = []
    for verdict in verdicts:
        policy = policies.edition(verdict.policy, on=on)
        if verdict.verdict == "eligible" and policy.benefit is not None and policy.currency == "分":
            groups = tuple(one.id for one in groups_of(policy))
            awards.append(Award(policy=policy.slug, amount=verdict.amount_fen, groups=groups))
    return combine(awards, groups={name: one.on(on) for name, one in stackings().items()})


def payments(policy: Policy, amount: int | None, *, on: date) -> tuple[Payment, ...]:
    """Return the dated parts of an amount awarded on a day; none where all is paid at once or nothing is sure.

    >>> one = policies.edition("demo-title-award", on=date(2026, 7, 1))
    >>> [(part.year, part.amount) for part in payments(one, 30_000_001, on=date(2026, 7, 1))]
    [(2026, 15000001), (2027, 15000000)]
    """
    plan = policy.benefit.instalments if policy.benefit else ()
    return pay_in_parts(amount, plan, year=on.year) if plan and amount else ()
