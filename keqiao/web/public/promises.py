"""The promise board: what replies promised, by what became of it; one promise with its sentence and its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.proposals import actions, permissions, queries, units
from keqiao.apps.proposals.models import Promise, PromiseState, Specificity, VoiceRole
from keqiao.apps.proposals.queries import board as found
from keqiao.web.parts import charts, lists, reasons
from keqiao.web.parts import promises as words
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import is_english

DUE = {"overdue": _("已到期"), "this_year": _("今年到期"), "next_year": _("明年到期"), "later": _("以后到期")}


class BoardForm(forms.Form):
    """What to look for; a value that is not offered counts as none."""

    q = forms.CharField(label=_("关键词"), max_length=60, required=False, widget=forms.TextInput({"type": "search"}))
    state = forms.ChoiceField(label=_("核对结果"), required=False, choices=[("", _("全部")), *PromiseState.choices])
    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    year = forms.TypedChoiceField(label=_("答复年份"), coerce=int, empty_value=None, required=False)
    due = forms.ChoiceField(label=_("到期"), required=False, choices=[("", _("不限")), *DUE.items()])
    specificity = forms.ChoiceField(label=_("表述"), required=False, choices=[("", _("不限")), *Specificity.choices])

    def __init__(self, *args: Any, board: "Board", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "en" if is_english() else "zh-hans"
        offered = [(code, units.label(code, language)) for code in board.units]
        self.fields["unit"].choices = [("", _("全部单位")), *offered]  # type: ignore[attr-defined]
        years = [(year, str(year)) for year in board.years]
        self.fields["year"].choices = [("", _("全部年份")), *years]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Board:
    """How many promises there are, by unit and state; the years of the replies that made them."""

    rows: Sequence[tuple[str, str, int]]  # unit, state, how many
    years: Sequence[int]

    @property
    def units(self) -> list[str]:
        return sorted({unit for unit, _state, _count in self.rows if unit})

    def count(self, *, unit: str | None = None, state: str | None = None) -> int:
        return sum(n for one, is_now, n in self.rows if unit in (None, one) and state in (None, is_now))

    @property
    def states(self) -> list[tuple[str, str, int]]:
        return [(code, str(name), self.count(state=code)) for code, name in PromiseState.choices]

    @property
    def by_unit(self) -> list[tuple[str, str, list[tuple[str, int]], int]]:
        language = "en" if is_english() else "zh-hans"
        found = []
        for unit in self.units:
            cells = [(code, self.count(unit=unit, state=code)) for code, _name in PromiseState.choices]
            found.append((unit, units.label(unit, language), cells, self.count(unit=unit)))
        return sorted(found, key=lambda row: -row[3])

    @property
    def chart(self) -> charts.Chart:
        total = self.count() or 1
        bars = [
            charts.Bar(name, count, str(count), f"{count * 100 / total:.0f}%") for _code, name, count in self.states
        ]
        return charts.bars(bars, title=gettext("承诺的核对结果"))


@require_safe
def board(request: Request) -> HttpResponse:
    on = timezone.localdate()
    whole = Board(found.promise_counts(), found.promise_years())
    form = BoardForm(request.GET, board=whole)
    form.is_valid()  # what is not offered is left out
    rows = found.shown_promises(**_chosen(form.cleaned_data, on))
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], COLUMNS, kind=request.GET["export"], name="keqiao-promises")
    page = lists.page_of(request, rows)
    context = {
        "section": "reply", "form": form, "page": page, "rows": page.object_list, "board": whole, "today": on,
        "state": form.cleaned_data.get("state") or "", "is_filtered": lists.is_filtered(request.GET),
    }  # fmt: skip
    return render(request, "public/_promises.html" if request.htmx else "public/promises.html", context)


def _chosen(data: dict[str, Any], on: date) -> dict[str, Any]:
    due = data.get("due")
    first, last = {
        "overdue": (None, on),
        "this_year": (on, date(on.year + 1, 1, 1)),
        "next_year": (date(on.year + 1, 1, 1), date(on.year + 2, 1, 1)),
        "later": (date(on.year + 2, 1, 1), None),
    }.get(due or "", (None, None))
    named = {name: data[name] for name in ("state", "unit", "year", "specificity", "q") if data.get(name)}
    return named | {name: day for name, day in (("due_from", first), ("due_before", last)) if day}


@require_safe
def promise(request: Request, key: str) -> HttpResponse:
    on = timezone.localdate()
    row = _promise(request, key)
    brought = list(queries.evidence(row))
    spoken = queries.voices(row)
    context = {
        "section": "reply",
        "row": row,
        "reply": row.reply,
        "today": on,
        "evidence": [one for one in brought if one.counts],
        "rejected": [one for one in brought if not one.counts],
        "voices": [(role, VoiceRole(role).label, spoken.get(role)) for role in VoiceRole.values],
        "timeline": queries.timeline(row),
        "is_following": request.user.is_authenticated and queries.is_following(str(request.user.key), row),
    }
    return render(request, "public/promise.html", context)


@require_POST
def follow(request: Request, key: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(f"/promises/{key}/")
    row = _promise(request, key)
    act = actions.unfollow if request.POST.get("do") == "unfollow" else actions.follow
    try:
        act(row, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("public:promise", key=key)


def _promise(request: Request, key: str) -> Promise:
    try:
        row = queries.promise(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not permissions.can_see_promise(request.actor, row).allowed:
        raise Http404
    return row


COLUMNS = [
    Column(_("编号"), lambda row: row.key),
    Column(_("承诺"), lambda row: row.text),
    Column(_("核对结果"), lambda row: row.get_state_display()),
    Column(_("查找的答复数"), lambda row: row.looked_in, "number"),
    Column(_("责任单位"), words.unit_name),
    Column(_("到期日"), lambda row: row.due_date, "date"),
    Column(_("到期日依据"), words.due_note),
    Column(_("表述"), lambda row: row.get_specificity_display()),
    Column(_("指标"), lambda row: row.indicator),
    Column(_("目标"), words.target),
    Column(_("答复文号"), lambda row: row.reply.doc_number),
    Column(_("答复标题"), lambda row: row.reply.title),
    Column(_("原句"), lambda row: row.sentence),
]
