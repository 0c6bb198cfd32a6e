"""The registrar's desk: what was handed in with its due dates, and the decision on each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.files import queries as attached
from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import permissions, registration_rules
from keqiao.apps.market.actions import registering
from keqiao.apps.market.actions.agreements import subject_of as agreement_subject
from keqiao.apps.market.actions.registrations import subject_of
from keqiao.apps.market.models import (
    REGISTERED_STATES,
    REVIEW_STATES,
    WAITING_STATES,
    CheckKind,
    Registration,
    RegistrationState,
)
from keqiao.apps.market.queries import agreements as contracts
from keqiao.apps.parties import places
from keqiao.apps.parties.models import Role
from keqiao.catalogue import contracts as dated
from keqiao.web.parts import lists, reasons
from keqiao.web.parts import registration_forms as shapes
from keqiao.web.parts.downloads import file_answer
from keqiao.web.parts.export import MOST_ROWS, TYPES, file_response
from keqiao.web.parts.page_steps import Step, asked, plain, take
from keqiao.web.parts.registrations import columns, lines
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors

SHOWN: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "waiting": (gettext_lazy("待办"), WAITING_STATES),
    "supplement": (gettext_lazy("待补正"), (RegistrationState.SUPPLEMENT_REQUIRED,)),
    "register": (gettext_lazy("登记簿"), REGISTERED_STATES),
    "closed": (gettext_lazy("不予登记和已注销"), (RegistrationState.REJECTED, RegistrationState.DEREGISTERED)),
}


@require_safe
@login_required
def queue(request: Request) -> HttpResponse:
    if not request.actor.has(Role.REGISTRAR):
        raise PermissionDenied
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "waiting"
    rows = contracts.registrations_for(request.actor).filter(state__in=SHOWN[shown][1])
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], columns(), kind=request.GET["export"], name="keqiao-registrations")
    page = lists.page_of(request, rows)
    on = timezone.localdate()
    context = {
        "section": "office",
        "tab": "registrations",
        "page": page,
        "rows": page.object_list,
        "shown": shown,
        "choices": [(name, title) for name, (title, _states) in SHOWN.items()],
        "counts": contracts.queue_counts(request.actor, on=on),
        "today": on,
    }
    return render(request, "office/registrations.html", context)


def _find(request: Request, key: str) -> Registration:
    """A registration at an office of the actor's; for others it looks like none."""
    try:
        row = contracts.registration(key, request.actor)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not permissions.is_registrar_of(request.actor, row.office):
        raise PermissionDenied
    return row


def _register(request: Request, row: Registration, given: dict[str, Any], at: datetime) -> None:
    registering.register(row, by=request.actor, at=at, **given)
    if notice := registration_rules.number_notice(row.number or ""):
        messages.warning(request, notice)


STEPS: Mapping[str, Step] = {
    "accept": Step(forms.Form, plain(registering.accept), gettext_lazy("已受理。")),
    "supplement": Step(shapes.SupplementForm, plain(registering.ask_supplement), gettext_lazy("已要求补正。")),
    "check": Step(shapes.CheckForm, plain(registering.check), gettext_lazy("审查意见已记录。")),
    "experts": Step(shapes.ExpertsForm, plain(registering.call_experts), gettext_lazy("已转入专家评审。")),
    "register": Step(shapes.RegisterForm, _register, gettext_lazy("已登记，申报方可以打印登记证明。")),
    "reject": Step(shapes.RejectForm, plain(registering.reject), gettext_lazy("已决定不予登记。")),
    "deregister": Step(shapes.DeregisterForm, plain(registering.deregister), gettext_lazy("登记已注销。")),
}


@login_required
def decide(request: Request, key: str) -> HttpResponse:
    row = _find(request, key)
    if request.method != "POST":
        return _page(request, row)
    name, step = asked(request, STEPS)
    form = step.form(request.POST, auto_id=_auto_id(name, request.POST.get("kind", "")))
    if take(request, row, step, form):
        return redirect("office:registration", key=key)
    row.refresh_from_db()
    return _page(request, row, name=name, bound=form, status=422)


def _auto_id(name: str, kind: str = "") -> str:
    return f"{name}{kind}_%s"


def _page(
    request: Request, row: Registration, *, name: str = "", bound: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    on = timezone.localdate()

    def form(wanted: str, **initial: Any) -> forms.Form:
        if bound is not None and name == wanted:
            return bound
        return STEPS[wanted].form(initial=initial, auto_id=_auto_id(wanted))

    verdict = permissions.can_register(request.actor, row)
    region = places.region().code
    context = {
        "section": "office",
        "tab": "registrations",
        "row": row,
        "bound": bound,
        "name": name,
        "lines": lines(row),
        "refusal": "" if verdict.allowed else verdict.reason,
        "is_overdue": row.due_date is not None and row.due_date < on and row.state in WAITING_STATES,
        "is_large": registration_rules.is_large(row, on=on),
        "in_review": row.state in REVIEW_STATES,
        "is_registered": row.state in REGISTERED_STATES,
        "may_strike": row.state in (*registering.REGISTERED, RegistrationState.PERFORMED),
        "may_change": row.state in registering.REGISTERED,
        "checks": _checks(row, bound if name == "check" else None),
        "supplements": row.supplements.all(),
        "versions": row.versions.all(),
        "files": attached.attachments_of(agreement_subject(row.agreement)),
        "history": [entry for entry in ledger.entries_of(subject_of(row)) if entry.outcome == "done"],
        "supplement_form": form("supplement", deadline_date=registering.supplement_day(on)),
        "experts_form": form("experts"),
        "register_form": form("register", technology_amount_fen=row.technology_amount_fen),
        "reject_form": form("reject"),
        "deregister_form": form("deregister"),
        "rule": dated.find("registration", region=region, on=on),
        "drafts": [rule for rule in dated.rules(region) if rule.needs_confirmation],
    }
    return render(request, "office/registration.html", context, status=status)


def _checks(row: Registration, bound: forms.Form | None) -> list[tuple[CheckKind, Any, forms.Form | None]]:
    """Each matter to be checked with the opinion so far and the form for another."""
    found = {check.kind: check for check in row.checks.all()}
    kinds = [kind for kind in CheckKind if kind != CheckKind.EXPERTS or row.state == RegistrationState.EXPERT_REVIEW
             or kind in found]  # fmt: skip
    shown = []
    for kind in kinds:
        check = found.get(kind)
        may = row.state in ((RegistrationState.EXPERT_REVIEW,) if kind == CheckKind.EXPERTS else REVIEW_STATES)
        form: forms.Form | None = None
        if may and bound is not None and bound.data.get("kind") == kind:
            form = bound
        elif may:
            initial = {"kind": kind.value, "passed": "yes" if check is None or check.passed else "no",
                       "opinion": check.opinion if check else ""}  # fmt: skip
            form = shapes.CheckForm(initial=initial, auto_id=_auto_id("check", kind.value))
        shown.append((kind, check, form))
    return shown


@login_required
def change(request: Request, key: str) -> HttpResponse:
    """Change what stands in the register; the form as it stood is kept."""
    row = _find(request, key)
    if row.state not in registering.REGISTERED or not permissions.can_register(request.actor, row).allowed:
        raise PermissionDenied
    form = shapes.ChangeForm(request.POST or None, on=timezone.localdate(), row=row)
    if request.method == "POST" and form.is_valid():
        try:
            registering.change_registration(
                row, note=form.cleaned_data["note"], by=request.actor, at=timezone.now(), **form.values()
            )
            messages.success(request, gettext("已变更登记，原登记表已留存。"))
            return redirect("office:registration", key=key)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
        except ValidationError as error:
            add_errors(form, error)
    context = {"section": "office", "tab": "registrations", "row": row, "form": form}
    return render(request, "office/registration_change.html", context, status=422 if request.method == "POST" else 200)


@require_safe
@login_required
def file(request: Request, key: str, file: str) -> HttpResponse:
    """An annex of a contract that was filed with the actor's office."""
    row = _find(request, key)
    try:
        found = attached.attachment(file)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if found.subject != agreement_subject(row.agreement):
        raise Http404
    return file_answer(found)
