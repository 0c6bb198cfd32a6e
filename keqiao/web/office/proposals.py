"""Proposals in the office: the list with its filters, entering one, correcting what the paper says."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.proposals import actions, permissions, queries, units
from keqiao.apps.proposals.models import Body, Proposal, ProposalState
from keqiao.web.office import proposal_forms as shapes
from keqiao.web.parts import lists, reasons
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.export import MOST_ROWS, TYPES, file_response
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors

DUE = (("open", gettext_lazy("未办结")), ("overdue", gettext_lazy("已逾期")), ("due_soon", gettext_lazy("即将到期")))


@require_safe
@login_required
def proposals(request: Request) -> HttpResponse:
    """What the actor's units have to do with, all of it for the office that hands over."""
    parts.require_office(request)
    on = timezone.localdate()
    choices = _choices(request)
    given = {name: parts.chosen(request, name, offered) for name, (_label, offered) in choices.items()}
    text, year = request.GET.get("q", "").strip()[:80], parts.whole(request.GET.get("year", ""))
    rows = queries.proposals(
        request.actor, on=on, q=text, year=year, body=given["body"], kind=given["class"], unit=given["unit"],
        state=given["state"], is_key=bool(request.GET.get("key")),
    )  # fmt: skip
    if given["due"]:
        due = queries.assignments(request.actor, on=on, unit=given["unit"], state=given["due"])
        rows = rows.filter(pk__in=due.order_by().values("proposal"))
    if request.GET.get("export") in TYPES:
        table = parts.proposal_columns(on)
        return file_response(rows[:MOST_ROWS], table, kind=request.GET["export"], name="keqiao-proposals")
    page = lists.page_of(request, rows)
    context = {
        "section": "office",
        "tab": "proposals",
        "page": page,
        "today": on,
        "text": text,
        "year": year or "",
        "is_key": bool(request.GET.get("key")),
        "is_filtered": lists.is_filtered(request.GET),
        "filters": [(name, label, offered, given[name]) for name, (label, offered) in choices.items()],
        "loads": _totals(request),
        "may_register": bool(units.of(request.actor)),
    }
    return render(request, "office/proposals.html", context)


def _choices(request: Request) -> dict[str, tuple[Any, parts.Choices]]:
    return {
        "body": (_("提出机构"), parts.named(Body.choices)),
        "class": (_("类别"), parts.class_choices()),
        "unit": (_("承办单位"), parts.own_unit_choices(request)),
        "state": (_("状态"), parts.named(ProposalState.choices)),
        "due": (_("期限"), parts.named(DUE)),
    }


def _totals(request: Request) -> dict[str, int]:
    loads = queries.overdue(on=timezone.localdate(), actor=request.actor)
    names = ("open", "overdue", "due_soon")
    return {name: sum(getattr(load, name) for load in loads) for name in names}


@login_required
def new(request: Request) -> HttpResponse:
    """Enter a proposal with who signed it, what it asks for and the units it goes to."""
    parts.require_office(request)
    data = request.POST if request.method == "POST" else None
    form = shapes.NewProposalForm(data)
    lines = {
        "signers": shapes.signer_lines(data, is_new=True),
        "suggestions": shapes.suggestion_lines(data),
        "units": shapes.unit_lines(data),
    }
    if data is not None and _all_valid(form, *lines.values()):
        try:
            row = actions.register_proposal(
                **form.values(), signers=lines["signers"].given(), suggestions=lines["suggestions"].given(),
                assign=lines["units"].given(), by=request.actor, at=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("已登记。"))
            return redirect("office:proposal", key=row.key)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
        except ValidationError as error:
            add_errors(form, error)
    context = {"section": "office", "tab": "proposals", "form": form, **lines}
    return render(request, "office/proposal_new.html", context, status=422 if data is not None else 200)


def _all_valid(*forms: Any) -> bool:
    """Whether every one is in order; all are asked, so that every problem is shown at once."""
    verdicts = [form.is_valid() for form in forms]
    return all(verdicts)


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    """What the paper says, who signed it, what it asks for: each part by itself; the number stays."""
    parts.require_office(request)
    row = parts.find_proposal(request, key)
    if not permissions.can_keep_proposal(request.actor, row).allowed or row.state == ProposalState.CLOSED:
        raise PermissionDenied
    name = str(request.POST.get("do", "")) if request.method == "POST" else ""
    given = {part: request.POST if part == name else None for part in ("data", "signers", "suggestions")}
    form = shapes.ProposalForm(given["data"], row=row)
    lines = {
        "signers": shapes.signer_lines(given["signers"], row),
        "suggestions": shapes.suggestion_lines(given["suggestions"], row),
    }
    bound: Any = {"data": form, **lines}.get(name)
    problems: list[str] = []
    if bound is not None and bound.is_valid():
        try:
            _save(request, row, name, form, lines)
            messages.success(request, _("已保存。"))
            return redirect("office:proposal-edit", key=key)
        except Refused as refusal:
            problems = [reasons.sentence(refusal.reason)]
        except ValidationError as error:
            problems = _told(form if name == "data" else None, error)
    context = {
        "section": "office", "tab": "proposals", "row": row, "form": form, "name": name, "problems": problems,
        "linked": [one.name for one in row.signers.all() if one.user_id], **lines,
    }  # fmt: skip
    return render(request, "office/proposal_edit.html", context, status=422 if request.method == "POST" else 200)


def _save(
    request: Request, row: Proposal, name: str, form: shapes.ProposalForm, lines: dict[str, shapes.Lines]
) -> None:
    by, at = request.actor, timezone.now()
    if name == "data":
        actions.edit_proposal(row, **form.values(), by=by, at=at)
    elif name == "signers":
        actions.set_signers(row, shapes.signers_of(lines["signers"], row), by=by, at=at)
    else:
        actions.set_suggestions(row, lines["suggestions"].given(), by=by, at=at)


def _told(form: shapes.ProposalForm | None, error: ValidationError) -> list[str]:
    """Put what was refused beside its fields; lines have none, so that it is told above them."""
    if form is None:
        return list(error.messages)
    add_errors(form, error)
    return []
