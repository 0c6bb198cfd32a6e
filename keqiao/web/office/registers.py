"""Keeping registers: entering a row, correcting it, striking it; whole tables come through the imports."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import queries as parties
from keqiao.apps.registers import actions, permissions, queries
from keqiao.apps.registers.models import Entry, StrikeReason
from keqiao.apps.registers.words import said
from keqiao.catalogue.registers import Register, registers
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.money_fields import DayField, WanField
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors


def _labels(register: Register) -> list[tuple[str, str]]:
    """What the register calls its values; nothing for those it does not keep."""
    amount = said(register.amount)
    return [
        ("start_date", said(register.start)), ("end_date", said(register.end)), ("quantity", said(register.quantity)),
        ("amount_fen", _("%(amount)s（万元）") % {"amount": amount} if amount else ""),
    ]  # fmt: skip


class EntryForm(forms.Form):
    """A row as its register has it: only the values that this register keeps are asked for."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    title_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=300, required=False)
    level = forms.ChoiceField(label=gettext_lazy("级别"), required=False)
    uscc = forms.CharField(
        label=gettext_lazy("单位代码"),
        required=False,
        help_text=gettext_lazy("统一社会信用代码；单位不在本平台的，只填名称。"),
    )
    organization_name = forms.CharField(label=gettext_lazy("单位名称"), max_length=120, required=False)
    area = forms.ChoiceField(label=gettext_lazy("所在地"), required=False)
    field = forms.ChoiceField(label=gettext_lazy("技术领域"), required=False)
    start_date = DayField()
    end_date = DayField(required=False)
    amount_fen = WanField(required=False)
    quantity = forms.IntegerField(min_value=0, required=False)
    number = forms.CharField(label=gettext_lazy("文号或编号"), max_length=80, required=False)
    source = forms.CharField(label=gettext_lazy("来源"), max_length=300, help_text=gettext_lazy("文件名、文号、日期。"))
    source_link = forms.URLField(label=gettext_lazy("来源网址"), max_length=400, required=False, assume_scheme="https")
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)
    is_public = forms.BooleanField(label=gettext_lazy("公开"), required=False, initial=True)

    def __init__(self, *args: Any, register: Register, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, label in _labels(register):
            if label:
                self.fields[field].label = label
            else:
                del self.fields[field]
        self._offer("level", [(level.code, said(level)) for level in register.levels])
        self._offer("area", lists.area_choices(timezone.localdate()))
        self._offer("field", lists.field_choices())

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        given["organization"] = given.pop("body", None)
        del given["uscc"]
        return given

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        code = given.get("uscc", "").strip().upper()
        given["body"] = parties.organizations().filter(uscc=code).first() if code else None
        if code and given["body"] is None:
            self.add_error("uscc", _("没有登记这个代码的单位；可以只填单位名称。"))
        return given


def _require(request: Request) -> list[Register]:
    mine = [one for one in registers().values() if permissions.can_keep_register(request.actor, one.code).allowed]
    if not mine:
        raise PermissionDenied
    return mine


@require_safe
@login_required
def home(request: Request) -> HttpResponse:
    mine, counts = _require(request), queries.counts()
    rows = [(one, counts.get(one.code, 0)) for one in mine]
    return render(request, "office/registers.html", {"section": "office", "tab": "registers", "rows": rows})


@login_required
def new(request: Request, register: str) -> HttpResponse:
    found = next((one for one in _require(request) if one.code == register), None)
    if found is None:
        raise Http404
    form = EntryForm(request.POST or None, register=found)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_entry(register, by=request.actor, at=timezone.now(), **form.values())
            messages.success(request, _("已保存。"))
            return redirect("public:register-entry", key=row.key)
        except ValidationError as error:
            add_errors(form, error)
        except Refused as refusal:
            form.add_error(None, reasons.sentence(refusal.reason))
    return _page(request, found, form)


@login_required
def edit(request: Request, key: str) -> HttpResponse:
    """Correct a row, or strike it."""
    mine = _require(request)
    try:
        row = queries.entry(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    found = next((one for one in mine if one.code == row.register), None)
    if found is None:
        raise Http404
    strikes = request.POST.get("do") == "strike"
    form = EntryForm(None if strikes else request.POST or None, register=found, initial=_initial(row))
    if request.method == "POST" and (strikes or form.is_valid()):
        try:
            if strikes:
                actions.strike_entry(row, reason=request.POST.get("reason", ""), by=request.actor, at=timezone.now())
            else:
                actions.edit_entry(row, by=request.actor, at=timezone.now(), **form.values())
            messages.success(request, _("已剔除。") if strikes else _("已保存。"))
            return redirect("public:register-entry", key=row.key)
        except ValidationError as error:
            if strikes:
                messages.error(request, "；".join(error.messages))
            else:
                add_errors(form, error)
        except Refused as refusal:
            messages.error(request, reasons.sentence(refusal.reason))
    return _page(request, found, form, row)


def _initial(row: Entry) -> dict[str, Any]:
    names = [name for name in EntryForm.base_fields if name != "uscc"]
    return {name: getattr(row, name) for name in names} | {"uscc": row.organization.uscc if row.organization else ""}


def _page(request: Request, register: Register, form: EntryForm, row: Entry | None = None) -> HttpResponse:
    context = {
        "section": "office", "tab": "registers", "register": register, "form": form, "row": row,
        "strike_reasons": StrikeReason.choices,
    }  # fmt: skip
    return render(request, "office/register_entry.html", context, status=422 if form.errors else 200)
