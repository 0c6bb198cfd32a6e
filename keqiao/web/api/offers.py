"""Offers for programs."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from keqiao.apps.market import actions
from keqiao.web.api import shapes
from keqiao.web.api.listings import Filters, Listings
from keqiao.web.api.problems import ANSWERS

router = Router(tags=["offers"])
offers = Listings("offer", actions.create_offer, actions.edit_offer)


@router.get("", response={200: shapes.Page} | ANSWERS, summary="Published offers, newest first")
def list_offers(request: HttpRequest, filters: Query[Filters]) -> HttpResponse:
    return offers.page(request, filters)


@router.post("", response={201: shapes.ListingOut} | ANSWERS, summary="Write down an offer as a draft")
def create_offer(request: HttpRequest, payload: shapes.NewOffer) -> HttpResponse:
    return offers.write(request, payload, kind=payload.kind)


@router.get("/{key}", response={200: shapes.ListingOut} | ANSWERS, summary="One offer")
def get_offer(request: HttpRequest, key: shapes.Key) -> HttpResponse:
    return offers.one(request, key)


@router.patch("/{key}", response={200: shapes.ListingOut} | ANSWERS, summary="Change a draft")
def edit_offer(request: HttpRequest, key: shapes.Key, payload: shapes.OfferIn) -> HttpResponse:
    return offers.change(request, key, payload)


@router.post("/{key}/steps/{step}", response={200: shapes.ListingOut} | ANSWERS, summary="From state to state")
def step_offer(request: HttpRequest, key: shapes.Key, step: shapes.Step, payload: shapes.StepIn) -> HttpResponse:
    return offers.step(request, key, step, payload)


@router.get("/{key}/matches", response={200: shapes.Matches} | ANSWERS, summary="What it could serve")
def match_offer(request: HttpRequest, key: shapes.Key, top: int = Query(10, ge=1, le=50)) -> HttpResponse:
    return offers.matches(request, key, top)
