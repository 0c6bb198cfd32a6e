"""Forms that state a fact: one value with its unit, or a list row by row."""

from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keqiao.apps.parties.models import DECLARED, PLATFORM, Purpose
from keqiao.catalogue import facts
from keqiao.catalogue.facts import Fact, ItemField

MOST_YEARS = 8
MOST_ITEMS = 200
ITEM_UNIT = "万元"  # of amounts inside a list
DATE: dict[str, Any] = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}


def language() -> str:
    return get_language() or "zh-hans"


class FactForm(forms.Form):
    """What somebody states of one fact; officers also say which register says so and what it was collected for."""

    year = forms.TypedChoiceField(
        label=gettext_lazy("年度"), coerce=int,
        error_messages={"invalid_choice": gettext_lazy("不能填 %(value)s 年度：只填已经结束的年度，请从列表中选择。")},
    )  # fmt: skip
    value = forms.CharField(label=gettext_lazy("值"), max_length=60)
    unit = forms.ChoiceField(
        label=gettext_lazy("计量单位"),
        error_messages={"invalid_choice": gettext_lazy("“%(value)s”不是这个数据的单位，请从列表中选择。")},
    )  # fmt: skip
    none = forms.BooleanField(label=gettext_lazy("确认没有，清单为空"), required=False)
    register = forms.ChoiceField(label=gettext_lazy("数据来源"))
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("允许的用途"), choices=Purpose.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只为统计收集的数据不会用于惠企支持。"),
    )  # fmt: skip
    observed_on = forms.DateField(
        label=gettext_lazy("数据日期"), widget=forms.DateInput(**DATE), help_text=gettext_lazy("取得这个数据的日期。")
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)

    def __init__(
        self, *args: Any, about: Fact, for_register: bool, on: date, is_correction: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about, words = about, language()
        years = [(on.year - back, str(on.year - back)) for back in range(1, MOST_YEARS + 1)]
        self._choose("year", years if about.has_year and not is_correction else [])
        units = [] if about.is_list else list(facts.units_of(about))
        self._choose("unit", [(unit, facts.unit_name(unit, words)) for unit in units])
        registers = [(word, names[words == "en"]) for word, names in facts.registers().items()]
        registers = [(word, name) for word, name in registers if word not in (DECLARED, PLATFORM)]
        self._choose("register", registers if for_register and not is_correction else [])
        if not for_register or is_correction:
            del self.fields["purposes"]
        del self.fields["value" if about.is_list else "none"]
        if about.type == "flag":
            self.fields["value"] = forms.ChoiceField(label=_("值"), choices=YES_NO)
        elif about.codes:
            codes = [(code, names[words == "en"]) for code, names in about.codes.items()]
            self.fields["value"] = forms.ChoiceField(label=_("值"), choices=codes)
        elif about.type == "date":
            self.fields["value"].widget = forms.DateInput(**DATE)
        elif about.type in ("money", "count"):
            self.fields["value"].widget.attrs["inputmode"] = "decimal"
        self.order_fields(["year", "value", "unit", "register", "observed_on", "purposes", "note", "none"])

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Offer these choices; a question without any is not asked."""
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def stated(self) -> dict[str, Any]:
        """What is stated, for the action; the value of a list comes from its rows."""
        return {name: value for name, value in self.cleaned_data.items() if name != "none"} | {"name": self.about.name}


YES_NO = [("是", gettext_lazy("是")), ("否", gettext_lazy("否"))]


def item_forms(about: Fact, data: QueryDict | None, *, items: list[dict[str, Any]]) -> "BaseFormSet[Any]":
    """The rows of a list; what stands is filled in, so that one changes a row and leaves the others."""
    fields = {name: _field(field) for name, field in about.fields.items()}
    form = type("ItemForm", (forms.Form,), fields)
    factory: Any = formset_factory(
        form, extra=0 if items else 1, max_num=MOST_ITEMS, validate_max=True, can_delete=True
    )  # fmt: skip
    initial = [{name: _shown(about.fields[name], value) for name, value in item.items()} for item in items]
    made: BaseFormSet[Any] = factory(data, prefix="items", initial=initial)
    return made


def _field(field: ItemField) -> forms.Field:
    label = field.label(language())
    if field.type == "money":
        label = f"{label} ({facts.unit_name(ITEM_UNIT, language())})"
    shared: dict[str, Any] = {"label": label, "required": False}
    if field.type == "flag":
        return forms.ChoiceField(choices=[("", "—"), *YES_NO], **shared)
    if field.codes:
        codes = [(code, names[language() == "en"]) for code, names in field.codes.items()]
        return forms.ChoiceField(choices=[("", "—"), *codes], **shared)
    if field.type == "date":
        return forms.DateField(widget=forms.DateInput(**DATE), **shared)
    return forms.CharField(max_length=60, **shared)


def _shown(field: ItemField, value: Any) -> Any:
    """A value as the form of a row shows it."""
    if field.type == "flag":
        return "是" if value else "否"
    if field.type == "money":
        return f"{value / 1_000_000:.6f}".rstrip("0").rstrip(".")
    return value


def items_of(lines: "BaseFormSet[Any]", about: Fact) -> list[dict[str, Any]]:
    """The filled rows as items; amounts carry the unit that the heading names."""
    found = []
    for line in lines.forms:
        given = dict(line.cleaned_data)
        if given.pop("DELETE", False):
            continue
        item = {
            name: f"{value}{ITEM_UNIT}" if about.fields[name].type == "money" else value
            for name, value in given.items()
            if value not in (None, "")
        }
        if item:
            found.append(item)
    return found
