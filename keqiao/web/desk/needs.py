"""Writing a need: paste it, let the extractor read the numbers, confirm, submit."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, quality
from keqiao.apps.market.actions.inputs import indicator_notices
from keqiao.apps.market.models import Need
from keqiao.catalogue import lexicon
from keqiao.web.parts import listing_forms as forms
from keqiao.web.parts import reasons
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors, chosen_organization, find_listing, return_reason, writable


@login_required
def new(request: Request) -> HttpResponse:
    return _page(request, None)


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    row = find_listing(request, "need", key)
    assert isinstance(row, Need)  # noqa: S101 - asked for a need
    return _page(request, row)


def _page(request: Request, row: Need | None) -> HttpResponse:
    on = timezone.localdate()
    if request.method != "POST":
        form = forms.NeedForm(on=on, row=row)
        lines = forms.indicator_formset(initial=forms.stored_lines(row) if row else None)
        return _render(request, row, form, lines)
    form = forms.NeedForm(request.POST, on=on)
    if "read" in request.POST:
        found = forms.read_lines(request.POST.get("text", ""), lexicon=lexicon.shipped_lexicon())
        note = _("读到 %(n)d 项指标，请逐项核对后保存。") % {"n": len(found)}
        messages.info(request, note if found else _("没有读到带数值的指标，请手工填写，或在问题里写明数值和单位。"))
        unbound = forms.NeedForm(initial=_typed(request), on=on)
        return _render(request, row, unbound, forms.indicator_formset(initial=found or None))
    lines = forms.indicator_formset(request.POST)
    organization = row.organization if row else chosen_organization(request)
    if organization is None:
        form.add_error(None, _("请选择单位。还没有单位？先在工作台登记。"))
    if form.is_valid() and lines.is_valid() and organization is not None:
        try:
            values = form.values() | {"indicators": forms.indicator_inputs(lines)}
            at = timezone.now()
            if row is None:
                row = actions.create_need(
                    organization=organization, author=person(request), by=request.actor, at=at, **values
                )
            else:
                actions.edit_need(row, by=request.actor, at=at, **values)
            messages.success(request, _("已保存为草稿。"))
            for notice in indicator_notices(forms.indicator_inputs(lines)):
                messages.warning(request, notice)
            return redirect("desk:need-edit", key=row.key)
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
    return _render(request, row, form, lines, status=422)


def _typed(request: Request) -> dict[str, object]:
    """What stands in the form now, so that reading the numbers loses nothing."""
    return {**request.POST.dict(), "coop_modes": request.POST.getlist("coop_modes")}


def _render(request: Request, row: Need | None, form: object, lines: object, *, status: int = 200) -> HttpResponse:
    context = {
        "section": "desk",
        "row": row,
        "form": form,
        "lines": lines,
        "organizations": writable(request),
        "returned": return_reason(row) if row else "",
        "quality": quality.score(row, list(row.indicators.all())) if row else None,
    }
    return render(request, "desk/need.html", context, status=status)
