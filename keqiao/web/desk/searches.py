"""Searches I keep: what is new in each, how often I am told."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import SavedSearch
from keqiao.apps.post.models import Mode
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors


class SearchForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    alert = forms.ChoiceField(label=gettext_lazy("有新结果时提醒"), choices=Mode.choices)


@require_safe
@login_required
def searches(request: Request) -> HttpResponse:
    rows = [
        {"search": row, "words": words(row), "list": list_address(row)} for row in market.searches_of(person(request))
    ]
    return render(request, "desk/searches.html", {"section": "notifications", "rows": rows})


def words(search: SavedSearch) -> list[str]:
    """The words and filters of a search as people read them."""
    form = lists.FILTERS[search.listing](search.values, queryset=SavedSearch.objects.none(), on=timezone.localdate())
    said = [str(search.values["q"])] if "q" in search.values else []
    for name, field in form.form.fields.items():
        if value := search.values.get(name):
            choices = {str(code): str(label) for code, label in getattr(field, "choices", [])}
            said.append(f"{field.label} {choices.get(value, value)}" if not choices else choices.get(value, value))
    return said


def list_address(search: SavedSearch) -> str:
    query = QueryDict(mutable=True)
    query.update(search.values)
    return f"{reverse('public:listings', args=[search.listing])}?{query.urlencode()}"


@require_POST
@login_required
def save(request: Request, listing: str) -> HttpResponse:
    """Keep what the list shows now; the form on the list sends its words and filters along."""
    chosen = lists.FILTERS[listing](
        request.POST, queryset=market.published(listing, on=timezone.localdate()), on=timezone.localdate()
    )
    form = SearchForm({"name": request.POST.get("name", ""), "alert": request.POST.get("alert") or Mode.DAILY})
    back = f"{reverse('public:listings', args=[listing])}?{_sent(request, chosen)}"
    if not (chosen.form.is_valid() and form.is_valid()):
        messages.error(request, _("没有保存：请给查询起个名称（不超过 60 字），并检查条件。"))
        return redirect(back)
    values = {**chosen.form.cleaned_data, "q": request.POST.get("q", "").strip()}
    try:
        row = actions.searches.save_search(
            person(request), listing=listing, values=values, by=request.actor, at=timezone.now(), **form.cleaned_data
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(back)
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
        return redirect(back)
    messages.success(request, _("已保存查询。有新发布的条目符合时会通知您。"))
    return redirect("desk:search", key=row.key)


def _sent(request: Request, chosen: Any) -> str:
    query = QueryDict(mutable=True)
    names = ("q", *chosen.filters)
    query.update({name: request.POST[name] for name in names if request.POST.get(name)})
    return query.urlencode()


def _find(request: Request, key: str) -> SavedSearch:
    try:
        return market.searches_of(person(request)).get(key=key)
    except ObjectDoesNotExist as error:
        raise Http404 from error


@login_required
def search(request: Request, key: str) -> HttpResponse:
    """What one search has found, the new ones marked; its name and how often it tells."""
    row, on = _find(request, key), timezone.localdate()
    form = SearchForm(
        request.POST if request.POST.get("do") == "edit" else None, initial={"name": row.name, "alert": row.alert}
    )
    if request.method == "POST" and (leads := _do(request, row, form)):
        return leads
    page = lists.page_of(request, market.hits_of(row, on=on))
    moments = market.moments_of(row, [hit.key for hit in page.object_list])
    context = {
        "section": "notifications",
        "search": row,
        "words": words(row),
        "list": list_address(row),
        "form": form,
        "page": page,
        "hits": [
            {"face": face, "is_new": moments[face.key] > row.seen_at}
            for face in market.faces(page.object_list, request.actor)
        ],
    }
    return render(request, "desk/search.html", context, status=422 if form.errors else 200)


def _do(request: Request, row: SavedSearch, form: SearchForm) -> HttpResponse | None:
    """Carry out one of the page's buttons; None if the form has to be shown again."""
    what, at = request.POST.get("do"), timezone.now()
    if what == "delete":
        actions.searches.delete_search(row, by=request.actor, at=at)
        messages.success(request, _("已删除查询。"))
        return redirect("desk:searches")
    if what == "seen":
        actions.searches.mark_seen(row, by=request.actor, at=at)
        return redirect("desk:search", key=row.key)
    if not form.is_valid():
        return None
    try:
        actions.searches.edit_search(row, by=request.actor, at=at, **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return None
    messages.success(request, _("已保存。"))
    return redirect("desk:search", key=row.key)
