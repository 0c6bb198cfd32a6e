"""The office's own trade language: entries beside the shipped ones, tried out before they are saved."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, permissions, search_quality
from keqiao.apps.market import queries as market
from keqiao.apps.market.models import ThesaurusEntry
from keqiao.engines.matching import Entry
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors

_BETWEEN = re.compile(r"[、,，;；|\n\r\t]+")


class WordsField(forms.CharField):
    """Words with marks or line ends between them."""

    def clean(self, value: Any) -> list[str]:
        return [word.strip() for word in _BETWEEN.split(super().clean(value)) if word.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


class EntryForm(forms.Form):
    trade = WordsField(
        label=gettext_lazy("行话"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("现场怎么说。几个说法用顿号隔开，每个至少两个字。"),
    )  # fmt: skip
    technical = WordsField(
        label=gettext_lazy("技术用语"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("论文、专利、成果里怎么写。三到六个具体的词最好。"),
    )  # fmt: skip
    context = WordsField(
        label=gettext_lazy("语境"), max_length=1000, required=False,
        help_text=gettext_lazy("行话有歧义时填写：需求里出现其中一个词，词条才起作用。"),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)


def _require(request: Request) -> None:
    if not permissions.can_keep_words(request.actor).allowed:
        raise PermissionDenied


@require_safe
@login_required
def entries(request: Request) -> HttpResponse:
    _require(request)
    text = request.GET.get("q", "").strip()
    rows = market.thesaurus_rows()
    if text:
        # JSON is searched as the text it is stored as: SQLite keeps Chinese escaped, so each row is looked at.
        keys = [row.pk for row in rows if text in str(row)]
        rows = rows.filter(Q(pk__in=keys))
    page = lists.page_of(request, rows)
    context = {"section": "office", "tab": "thesaurus", "page": page, "rows": page.object_list, "q": text}
    return render(request, "office/thesaurus.html", context)


@login_required
def new(request: Request) -> HttpResponse:
    _require(request)
    return _page(request, None)


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    _require(request)
    row = get_object_or_404(market.thesaurus_rows(), key=key)
    if request.method == "POST" and request.POST.get("do") in ("enable", "disable"):
        on = request.POST["do"] == "enable"
        actions.thesaurus.switch_entry(row, on=on, by=request.actor, at=timezone.now())
        messages.success(request, _("已启用，几秒钟后起作用。") if on else _("已停用，几秒钟后不再起作用。"))
        return redirect("office:thesaurus")
    return _page(request, row)


def _page(request: Request, row: ThesaurusEntry | None) -> HttpResponse:
    initial = {name: getattr(row, name) for name in EntryForm.base_fields} if row else {}
    form = EntryForm(request.POST or None, initial=initial)
    touched = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "try":
            touched = _try(form, row)
        elif _save(request, row, form):
            messages.success(request, _("已保存，几秒钟后起作用。"))
            return redirect("office:thesaurus")
    context = {
        "section": "office",
        "tab": "thesaurus",
        "form": form,
        "entry": row,
        "is_tried": request.POST.get("do") == "try" and form.is_valid(),
        "touched": touched,
    }
    return render(request, "office/thesaurus_entry.html", context, status=422 if form.errors else 200)


def _try(form: EntryForm, row: ThesaurusEntry | None) -> list[dict[str, Any]] | None:
    """What the entry would change, with the titles of the offers; None while there is no index."""
    words = {
        name: tuple(actions.thesaurus.clean(form.cleaned_data[name])) for name in ("trade", "technical", "context")
    }
    on = timezone.localdate()
    found = search_quality.touched_by(Entry(**words), without=row.key if row else "", on=on)
    if found is None:
        return None
    keys = {key for one in found for key in (*one.before, *one.after)}
    offers = {offer.key: offer for offer in market.published("offer", on=on).filter(key__in=keys)}
    return [
        {"touched": one, "after": [
            {"offer": offers[key], "is_new": key not in one.before} for key in one.after if key in offers
        ], "gone": [offers[key] for key in one.before if key not in one.after and key in offers]}
        for one in found
    ]  # fmt: skip


def _save(request: Request, row: ThesaurusEntry | None, form: EntryForm) -> bool:
    try:
        if row is None:
            actions.thesaurus.add_entry(by=request.actor, at=timezone.now(), **form.cleaned_data)
        else:
            actions.thesaurus.edit_entry(row, by=request.actor, at=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return False
    except Refused as refusal:
        form.add_error(None, reasons.sentence(refusal.reason))
        return False
    return True
