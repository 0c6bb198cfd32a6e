"""My organisation: registering it, its facts, its members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, joining, permissions, queries
from keqiao.apps.parties.models import Organization
from keqiao.web.desk.forms import MemberForm, OrganizationForm, RegistrationForm
from keqiao.web.parts import invitations as links
from keqiao.web.parts import reasons
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors


def _find(key: str) -> Organization:
    try:
        return queries.organization(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error


@login_required
def register(request: Request) -> HttpResponse:
    """Register a body; whoever registers it becomes its manager."""
    form = RegistrationForm(request.POST or None, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            actions.register_organization(manager=person(request), by=request.actor, at=at, **form.cleaned_data)
            messages.success(request, _("单位已登记，您是它的管理员。"))
            return redirect("desk:home")
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            if refusal.reason == "organization_exists":
                return _known_already(request, form.cleaned_data["uscc"])
            form.add_error(None, reasons.sentence(refusal.reason))
    return _form_page(request, form, title=_("登记单位"))


def _known_already(request: Request, code: str) -> HttpResponse:
    """A body in the register is not registered again but claimed: there one goes on."""
    messages.warning(request, _("该单位已在名录里。提交证明材料，申请认领。"))
    found = queries.organizations().filter(uscc=code).first()
    return redirect("desk:claim-new", key=found.key) if found else redirect("public:organizations")


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    row = _find(key)
    if not permissions.can_edit_organization(request.actor, row.key).allowed:
        raise Http404
    initial = {name: getattr(row, name) for name in OrganizationForm.Meta.fields}
    form = OrganizationForm(request.POST or None, initial=initial, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_organization(row, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect("desk:home")
        except ValidationError as error:
            add_errors(form, error)
    return _form_page(request, form, title=_("编辑单位"))


def _form_page(request: Request, form: OrganizationForm, *, title: str) -> HttpResponse:
    context = {"section": "desk", "form": form, "title": title}
    return render(request, "desk/organization.html", context, status=422 if form.errors else 200)


@login_required
def members(request: Request, key: str) -> HttpResponse:
    row = _find(key)
    if not permissions.can_manage_members(request.actor, row.key).allowed:
        raise Http404
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = actions.invite(
                organization=row, user=person(request), by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
        else:
            links.tell(request, sent=links.send(request, invitation))
            return redirect("desk:members", key=row.key)
    waiting = joining.open_invitations(at=timezone.now()).filter(organization=row)
    context = {
        "section": "desk",
        "organization": row,
        "memberships": queries.members_of(row, on=timezone.localdate()),
        "waiting": [(found, links.address(request, found)) for found in waiting],
        "claims": joining.claims_to_decide(request.actor, on=timezone.localdate()).filter(organization=row),
        "form": form,
    }
    return render(request, "desk/members.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def end_membership(request: Request, key: str, pk: int) -> HttpResponse:
    row = _find(key)
    if not permissions.can_manage_members(request.actor, row.key).allowed:
        raise Http404
    membership = get_object_or_404(queries.members_of(row, on=timezone.localdate()), pk=pk)
    try:
        actions.revoke(membership, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("desk:members", key=row.key)


@require_POST
@login_required
def revoke_invitation(request: Request, key: str, pk: int) -> HttpResponse:
    row = _find(key)
    if not permissions.can_manage_members(request.actor, row.key).allowed:
        raise Http404
    invitation = get_object_or_404(joining.invitations_to(row), pk=pk)
    try:
        actions.revoke_invitation(invitation, by=request.actor, at=timezone.now())
        messages.success(request, _("邀请已撤销。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return redirect("desk:members", key=row.key)
