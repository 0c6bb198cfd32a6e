"""Needs for programs."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from keqiao.apps.market import actions
from keqiao.web.api import shapes
from keqiao.web.api.listings import Filters, Listings
from keqiao.web.api.problems import ANSWERS

router = Router(tags=["needs"])
needs = Listings("need", actions.create_need, actions.edit_need)


@router.get("", response={200: shapes.Page} | ANSWERS, summary="Published needs, newest first")
def list_needs(request: HttpRequest, filters: Query[Filters]) -> HttpResponse:
    return needs.page(request, filters)


@router.post("", response={201: shapes.ListingOut} | ANSWERS, summary="Write down a need as a draft")
def create_need(request: HttpRequest, payload: shapes.NewNeed) -> HttpResponse:
    return needs.write(request, payload)


@router.get("/{key}", response={200: shapes.ListingOut} | ANSWERS, summary="One need")
def get_need(request: HttpRequest, key: shapes.Key) -> HttpResponse:
    return needs.one(request, key)


@router.patch("/{key}", response={200: shapes.ListingOut} | ANSWERS, summary="Change a draft")
def edit_need(request: HttpRequest, key: shapes.Key, payload: shapes.NeedIn) -> HttpResponse:
    return needs.change(request, key, payload)


@router.post("/{key}/steps/{step}", response={200: shapes.ListingOut} | ANSWERS, summary="From state to state")
def step_need(request: HttpRequest, key: shapes.Key, step: shapes.Step, payload: shapes.StepIn) -> HttpResponse:
    return needs.step(request, key, step, payload)


@router.get("/{key}/matches", response={200: shapes.Matches} | ANSWERS, summary="What could answer it")
def match_need(request: HttpRequest, key: shapes.Key, top: int = Query(10, ge=1, le=50)) -> HttpResponse:
    return needs.matches(request, key, top)
