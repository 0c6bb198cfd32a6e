"""Policies in the office: the editions, what a change of a rule would do to the firms served, two days compared."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import Organization, Purpose
from keqiao.apps.programmes import permissions, queries, reckoning, simulation
from keqiao.apps.programmes.models import StandingVerdict
from keqiao.catalogue import policies as catalogue
from keqiao.engines.rules import Firm, Policy, RuleError, read_firm
from keqiao.web.parts.charts import Bar, bars
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import grouped, label, say

MOST_FIRMS, MOST_MOVES, MOST_GROUPS = 20_000, 100, 12
FEN_PER_WAN = 1_000_000
LARGEST_BUDGET = Decimal(10_000_000)
BY = {
    "area": (gettext_lazy("按所在地"), lambda firm: label(firm.area, "area")),
    "industry": (gettext_lazy("按行业"), lambda firm: label(firm.industry[:2], "industry") if firm.industry else ""),
    "scale": (gettext_lazy("按规模"), lambda firm: firm.get_scale_display() if firm.scale else ""),
}  # fmt: skip


def _require(request: Request) -> None:
    if not permissions.can_simulate(request.actor).allowed:
        raise PermissionDenied


def _policy(slug: str, *, on: date) -> Policy:
    found = reckoning.editions_on(on).get(slug)
    if found is None:
        raise Http404
    return found


def _firms(request: Request, *, on: date) -> tuple[dict[str, Organization], list[Firm]]:
    """The firms the officer serves with the facts that may be used for support, as the engine reads them."""
    rows = list(queries.firms_served(request.actor)[:MOST_FIRMS])
    known = parties.facts_of(rows, purpose=Purpose.SUPPORT, on=on, actor=request.actor)
    words = catalogue.vocabulary()
    firms = [read_firm(known[row.key], vocabulary=words, year=on.year) for row in rows if len(known[row.key]) > 1]
    return {row.key: row for row in rows}, firms


@require_safe
@login_required
def policies(request: Request) -> HttpResponse:
    """The editions in force with the number of parameters that can be tried."""
    _require(request)
    on = timezone.localdate()
    rows = [
        {
            "policy": policy,
            "sliders": len(simulation.sliders(policy, on=on)),
            "editions": len(catalogue.editions()[slug]),
        }
        for slug, policy in reckoning.editions_on(on).items()
    ]
    return render(request, "office/policies.html", {"section": "office", "tab": "policies", "rows": rows})


@require_safe
@login_required
def simulate(request: Request, slug: str) -> HttpResponse:
    """Other values for the parameters, and a budget: who would win or lose it, and what it would cost."""
    _require(request)
    on = timezone.localdate()
    policy = _policy(slug, on=on)
    known = simulation.sliders(policy, on=on)
    problems: dict[str, str] = {}
    given = {one.name: _given(request, one, problems) for one in known}
    budget = _budget(request, problems)
    overrides = {one.name: one.text(given[one.name]) for one in known if given[one.name] != one.value}
    context: dict[str, Any] = {
        "section": "office",
        "tab": "policies",
        "policy": policy,
        "sliders": [
            {"slider": one, "value": given[one.name], "problem": problems.get(one.name, ""),
             "is_changed": one.name in overrides} for one in known
        ],
        "budget": request.GET.get("budget", ""),
        "problems": problems,
        "command": _command(slug, on=on, overrides=overrides),
        "choices": [(name, title) for name, (title, _word) in BY.items()],
    }  # fmt: skip
    if not problems:
        try:
            after = simulation.program(slug, on=on, overrides=overrides)
        except RuleError as error:
            context["problems"] = {"": str(error)}
        else:
            rows, firms = _firms(request, on=on)
            beside = simulation.programs_beside(policy, on=on)
            context["beside"] = [one.policy for one in beside]
            before = simulation.program(slug, on=on)
            found = simulation.compare(before, after, firms, budget_fen=budget, beside=beside)
            context |= _compared(request, found, rows, policy, after.policy)
    return render(request, "office/policy_simulation.html", context, status=422 if context["problems"] else 200)


def _given(request: Request, slider: simulation.Slider, problems: dict[str, str]) -> Decimal:
    text = request.GET.get(slider.name, "").strip()
    if not text:
        return slider.value
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= slider.largest * 10):
        most = slider.largest * 10
        problems[slider.name] = _("请填 0 到 %(most)s 之间的数字。") % {"most": f"{most:f}"}
        return slider.value
    return value


def _budget(request: Request, problems: dict[str, str]) -> int | None:
    text = request.GET.get("budget", "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= LARGEST_BUDGET):
        problems["budget"] = _("预算请填 0 到 1000 亿元之间的数字，单位万元。")
        return None
    return int(value * FEN_PER_WAN)


def _command(slug: str, *, on: date, overrides: dict[str, str]) -> str:
    tried = "".join(f' --set "{name}={text}"' for name, text in overrides.items())
    return f"keqiao policy simulate --policy {slug} --as-of {on} --firms facts.jsonl --out found.jsonl{tried}"


@require_safe
@login_required
def difference(request: Request, slug: str) -> HttpResponse:
    """The same firms under the rules of two days: which change, by which clause."""
    _require(request)
    today = timezone.localdate()
    policy = _policy(slug, on=today)
    problems: dict[str, str] = {}
    first = _day(request, "from", today.replace(month=1, day=1), problems)
    last = _day(request, "to", today, problems)
    context: dict[str, Any] = {
        "section": "office", "tab": "policies", "policy": policy, "first": first, "last": last, "problems": problems,
    }  # fmt: skip
    if not problems:
        rows, firms = _firms(request, on=last)
        before, after = (simulation.program(slug, on=day) for day in (first, last))
        context |= _compared(request, simulation.compare(before, after, firms), rows, before.policy, after.policy)
        context["editions"] = (before.policy, after.policy)
    return render(request, "office/policy_difference.html", context, status=422 if problems else 200)


def _day(request: Request, name: str, usual: date, problems: dict[str, str]) -> date:
    text = request.GET.get(name, "").strip()
    try:
        day = date.fromisoformat(text) if text else usual
    except ValueError:
        day = date.min
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        problems[name] = _("请填 2000 年到 2100 年之间的日期，如 2026-07-01。")
        return usual
    return day


def _compared(
    request: Request, found: simulation.Comparison, rows: dict[str, Organization], *sides: Policy
) -> dict[str, Any]:
    chosen = request.GET.get("by", "area")
    by = chosen if chosen in BY else "area"
    word: Callable[[Organization], str] = BY[by][1]
    groups = found.grouped(lambda key: word(rows[key]) or _("未填"))
    chart = [Bar(name, after.eligible, grouped(after.eligible)) for name, _before, after in groups[:MOST_GROUPS]]
    labels = {clause.id: say(clause, "label") for policy in sides for clause in policy.clauses}
    return {
        "found": found,
        "firms": len(found.results),
        "verdicts": [(verdict, found.before.verdicts[verdict], found.after.verdicts[verdict])
                     for verdict in StandingVerdict.values],
        "groups": groups,
        "by": by,
        "by_title": BY[by][0],
        "chart": bars(chart, title=_("改后符合条件的企业")) if any(bar.value for bar in chart) else None,
        "moves": [_move(move, rows, labels) for move in found.moves[:MOST_MOVES]],
        "more": max(0, len(found.moves) - MOST_MOVES),
    }  # fmt: skip


def _move(move: simulation.Move, rows: dict[str, Organization], labels: dict[str, str]) -> dict[str, Any]:
    clauses: Sequence[tuple[str, str, str]] = move.clauses
    return {
        "firm": rows[move.after.firm],
        "before": move.before,
        "after": move.after,
        "clauses": [(labels.get(id, id), before, after) for id, before, after in clauses],
    }
