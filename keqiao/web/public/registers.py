"""Registers as everybody may read them: which there are, their rows, one row with its source."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.figures import queries as figures
from keqiao.apps.registers import permissions, queries
from keqiao.apps.registers.models import Entry
from keqiao.apps.registers.words import said
from keqiao.catalogue.registers import Register
from keqiao.catalogue.registers import registers as catalogue
from keqiao.web.parts import lists
from keqiao.web.parts.export import MOST_ROWS, TYPES, Column, file_response
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import label, say


class RegisterForm(forms.Form):
    """What to look for; a value that is not offered counts as none."""

    q = forms.CharField(label=_("搜索"), max_length=60, required=False)
    year = forms.TypedChoiceField(label=_("年份"), coerce=int, empty_value=None, required=False)
    level = forms.ChoiceField(label=_("级别"), required=False)
    area = forms.ChoiceField(label=_("地区"), required=False)

    def __init__(self, *args: Any, register: Register, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = queries.years(register.code)
        self._offer("year", _("全部年份"), [(year, str(year)) for year in years])
        self._offer("level", _("全部级别"), [(level.code, said(level)) for level in register.levels])
        self._offer("area", _("全区域"), lists.area_choices(on))

    def _offer(self, name: str, empty: Any, choices: list[Any]) -> None:
        self.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]


@require_safe
def registers(request: Request) -> HttpResponse:
    counts = queries.counts()
    rows = [(register, counts.get(register.code, 0)) for register in catalogue().values()]
    return render(request, "public/registers.html", {"section": "registers", "rows": rows})


@require_safe
def register(request: Request, register: str) -> HttpResponse:
    found = catalogue().get(register)
    if found is None:
        raise Http404
    on = timezone.localdate()
    form = RegisterForm(request.GET, register=found, on=on)
    form.is_valid()  # what is not offered is left out
    chosen = form.cleaned_data
    rows = queries.narrowed(
        queries.entries(register), text=chosen.get("q") or "", area=chosen.get("area") or "",
        level=chosen.get("level") or "", year=chosen.get("year"), on=on,
    )  # fmt: skip
    if request.GET.get("export") in TYPES:
        name = f"keqiao-register-{register}"
        return file_response(rows[:MOST_ROWS], columns(found), kind=request.GET["export"], name=name)
    context = {
        "section": "registers", "register": found, "form": form, "page": lists.page_of(request, rows),
        "may_keep": permissions.can_keep_register(request.actor, register).allowed,
        "figures": [row for row in figures.published(theme="registers") if row.code.startswith(f"register_{register}")],
    }  # fmt: skip
    return render(request, "public/register.html", context)


def columns(register: Register) -> list[Column]:
    found = [
        Column(_("名称"), lambda row: say(row, "title")),
        Column(_("级别"), lambda row: level_name(register, row)),
        Column(_("单位"), lambda row: row.organization_name),
        Column(_("所在地"), lambda row: label(row.area, "area")),
        Column(_("技术领域"), lambda row: label(row.field, "fields")),
        Column(said(register.start), lambda row: row.start_date),
    ]
    if register.end.name:
        found.append(Column(said(register.end), lambda row: row.end_date))
    if register.amount.name:
        unit = f"{said(register.amount)}（元）"
        found.append(Column(unit, lambda row: None if row.amount_fen is None else row.amount_fen / 100, "number"))
    if register.quantity.name:
        found.append(Column(said(register.quantity), lambda row: row.quantity, "number"))
    return [*found, Column(_("文号或编号"), lambda row: row.number), Column(_("来源"), lambda row: row.source)]


def level_name(register: Register, row: Entry) -> str:
    level = register.level(row.level)
    return said(level) if level else row.level


@require_safe
def entry(request: Request, key: str) -> HttpResponse:
    try:
        row = queries.entry(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    found = catalogue().get(row.register)
    if found is None or not permissions.can_see_entry(request.actor, row).allowed:
        raise Http404
    counted = figures.figures_counting([row.subject]).get(row.subject, [])
    context = {
        "section": "registers", "register": found, "row": row, "level": level_name(found, row), "figures": counted,
        "may_keep": permissions.can_keep_register(request.actor, row.register).allowed,
    }  # fmt: skip
    return render(request, "public/register_entry.html", context)
