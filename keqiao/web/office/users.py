"""Users and their roles."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, permissions, places, queries
from keqiao.apps.parties.models import Role, Station, User
from keqiao.apps.parties.models.account import ORGANIZATION_ROLES
from keqiao.web.parts import factors, lists, reasons
from keqiao.web.parts.choices import NamedChoiceField
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors
from keqiao.web.templatetags.keqiao import name_of

SCOPES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*ORGANIZATION_ROLES, Role.REGISTRAR), ("organization",)),
    Role.COORDINATOR: ("station",),
    Role.OFFICER: ("department", "area"),
}
OPTIONAL: dict[str, tuple[str, ...]] = {Role.BROKER: ("station",)}


class UserForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), help_text=gettext_lazy("对方用“忘记密码”设置自己的密码。"))
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)


class GrantForm(forms.Form):
    """A role and where it holds."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Role.choices)
    organization = forms.CharField(label=gettext_lazy("单位代码（单位角色、合同登记员必填）"), required=False)
    station = NamedChoiceField(
        label=gettext_lazy("分市场或工作站（负责人必填，经纪人选填）"), queryset=Station.objects.none(), required=False,
        empty_label="—",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        station = self.fields["station"]
        assert isinstance(station, forms.ModelChoiceField)  # noqa: S101 - declared above
        station.queryset = queries.stations().filter(is_active=True)
        region = places.region()
        departments = [(row.code, name_of(row)) for row in region.departments.values()]
        self.fields["department"] = forms.ChoiceField(
            label=gettext_lazy("部门（主管部门人员必填）"), choices=[("", "—"), *departments], required=False
        )
        whole = (region.root.code, name_of(region))
        self.fields["area"] = forms.ChoiceField(
            label=gettext_lazy("地区（主管部门人员必填）"),
            choices=[("", "—"), whole, *lists.area_choices(timezone.localdate())],
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        code = cleaned.get("organization", "").strip()
        cleaned["organization"] = queries.organizations().filter(key=code).first() if code else None
        if code and cleaned["organization"] is None:
            self.add_error("organization", _("没有登记这个代码的单位。"))
        self._check_scope(cleaned)
        return cleaned

    def _check_scope(self, cleaned: dict[str, Any]) -> None:
        """Each role asks for its own scope; one that it has no use for would be a misunderstanding."""
        role = cleaned.get("role", "")
        needed, optional = SCOPES.get(role, ()), OPTIONAL.get(role, ())
        for name in ("organization", "station", "department", "area"):
            if name in self.errors or not role:
                continue
            if name in needed and not cleaned.get(name):
                self.add_error(name, _("“%(role)s”须填写这一项。") % {"role": Role(role).label})
            elif cleaned.get(name) and name not in (*needed, *optional):
                self.add_error(name, _("“%(role)s”不用填这一项，请清空。") % {"role": Role(role).label})


def _require(decision: permissions.Decision) -> None:
    if not decision.allowed:
        raise PermissionDenied


@require_safe
@login_required
def users(request: Request) -> HttpResponse:
    _require(permissions.can_see_users(request.actor))
    text = request.GET.get("q", "").strip()
    rows = queries.find_users(text) if text else queries.users()
    context = {"section": "office", "tab": "users", "page": lists.page_of(request, rows), "text": text}
    return render(request, "office/users.html", context)


@login_required
def new(request: Request) -> HttpResponse:
    _require(permissions.can_manage_users(request.actor))
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.add_user(password=None, by=request.actor, at=timezone.now(), **form.cleaned_data)
            return redirect("office:user", key=user.key)
        except ValidationError as error:
            add_errors(form, error)
    context = {"section": "office", "tab": "users", "form": form}
    return render(request, "office/user_new.html", context, status=422 if form.errors else 200)


@login_required
def user_page(request: Request, key: str) -> HttpResponse:
    """The administrator locks and unlocks the account, the security administrator gives and ends its roles."""
    _require(permissions.can_see_users(request.actor))
    try:
        user = queries.user(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    form = GrantForm(request.POST if request.POST.get("do") == "grant" else None)
    if request.method == "POST" and _do(request, user, form):
        return redirect("office:user", key=user.key)
    context = {
        "section": "office",
        "tab": "users",
        "person": user,
        "memberships": queries.memberships_in_force(user, on=timezone.localdate()),
        "form": form,
        "factors": Authenticator.objects.filter(user=user, type__in=factors.FACTORS),
        "gives_roles": permissions.can_manage_roles(request.actor).allowed,
    }
    return render(request, "office/user.html", context, status=422 if form.errors else 200)


def _do(request: Request, user: User, form: GrantForm) -> bool:
    """Carry out one of the page's buttons; False if the form has to be shown again."""
    at, what = timezone.now(), request.POST.get("do")
    try:
        if what == "grant":
            if not form.is_valid():
                return False
            actions.grant(user, by=request.actor, at=at, **form.cleaned_data)
        elif what == "revoke":
            rows = queries.memberships_in_force(user, on=timezone.localdate())
            pk = request.POST.get("membership", "")
            actions.revoke(get_object_or_404(rows, pk=pk if pk.isdecimal() else 0), by=request.actor, at=at)
        elif what == "reset_factors":
            actions.reset_factors(user, by=request.actor, at=at)
        elif what in ("activate", "deactivate"):
            actions.set_active(user, active=what == "activate", by=request.actor, at=at)
        messages.success(request, _("已保存。"))
    except ValidationError as error:
        add_errors(form, error)
        return False
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    return True
