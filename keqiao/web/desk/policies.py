"""My policies: what each means for my firm, why, what is missing; nothing has to be applied for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import Organization
from keqiao.apps.programmes import permissions, queries, reckoning
from keqiao.apps.programmes.models import StandingVerdict
from keqiao.catalogue import policies as catalogue
from keqiao.catalogue import support
from keqiao.engines.rules import (
    Block,
    Combination,
    Explanation,
    Payment,
    Policy,
    Question,
    Share,
    Verdict,
    plan_questions,
    routes,
)
from keqiao.web.parts import support as words
from keqiao.web.parts.policies import fact_label, language, missing_label, obstacles, register
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import say

DAYS_OF_CHANGES, MOST_QUESTIONS, MOST_CHANGES = 92, 3, 20
FEN_PER_WAN, LARGEST_COST = 1_000_000, 100_000_000_000


@dataclass(frozen=True)
class Line:
    """One policy as the list shows it."""

    policy: Policy
    verdict: Verdict
    missing: tuple[str, ...]
    share: Share | None = None  # what of its amount counts beside the other policies
    beside: Sequence[str] = ()
    payments: Sequence[Payment] = ()

    @property
    def failed(self) -> int:
        """How many conditions stand in the way; alternatives are one together."""
        return sum(
            route.kind != "aside" and route.state(self.verdict.clauses) == "fail" for route in routes(self.policy)
        )


def _firm(request: Request, key: str) -> Organization:
    try:
        firm = parties.organization(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if firm.key != key or not permissions.can_see_standings(request.actor, firm).allowed:
        raise Http404
    return firm


def _facts(firm: Organization, *, on: date) -> dict[str, Any]:
    return queries.facts_of_own([firm], on=on)[firm.key]


@require_safe
@login_required
def policies(request: Request) -> HttpResponse:
    """The one firm's page, or a choice of firms."""
    firms = list(queries.own_firms(request.actor))
    if len(firms) == 1:
        return policies_of(request, key=firms[0].key)
    return render(request, "desk/policies.html", {"section": "desk", "firms": firms})


@require_safe
@login_required
def policies_of(request: Request, key: str) -> HttpResponse:
    """Every policy of the state and the place, by what it says of the firm today."""
    firm, on = _firm(request, key), timezone.localdate()
    facts = _facts(firm, on=on)
    found = reckoning.reckon(facts, on=on)
    editions = reckoning.editions_on(on)
    combination = support.together(found.verdicts.values(), on=on)
    lines = [_line(editions, verdict, combination, on=on) for verdict in found.verdicts.values()]
    context = {
        "section": "desk",
        "firm": firm,
        "knows": len(facts) > 1,
        "groups": [
            (verdict, [line for line in lines if line.verdict.verdict == verdict]) for verdict in StandingVerdict.values
        ],
        "totals": words.totals(combination, editions),
        "questions": [
            {"label": fact_label(one.name, on=on), "register": register(one.name), "policies": len(one.policies)}
            for one in _questions(found.verdicts)
        ],
        "changes": _changes(firm, editions),
        "on": on,
    }
    return render(request, "desk/policies_of.html", context)


def _line(editions: Mapping[str, Policy], verdict: Verdict, combination: Combination, *, on: date) -> Line:
    policy = editions[verdict.policy]
    missing = tuple(missing_label(name, policy, on=on) for name in verdict.missing)
    share = words.shares_of(combination).get(policy.slug)
    if share is None:
        return Line(policy, verdict, missing)
    beside = words.sentences(share, combination, editions, on=on)
    return Line(policy, verdict, missing, share, beside, words.payments(policy, share.counted, on=on))


def _questions(verdicts: Mapping[str, Verdict]) -> list[Question]:
    """The facts that would settle most; what a policy's own text leaves open is not the firm's to say."""
    words = catalogue.vocabulary()
    asked = plan_questions(list(verdicts.values()))
    return [one for one in asked if one.name in words.attributes or one.name in words.lists][:MOST_QUESTIONS]


def _changes(firm: Organization, editions: dict[str, Policy]) -> list[dict[str, Any]]:
    since = timezone.now() - timedelta(days=DAYS_OF_CHANGES)
    rows = queries.changes(firm, since=since)[:MOST_CHANGES]
    return [{"row": row, "policy": editions[row.policy]} for row in rows if row.policy in editions]


@require_safe
@login_required
def policy(request: Request, key: str, slug: str) -> HttpResponse:
    """One policy, clause by clause, with the command that prints the same."""
    firm, on = _firm(request, key), timezone.localdate()
    facts = _facts(firm, on=on)
    edition = reckoning.editions_on(on).get(slug)
    if edition is None:
        raise Http404
    editions = reckoning.editions_on(on)
    fellows = {one.slug for group in words.groups(edition, on=on) for one in group.others} & editions.keys()
    found = reckoning.reckon(facts, on=on, only=[slug, *sorted(fellows)])
    combination = support.together(found.verdicts.values(), on=on)
    explanation = reckoning.explain(found.firm, slug, on=on, language=language())
    levers, problems = _levers(request, edition)
    ways = None
    if explanation.verdict.verdict == StandingVerdict.INELIGIBLE:
        costs = {row["lever"].id: row["fen"] for row in levers}
        locked = [row["lever"].id for row in levers if row["is_locked"]]
        ways = reckoning.nearest(found.firm, slug, on=on, costs=costs, locked=locked)
    context = {
        "section": "desk",
        "firm": firm,
        "policy": edition,
        "explanation": explanation,
        "verdict": explanation.verdict,
        "groups": _by_state(explanation),
        "papers": _papers(explanation),
        "line": _line(editions, found.verdicts[slug], combination, on=on),
        "ways": ways,
        "obstacles": obstacles(ways) if ways else [],
        "levers": levers,
        "problems": problems,
        "on": on,
        "command": f"keqiao policy explain --policy {slug} --as-of {on} --firms facts.jsonl --language {language()}",
    }
    return render(request, "desk/policy.html", context)


def _papers(explanation: Explanation) -> list[tuple[str, list[str]]]:
    """What has to be shown, by the office that holds it: an office, and the conditions its papers prove."""
    held: dict[str, list[str]] = {}
    for note in explanation.clauses:
        if note.state != "not_applicable":
            for register in note.registers:
                held.setdefault(register, []).append(note.label)
    return sorted(held.items(), key=lambda row: (-len(row[1]), row[0]))


def _levers(request: Request, policy: Policy) -> tuple[list[dict[str, Any]], list[str]]:
    """What a firm could change, with its own weights: 万元 a unit; money itself costs what it is."""
    rows, problems = [], []
    for lever in policy.levers:
        text, fen = request.GET.get(f"cost-{lever.id}", "").strip(), lever.cost
        if text and lever.unit != "分":
            try:
                fen = int(Decimal(text) * FEN_PER_WAN)
            except (InvalidOperation, ValueError, OverflowError):
                fen = -1
            if not 0 <= fen <= LARGEST_COST:
                problems.append(
                    _("%(lever)s：请填 0 到 10 亿元之间的数字，单位万元。") % {"lever": say(lever, "label")}
                )
                fen = lever.cost
        is_locked = request.GET.get(f"lock-{lever.id}") == "1"
        wan = f"{Decimal(fen) / FEN_PER_WAN:f}".rstrip("0").rstrip(".") if fen else "0"
        rows.append({"lever": lever, "fen": fen, "wan": wan, "is_locked": is_locked, "is_money": lever.unit == "分"})
    return rows, problems


def _by_state(explanation: Explanation) -> list[tuple[str, list[Block]]]:
    """Conditions as a firm asks: what fails first, then what is open, then what is met, last what decides nothing.

    Alternatives are one condition together: they fail if none of them is met.
    """
    found: dict[str, list[Block]] = {
        state: [] for state in ("fail", "unknown", "manual", "pass", "not_applicable", "aside")
    }
    for block in explanation.blocks:
        found["aside" if block.kind == "aside" else block.state].append(block)
    return [(state, some) for state, some in found.items() if some]


@require_safe
@login_required
def facts_file(request: Request, key: str) -> HttpResponse:
    """The firm's facts as the command line reads them, for whoever wants to compute the same."""
    firm = _firm(request, key)
    content = json.dumps(_facts(firm, on=timezone.localdate()), ensure_ascii=False) + "\n"
    response = HttpResponse(content, content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="facts.jsonl"'
    return response
