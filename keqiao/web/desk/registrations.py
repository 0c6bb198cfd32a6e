"""The seller's side of 认定登记: filing a contract, supplements, the certificate."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, permissions, registration_rules
from keqiao.apps.market.actions.registrations import WRITABLE, offices_for
from keqiao.apps.market.models import REGISTERED_STATES, Registration, RegistrationState
from keqiao.apps.market.queries import agreements as contracts
from keqiao.web.desk.agreements import find
from keqiao.web.parts import reasons
from keqiao.web.parts.registration_forms import OfficeChoiceForm, RegistrationForm, SubmitForm
from keqiao.web.parts.registrations import lines
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors


def find_registration(request: Request, key: str) -> Registration:
    """A registration for its page; one that may not be seen looks like none."""
    try:
        return contracts.registration(key, request.actor)
    except ObjectDoesNotExist as error:
        raise Http404 from error


@login_required
def file(request: Request, key: str) -> HttpResponse:
    """Begin the filing of a signed contract: choose the office, then fill in the form."""
    row = find(request, key)
    verdict = permissions.can_file(request.actor, row)
    if not verdict.allowed:
        raise PermissionDenied
    if found := getattr(row, "registration", None):
        return redirect("desk:registration", key=found.key)
    offices = offices_for(row)
    form = OfficeChoiceForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        office = next(office for office in offices if str(office.pk) == form.cleaned_data["office"])
        try:
            filed = actions.registrations.file_registration(row, office=office, by=request.actor, at=timezone.now())
            messages.success(request, _("登记表已按合同填好一部分，请补齐并提交。"))
            return redirect("desk:registration", key=filed.key)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
    context = {
        "section": "desk", "row": row, "form": form, "offices": offices,
        "refusal": registration_rules.filing_problems(row, on=timezone.localdate()),
    }  # fmt: skip
    return render(request, "desk/registration_new.html", context, status=422 if form.errors else 200)


@login_required
def registration(request: Request, key: str) -> HttpResponse:
    """The form while it can be written, else what was filed and what the office said."""
    row = find_registration(request, key)
    may_write = permissions.can_file(request.actor, row.agreement).allowed
    is_open = may_write and row.state in WRITABLE
    on = timezone.localdate()
    form = RegistrationForm(request.POST or None, on=on, row=row) if is_open else None
    answer = SubmitForm(request.POST or None, auto_id="submit_%s")
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and answer.is_valid() and _save(request, row, form, answer):
            return redirect("desk:registration", key=key)
        row.refresh_from_db()
    return render(request, "desk/registration.html", _context(row, form, answer, may_write=may_write),
                  status=422 if request.method == "POST" else 200)  # fmt: skip


def _save(request: Request, row: Registration, form: RegistrationForm, answer: SubmitForm) -> bool:
    """Keep the form; with the other button hand it in as well. What was typed stays when something is wrong."""
    at = timezone.now()
    try:
        actions.registrations.edit_form(row, by=request.actor, at=at, **form.values())
        if request.POST.get("do") == "submit":
            actions.registrations.submit(row, answer=answer.cleaned_data["answer"], by=request.actor, at=at)
            messages.success(request, _("已提交给登记机构。"))
        else:
            messages.success(request, _("已保存，还没有提交。"))
        return True
    except Refused as refusal:
        form.add_error(None, reasons.sentence(refusal.reason))
    except ValidationError as error:
        add_errors(answer if "answer" in getattr(error, "error_dict", {}) else form, error)
    return False


def _context(
    row: Registration, form: RegistrationForm | None, answer: SubmitForm, *, may_write: bool
) -> dict[str, Any]:
    return {
        "section": "desk",
        "row": row,
        "form": form,
        "answer_form": answer,
        "lines": lines(row),
        "asked": row.supplements.filter(answered_at=None).first(),
        "supplements": row.supplements.exclude(answered_at=None),
        "checks": row.checks.all(),
        "may_write": may_write,
        "may_refile": may_write and row.state == RegistrationState.REJECTED,
        "has_certificate": row.state in REGISTERED_STATES,
        "steps": steps(row),
    }


def steps(row: Registration) -> list[tuple[str, bool, bool]]:
    """The way through the office: state, whether it was reached, whether it is now."""
    way = [RegistrationState.DRAFT, RegistrationState.SUBMITTED, RegistrationState.ACCEPTED,
           RegistrationState.UNDER_REVIEW, RegistrationState.REGISTERED]  # fmt: skip
    aside = {
        RegistrationState.SUPPLEMENT_REQUIRED: 1, RegistrationState.EXPERT_REVIEW: 3, RegistrationState.REJECTED: 4,
        RegistrationState.CHANGED: 4, RegistrationState.DEREGISTERED: 4, RegistrationState.PERFORMED: 4,
    }  # fmt: skip
    state = RegistrationState(row.state)
    if state in aside:
        way[aside[state]] = state
    place = way.index(state)
    return [(str(step), number <= place, number == place) for number, step in enumerate(way)]


@require_POST
@login_required
def refile(request: Request, key: str) -> HttpResponse:
    row = find_registration(request, key)
    try:
        actions.registrations.refile(row, by=request.actor, at=timezone.now())
        messages.success(request, _("可以修改后重新提交。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("desk:registration", key=key)


@require_safe
@login_required
def certificate(request: Request, key: str) -> HttpResponse:
    """The certificate of registration, to be printed."""
    row = find_registration(request, key)
    if row.state not in REGISTERED_STATES:
        raise Http404
    return render(request, "desk/certificate.html", {"section": "desk", "row": row})
