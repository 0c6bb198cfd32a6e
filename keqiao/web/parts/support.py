"""What benefits are worth together, in words: what does not add up, totals by kind, dated parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keqiao.catalogue import support
from keqiao.engines.rules import Combination, Payment, Policy, Share, Stacking
from keqiao.web.templatetags.keqiao import money, say

KINDS = {
    "grant": gettext_lazy("可得的奖补资金"),
    "voucher": gettext_lazy("可兑付的券"),
    "tax": gettext_lazy("可少缴的税"),
    "deduction": gettext_lazy("可税前扣除的数额（不是税额）"),
}
RULES = {
    "highest": gettext_lazy("不叠加，按高者计"),
    "exclusive": gettext_lazy("只能享受其中一项"),
    "cap": gettext_lazy("合计有上限"),
}


@dataclass(frozen=True)
class Total:
    """What a firm gets of one kind; with `is_open` it may be more."""

    label: str
    fen: int
    is_demo: bool
    is_open: bool


@dataclass(frozen=True)
class GroupView:
    """A group of benefits beside one of its policies: the rule, the cap of the day, the others."""

    stacking: Stacking
    rule: str
    cap_fen: int | None
    others: Sequence[Policy]


def totals(combination: Combination, editions: Mapping[str, Policy]) -> list[Total]:
    """The sums by kind of benefit, invented ones by themselves."""
    found: dict[tuple[bool, str], list[Share]] = {}
    for share in combination.shares:
        policy = editions[share.policy]
        kind = policy.benefit.kind if policy.benefit else "grant"
        found.setdefault((policy.is_demo, kind), []).append(share)
    order = list(KINDS)
    return [
        Total(
            label=str(KINDS[kind]),
            fen=sum(one.counted or 0 for one in some),
            is_demo=is_demo,
            is_open=any(one.counted is None for one in some),
        )
        for (is_demo, kind), some in sorted(found.items(), key=lambda row: (row[0][0], order.index(row[0][1])))
    ]


def shares_of(combination: Combination) -> dict[str, Share]:
    return {share.policy: share for share in combination.shares}


def sentences(share: Share, combination: Combination, editions: Mapping[str, Policy], *, on: date) -> list[str]:
    """What keeps a benefit from adding up with others that the firm is eligible for."""
    found = []
    here = {one.policy for one in combination.shares}
    for stacking in support.groups_of(editions[share.policy]):
        fellows = {one.slug for one in support.members(stacking.id, on=on)} & here - {share.policy}
        others = [editions[name] for name in sorted(fellows)]
        if stacking.rule == "cap" and share.group == stacking.id:
            found.append(_capped(share, stacking, on=on))
        elif stacking.rule != "cap" and others:
            found.append(_beside(stacking, others))
    return found


def _beside(stacking: Stacking, others: Iterable[Policy]) -> str:
    names = _("、").join(f"“{say(one, 'title')}”" for one in others)
    form = _("与%(names)s只能享受一项") if stacking.rule == "exclusive" else _("与%(names)s不叠加，按高者计")
    return form % {"names": names}


def _capped(share: Share, stacking: Stacking, *, on: date) -> str:
    cap, label = stacking.on(on).cap, say(stacking, "label")
    if cap is None or share.counted is None:
        return _("%(label)s：上限待补数据，暂不计入合计") % {"label": label}
    form = _("%(label)s %(cap)s，本项只计 %(counted)s")
    return form % {"label": label, "cap": money(cap), "counted": money(share.counted)}


def groups(policy: Policy, *, on: date) -> list[GroupView]:
    """The groups of a policy's benefit, for a page about the policy."""
    return [
        GroupView(
            stacking=one,
            rule=str(RULES[one.rule]),
            cap_fen=one.on(on).cap,
            others=[other for other in support.members(one.id, on=on) if other.slug != policy.slug],
        )
        for one in support.groups_of(policy)
    ]


def payments(policy: Policy, amount: int | None, *, on: date) -> tuple[Payment, ...]:
    return support.payments(policy, amount, on=on)
