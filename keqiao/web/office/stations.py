"""Setting up branch markets and stations."""

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
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, permissions, queries
from keqiao.apps.parties.models import Station, StationKind
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.choices import NamedChoiceField
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors


class StationForm(forms.Form):
    """A branch market or a station: what it is called, where, below which branch, at which body."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=StationKind.choices)
    name = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=200, required=False)
    parent = NamedChoiceField(
        label=gettext_lazy("所属分市场（工作站选填）"), queryset=Station.objects.none(), required=False, empty_label="—"
    )
    organization = forms.CharField(
        label=gettext_lazy("依托单位的代码"), required=False, help_text=gettext_lazy("统一社会信用代码，可不填。")
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = queries.stations().filter(kind=StationKind.BRANCH)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)  # noqa: S101 - declared above
        parent.queryset = branches
        self.fields["area"] = forms.ChoiceField(
            label=gettext_lazy("服务地区"), choices=[("", "—"), *lists.area_choices(timezone.localdate())]
        )
        self.order_fields(("kind", "name", "name_en", "area", "parent", "organization", "is_active"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        code = cleaned.get("organization", "").strip()
        cleaned["organization"] = queries.organizations().filter(key=code).first() if code else None
        if code and cleaned["organization"] is None:
            self.add_error("organization", _("没有登记这个代码的单位。"))
        if cleaned.get("kind") == StationKind.BRANCH and cleaned.get("parent"):
            self.add_error("parent", _("分市场不隶属于别的分市场，请留空。"))
        return cleaned


def _require(request: Request) -> None:
    if not permissions.can_manage_stations(request.actor).allowed:
        raise PermissionDenied


@require_safe
@login_required
def stations(request: Request) -> HttpResponse:
    _require(request)
    rows = list(queries.stations_with_people(on=timezone.localdate()))
    context = {"section": "office", "tab": "stations", "stations": rows}
    return render(request, "office/stations.html", context)


@login_required
def new(request: Request) -> HttpResponse:
    _require(request)
    return _page(request, None)


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    _require(request)
    return _page(request, get_object_or_404(queries.stations(), key=key))


def _page(request: Request, row: Station | None) -> HttpResponse:
    form = StationForm(request.POST or None, initial=_initial(row) if row else None)
    if request.method == "POST" and form.is_valid() and _save(request, row, form):
        messages.success(request, _("已保存。"))
        return redirect("office:stations")
    context = {"section": "office", "tab": "stations", "form": form, "station": row}
    return render(request, "office/station.html", context, status=422 if form.errors else 200)


def _initial(row: Station) -> dict[str, Any]:
    names = ("kind", "name", "name_en", "area", "parent", "is_active")
    code = row.organization.key if row.organization else ""
    return {name: getattr(row, name) for name in names} | {"organization": code}


def _save(request: Request, row: Station | None, form: StationForm) -> bool:
    try:
        if row is None:
            actions.add_station(by=request.actor, at=timezone.now(), **form.cleaned_data)
        else:
            actions.edit_station(row, by=request.actor, at=timezone.now(), **form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return False
    except Refused as refusal:
        form.add_error(None, reasons.sentence(refusal.reason))
        return False
    return True
