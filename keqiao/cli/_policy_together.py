"""`keqiao policy together`: what firms get from all policies, with the benefits that do not add up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from keqiao.catalogue import policies, support
from keqiao.cli import _policies as shared
from keqiao.engines.rules import Checker, Policy, Share, Verdict


def together(
    as_of: Annotated[str, typer.Option("--as-of", help="day the question is asked for, as 2026-07-01")],
    firms: shared.FirmsFile,
    out: shared.OutFile,
    only: Annotated[
        list[str] | None, typer.Option("--policy", help="slug; may be repeated; else all with an amount in 分")
    ] = None,
) -> None:
    """Write for each firm what it is eligible for, what of each amount counts, when it is paid, and the total."""
    day = shared.day(as_of)
    known = _with_amounts(day)
    if unknown := [slug for slug in only or () if slug not in known]:
        shared.stop(f"{unknown[0]!r} has no amount in 分 on {day}: use some of {', '.join(known)}")
    checkers = [shared.checker(slug, as_of=day) for slug in only or known]
    given = shared.firms_of(firms, checkers[0])
    shared.read_all(checkers[0], given)
    shared.finish(out, (_line(facts, checkers, day) for facts in given.rows), given.errors)


def _with_amounts(day: date) -> list[str]:
    editions = [policies.edition(slug, on=day) for slug in policies.editions()]
    return [one.slug for one in editions if one.benefit and one.currency == "分" and _holds(one, day)]


def _holds(policy: Policy, day: date) -> bool:
    return (policy.starts is None or policy.starts <= day) and (policy.ends is None or day < policy.ends)


def _line(facts: Mapping[str, Any], checkers: list[Checker], day: date) -> dict[str, Any]:
    verdicts = {one.policy: one for one in (checker.check(checker.read(facts)) for checker in checkers)}
    found = support.together(verdicts.values(), on=day)
    return {
        "firm": facts["firm_id"],
        "as_of": day.isoformat(),
        "total_fen": found.total,
        "is_open": found.is_open,
        "benefits": [_benefit(one, day) for one in found.shares],
        "open": [slug for slug, one in verdicts.items() if _is_open(one)],
    }


def _benefit(one: Share, day: date) -> dict[str, Any]:
    policy = policies.edition(one.policy, on=day)
    parts = support.payments(policy, one.counted, on=day)
    return {
        "policy": one.policy,
        "kind": policy.benefit.kind if policy.benefit else "",
        "amount_fen": one.amount,
        "counted_fen": one.counted,
        "group": one.group,
        "instead": list(one.instead),
        "instalments": [{"year": part.year, "amount_fen": part.amount, "percent": part.of.percent} for part in parts],
    }


def _is_open(verdict: Verdict) -> bool:
    return verdict.verdict in ("unknown", "needs_review")
