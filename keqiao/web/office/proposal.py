"""One proposal in the office: who handles it until when, what was answered, and the steps that may come next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.proposals import actions, permissions, queries
from keqiao.apps.proposals.models import Assignment, Proposal, ProposalState
from keqiao.apps.proposals.names import subject_of
from keqiao.web.office import proposal_forms as shapes
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.page_steps import Step, Write, asked, plain, take
from keqiao.web.parts.request import Request, person


def _of_unit(action: Callable[..., object]) -> Write:
    """A step of one unit: which one, the form says."""

    def write(request: Request, row: Proposal, given: dict[str, Any], at: datetime) -> None:
        action(_assignment(request, row), by=request.actor, at=at, **given)

    return write


def _assignment(request: Request, row: Proposal) -> Assignment:
    number = str(request.POST.get("assignment", ""))
    found = next((one for one in row.assignments.all() if str(one.pk) == number), None)
    if found is None:
        raise Http404
    found.proposal = row
    return found


def _hand_over(request: Request, row: Proposal, given: dict[str, Any], at: datetime) -> None:
    lines = shapes.unit_lines(request.POST)
    if not lines.is_valid():
        raise ValidationError(
            [problem for line in lines.forms for found in line.errors.values() for problem in found]
            or list(lines.non_form_errors())
        )
    actions.hand_over(row, units=lines.given(), by=request.actor, at=at, **given)


def _follow(request: Request, row: Proposal, given: dict[str, Any], at: datetime) -> None:
    actions.follow(row, by=request.actor, at=at)


def _unfollow(request: Request, row: Proposal, given: dict[str, Any], at: datetime) -> None:
    actions.unfollow(row, by=request.actor, at=at)


STEPS: Mapping[str, Step] = {
    "hand_over": Step(shapes.HandOverForm, _hand_over, gettext_lazy("已交办，承办单位已收到通知。")),
    "take_up": Step(forms.Form, _of_unit(actions.take_up), gettext_lazy("已记为开始办理。")),
    "return": Step(shapes.ReturnForm, _of_unit(actions.return_assignment), gettext_lazy("已退回交办单位。")),
    "answered": Step(shapes.AnsweredForm, _of_unit(actions.mark_answered), gettext_lazy("已记为办结。")),
    "broad": Step(shapes.BroadForm, plain(actions.agree_broad), gettext_lazy("期限已延长。")),
    "publication": Step(shapes.PublicationForm, plain(actions.decide_publication), gettext_lazy("公开方式已确定。")),
    "follow": Step(forms.Form, _follow, gettext_lazy("已关注，有变化时会通知您。")),
    "unfollow": Step(forms.Form, _unfollow, gettext_lazy("已取消关注。")),
    "close": Step(forms.Form, plain(actions.close_proposal), gettext_lazy("已办结。")),
}


@login_required
def proposal(request: Request, key: str) -> HttpResponse:
    parts.require_office(request)
    row = parts.find_proposal(request, key)
    if request.method != "POST":
        return _page(request, row)
    name, step = asked(request, STEPS)
    form = step.form(request.POST, auto_id=_auto_id(name, str(request.POST.get("assignment", ""))))
    if take(request, row, step, form):
        return redirect("office:proposal", key=key)
    return _page(request, parts.find_proposal(request, key), name=name, bound=form, status=422)


def _auto_id(name: str, number: str = "") -> str:
    return f"{name}{number}_%s"


def _page(
    request: Request, row: Proposal, *, name: str = "", bound: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    on = timezone.localdate()

    def form(wanted: str, **initial: Any) -> forms.Form:
        if bound is not None and name == wanted:
            return bound
        return STEPS[wanted].form(initial=initial, auto_id=_auto_id(wanted))

    lines = shapes.unit_lines(request.POST if name == "hand_over" else None)
    context = {
        "section": "office",
        "tab": "proposals",
        "row": row,
        "today": on,
        "name": name,
        "bound": bound,
        "assignments": _assignments(request, row, name, bound),
        "may_keep": permissions.can_keep_proposal(request.actor, row).allowed,
        "may_hand_over": permissions.can_hand_over(request.actor).allowed and row.state != ProposalState.CLOSED,
        "is_open": row.state not in (ProposalState.CLOSED, ProposalState.ANSWERED),
        "units": lines,
        "hand_over_form": form("hand_over", assigned_date=on),
        "broad_form": form("broad", agreed_date=on),
        "publication_form": form(
            "publication", publication=row.publication, withheld_reason=row.withheld_reason
        ),
        "matrix": queries.suggestion_matrix(row, actor=request.actor),
        "replies": queries.replies(request.actor, proposal=row),
        "is_following": queries.is_following(str(person(request).key), row),
        "history": [entry for entry in ledger.entries_of(subject_of(row)) if entry.outcome == "done"],
    }  # fmt: skip
    return render(request, "office/proposal.html", context, status=status)


@dataclass(frozen=True)
class Handling:
    """What one unit has to do with the proposal, and the steps the reader may take for it."""

    row: Assignment
    may_handle: bool
    may_answer: bool
    return_form: forms.Form
    answered_form: forms.Form
    open_step: str = ""


def _assignments(request: Request, row: Proposal, name: str, bound: forms.Form | None) -> list[Handling]:
    on, found = timezone.localdate(), []
    for one in row.assignments.all():
        here = bound is not None and str(request.POST.get("assignment", "")) == str(one.pk)
        one.proposal = row

        def form(wanted: str, one: Assignment = one, *, here: bool = here, **initial: Any) -> forms.Form:
            if here and bound is not None and name == wanted:
                return bound
            return STEPS[wanted].form(initial=initial, auto_id=_auto_id(wanted, str(one.pk)))

        found.append(
            Handling(
                row=one,
                may_handle=one.is_open and permissions.can_handle(request.actor, one).allowed,
                may_answer=one.is_open and permissions.can_mark_answered(request.actor, one).allowed,
                return_form=form("return"),
                answered_form=form("answered", answered_date=on),
                open_step=name if here else "",
            )
        )
    return found
