"""Form JJ-001 as a web form, and what offices fill in. They check what was typed; the actions decide and write."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market import registration_rules as rules
from keqiao.apps.market.models import (
    CheckKind,
    ContractType,
    DeregisterReason,
    PaymentMode,
    Registration,
    RegistrationOffice,
    RejectReason,
    SupplementReason,
)
from keqiao.apps.parties import places
from keqiao.catalogue import codes
from keqiao.web.parts.lists import field_choices
from keqiao.web.parts.money_fields import DayField, WanField
from keqiao.web.templatetags.keqiao import name_of

BLANK = ("", "—")


def code_choices(table: str, *, parent: str = "") -> list[tuple[str, str]]:
    language = get_language() or "zh-hans"
    return [(code.code, code.label(language)) for code in codes.codes(table).children(parent)]


def leaf_choices(table: str) -> list[tuple[str, Any]]:
    """The codes of a table of two levels, those below another in a group under its name."""
    groups: list[tuple[str, Any]] = []
    for code, name in code_choices(table):
        below = code_choices(table, parent=code)
        groups.append((name, below) if below else (code, name))
    return groups


def blank(choices: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [BLANK, *choices]


def party_areas(on: date) -> list[tuple[str, str]]:
    """Where a party may be: the places of the region, then the provinces."""
    language = get_language() or "zh-hans"
    region = places.region()
    inside = [(area.code, area.label(language)) for area in region.areas_on(on)]
    known = {code for code, _name in inside}
    return [*inside, *((code, name) for code, name in code_choices("provinces") if code not in known)]


class RegistrationForm(forms.Form):
    """What form JJ-001 asks for."""

    title = forms.CharField(label=_("项目名称"), max_length=200)
    signed_date = DayField(label=_("签订日期"))
    from_date = DayField(label=_("有效期起"), required=False)
    to_date = DayField(label=_("有效期止"), required=False)
    seller_name = forms.CharField(label=_("卖方名称"), max_length=200)
    seller_nature = forms.ChoiceField(label=_("卖方主体性质"))
    seller_country = forms.ChoiceField(label=_("卖方国别（地区）"))
    seller_area = forms.ChoiceField(label=_("卖方行政区划"), required=False)
    buyer_name = forms.CharField(label=_("买方名称"), max_length=200)
    buyer_nature = forms.ChoiceField(label=_("买方主体性质"))
    buyer_country = forms.ChoiceField(label=_("买方国别（地区）"))
    buyer_area = forms.ChoiceField(label=_("买方行政区划"), required=False)
    contract_type = forms.ChoiceField(label=_("合同类型"), choices=ContractType.choices)
    subtype = forms.ChoiceField(label=_("合同子类"))
    field = forms.ChoiceField(label=_("技术领域"))
    ip_type = forms.ChoiceField(label=_("知识产权类型"))
    plan_source = forms.ChoiceField(label=_("计划来源"))
    objective = forms.ChoiceField(label=_("社会经济目标"))
    service_target = forms.ChoiceField(label=_("服务的国民经济行业"), required=False)
    contract_amount_fen = WanField(label=_("合同成交额（万元）"))
    technology_amount_fen = WanField(
        label=_("技术交易额（万元）"), help_text=_("成交额减去设备、仪器、零部件、原材料等非技术性费用。")
    )
    is_estimate = forms.BooleanField(
        label=_("提成部分待补登"), required=False, help_text=_("提成支付的，先登记已知部分，实际收到后再变更登记。")
    )
    payment_mode = forms.ChoiceField(label=_("支付方式"), choices=[BLANK, *PaymentMode.choices])
    new_input_fen = WanField(
        label=_("预计新增投入（万元）"), required=False, help_text=_("技术转让和技术许可合同填写。")
    )
    new_output_fen = WanField(label=_("预计新增产值（万元）"), required=False)
    handler = forms.CharField(label=_("经办人"), max_length=60)

    def __init__(
        self, data: QueryDict | None = None, *, on: date, row: Registration | None = None, **kwargs: Any
    ) -> None:
        initial = {name: getattr(row, name) for name in rules.FORM} if row else {}
        super().__init__(data, initial=initial | kwargs.pop("initial", {}), **kwargs)
        areas = blank(party_areas(on))
        known = {code for code, _name in areas}
        choices: dict[str, list[tuple[str, Any]]] = {
            "subtype": leaf_choices("contract_types"), "field": field_choices(), "ip_type": leaf_choices("ip_types"),
            "plan_source": code_choices("plan_sources"), "objective": code_choices("objectives"),
            "service_target": code_choices("industry"),
        }  # fmt: skip
        for side in ("seller", "buyer"):
            choices[f"{side}_nature"] = leaf_choices("legal_natures")
            self.fields[f"{side}_country"].choices = code_choices("countries")  # type: ignore[attr-defined]
            # A place that came with the contract and stands in no list stays what it is.
            own = str(self.initial.get(f"{side}_area") or "")
            extra = [(own, own)] if own not in known else []
            self.fields[f"{side}_area"].choices = [*areas, *extra]  # type: ignore[attr-defined]
        for name, found in choices.items():
            self.fields[name].choices = blank(found)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in rules.FORM}


class OfficeChoiceForm(forms.Form):
    office = forms.ChoiceField(label=_("登记机构"))

    def __init__(self, data: QueryDict | None = None, *, offices: Sequence[RegistrationOffice], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["office"].choices = [(str(row.pk), name_of(row.organization)) for row in offices]  # type: ignore[attr-defined]


class SubmitForm(forms.Form):
    answer = forms.CharField(
        label=_("补正说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class SupplementForm(forms.Form):
    reason = forms.ChoiceField(label=_("补正原因"), choices=SupplementReason.choices)
    text = forms.CharField(label=_("需补正的内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    deadline_date = DayField(label=_("补正期限"))


class CheckForm(forms.Form):
    kind = forms.ChoiceField(label=_("审查事项"), choices=CheckKind.choices, widget=forms.HiddenInput)
    passed = forms.TypedChoiceField(
        label=_("结论"), choices=[("yes", _("通过")), ("no", _("不通过"))], coerce=lambda value: value == "yes"
    )
    opinion = forms.CharField(label=_("意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ExpertsForm(forms.Form):
    is_disputed = forms.BooleanField(label=_("有争议"), required=False)


class RegisterForm(forms.Form):
    number = forms.CharField(
        label=_("登记编号"), max_length=20, help_text=_("全国技术合同管理与服务系统给出的编号，14 位或 16 位。")
    )
    technology_amount_fen = WanField(label=_("认定的技术交易额（万元）"))


class RejectForm(forms.Form):
    reason = forms.ChoiceField(label=_("原因"), choices=RejectReason.choices)
    note = forms.CharField(label=_("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class DeregisterForm(forms.Form):
    reason = forms.ChoiceField(label=_("注销原因"), choices=DeregisterReason.choices)
    note = forms.CharField(label=_("依据"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    tax_report_needed = forms.BooleanField(label=_("已享受税收优惠，须报告税务机关"), required=False)


class ChangeForm(RegistrationForm):
    note = forms.CharField(label=_("变更的内容和依据"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("note",)


class NewOfficeForm(forms.Form):
    """A body as registration office, by its code, and the places it serves."""

    organization = forms.CharField(label=_("统一社会信用代码"), max_length=40)
    code = forms.CharField(label=_("登记点编号"), max_length=10, required=False)
    areas = forms.MultipleChoiceField(label=_("服务地区"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: QueryDict | None = None, *, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["areas"].choices = office_areas(on)  # type: ignore[attr-defined]


class OfficeForm(forms.Form):
    code = forms.CharField(label=_("登记点编号"), max_length=10, required=False)
    areas = forms.MultipleChoiceField(label=_("服务地区"), widget=forms.CheckboxSelectMultiple)
    is_active = forms.BooleanField(label=_("受理中"), required=False)

    def __init__(self, data: QueryDict | None = None, *, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["areas"].choices = office_areas(on)  # type: ignore[attr-defined]


def office_areas(on: date) -> list[tuple[str, str]]:
    """The whole region, then each place below it."""
    language, region = get_language() or "zh-hans", places.region()
    return [(area.code, area.label(language)) for area in (region.root, *places.choices(on))]
