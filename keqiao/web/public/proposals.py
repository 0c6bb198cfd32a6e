"""Published proposals: found by words, session, year, class, unit; one with all that is open of it.

Everybody sees the same page, whoever they are: people of the office have theirs.
"""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.proposals import masking
from keqiao.apps.proposals.models import Body, Publication
from keqiao.apps.proposals.queries import opened as found
from keqiao.web.parts import lists
from keqiao.web.parts import opened_proposals as words
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label

MOST_FIGURES = 60
_SESSION = re.compile(r"(\d{1,3})-(\d{1,3})")


class ProposalsForm(forms.Form):
    """What to look for; a value that is not offered counts as none."""

    q = forms.CharField(label=_("关键词"), max_length=60, required=False, widget=forms.TextInput({"type": "search"}))
    body = forms.ChoiceField(label=_("来自"), required=False, choices=[("", _("不限")), *Body.choices])
    session = forms.ChoiceField(label=pgettext_lazy("proposal", "会议"), required=False)
    year = forms.TypedChoiceField(label=_("年度"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=_("类别"), required=False)
    field = forms.ChoiceField(label=_("技术领域"), required=False)
    unit = forms.ChoiceField(label=_("承办单位"), required=False)
    limit = forms.ChoiceField(label=_("办理期限"), required=False, choices=[("", _("不限")), *words.LIMITS.items()])

    def __init__(self, *args: Any, facets: found.ProposalFacets, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = [(f"{term}-{session}", words.session_name(term, session)) for term, session in facets.sessions]
        self._offer("session", _("全部会议"), sessions)
        self._offer("year", _("全部年度"), [(year, str(year)) for year in facets.years])
        self._offer("kind", _("全部类别"), [(code, parts.class_name(code)) for code in facets.kinds])
        self._offer("field", _("全部领域"), [(code, label(code, "fields")) for code in facets.fields])
        self._offer("unit", _("全部单位"), [(code, parts.unit_name(code)) for code in facets.units])

    def _offer(self, name: str, every: Any, choices: list[Any]) -> None:
        self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]

    def clean_session(self) -> tuple[int, int] | None:
        match = _SESSION.fullmatch(self.cleaned_data["session"])
        return (int(match[1]), int(match[2])) if match else None


@require_safe
def proposals(request: Request) -> HttpResponse:
    on = timezone.localdate()
    facets = found.proposal_facets()
    form = ProposalsForm(request.GET, facets=facets)
    form.is_valid()  # what is not offered is left out
    rows = found.published_proposals(on=on, **{name: value for name, value in form.cleaned_data.items() if value})
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], columns(on), kind=request.GET["export"], name="keqiao-proposals")
    page = lists.page_of(request, rows)
    context = {
        "section": "reply", "form": form, "page": page, "rows": page.object_list, "today": on,
        "is_filtered": lists.is_filtered(request.GET),
    }  # fmt: skip
    return render(request, "public/_proposals.html" if request.htmx else "public/proposals.html", context)


@require_safe
def proposal(request: Request, key: str) -> HttpResponse:
    try:
        one = found.opened(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    row = one.proposal
    context = {
        "section": "reply",
        "row": row,
        "open": one,
        "today": timezone.localdate(),
        "abstract": masking.masked(row.abstract),
        "text": masking.masked(row.text) if row.publication == Publication.FULL else "",
        "figures": one.figures[:MOST_FIGURES],
        "figures_left": max(0, len(one.figures) - MOST_FIGURES),
    }
    return render(request, "public/proposal.html", context)


def columns(on: date) -> list[Column]:
    """The list as a file: what the page shows, and no name of a person."""
    return [
        Column(_("编号"), lambda row: row.key),
        Column(_("建议提案编号"), lambda row: row.printed),
        Column(_("来自"), lambda row: row.get_body_display()),
        Column(pgettext_lazy("proposal", "会议"), lambda row: row.session_text),
        Column(_("年度"), lambda row: row.year, "number"),
        Column(_("类别"), lambda row: parts.class_name(row.kind)),
        Column(_("技术领域"), lambda row: label(row.field, "fields")),
        Column(_("标题"), lambda row: row.title),
        Column(_("提出人"), words.proposers),
        Column(_("主办单位"), lambda row: "；".join(words.leading(row))),
        Column(_("协办单位"), lambda row: "；".join(words.helping(row))),
        Column(_("交办日期"), lambda row: row.assigned_date, "date"),
        Column(_("办理期限"), lambda row: words.limit_of_proposal(row, on).text),
        Column(_("状态"), lambda row: row.get_state_display()),
        Column(_("答复"), lambda row: row.reply_count, "number"),
        Column(_("承诺事项"), lambda row: row.promise_count, "number"),
    ]
