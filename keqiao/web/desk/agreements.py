"""My contracts: the list, a new one, the draft with its promised indicators and payments."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions, permissions
from keqiao.apps.market import queries as market
from keqiao.apps.market.actions.agreements import Party
from keqiao.apps.market.models import Agreement, AgreementState, Introduction
from keqiao.apps.market.queries import agreements as contracts
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import Organization, Role
from keqiao.web.desk import agreement_forms as shapes
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors, writable
from keqiao.web.templatetags.keqiao import label, name_of


def find(request: Request, key: str) -> Agreement:
    """A contract for its page; one that may not be seen looks like none."""
    try:
        return contracts.agreement(key, request.actor)
    except ObjectDoesNotExist as error:
        raise Http404 from error


@require_safe
@login_required
def agreements(request: Request) -> HttpResponse:
    rows = contracts.agreements_for(request.actor)
    state = request.GET.get("state", "")
    if state in AgreementState.values:
        rows = rows.filter(state=state)
    if request.GET.get("export") in TYPES:
        return file_response(rows[:MOST_ROWS], columns(), kind=request.GET["export"], name="keqiao-agreements")
    page = lists.page_of(request, rows)
    context = {
        "section": "desk",
        "page": page,
        "rows": page.object_list,
        "state": state,
        "states": [("", _("全部")), *AgreementState.choices],
        "may_write": _may_write(request),
    }
    return render(request, "desk/agreements.html", context)


def _may_write(request: Request) -> bool:
    return bool(request.actor.organizations(Role.EDITOR, Role.MANAGER))


def columns() -> list[Column]:
    """The list as a file, for the sides themselves."""
    return [
        Column(_("编号"), lambda row: row.key),
        Column(_("项目名称"), lambda row: row.title),
        Column(_("合同类型"), lambda row: label(row.contract_type, "contract_type")),
        Column(_("卖方"), lambda row: name_of(row.seller_party)),
        Column(_("买方"), lambda row: name_of(row.buyer_party)),
        Column(_("合同成交额（元）"), lambda row: _yuan(row.contract_amount_fen), "number"),
        Column(_("技术交易额（元）"), lambda row: _yuan(row.technology_amount_fen), "number"),
        Column(_("签订日期"), lambda row: row.signed_date),
        Column(_("状态"), lambda row: label(row.state, "agreement_state")),
    ]


def _yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


@login_required
def new(request: Request) -> HttpResponse:
    """A contract from an introduction (?introduction=KEY), or between two sides that are named here."""
    if key := request.GET.get("introduction", ""):
        return _from_introduction(request, key)
    bodies = _bodies(request)
    if not bodies:
        raise PermissionDenied
    form = shapes.NewAgreementForm(request.POST or None, bodies=bodies)
    lines = shapes.promises(request.POST or None)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            seller, buyer = _sides(form, bodies)
            row = actions.agreements.create_agreement(
                seller=seller, buyer=buyer, indicators=shapes.promise_inputs(lines),
                by=request.actor, at=timezone.now(), **form.values(),
            )  # fmt: skip
            messages.success(request, _("已保存为草稿。接着填付款计划，上传合同文本。"))
            return redirect("desk:agreement", key=row.key)
        except ValidationError as error:
            _add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
    return _form_page(request, None, form, lines)


def _bodies(request: Request) -> list[Organization]:
    """The bodies one may write for; a broker names the code of one in the address."""
    mine = writable(request)
    wanted = request.GET.get("organization", "").strip()
    if request.actor.has(Role.BROKER) and wanted:
        mine += list(parties.organizations().filter(Q(key=wanted) | Q(uscc=wanted.upper())))
    return mine


def _sides(form: shapes.NewAgreementForm, bodies: list[Organization]) -> tuple[Party, Party]:
    given = form.cleaned_data
    own: Party = next(body for body in bodies if body.key == given["organization"])
    other: Party
    if code := given["other_code"].strip():
        found = parties.organizations().filter(Q(key=code) | Q(uscc=code.upper())).first()
        if found is None:
            raise ValidationError({"other_code": [_("没有登记过这个代码的单位：请核对，或清空后填写对方名称。")]})
        other = found
    else:
        other = form.other()
    return (own, other) if given["side"] == "seller" else (other, own)


def _add_errors(form: django_forms.Form, error: ValidationError) -> None:
    """What was refused about a side that is not registered stands beside the fields of that side."""
    if hasattr(error, "error_dict"):
        renamed = {
            f"other_{name.partition('_')[2]}" if name.startswith(("seller_", "buyer_")) else name: texts
            for name, texts in error.message_dict.items()
        }
        error = ValidationError(renamed)
    add_errors(form, error)


def _from_introduction(request: Request, key: str) -> HttpResponse:
    try:
        matter = market.introduction(key, request.actor)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        try:
            row = actions.agreements.draft_from_introduction(matter, by=request.actor, at=timezone.now())
            messages.success(request, _("已按对接的内容起草，请核对每一项。"))
            return redirect("desk:agreement-edit", key=row.key)
        except Refused as refusal:
            messages.error(request, reasons.sentence(refusal.reason))
    bodies = frozenset({matter.need.organization.key, matter.offer.organization.key})
    verdict = permissions.can_draft_agreement(request.actor, bodies=bodies, introduction=matter)
    return render(request, "desk/agreement_from.html", _from_context(matter, verdict))


def _from_context(matter: Introduction, verdict: Any) -> dict[str, Any]:
    return {
        "section": "desk",
        "matter": matter,
        "promised": actions.agreements.promised(matter.need, matter.offer) if verdict.allowed else [],
        "refusal": "" if verdict.allowed else verdict.reason,
        "standing": matter.agreements.exclude(state=AgreementState.TERMINATED).first() if verdict.allowed else None,
    }


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    if not permissions.can_write_agreement(request.actor, row).allowed:
        raise PermissionDenied
    form = shapes.AgreementForm(request.POST or None, row=row)
    lines = shapes.promises(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            actions.agreements.edit_agreement(
                row, indicators=shapes.promise_inputs(lines), by=request.actor, at=timezone.now(), **form.values()
            )
            messages.success(request, _("已保存。"))
            return redirect("desk:agreement", key=key)
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
    return _form_page(request, row, form, lines)


def _form_page(request: Request, row: Agreement | None, form: Any, lines: Any) -> HttpResponse:
    context = {"section": "desk", "row": row, "form": form, "lines": lines, "prefix": "promises"}
    bad = request.method == "POST"
    return render(request, "desk/agreement_form.html", context, status=422 if bad else 200)


@login_required
def payments(request: Request, key: str) -> HttpResponse:
    """The payment plan of a draft."""
    row = find(request, key)
    if not permissions.can_write_agreement(request.actor, row).allowed:
        raise PermissionDenied
    lines, faults = shapes.plan(request.POST or None, row=row), []
    if request.method == "POST" and lines.is_valid():
        try:
            inputs = shapes.plan_inputs(lines)
            actions.payments.set_payments(row, inputs, by=request.actor, at=timezone.now())
            messages.success(request, _("付款计划已保存。"))
            return redirect("desk:agreement", key=key)
        except ValidationError as error:
            faults = error.messages
        except Refused as refusal:
            faults = [reasons.sentence(refusal.reason)]
    context = {"section": "desk", "row": row, "lines": lines, "faults": faults, "prefix": "plan"}
    return render(request, "desk/agreement_payments.html", context, status=422 if request.method == "POST" else 200)
