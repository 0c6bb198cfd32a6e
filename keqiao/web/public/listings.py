"""Lists and pages of needs and offers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, answers, kinds, narrowing, permissions
from keqiao.apps.market import queries as market
from keqiao.apps.post.models import Mode
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.export import MOST_ROWS, TYPES, file_response
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import find_listing

OTHER = {"need": "offer", "offer": "need"}
MATCHES = 8


@require_safe
def listings(request: Request, listing: str) -> HttpResponse:
    on = timezone.localdate()
    chosen = lists.FILTERS[listing](request.GET, queryset=market.published(listing, on=on), on=on)
    rows = chosen.qs
    text = request.GET.get("q", "").strip()[:200]
    ranked = narrowing.search(rows, listing, text, kind=request.GET.get("kind", "")) if text else None
    if request.GET.get("export") in TYPES:
        shown = rows[:MOST_ROWS] if ranked is None else market.in_order(rows, ranked)
        faces = market.faces(shown, request.actor)
        return file_response(faces, lists.face_columns(listing), kind=request.GET["export"], name=f"keqiao-{listing}s")
    page = lists.page_of(request, rows, ranked=ranked)
    context = {
        "section": listing,
        "listing": listing,
        "filter": chosen,
        "text": text,
        "page": page,
        "faces": market.faces(page.object_list, request.actor),
        "is_filtered": lists.is_filtered(request.GET),
        "kept": lists.kept(request.GET, listing),
        "alerts": Mode.choices,
    }
    return render(request, "public/_listings.html" if request.htmx else "public/listings.html", context)


@require_safe
def listing_page(request: Request, listing: str, key: str) -> HttpResponse:
    """A listing with everything the reader may see; its matches follow by themselves (`matches`)."""
    face = market.face(find_listing(request, listing, key), request.actor)
    context = {
        "section": listing,
        "listing": listing,
        "face": face,
        "kind": kinds.offer_kinds().get(face.kind) if listing == "offer" else None,
    }
    return render(request, "public/listing.html", context)


@require_safe
def matches(request: Request, listing: str, key: str) -> HttpResponse:
    """What could answer a need, or which needs an offer could serve: part of its page, or a page for itself."""
    row = find_listing(request, listing, key)
    face = market.face(row, request.actor)
    query = answers.query_of(row, full=not face.hidden)
    found = answers.answer(OTHER[listing], query, actor=request.actor, on=timezone.localdate(), top=MATCHES)
    context = {"section": listing, "listing": listing, "face": face, "answers": found}
    if permissions.may_introduce_for(request.actor, row):
        context |= {"introducing": face, "introduced": market.introduced_keys(row, actor=request.actor)}
    return render(request, "public/_matches.html" if request.htmx else "public/matches.html", context)


@require_POST
@login_required
def full_text(request: Request, listing: str, key: str) -> HttpResponse:
    """Open the full text of a listing for a signed-in person; the ledger notes it."""
    row = find_listing(request, listing, key)
    try:
        actions.disclose(row, to=person(request), by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("public:listing", listing=listing, key=key)
