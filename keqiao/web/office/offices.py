"""Registration offices: which bodies register contracts, and of which places."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import permissions
from keqiao.apps.market.actions import offices as actions
from keqiao.apps.market.queries import agreements as contracts
from keqiao.apps.parties import queries as parties
from keqiao.web.parts import reasons
from keqiao.web.parts.registration_forms import NewOfficeForm, OfficeForm
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors


def _require_may(request: Request) -> None:
    if not permissions.can_manage_offices(request.actor).allowed:
        raise PermissionDenied


@login_required
def offices(request: Request) -> HttpResponse:
    _require_may(request)
    form = NewOfficeForm(request.POST or None, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        code = given["organization"].strip()
        body = parties.organizations().filter(Q(key=code) | Q(uscc=code.upper())).first()
        try:
            if body is None:
                raise ValidationError({"organization": [_("没有登记过这个代码的单位，请先登记单位。")]})
            actions.add_office(body, areas=given["areas"], code=given["code"], by=request.actor, at=timezone.now())
            messages.success(request, _("登记机构已设立。请系统管理员为它的登记员授权。"))
            return redirect("office:offices")
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
        except ValidationError as error:
            add_errors(form, error)
    context = {"section": "office", "tab": "offices", "rows": contracts.offices(), "form": form}
    return render(request, "office/offices.html", context, status=422 if form.errors else 200)


@login_required
def office(request: Request, key: str) -> HttpResponse:
    _require_may(request)
    row = contracts.offices().filter(organization__key=key).first()
    if row is None:
        raise Http404
    initial = {"code": row.code, "areas": row.areas, "is_active": row.is_active}
    form = OfficeForm(request.POST or None, on=timezone.localdate(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_office(row, by=request.actor, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect("office:offices")
        except ValidationError as error:
            add_errors(form, error)
    context = {"section": "office", "tab": "offices", "row": row, "form": form}
    return render(request, "office/office.html", context, status=422 if form.errors else 200)
