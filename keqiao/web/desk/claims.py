"""Claims of an organisation: asking, following one's own, deciding as its manager or as the office."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.files import queries as files
from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, joining, permissions, queries
from keqiao.apps.parties.actions.claims import subject_of
from keqiao.apps.parties.models import ClaimReason, ClaimState, OrganizationClaim, Role
from keqiao.apps.parties.models.account import ORGANIZATION_ROLES
from keqiao.web.parts import reasons
from keqiao.web.parts.downloads import file_answer
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors


class ClaimForm(forms.Form):
    """What one is there, and what shows it."""

    role = forms.ChoiceField(
        label=gettext_lazy("申请的角色"),
        choices=[(role, Role(role).label) for role in reversed(ORGANIZATION_ROLES)],
        help_text=gettext_lazy("管理员可以编辑单位资料、管理成员；编辑可以写需求和供给；成员只能查看。"),
    )
    position = forms.CharField(label=gettext_lazy("本人职务"), max_length=60)
    evidence = forms.FileField(
        label=gettext_lazy("证明材料"),
        help_text=gettext_lazy("盖章的介绍信、在职证明或营业执照，PDF、图片或 Word，不超过 20 MB。仅审核人可见。"),
    )
    statement = forms.CharField(
        label=gettext_lazy("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@login_required
def claim(request: Request, key: str) -> HttpResponse:
    """Ask to act for a body that stands in the register already."""
    try:
        organization = queries.organization(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    form = ClaimForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        evidence = values.pop("evidence")
        try:
            row = actions.claim_organization(
                organization, user=person(request), evidence=(evidence.name, evidence.read()), by=request.actor,
                at=timezone.now(), **values,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                add_errors(form, error)
            else:
                form.add_error("evidence", error)
        else:
            messages.success(request, _("申请已提交，审核结果会显示在这里。"))
            return redirect("desk:claim", key=row.key)
    has_manager = joining.has_manager(organization, on=timezone.localdate())
    context = {"section": "desk", "organization": organization, "form": form, "has_manager": has_manager}
    return render(request, "desk/claim_new.html", context, status=422 if form.errors else 200)


def _find(request: Request, key: str) -> OrganizationClaim:
    try:
        row = joining.claim(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not permissions.can_see_claim(request.actor, row).allowed:
        raise Http404
    return row


@login_required
def claim_page(request: Request, key: str) -> HttpResponse:
    """One claim: the claimant follows it, whoever decides sees the evidence and the buttons."""
    row = _find(request, key)
    if request.method == "POST":
        _do(request, row)
        return redirect("desk:claim", key=row.key)
    at = timezone.now()
    waits = at < joining.managers_turn_ends(row) and joining.has_manager(row.organization, on=timezone.localdate())
    verdict = permissions.can_decide_claim(request.actor, row, waits_for_manager=waits)
    context = {
        "section": "desk",
        "claim": row,
        "is_open": row.state == ClaimState.OPEN,
        "is_mine": request.actor.key == f"user:{row.user.key}",
        "files": files.attachments_of(subject_of(row)),
        "verdict": verdict,
        "waits_until": joining.managers_turn_ends(row) if waits else None,
        "reasons": ClaimReason.choices,
        "memberships": queries.members_of(row.organization, on=timezone.localdate()) if verdict.allowed else (),
    }
    return render(request, "desk/claim.html", context)


def _do(request: Request, row: OrganizationClaim) -> None:
    what, at = request.POST.get("do"), timezone.now()
    note = request.POST.get("note", "").strip()[:300]
    shared: dict[str, Any] = {"by": request.actor, "at": at}
    try:
        if what == "approve":
            actions.approve_claim(row, note=note, **shared)
        elif what == "reject":
            actions.reject_claim(row, reason=request.POST.get("reason", ""), note=note, **shared)
        elif what == "withdraw":
            actions.withdraw_claim(row, **shared)
        else:
            return
        messages.success(request, _("已保存。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


@require_safe
@login_required
def claim_file(request: Request, key: str, file: str) -> HttpResponse:
    row = _find(request, key)
    try:
        attachment = files.attachment(file)
    except Attachment.DoesNotExist as error:
        raise Http404 from error
    if attachment.subject != subject_of(row):
        raise Http404
    return file_answer(attachment)
