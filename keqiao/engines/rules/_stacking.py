"""What a firm gets that several policies support: benefits that exclude each other, and sums that stop at a cap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

RULES = ("highest", "exclusive", "cap")


@dataclass(frozen=True, kw_only=True)
class Group:
    """Benefits that do not simply add up.

    `highest`: only the highest counts; `exclusive`: the firm takes one of them; `cap`: they add up to `cap` at most,
    None while nobody knows it.
    """

    id: str
    rule: str
    cap: int | None = None


@dataclass(frozen=True, kw_only=True)
class Award:
    """The benefit of one policy for a firm: whole units of money, None while the amount is open."""

    policy: str
    amount: int | None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Share:
    """What of an award counts; `group` names what holds it back and `instead` the awards that count in its place."""

    policy: str
    amount: int | None
    counted: int | None
    group: str = ""
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Combination:
    """All awards of a firm together; with `is_open` the total is what is sure so far and may grow."""

    shares: tuple[Share, ...]
    total: int
    is_open: bool


def combine(awards: Sequence[Award], *, groups: Mapping[str, Group]) -> Combination:
    """Return the combination of awards that gives a firm most, each award with what of it counts, in their order.

    Amounts are integers of the smallest unit (分) and at least 0. Of awards that share a group of the rule `highest`
    or `exclusive` one counts at most; those of a `cap` group add up to its cap, the largest first, the last one cut.
    An award may be in several groups, in one `cap` group at most. Among equal totals the one that keeps the larger
    awards, then the smaller names, is taken. Open amounts, and awards under a cap nobody knows, count nothing yet.

    Method: exhaustive search with a bound (the value of everything still possible), exact for every input; awards are
    as few as policies. Raises ValueError for a negative amount, an unknown group and a second cap.

    >>> grants = {"rd": Group(id="rd", rule="highest"), "all": Group(id="all", rule="cap", cap=90)}
    >>> awards = [Award(policy=name, amount=some, groups=("rd", "all")) for name, some in (("a", 60), ("b", 50))]
    >>> found = combine([*awards, Award(policy="c", amount=40, groups=("all",))], groups=grants)
    >>> [share.counted for share in found.shares], found.total
    ([60, 0, 30], 90)
    """
    caps = {award.policy: _cap_of(award, groups) for award in awards}
    ranked = sorted(
        (one for one in awards if one.amount is not None and not _is_uncertain(caps[one.policy])),
        key=lambda one: (-(one.amount or 0), one.policy),
    )
    kept = _best(ranked, groups, caps)
    counted = _counted(kept, caps)
    shares = tuple(_share(one, awards, counted, groups, caps[one.policy]) for one in awards)
    return Combination(shares=shares, total=sum(counted.values()), is_open=any(one.counted is None for one in shares))


def _cap_of(award: Award, groups: Mapping[str, Group]) -> Group | None:
    if award.amount is not None and award.amount < 0:
        raise ValueError(f"the award of {award.policy} is {award.amount}: give 0 or more")
    if unknown := [id for id in award.groups if id not in groups]:
        raise ValueError(f"{award.policy} is in a group {unknown[0]!r} that is not given: add it to groups")
    found = [groups[id] for id in award.groups if groups[id].rule == "cap"]
    if len(found) > 1:
        raise ValueError(f"{award.policy} is under two caps, {found[0].id} and {found[1].id}: let it be in one")
    return found[0] if found else None


def _is_uncertain(cap: Group | None) -> bool:
    return cap is not None and cap.cap is None


def _rivals(one: Award, others: Sequence[Award], groups: Mapping[str, Group]) -> Iterator[tuple[Award, str]]:
    """The other awards beside which one may not stand, each with the group that says so."""
    for other in others:
        shared = [id for id in one.groups if id in other.groups and groups[id].rule != "cap"]
        if other.policy != one.policy and shared:
            yield other, shared[0]


def _best(ranked: list[Award], groups: Mapping[str, Group], caps: Mapping[str, Group | None]) -> list[Award]:
    best: tuple[int, list[Award]] = (-1, [])

    def go(kept: list[Award], left: list[Award]) -> None:
        nonlocal best
        if sum(_counted([*kept, *left], caps).values()) <= best[0]:
            return
        if not left:
            best = (sum(_counted(kept, caps).values()), kept)
            return
        first, rest = left[0], left[1:]
        rivals = {other.policy for other, _group in _rivals(first, rest, groups)}
        go([*kept, first], [one for one in rest if one.policy not in rivals])
        if rivals:
            go(kept, rest)

    go([], ranked)
    return best[1]


def _counted(kept: Sequence[Award], caps: Mapping[str, Group | None]) -> dict[str, int]:
    """What counts of awards that stand beside each other: under a cap the largest first, the last one cut."""
    left: dict[str, int] = {}
    found = {}
    for one in sorted(kept, key=lambda one: (-(one.amount or 0), one.policy)):
        cap, amount = caps[one.policy], one.amount or 0
        if cap is not None and cap.cap is not None:
            amount = min(amount, left.get(cap.id, cap.cap))
            left[cap.id] = left.get(cap.id, cap.cap) - amount
        found[one.policy] = amount
    return found


def _share(
    one: Award, awards: Sequence[Award], counted: Mapping[str, int], groups: Mapping[str, Group], cap: Group | None
) -> Share:
    if one.amount is None or _is_uncertain(cap):
        group = cap.id if cap is not None and _is_uncertain(cap) else ""
        return Share(policy=one.policy, amount=one.amount, counted=None, group=group)
    if one.policy in counted:
        is_cut = counted[one.policy] < one.amount
        group = cap.id if is_cut and cap is not None else ""
        return Share(policy=one.policy, amount=one.amount, counted=counted[one.policy], group=group)
    instead = [(other.policy, group) for other, group in _rivals(one, awards, groups) if other.policy in counted]
    return Share(
        policy=one.policy, amount=one.amount, counted=0, group=instead[0][1], instead=tuple(name for name, _ in instead)
    )
