"""Policies applied to firms: pure reading, used by the worker, by pages and by files."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings

from keqiao.catalogue import policies
from keqiao.engines.rules import Explainer, Explanation, Firm, Nearest, Policy, Searcher, Verdict, read_firm


@dataclass(frozen=True)
class Reckoned:
    """One firm's verdicts on a day, by policy."""

    firm: Firm
    verdicts: Mapping[str, Verdict]


def editions_on(on: date) -> dict[str, Policy]:
    """The edition of each policy that a firm of this place is judged by on a day, by slug.

    Left out are those of another country, whose facts are not kept here, those of another province, what has ended,
    and fictitious ones outside a demo.
    """
    found = {slug: policies.edition(slug, on=on) for slug in policies.editions()}
    return {slug: policy for slug, policy in found.items() if _holds_here(policy) and not _is_over(policy, on)}


def _holds_here(policy: Policy) -> bool:
    if policy.vocabulary is not policies.vocabulary():
        return False
    return settings.DEMO if policy.is_demo else policy.region in ("", settings.REGION)


def _is_over(policy: Policy, on: date) -> bool:
    """Its file names the first day on which it no longer holds."""
    return policy.ends is not None and policy.ends <= on


@cache
def catalogue_stamp() -> str:
    """Twelve characters that change with any edition that is shipped."""
    known = [f"{slug} {one.version} {one.digest}" for slug, some in policies.editions().items() for one in some]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:12]


def reckon(facts: Mapping[str, Any], *, on: date, only: Iterable[str] | None = None) -> Reckoned:
    """The verdict of each policy on one firm; `facts` are named as the policies' vocabulary names them."""
    firm = read_firm(facts, vocabulary=policies.vocabulary(), year=on.year)
    slugs = editions_on(on) if only is None else only
    return Reckoned(firm, {slug: policies.checker(slug, as_of=on).check(firm) for slug in slugs})


@cache
def _explainer(slug: str, as_of: date, language: str) -> Explainer:
    return Explainer(policies.checker(slug, as_of=as_of).program, language=language)


def explain(firm: Firm, slug: str, *, on: date, language: str) -> Explanation:
    """Each clause in words."""
    return _explainer(slug, on, language).explain(firm)


def nearest(
    firm: Firm, slug: str, *, on: date, costs: Mapping[str, int] | None = None, locked: Sequence[str] = ()
) -> Nearest:
    """The cheapest and the smallest change with which a firm would qualify, or what stands in the way of all.

    `costs` weighs a unit of a lever in 分, `locked` levers stay where they are.
    """
    program = policies.checker(slug, as_of=on).program
    return Searcher(program, costs=costs, locked=locked).search(firm)
