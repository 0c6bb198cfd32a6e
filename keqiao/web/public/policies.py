"""The policy library: every shipped policy with its document, its time, what it gives and how much of it is code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.engines.rules import Policy
from keqiao.web.parts.export import TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.public import policy_shelf as shelf
from keqiao.web.templatetags.keqiao import say

NATIONAL = "-"  # the choice of policies that are not bound to a region


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A policy on the shelf, by its edition of today."""

    edition: shelf.Edition
    state: str
    editions: int

    @property
    def policy(self) -> Policy:
        return self.edition.policy

    @property
    def coverage(self) -> shelf.Coverage:
        return shelf.coverage(self.policy)

    @property
    def region(self) -> str:
        return shelf.region_name(self.policy)

    @property
    def state_name(self) -> str:
        return str(shelf.STATES[self.state])

    @property
    def benefit_name(self) -> str:
        return say(self.policy.benefit, "label") if self.policy.benefit else str(shelf.BENEFITS["title"])

    @property
    def needs_data(self) -> bool:
        return any(map(shelf.lacks_data, self.policy.parameters.values()))


class LibraryForm(forms.Form):
    """What to look for; a value that is not offered counts as none."""

    q = forms.CharField(label=_("关键词"), max_length=100, required=False, widget=forms.TextInput({"type": "search"}))
    region = forms.ChoiceField(label=_("适用地区"), required=False)
    benefit = forms.ChoiceField(label=_("支持方式"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, *args: Any, regions: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "region": (_("全部地区"), regions),
            "benefit": (_("全部方式"), shelf.BENEFITS),
            "state": (_("全部状态"), shelf.STATES),
        }
        for name, (every, choices) in offered.items():
            self.fields[name].choices = [("", every), *choices.items()]  # type: ignore[attr-defined]


@require_safe
def policies(request: Request) -> HttpResponse:
    on = timezone.localdate()
    entries = list(_entries(on))
    form = LibraryForm(request.GET, regions=_regions(entries))
    form.is_valid()  # what is not offered is left out
    rows = [entry for entry in entries if _is_wanted(entry, form.cleaned_data)]
    if request.GET.get("export") in TYPES:
        return file_response(rows, COLUMNS, kind=request.GET["export"], name="keqiao-policies")
    context = {"section": "policy", "form": form, "rows": rows, "all": len(entries), "on": on}
    return render(request, "public/_policies.html" if request.htmx else "public/policies.html", context)


def _entries(on: date) -> Iterator[Entry]:
    """What holds for the whole country first, demo policies last."""
    found = [(some, shelf.current(some, on)) for some in shelf.everything()]
    found.sort(key=lambda one: (one[1].policy.is_demo, one[1].policy.region, one[1].policy.slug))
    for some, edition in found:
        yield Entry(edition=edition, state=edition.state(on), editions=len(some))


def _regions(entries: list[Entry]) -> dict[str, str]:
    found = {entry.policy.region or NATIONAL: entry.region or gettext("全国") for entry in entries}
    return dict(sorted(found.items()))


def _is_wanted(entry: Entry, chosen: dict[str, Any]) -> bool:
    policy = entry.policy
    if chosen.get("region") and chosen["region"] != (policy.region or NATIONAL):
        return False
    if chosen.get("benefit") and chosen["benefit"] != shelf.benefit_kind(policy):
        return False
    if chosen.get("state") and chosen["state"] != entry.state:
        return False
    text = _text_of(policy)
    return all(word.casefold() in text for word in str(chosen.get("q") or "").split())


def _text_of(policy: Policy) -> str:
    """What a word is looked for in: title, document, office, clauses."""
    texts = [policy.title, policy.title_en, policy.document, policy.issuer, policy.slug]
    texts += [text for clause in policy.clauses for text in (clause.label, clause.label_en, clause.document)]
    return "\n".join(texts).casefold()


COLUMNS = [
    Column(_("政策"), lambda row: say(row.policy, "title")),
    Column(_("文号"), lambda row: row.policy.document),
    Column(_("制定机关"), lambda row: row.policy.issuer),
    Column(_("适用地区"), lambda row: row.region or gettext("全国")),
    Column(_("施行日期"), lambda row: row.edition.starts, "date"),
    Column(_("最后一日"), lambda row: row.edition.ends, "date"),
    Column(_("状态"), lambda row: row.state_name),
    Column(_("支持方式"), lambda row: row.benefit_name),
    Column(_("条款数"), lambda row: len(row.policy.clauses), "number"),
    Column(_("条文段数"), lambda row: row.coverage.total, "number"),
    Column(_("其中全部编码"), lambda row: row.coverage.code, "number"),
    Column(_("其中含人工认定"), lambda row: row.coverage.manual, "number"),
    Column(_("其中未编码"), lambda row: row.coverage.left, "number"),
    Column(_("演示"), lambda row: gettext("演示") if row.policy.is_demo else ""),
]
