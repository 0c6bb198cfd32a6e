"""My desk: my organisations, needs and offers, and what waits for me."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from keqiao.apps.market import queries as market
from keqiao.apps.market.states import REASONS
from keqiao.apps.parties import joining
from keqiao.apps.parties import queries as parties
from keqiao.web.parts import imports
from keqiao.web.parts.request import Request, person

MOST_SHOWN = 200
MOST_WAITING = 10


@require_safe
@login_required
def home(request: Request) -> HttpResponse:
    at = timezone.now()
    waiting = market.waiting_for(request.actor, at=at)[:MOST_WAITING]
    context = {
        "waiting": market.introduction_faces(waiting, request.actor, at=at),
        "section": "desk",
        "organizations": parties.organizations_of(request.actor),
        "editable": request.actor.organizations("editor", "manager"),
        "managed": request.actor.organizations("manager"),
        "needs": market.faces(market.listings_of("need", actor=request.actor)[:MOST_SHOWN], request.actor),
        "offers": market.faces(market.listings_of("offer", actor=request.actor)[:MOST_SHOWN], request.actor),
        "claims": joining.claims_of(person(request))[:MOST_WAITING],
        "can_import": bool(imports.kinds_for(request.actor)),
        "withdraw_reasons": REASONS["withdraw"].choices,
    }
    return render(request, "desk/home.html", context)
