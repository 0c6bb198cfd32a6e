"""Needs for programs."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from keqiao.apps.market import actions
from keqiao.web.api import given, shapes
from keqiao.web.api.listings import Listings, NeedFilters

router = Router(tags=["needs"])
needs = Listings("need", actions.create_need, actions.edit_need)


@router.get("", auth=needs.reading, response=shapes.Page, summary=_("需求列表"))
def list_needs(request: HttpRequest, filters: Query[NeedFilters]) -> HttpResponse:
    """Published needs, the newest first, as one page."""
    return needs.page(request, filters)


@router.post("", auth=needs.writing, response={201: shapes.ListingOut}, summary=_("写一条需求草稿"))
def create_need(request: HttpRequest, payload: given.NewNeed) -> HttpResponse:
    """Write down a need as a draft. Nobody but its writers sees it before it is handed in."""
    return needs.write(request, payload)


@router.get("/{key}", auth=needs.reading, response=shapes.ListingOut, summary=_("一条需求"))
def get_need(request: HttpRequest, key: given.Key) -> HttpResponse:
    """One need with its text, indicators and terms, as far as the caller may see them; `hidden` says why not."""
    return needs.one(request, key)


@router.patch("/{key}", auth=needs.writing, response=shapes.ListingOut, summary=_("修改需求草稿"))
def edit_need(request: HttpRequest, key: given.Key, payload: given.NeedIn) -> HttpResponse:
    """Change a draft. What is left out stays as it is; null empties what can be empty; lists are replaced whole."""
    return needs.change(request, key, payload)


@router.post(
    "/{key}/steps/{step}", auth=needs.writing, response=shapes.ListingOut, summary=_("提交、撤回或重新编辑需求")
)
def step_need(request: HttpRequest, key: given.Key, step: given.Step, payload: given.StepIn) -> HttpResponse:
    """Hand a draft in, withdraw what stands, or make a draft again of what was withdrawn or has run out."""
    return needs.step(request, key, step, payload)


@router.get(
    "/{key}/matches",
    auth=needs.matching,
    response=shapes.Matches,
    summary=_("能解决这条需求的供给"),
)
def match_need(request: HttpRequest, key: given.Key, top: given.Top = 10) -> HttpResponse:
    """Offers that could answer a need, the most useful first, with reasons and a verdict for each indicator."""
    return needs.matches(request, key, top)
