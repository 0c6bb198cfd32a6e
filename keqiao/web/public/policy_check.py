"""The self-check: anybody, without an account, a few questions at a time; the answers travel in the form alone."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from keqiao.engines.rules import Block, Move, RuleError, Way
from keqiao.web.parts.policies import obstacles
from keqiao.web.parts.request import Request
from keqiao.web.public import policy_shelf as shelf
from keqiao.web.public import policy_words as words
from keqiao.web.public.policy_questions import Asked
from keqiao.web.public.policy_sheet import PREFIX, Sheet
from keqiao.web.templatetags.keqiao import say

STATES = {"pass": "pass", "fail": "fail", "unknown": "unknown", "manual": "unknown", "not_applicable": ""}
VERDICTS = {"eligible": "good", "ineligible": "bad", "unknown": "warn", "needs_review": "warn"}
MOST_QUESTIONS = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, slug: str) -> HttpResponse:
    """POST only carries answers: an address never holds one, nothing is written and nothing is logged."""
    on = timezone.localdate()
    edition = shelf.find_edition(slug, request.GET.get("edition", ""), on)
    given = {name.removeprefix(PREFIX): str(text) for name, text in request.POST.items() if name.startswith(PREFIX)}
    sheet = Sheet(edition, on=on, given=given, asked=request.POST.getlist("asked")[:MOST_QUESTIONS])
    if request.POST.get("do") == "facts":
        return _facts(sheet)
    everything = request.POST.get("everything") == "1" or request.POST.get("do") == "everything"
    upcoming = [] if sheet.errors else sheet.upcoming(everything=everything)
    context = {
        "section": "policy",
        "policy": sheet.policy,
        "edition": edition,
        "day": sheet.day,
        "sheet": sheet,
        "wrong": sheet.asked(list(sheet.errors)),
        "new": [Asked(question=one, raw="") for one in upcoming],
        "answered": sheet.asked(sheet.answered),
        "everything": everything,
        "may_go_on": not upcoming and not everything and not sheet.errors and sheet.has_more(),
        "is_started": bool(sheet.questions),
        **_result(sheet),
    }
    return render(request, "public/_policy_check.html" if request.htmx else "public/policy_check.html", context)


def _result(sheet: Sheet) -> dict[str, Any]:
    explanation = sheet.explanation
    verdict = explanation.verdict
    due = verdict.amount_fen if verdict.verdict == "eligible" else None
    return {
        "verdict": verdict,
        "verdict_class": VERDICTS[verdict.verdict],
        "amount": words.quantity(due, sheet.policy.currency, sheet.words) if due is not None else "",
        "blocks": [_told_of(sheet, block) for block in explanation.blocks],
        "failed": [block for block in explanation.blocks if _stands_in_the_way(sheet, block)],
        "parts": explanation.parts,
        "lacks": [(lack, lack.name in sheet.policy.parameters) for lack in explanation.missing],
        "needed": shelf.unknown_parameters(sheet.policy),
        **_ways(sheet),
    }


def _told_of(sheet: Sheet, block: Block) -> dict[str, Any]:
    """A condition as the page shows it: its clause, or the parts of which all or one must hold."""
    note = block.note
    return {
        "kind": block.kind,
        "state": block.state,
        "css": STATES[block.state],
        "note": note,
        "clause": sheet.policy.clause(note.id) if note else None,
        "findings": _told(note.findings) if note else [],
        "parts": [_told_of(sheet, part) for part in block.parts],
    }


def _stands_in_the_way(sheet: Sheet, block: Block) -> bool:
    """Alternatives fail together or not at all; what decides nothing stands in no way."""
    return sheet.verdict.verdict == "ineligible" and block.kind != "aside" and block.state == "fail"


def _told(findings: Iterable[Any]) -> list[tuple[str, str]]:
    """What is held against a bound, and the value, each once."""
    said = [(f"{one.what} {one.sign} {shelf.bound_of(one)}", one.value) for one in findings if one.sign]
    return list(dict.fromkeys(said))


def _ways(sheet: Sheet) -> dict[str, Any]:
    """The nearest ways to qualify, the cheapest first, each as its moves in words, or what stands in the way."""
    policy = sheet.policy
    if sheet.verdict.verdict != "ineligible" or not policy.levers:
        return {}
    try:
        found = shelf.searcher(policy.slug, policy.version, sheet.day).search(sheet.firm, most_ways=3)
    except RuleError:
        return {}
    return {
        "ways": [_moves(sheet, way) for way in found.ways or found.until_people],
        # What nobody answered yet is asked above.
        "obstacles": obstacles(found, without="data"),
    }


def _moves(sheet: Sheet, way: Way) -> list[str]:
    return [_move(sheet, move) for move in way.moves]


def _move(sheet: Sheet, move: Move) -> str:
    label = say(move, "label")
    return label if move.unit == "次" else f"{label} {words.quantity(move.amount, move.unit, sheet.words)}"


def _facts(sheet: Sheet) -> HttpResponse:
    """The answers as the command line reads them, so that anybody can compute the same on their own."""
    firm: Mapping[str, Any] = {"firm_id": "self-check", **sheet.facts}
    response = HttpResponse(
        json.dumps(firm, ensure_ascii=False) + "\n", content_type="application/jsonl; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="firms.jsonl"'
    return response
