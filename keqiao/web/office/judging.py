"""Search quality: officers and brokers grade what the matching finds, pair by pair, and see how good it is."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, permissions, search_quality
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import Grade, Need, Offer
from keqiao.apps.parties.actors import VISITOR
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request, person

RUNS_SHOWN = 8


@dataclass(frozen=True)
class Queue:
    """What one judge has to do for a need: the offers in their order, the grades given so far."""

    keys: list[str]
    grades: dict[str, int]

    @property
    def open(self) -> list[str]:
        return [key for key in self.keys if key not in self.grades]

    @property
    def done(self) -> int:
        return len(self.keys) - len(self.open)

    def after(self, key: str) -> str:
        """The open offer that follows `key`, going round: where skipping leads."""
        rest = self.keys[self.keys.index(key) + 1 :] + self.keys
        return next((other for other in rest if other in self.open and other != key), "")


def _require(request: Request) -> None:
    if not permissions.can_judge(request.actor).allowed:
        raise PermissionDenied


@require_safe
@login_required
def needs(request: Request) -> HttpResponse:
    """The figures of the ranking, how they moved, and the needs to judge, those least judged first."""
    _require(request)
    page = lists.page_of(request, market.needs_to_judge(person(request), on=timezone.localdate()))
    runs = list(market.quality_runs()[:RUNS_SHOWN])
    context = {
        "section": "office",
        "tab": "judging",
        "page": page,
        "rows": page.object_list,
        "runs": [run for run in runs if run.made_at],
        "is_waiting": any(run.made_at is None for run in runs),
        "first": next(iter(page.object_list), None),
    }
    return render(request, "office/judging.html", context)


@require_POST
@login_required
def measure(request: Request) -> HttpResponse:
    try:
        actions.judgements.ask_for_measurement(by=request.actor, at=timezone.now())
    except Refused as refusal:
        if not permissions.can_measure(request.actor).allowed:
            raise PermissionDenied from refusal
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("office:judging")


@login_required
def pair(request: Request, key: str) -> HttpResponse:
    """One need beside one offer, both as everyone may read them; whose they are and their rank are not shown."""
    _require(request)
    need = _find("need", key)
    assert isinstance(need, Need)  # noqa: S101 - `see` was asked for one
    if request.method == "POST":
        return _grade(request, need)
    judge = person(request)
    found = search_quality.pool(need, judge=str(judge.key), on=timezone.localdate())
    queue = Queue(found or [], market.own_grades(need, judge))
    wanted = request.GET.get("offer", "")
    shown = wanted if wanted in queue.keys else next(iter(queue.open), "")
    context: dict[str, Any] = {
        "section": "office",
        "tab": "judging",
        "need": market.face(need, VISITOR),
        "queue": queue,
        "is_ready": found is not None,
        "grades": Grade.choices,
    }
    if shown:
        offer = market.face(_find("offer", shown), VISITOR)
        context |= {"offer": offer, "given": queue.grades.get(shown), "skip": queue.after(shown),
                    "place": queue.keys.index(shown) + 1}  # fmt: skip
    else:
        context |= {"rows": _result(need, queue), "next": _next(request, need)}
    return render(request, "office/judging_pair.html", context)


def _find(listing: str, key: str) -> Need | Offer:
    """A listing that everyone may see: judges of all places judge the same."""
    try:
        return market.see(listing, key, actor=VISITOR, on=timezone.localdate())  # type: ignore[return-value] # of MODELS
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _grade(request: Request, need: Need) -> HttpResponse:
    offer = _find("offer", request.POST.get("offer", ""))
    assert isinstance(offer, Offer)  # noqa: S101 - `see` was asked for one
    sent, judge, at = request.POST.get("grade", ""), person(request), timezone.now()
    try:
        if sent == "back":
            actions.judgements.take_back(need, offer, judge=judge, by=request.actor, at=at)
        else:
            grade = int(sent) if sent in ("0", "1", "2", "3") else -1
            actions.judgements.judge(need, offer, grade=grade, judge=judge, by=request.actor, at=at)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect(f"{reverse('office:judging-pair', args=[need.key])}#pair")


def _result(need: Need, queue: Queue) -> list[dict[str, Any]]:
    """What was judged, in the order of the ranking: shown only when all is judged, so that nobody judges by it."""
    order = search_quality.ranking(need)
    rows = {row.key: row for row in market.published("offer", on=timezone.localdate()).filter(key__in=queue.keys)}
    ranked = [*order, *(key for key in queue.keys if key not in order)]
    return [
        {"face": market.faces([rows[key]], VISITOR)[0], "grade": queue.grades.get(key),
         "rank": order.index(key) + 1 if key in order else None}
        for key in ranked if key in rows
    ]  # fmt: skip


def _next(request: Request, need: Need) -> Need | None:
    rows = market.needs_to_judge(person(request), on=timezone.localdate())
    return rows.exclude(pk=need.pk).first()
