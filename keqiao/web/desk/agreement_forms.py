"""The forms of contracts. They check what was typed; the actions decide and write."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from keqiao.apps.market.actions.agreements import PartyInput
from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.actions.payments import PaymentInput
from keqiao.apps.market.models import (
    HOME_COUNTRY,
    Agreement,
    ContractType,
    IndicatorOp,
    IndicatorSense,
    IpPolicy,
    LicenseKind,
    ObjectionOutcome,
    PaymentMode,
    PricingMode,
    RoyaltyBase,
    RoyaltyCourse,
    TerminationReason,
    TrialTrigger,
)
from keqiao.apps.parties.models import Organization
from keqiao.web.parts.lists import field_choices
from keqiao.web.parts.money_fields import DayField, RateField, WanField
from keqiao.web.parts.registration_forms import blank, code_choices, leaf_choices
from keqiao.web.templatetags.keqiao import name_of

MOST_LINES = 40


class AgreementForm(forms.Form):
    """What the contract says. A draft may be incomplete; the signature asks for the rest."""

    title = forms.CharField(label=_("项目名称"), max_length=200)
    contract_no = forms.CharField(
        label=_("合同编号"), max_length=60, required=False, help_text=_("双方自己的编号，与登记编号无关。")
    )
    contract_type = forms.ChoiceField(label=_("合同类型"), choices=ContractType.choices)
    subtype = forms.ChoiceField(label=_("合同子类"), required=False)
    field = forms.ChoiceField(label=_("技术领域"), required=False)
    contract_amount_fen = WanField(label=_("合同成交额（万元）"), required=False, help_text=_("合同写明的全部价款。"))
    technology_amount_fen = WanField(
        label=_("技术交易额（万元）"), required=False,
        help_text=_("成交额减去设备、仪器、零部件、原材料等非技术性费用。"),
    )  # fmt: skip
    payment_mode = forms.ChoiceField(label=_("支付方式"), choices=blank(PaymentMode.choices), required=False)
    royalty_base = forms.ChoiceField(label=_("提成基数"), choices=blank(RoyaltyBase.choices), required=False)
    royalty_rate = RateField(label=_("提成比例（%）"), required=False)
    royalty_course = forms.ChoiceField(label=_("提成方式"), choices=blank(RoyaltyCourse.choices), required=False)
    may_inspect_accounts = forms.BooleanField(label=_("卖方可查账"), required=False)
    license_kind = forms.ChoiceField(
        label=_("许可方式"), choices=blank(LicenseKind.choices), required=False, help_text=_("只有技术许可合同填写。")
    )
    is_equity = forms.BooleanField(label=_("作价投资"), required=False)
    ip_policy = forms.ChoiceField(
        label=_("产权归属"), choices=blank(IpPolicy.choices), required=False, help_text=_("不填则按民法典的规定。")
    )
    ip_note = forms.CharField(label=_("产权约定"), max_length=300, required=False)
    from_date = DayField(label=_("有效期起"), required=False)
    to_date = DayField(label=_("有效期止"), required=False)

    def __init__(self, data: QueryDict | None = None, *, row: Agreement | None = None, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in self.base_fields if row and hasattr(row, name)}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["subtype"].choices = blank(leaf_choices("contract_types"))  # type: ignore[attr-defined]
        self.fields["field"].choices = blank(field_choices())  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in AgreementForm.base_fields}

    @property
    def terms(self) -> list[forms.BoundField]:
        """The fields about the contract itself."""
        return [self[name] for name in AgreementForm.base_fields]


class NewAgreementForm(AgreementForm):
    """A contract that comes from no introduction: who is on which side."""

    organization = forms.ChoiceField(label=_("本单位"))
    side = forms.ChoiceField(label=_("本单位是"), choices=[("seller", _("卖方")), ("buyer", _("买方"))])
    other_code = forms.CharField(
        label=_("对方的统一社会信用代码"), max_length=40, required=False,
        help_text=_("对方已在本站登记时填写；没有登记的，填后面几项。")
    )  # fmt: skip
    other_name = forms.CharField(label=_("对方名称"), max_length=120, required=False)
    other_nature = forms.ChoiceField(label=_("对方主体性质"), required=False)
    other_country = forms.ChoiceField(label=_("对方国别（地区）"), required=False)
    other_area = forms.CharField(
        label=_("对方行政区划"), max_length=20, required=False, help_text=_("6 位数字，例如北京市是 110000；境外不填。")
    )
    field_order = ("organization", "side", "other_code", "other_name", "other_nature", "other_country", "other_area")

    def __init__(self, data: QueryDict | None = None, *, bodies: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["organization"].choices = [(body.key, name_of(body)) for body in bodies]  # type: ignore[attr-defined]
        self.fields["other_nature"].choices = blank(leaf_choices("legal_natures"))  # type: ignore[attr-defined]
        self.fields["other_country"].choices = code_choices("countries")  # type: ignore[attr-defined]
        self.initial.setdefault("other_country", HOME_COUNTRY)

    @property
    def sides(self) -> list[forms.BoundField]:
        """The fields that say who is on which side."""
        return [self[name] for name in self.field_order]

    def other(self) -> PartyInput:
        """The side that is not registered here."""
        given = self.cleaned_data
        return PartyInput(
            name=given["other_name"], nature=given["other_nature"], country=given["other_country"] or HOME_COUNTRY,
            area=given["other_area"].strip(),
        )  # fmt: skip


class PromiseForm(forms.Form):
    """One line that the seller promises."""

    name = forms.CharField(label=_("指标"), max_length=60)
    op = forms.ChoiceField(label=_("比较"), choices=IndicatorOp.choices)
    low = forms.FloatField(label=_("数值"))
    high = forms.FloatField(label=_("上限"), required=False)
    unit = forms.CharField(label=_("计量单位"), max_length=30, required=False)
    sense = forms.ChoiceField(label=_("方向"), choices=IndicatorSense.choices)
    condition = forms.CharField(label=_("条件"), max_length=120, required=False)
    test_method = forms.CharField(label=_("测试方法"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("op") in ("range", "pm") and cleaned.get("high") is None:
            self.add_error("high", _("范围和 ± 需要两个数值。"))
        if cleaned.get("op") not in ("range", "pm"):
            cleaned["high"] = None
        return cleaned


class PaymentForm(forms.Form):
    """One line of the payment plan."""

    condition = forms.CharField(label=_("付款条件"), max_length=200)
    due_date = DayField(label=_("应付日期"), required=False)
    amount_fen = WanField(label=_("金额（万元）"), required=False)


def _formset(
    form: type[forms.Form], prefix: str, data: QueryDict | None, initial: list[dict[str, Any]]
) -> "BaseFormSet[Any]":
    factory = formset_factory(form, extra=0 if initial else 1, max_num=MOST_LINES, validate_max=True, can_delete=True)
    return factory(data, prefix=prefix, initial=initial or None)


def promises(data: QueryDict | None = None, *, row: Agreement | None = None) -> "BaseFormSet[Any]":
    lines = row.indicators.all() if row else ()
    stored = [{name: getattr(line, name) for name in PromiseForm.base_fields} for line in lines]
    return _formset(PromiseForm, "promises", data, stored)


def promise_inputs(lines: "BaseFormSet[Any]") -> list[IndicatorInput]:
    return [IndicatorInput(**_given(form, PromiseForm)) for form in filled(lines)]


def plan(data: QueryDict | None = None, *, row: Agreement | None = None) -> "BaseFormSet[Any]":
    lines = row.payments.all() if row else ()
    stored = [{name: getattr(line, name) for name in PaymentForm.base_fields} for line in lines]
    return _formset(PaymentForm, "plan", data, stored)


def plan_inputs(lines: "BaseFormSet[Any]") -> list[PaymentInput]:
    return [PaymentInput(**_given(form, PaymentForm)) for form in filled(lines)]


def filled(lines: "BaseFormSet[Any]") -> list[forms.Form]:
    """The lines that hold something and were not struck out; those that stood there stay though untouched."""
    return [
        form for form in lines
        if (form.has_changed() or form.initial) and not form.cleaned_data.get("DELETE") and form.cleaned_data
    ]  # fmt: skip


def _given(form: forms.Form, of: type[forms.Form]) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in of.base_fields}


class SignForm(forms.Form):
    signed_date = DayField(label=_("签订日期"))


class PerformForm(forms.Form):
    ended_date = DayField(label=_("履行完毕的日期"))


class TerminateForm(forms.Form):
    reason = forms.ChoiceField(label=_("终止原因"), choices=TerminationReason.choices)
    ended_date = DayField(label=_("终止日期"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class PaidForm(forms.Form):
    paid_fen = WanField(label=_("实付金额（万元）"))
    paid_date = DayField(label=_("实付日期"))


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("选择文件"),
        help_text=_("合同全文、专利证书、委托书、费用构成等；PDF、Word、Excel 或图片，最大 20 MB。"),
    )


class NoticeForm(forms.Form):
    """A price on notice. The contract and its buyer are not shown."""

    mode = forms.ChoiceField(label=_("定价方式"), choices=PricingMode.choices)
    title = forms.CharField(label=_("成果名称"), max_length=200, help_text=_("公开。不写受让方和技术细节。"))
    title_en = forms.CharField(label=_("成果英文名称"), max_length=300, required=False)
    price_fen = WanField(label=_("拟交易价格（万元）"), help_text=_("公开。"))
    place = forms.CharField(label=_("公示地点或交易场所"), max_length=120)
    start_date = DayField(label=_("公示开始"))
    days = forms.IntegerField(label=_("公示天数"), min_value=1, max_value=365)


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(label=_("处理结果"), choices=ObjectionOutcome.choices)
    answer = forms.CharField(label=_("处理说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class BidForm(forms.Form):
    bidder = forms.CharField(label=_("竞买方"), max_length=120)
    price_fen = WanField(label=_("报价（万元）"))
    bid_date = DayField(label=_("报价日期"))


class CloseForm(forms.Form):
    winner = forms.IntegerField(label=_("成交的报价"), required=False)
    result = forms.CharField(label=_("结果说明"), max_length=300, required=False)


class ResultForm(forms.Form):
    result = forms.CharField(label=_("撤回原因"), max_length=300)


class TrialForm(forms.Form):
    """The terms of 先用后转, fixed before it begins."""

    start_date = DayField(label=_("试用开始"))
    end_date = DayField(label=_("试用截止"))
    trigger = forms.ChoiceField(label=_("付费条件"), choices=TrialTrigger.choices)
    trigger_sales = WanField(label=_("达到的销售额（万元）"), required=False, help_text=_("以销售额为条件时填写。"))
    trigger_output = forms.IntegerField(
        label=_("达到的产量"), min_value=0, required=False, help_text=_("以产量为条件时填写。")
    )
    trigger_note = forms.CharField(label=_("条件说明"), max_length=200, required=False)
    fee_fen = WanField(label=_("约定费用（万元）"), required=False)
    fee_rate = RateField(label=_("按销售额提成比例（%）"), required=False)
    cap_fen = WanField(label=_("费用上限（万元）"))
    guarantee = forms.CharField(label=_("担保或保险"), max_length=200, required=False)
    report_due_date = DayField(label=_("使用报告截止"))


class ReportForm(forms.Form):
    report_date = DayField(label=_("报告日期"))
    sales_fen = WanField(label=_("本期销售额（万元）"), required=False)
    output = forms.IntegerField(label=_("本期产量"), min_value=0, required=False)
    text = forms.CharField(
        label=_("使用情况"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConvertForm(forms.Form):
    due_date = DayField(label=_("应付日期"))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class NoteForm(forms.Form):
    note = forms.CharField(label=_("说明"), max_length=300)
