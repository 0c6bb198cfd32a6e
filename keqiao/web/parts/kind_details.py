"""The details of an offer kind on screen: rows to read, a form to fill in. Everything comes from the catalogue item."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keqiao.catalogue.offers import Field, OfferKind


def _language() -> str:
    return get_language() or "zh-hans"


def rows(kind: OfferKind, details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and text of each detail that is filled in, in the order of the kind."""
    return [
        (field.label(_language()), field.text(details[field.key], language=_language()))
        for field in kind.fields
        if details.get(field.key) not in (None, "", [])
    ]


class DetailsForm(forms.Form):
    """One form field for each field of a kind; the kind itself cleans the values."""

    def __init__(
        self, data: QueryDict | None = None, *, kind: OfferKind, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix="details", initial=dict(initial or {}))
        self.kind = kind
        for field in kind.fields:
            self.fields[field.id] = _form_field(field)

    def clean(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        details, problems = self.kind.clean(given)
        for problem in problems:
            name = problem.field if problem.field in self.fields else None
            self.add_error(name, PROBLEMS.get(problem.code.split("_")[0], PROBLEMS["type"]))
        return details


PROBLEMS = {
    "required": _("请填写此项。"),
    "type": _("格式不对，请按说明填写。"),
    "range": _("数值超出允许范围。"),
    "precision": _("小数位太多。"),
    "length": _("内容太长。"),
    "choice": _("请从列表中选择。"),
    "date": _("请填写有效日期，例如 2026-12-31。"),
    "order": _("下限不能大于上限。"),
    "identifier": _("号码不对：请核对位数和校验位。"),
    "unknown": _("此项不属于该类型。"),
    "twice": _("此项填了两次，请只留一个。"),
}


def _form_field(field: Field) -> forms.Field:
    common: dict[str, Any] = {
        "label": field.label(_language()),
        "required": field.required,
        "help_text": field.help_en if _language().startswith("en") else field.help,
    }
    choices = [(choice.code, choice.label(_language())) for choice in field.choices]
    match field.type:
        case "choice":
            return forms.ChoiceField(choices=[("", "—"), *choices], **common)
        case "multi_choice":
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case "date":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
        case "long_text":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=field.max_length, **common)
        case "text" | "identifier":
            return forms.CharField(max_length=field.max_length, **common)
        case _:
            return forms.DecimalField(**common)
