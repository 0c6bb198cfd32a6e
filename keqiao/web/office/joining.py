"""The office's list of claims, and the invitations that the security administrator sends."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, joining, permissions
from keqiao.web.office.users import GrantForm
from keqiao.web.parts import invitations as links
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors


class InvitationForm(GrantForm):
    """A role with its scope, for an address."""

    field_order = ("email", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(label=gettext_lazy("对方邮箱"))
        self.order_fields(self.field_order)


@require_safe
@login_required
def claims(request: Request) -> HttpResponse:
    if not permissions.can_see_claims(request.actor).allowed:
        raise PermissionDenied
    page = lists.page_of(request, joining.claims_to_decide(request.actor, on=timezone.localdate()))
    return render(request, "office/claims.html", {"section": "office", "tab": "claims", "page": page})


@login_required
def invitations(request: Request) -> HttpResponse:
    if not permissions.can_manage_roles(request.actor).allowed:
        raise PermissionDenied
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.invite(user=person(request), by=request.actor, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
        else:
            links.tell(request, sent=links.send(request, row))
            return redirect("office:invitations")
    page = lists.page_of(request, joining.office_invitations())
    context = {
        "section": "office",
        "tab": "invitations",
        "form": form,
        "page": page,
        "rows": [(row, links.address(request, row), links.closed(row, at=timezone.now())) for row in page.object_list],
    }
    return render(request, "office/invitations.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def revoke(request: Request, pk: int) -> HttpResponse:
    if not permissions.can_manage_roles(request.actor).allowed:
        raise PermissionDenied
    row = get_object_or_404(joining.office_invitations(), pk=pk)
    try:
        actions.revoke_invitation(row, by=request.actor, at=timezone.now())
        messages.success(request, _("邀请已撤销。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("office:invitations")
