"""The officer's queue: what was submitted in the places one serves, and the decision on each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, answers, disclosure, kinds, permissions
from keqiao.apps.market import queries as market
from keqiao.apps.market.names import subject_of
from keqiao.apps.market.states import REASONS
from keqiao.apps.parties.models import Role
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import find_listing

LOOK_ALIKES = 3
ALIKE = 0.05  # below this chance two needs only share a word


@require_safe
@login_required
def queue(request: Request, listing: str) -> HttpResponse:
    if not request.actor.has(Role.OFFICER):
        raise PermissionDenied
    page = lists.page_of(request, market.screening_queue(listing, actor=request.actor))
    context = {
        "section": "office",
        "tab": f"queue-{listing}",
        "listing": listing,
        "page": page,
        "rows": page.object_list,
        "waiting": {name: market.screening_queue(name, actor=request.actor).count() for name in lists.FILTERS},
    }
    return render(request, "office/queue.html", context)


@login_required
def decide(request: Request, listing: str, key: str) -> HttpResponse:
    """One listing with everything an officer needs: full text, quality, look-alikes, history, decision."""
    row = find_listing(request, listing, key)
    if not permissions.can_screen(request.actor, row).allowed:
        raise PermissionDenied
    if request.method == "POST":
        return _take(request, listing, key)
    face = market.face(row, request.actor)
    same = answers.answer(
        listing, answers.query_of(row, full=True), actor=request.actor, on=timezone.localdate(), top=LOOK_ALIKES + 1
    )
    context = {
        "section": "office",
        "tab": f"queue-{listing}",
        "listing": listing,
        "row": row,
        "face": face,
        "kind": kinds.offer_kinds().get(face.kind) if listing == "offer" else None,
        "problems": disclosure.problems(row),
        "look_alikes": [found for found in same.rows if found.face.key != key and found.match.score >= ALIKE][
            :LOOK_ALIKES
        ],
        "history": ledger.entries_of(subject_of(row)),
        "return_reasons": REASONS["return"].choices,
    }
    return render(request, "office/decide.html", context)


def _take(request: Request, listing: str, key: str) -> HttpResponse:
    row, at, step = find_listing(request, listing, key), timezone.now(), request.POST.get("step", "")
    try:
        if step == "screen":
            actions.screen(row, by=request.actor, at=at)
            messages.success(request, _("已审核通过，等待发布。"))
            return redirect("office:decide", listing=listing, key=key)
        if step == "publish":
            actions.publish(row, by=request.actor, at=at)
            messages.success(request, _("已发布，几秒钟后出现在匹配结果中。"))
        elif step == "return":
            actions.return_to_author(row, reason=request.POST.get("reason", ""), by=request.actor, at=at)
            messages.success(request, _("已退回，提交人可看到原因。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("office:queue", listing=listing)
