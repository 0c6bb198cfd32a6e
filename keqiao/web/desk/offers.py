"""Writing an offer: its kind decides which details the form has."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, kinds
from keqiao.apps.market.actions.inputs import indicator_notices
from keqiao.apps.market.models import Offer
from keqiao.catalogue.offers import OfferKind
from keqiao.web.parts import listing_forms as forms
from keqiao.web.parts import reasons
from keqiao.web.parts.kind_details import DetailsForm
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors, chosen_organization, find_listing, return_reason, writable


@login_required
def choose(request: Request) -> HttpResponse:
    return render(request, "desk/offer_kinds.html", {"section": "desk", "kinds": kinds.offer_kinds().values()})


@login_required
def new(request: Request, kind: str) -> HttpResponse:
    if kind not in kinds.offer_kinds():
        raise Http404
    return _page(request, None, kinds.offer_kinds()[kind])


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    row = find_listing(request, "offer", key)
    assert isinstance(row, Offer)  # noqa: S101 - asked for an offer
    return _page(request, row, kinds.offer_kinds()[row.kind])


def _page(request: Request, row: Offer | None, kind: OfferKind) -> HttpResponse:
    on = timezone.localdate()
    organization = row.organization if row else chosen_organization(request)
    if request.method != "POST":
        form = forms.OfferForm(on=on, row=row, organization=organization)
        details = DetailsForm(kind=kind, initial=kind.form_values(row.details) if row else {})
        lines = forms.indicator_formset(initial=forms.stored_lines(row) if row else None)
        return _render(request, row, kind, form, details, lines)
    form = forms.OfferForm(request.POST, on=on, organization=organization)
    details, lines = DetailsForm(request.POST, kind=kind), forms.indicator_formset(request.POST)
    if organization is None:
        form.add_error(None, _("请选择单位。还没有单位？先在工作台登记。"))
    if all(part.is_valid() for part in (form, details, lines)) and organization is not None:
        values = form.values() | {"details": details.cleaned_data, "indicators": forms.indicator_inputs(lines)}
        at = timezone.now()
        try:
            if row is None:
                row = actions.create_offer(
                    organization=organization, author=person(request), kind=kind.slug, by=request.actor, at=at, **values
                )
            else:
                actions.edit_offer(row, by=request.actor, at=at, **values)
            messages.success(request, _("已保存为草稿。"))
            for notice in indicator_notices(forms.indicator_inputs(lines)):
                messages.warning(request, notice)
            return redirect("desk:offer-edit", key=row.key)
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
    return _render(request, row, kind, form, details, lines, status=422)


def _render(
    request: Request, row: Offer | None, kind: OfferKind, form: object, details: object, lines: object, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "section": "desk",
        "row": row,
        "kind": kind,
        "form": form,
        "details": details,
        "lines": lines,
        "organizations": writable(request),
        "returned": return_reason(row) if row else "",
    }
    return render(request, "desk/offer.html", context, status=status)
