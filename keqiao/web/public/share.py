"""A need or offer on one page, fit to be forwarded and printed: what everybody may see, whoever opens it."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from keqiao.apps.market import queries as market
from keqiao.apps.market.names import MODELS
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import VISITOR
from keqiao.web.parts import qr
from keqiao.web.parts.request import Request

# How a code that was typed by hand may read: Crockford's alphabet has no O, I and L.
TYPED = str.maketrans("oOiIlL", "001111")


@require_safe
def card(request: Request, listing: str, key: str) -> HttpResponse:
    """The card shows the same to everybody, so that whoever forwards it knows what others will see."""
    try:
        row = market.see(listing, key, actor=VISITOR, on=timezone.localdate())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    address = request.build_absolute_uri(reverse("public:short", args=[row.key]))
    context = {
        "section": listing,
        "listing": listing,
        "face": market.face(row, VISITOR),
        "address": address,
        "code": qr.draw(address),
        "station": parties.station_near(row.area),
    }
    return render(request, "public/share.html", context)


@require_safe
def short(request: Request, code: str) -> HttpResponse:
    """The short link: the key itself, forgiving about case and about letters that look like digits."""
    for key in dict.fromkeys((code, code.upper(), code[:1].upper() + code[1:].translate(TYPED).upper())):
        for listing, model in MODELS.items():
            if model._default_manager.filter(key=key).exists():
                return redirect("public:listing", listing=listing, key=key)
    raise Http404
