"""The forms of needs and offers. They check what was typed; the actions decide and write."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory, model_to_dict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.models import CoopMode, IndicatorOp, IndicatorSense, Listing, Need, Offer
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.models import Organization, Person
from keqiao.engines.matching import indicators_from
from keqiao.engines.text import Lexicon, extract, spelled
from keqiao.web.parts.lists import area_choices, field_choices

FEN_PER_WAN = 1_000_000
MOST_INDICATORS = 30


class WordsField(forms.CharField):
    """Keywords in one line, parted by any of the usual marks."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        for mark in "；;，、\n":
            text = text.replace(mark, ",")
        return [word.strip() for word in text.split(",") if word.strip()][:12]

    def prepare_value(self, value: Any) -> Any:
        return "，".join(value) if isinstance(value, list) else value


class ListingForm(forms.ModelForm):
    """What needs and offers share."""

    keywords = WordsField(label=_("关键词"), required=False, help_text=_("用逗号分开，3–6 个。"))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        on: date,
        row: Listing | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=(model_to_dict(row) if row else {}) | dict(initial or {}))
        self.fields["field"] = forms.ChoiceField(
            label=_("技术领域"), choices=[("", "—"), *field_choices()], required=False
        )
        self.fields["area"] = forms.ChoiceField(
            label=_("所在地"), choices=[("", "—"), *area_choices(on)], required=False
        )
        for name in ("abstract", "abstract_en"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 3

    def values(self) -> dict[str, Any]:
        """What was typed. No place chosen means the organisation's own: without one no officer would see the entry."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name != "area" or self.cleaned_data[name]}

    class Meta:
        model: type[Listing] = Offer
        fields: tuple[str, ...] = (
            "title", "title_en", "abstract", "abstract_en", "text", "keywords", "field", "area", "secrecy",
            "expires_date",
        )  # fmt: skip
        widgets: Mapping[str, forms.Widget] = {
            "expires_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        }
        help_texts = {
            "title": _("公开。像对同行说话那样，一句话说清。"),
            "abstract": _("公开。需要保密的条目请不要写单位名称、具体数值和工艺细节。"),
            "expires_date": _("不填则按本地区默认有效期。"),
        }


class OfferForm(ListingForm):
    """An offer may name an expert of the body that makes it."""

    trl = forms.IntegerField(label=_("技术就绪度（1–9）"), min_value=1, max_value=9, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        on: date,
        row: Listing | None = None,
        organization: Organization | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, on=on, row=row, initial=initial)
        people = parties.people_of(organization) if organization else Person.objects.none()
        self.fields["person"] = forms.ModelChoiceField(
            label=_("联系专家"), queryset=people, required=False, empty_label="—"
        )

    def values(self) -> dict[str, Any]:
        return super().values() | {"person": self.cleaned_data["person"]}

    class Meta(ListingForm.Meta):
        fields = (*ListingForm.Meta.fields, "trl")
        widgets = dict(ListingForm.Meta.widgets) | {"text": forms.Textarea(attrs={"rows": 8})}
        labels = {"text": _("详细说明")}


class NeedForm(ListingForm):
    """Money is typed in 万元 and kept in fen."""

    coop_modes = forms.MultipleChoiceField(
        label=_("合作方式"), choices=CoopMode.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    budget_min = forms.DecimalField(label=_("拟投入资金（万元），不少于"), min_value=0, max_digits=12, required=False)
    budget_max = forms.DecimalField(
        label=_("不超过"), min_value=0, max_digits=12, required=False, help_text=_("都不填表示面议。")
    )

    class Meta(ListingForm.Meta):
        model = Need
        fields = (
            *ListingForm.Meta.fields, "need_kind", "background", "benchmark", "is_chokepoint", "coop_modes",
            "ip_policy", "ip_note", "deadline_date", "urgency",
        )  # fmt: skip
        labels = {"text": _("遇到的问题")}
        widgets = dict(ListingForm.Meta.widgets) | {
            "text": forms.Textarea(attrs={"rows": 8}),
            "background": forms.Textarea(attrs={"rows": 3}),
            "benchmark": forms.Textarea(attrs={"rows": 2}),
            "deadline_date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = ListingForm.Meta.help_texts | {
            "text": _("一条需求只写一个问题：现象、条件、试过什么、做到什么程度算解决。"),
        }

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        on: date,
        row: Listing | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        budget = {}
        if isinstance(row, Need):
            budget = {"budget_min": _wan(row.budget_min_fen), "budget_max": _wan(row.budget_max_fen)}
        super().__init__(data, on=on, row=row, initial=budget | dict(initial or {}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        low, high = cleaned.get("budget_min"), cleaned.get("budget_max")
        if high is None and low is not None:
            cleaned["budget_max"] = high = low
        if low is None and high is not None:
            cleaned["budget_min"] = low = Decimal(0)
        if low is not None and high is not None and low > high:
            self.add_error("budget_max", _("上限不能小于下限。"))
        return cleaned

    def values(self) -> dict[str, Any]:
        fen = {f"{name}_fen": _fen(self.cleaned_data.get(name)) for name in ("budget_min", "budget_max")}
        return super().values() | fen


def _wan(fen: int | None) -> Decimal | None:
    return None if fen is None else (Decimal(fen) / FEN_PER_WAN).normalize()


def _fen(wan: Decimal | None) -> int | None:
    return None if wan is None else int(wan * FEN_PER_WAN)


class IndicatorForm(forms.Form):
    """One line of the indicator table."""

    name = forms.CharField(label=_("指标"), max_length=60)
    op = forms.ChoiceField(label=_("比较"), choices=IndicatorOp.choices)
    low = forms.FloatField(label=_("数值"))
    high = forms.FloatField(label=_("上限"), required=False)
    unit = forms.CharField(label=_("计量单位"), max_length=30, required=False)
    sense = forms.ChoiceField(label=_("方向"), choices=IndicatorSense.choices)
    condition = forms.CharField(label=_("条件"), max_length=120, required=False)
    current_value = forms.CharField(label=_("目前水平"), max_length=60, required=False)
    must = forms.BooleanField(label=_("必须"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("op") in ("range", "pm") and cleaned.get("high") is None:
            self.add_error("high", _("范围和 ± 需要两个数值。"))
        if cleaned.get("op") not in ("range", "pm"):
            cleaned["high"] = None
        return cleaned

    def row(self) -> IndicatorInput:
        return IndicatorInput(**{name: self.cleaned_data[name] for name in self.base_fields})


def indicator_formset(
    data: QueryDict | None = None, *, initial: list[dict[str, Any]] | None = None
) -> "BaseFormSet[IndicatorForm]":
    blank = 0 if initial else 1
    factory = formset_factory(IndicatorForm, extra=blank, max_num=MOST_INDICATORS, validate_max=True, can_delete=True)
    return factory(data, prefix="indicators", initial=initial)


def indicator_inputs(formset: "BaseFormSet[IndicatorForm]") -> list[IndicatorInput]:
    """The lines that were filled in and not struck out."""
    return [form.row() for form in formset if form.has_changed() and not form.cleaned_data.get("DELETE")]


def stored_lines(row: Listing) -> list[dict[str, Any]]:
    names = [name for name in IndicatorForm.base_fields if row.indicators.model and hasattr(row.indicators.model, name)]  # type: ignore[attr-defined]
    return [{name: getattr(line, name) for name in names} for line in row.indicators.all()]  # type: ignore[attr-defined]


def read_lines(text: str, *, lexicon: Lexicon) -> list[dict[str, Any]]:
    """The indicators that stand in a text, as lines for a person to confirm.

    A present value that the text gives beside a requirement of the same name goes into the line's present level.
    """
    present = [
        (found.name or "", text[slice(*found.span)]) for found in extract(text, lexicon=lexicon) if found.trap == "ctx"
    ]
    return [
        {
            "name": line.name,
            "op": line.op,
            "low": f"{line.value[0]:g}",
            "high": f"{line.value[1]:g}" if len(line.value) > 1 else None,
            "unit": spelled(line.unit),
            "sense": line.sense,
            "must": line.must,
            "current_value": next((value for name, value in present if line.name and line.name in name), ""),
        }
        for line in indicators_from(text, lexicon=lexicon)
    ]
