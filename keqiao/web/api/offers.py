"""Offers for programs."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from keqiao.apps.market import actions
from keqiao.web.api import given, shapes
from keqiao.web.api.listings import Listings, OfferFilters

router = Router(tags=["offers"])
offers = Listings("offer", actions.create_offer, actions.edit_offer)


@router.get("", auth=offers.reading, response=shapes.Page, summary=_("供给列表"))
def list_offers(request: HttpRequest, filters: Query[OfferFilters]) -> HttpResponse:
    """Published offers, the newest first, as one page."""
    return offers.page(request, filters)


@router.post("", auth=offers.writing, response={201: shapes.ListingOut}, summary=_("写一条供给草稿"))
def create_offer(request: HttpRequest, payload: given.NewOffer) -> HttpResponse:
    """Write down an offer as a draft. Nobody but its writers sees it before it is handed in."""
    return offers.write(request, payload, kind=payload.kind)


@router.get("/{key}", auth=offers.reading, response=shapes.ListingOut, summary=_("一条供给"))
def get_offer(request: HttpRequest, key: given.Key) -> HttpResponse:
    """One offer with its text, indicators and details, as far as the caller may see them; `hidden` says why not."""
    return offers.one(request, key)


@router.patch("/{key}", auth=offers.writing, response=shapes.ListingOut, summary=_("修改供给草稿"))
def edit_offer(request: HttpRequest, key: given.Key, payload: given.OfferIn) -> HttpResponse:
    """Change a draft. What is left out stays as it is; null empties what can be empty; lists are replaced whole."""
    return offers.change(request, key, payload)


@router.post(
    "/{key}/steps/{step}", auth=offers.writing, response=shapes.ListingOut, summary=_("提交、撤回或重新编辑供给")
)
def step_offer(request: HttpRequest, key: given.Key, step: given.Step, payload: given.StepIn) -> HttpResponse:
    """Hand a draft in, withdraw what stands, or make a draft again of what was withdrawn or has run out."""
    return offers.step(request, key, step, payload)


@router.get(
    "/{key}/matches",
    auth=offers.matching,
    response=shapes.Matches,
    summary=_("这条供给能解决的需求"),
)
def match_offer(request: HttpRequest, key: given.Key, top: given.Top = 10) -> HttpResponse:
    """Needs that an offer could answer, the most useful first, with reasons and a verdict for each indicator."""
    return offers.matches(request, key, top)
