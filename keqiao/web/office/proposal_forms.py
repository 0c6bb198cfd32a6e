"""The forms of proposals in the office. They check what was typed; the actions decide and write."""

from dataclasses import replace
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties import queries as parties
from keqiao.apps.proposals.actions import SignerInput
from keqiao.apps.proposals.models import (
    Body,
    Proposal,
    Publication,
    ReturnReason,
    SignerRole,
    UnitRole,
)
from keqiao.web.parts import lists
from keqiao.web.parts import proposals as parts
from keqiao.web.parts.money_fields import DayField

MOST_LINES = 60


class ProposalForm(forms.Form):
    """What the paper says of itself."""

    title = forms.CharField(label=_("标题"), max_length=300)
    year = forms.IntegerField(label=_("年度"), required=False, help_text=_("不填则取编号中的年份或收到日期的年份。"))
    field = forms.ChoiceField(label=_("技术领域"), required=False)
    received_date = DayField(label=_("收到日期"), required=False)
    is_key = forms.BooleanField(label=_("重点督办"), required=False)
    supervisor = forms.CharField(label=_("督办领导"), max_length=60, required=False)
    abstract = forms.CharField(label=_("摘要"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    text = forms.CharField(label=_("正文"), required=False, widget=forms.Textarea(attrs={"rows": 10}))
    WIDE = ("title", "abstract", "text")

    def __init__(self, data: QueryDict | None = None, *, row: Proposal | None = None, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in ProposalForm.base_fields} if row else {}
        super().__init__(data, initial=initial, **kwargs)
        self.fields["field"].choices = [("", "—"), *lists.field_choices()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ProposalForm.base_fields}
        if given["year"] is None:
            del given["year"]
        return given


class NewProposalForm(ProposalForm):
    """A proposal with the number that tells it from every other."""

    body = forms.ChoiceField(label=_("提出机构"), choices=Body.choices)
    term = forms.IntegerField(label=_("届"), min_value=1, max_value=99)
    session = forms.IntegerField(label=_("次"), min_value=1, max_value=99)
    number = forms.CharField(
        label=_("编号"), max_length=40, help_text=_("照原件写，例如 W163 号；前面的字母表示类别。")
    )
    kind = forms.ChoiceField(label=_("类别"), required=False, help_text=_("编号里看不出类别时选择。"))
    assigned_date = DayField(label=_("交办日期"), required=False, help_text=_("交办给下面的单位的日期，期限由此起算。"))
    field_order = ("body", "term", "session", "number", "kind", "title")

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = [("", "—"), *parts.class_choices()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        own = ("body", "term", "session", "number", "kind", "assigned_date")
        return super().values() | {name: self.cleaned_data[name] for name in own}


class SignerForm(forms.Form):
    """One name of the paper. The account is found by its e-mail address, which is not kept."""

    name = forms.CharField(label=_("姓名或名称"), max_length=100)
    # A line whose choices are as they stood counts as empty.
    role = forms.ChoiceField(label=_("身份"), choices=SignerRole.choices, initial=SignerRole.PROPOSER)
    is_group = forms.BooleanField(label=_("集体"), required=False)
    account = forms.EmailField(label=_("关联账号的邮箱"), required=False)
    unlink = forms.BooleanField(label=_("取消关联"), required=False)

    def clean_account(self) -> Any:
        address = self.cleaned_data["account"]
        if not address:
            return None
        found = parties.users().filter(email__iexact=address, is_active=True).first()
        if found is None:
            raise forms.ValidationError(gettext_now("没有使用这个邮箱的账号，请核对，或先留空。"))
        return found

    def given(self) -> SignerInput:
        values = self.cleaned_data
        return SignerInput(values["name"], values["role"], values["is_group"], values["account"])


class NewSignerForm(SignerForm):
    """Of a paper that is entered now: no account is linked yet."""

    unlink = None  # type: ignore[assignment]


class SuggestionForm(forms.Form):
    title = forms.CharField(label=_("建议"), max_length=300)
    quoted = forms.CharField(label=_("原文"), required=False)

    def given(self) -> tuple[str, str]:
        return self.cleaned_data["title"], self.cleaned_data["quoted"]


class UnitForm(forms.Form):
    unit = forms.ChoiceField(label=_("承办单位"))
    role = forms.ChoiceField(label=_("承办方式"), choices=UnitRole.choices, initial=UnitRole.LEAD)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "—"), *parts.unit_choices()]  # type: ignore[attr-defined]

    def given(self) -> tuple[str, str]:
        return self.cleaned_data["unit"], self.cleaned_data["role"]


class Lines(BaseFormSet):
    """Lines of a form; those that stand empty or are struck out do not count."""

    def given(self) -> list[Any]:
        return [line.given() for line in self.forms if line.cleaned_data and not line.cleaned_data.get("DELETE")]


def _lines(form: type[forms.Form], extra: int) -> type[Lines]:
    made: type[Any] = formset_factory(
        form, formset=Lines, extra=extra, can_delete=True, max_num=MOST_LINES, validate_max=True,
        absolute_max=MOST_LINES + 20,
    )  # fmt: skip
    return made


def signer_lines(data: QueryDict | None, row: Proposal | None = None, *, is_new: bool = False) -> Lines:
    """The addresses of accounts are not shown back: an empty one leaves the account as it is."""
    rows = row.signers.all() if row else ()
    initial = [{"name": one.name, "role": one.role, "is_group": one.is_group} for one in rows]
    form = NewSignerForm if is_new else SignerForm
    return _lines(form, 1 if initial else 2)(data, prefix="signers", initial=initial)


def signers_of(lines: Lines, row: Proposal) -> list[SignerInput]:
    """The signers as typed; one whose account was not touched keeps it."""
    known = {one.name: one.user for one in row.signers.select_related("user")}
    typed = [line.cleaned_data for line in lines.forms if line.cleaned_data]
    unlinked = {values["name"] for values in typed if values.get("unlink")}
    return [
        replace(one, user=None if one.name in unlinked else one.user or known.get(one.name)) for one in lines.given()
    ]


def suggestion_lines(data: QueryDict | None, row: Proposal | None = None) -> Lines:
    initial = [{"title": one.title, "quoted": one.quoted} for one in (row.suggestions.all() if row else ())]
    return _lines(SuggestionForm, 1 if initial else 3)(data, prefix="suggestions", initial=initial)


def unit_lines(data: QueryDict | None) -> Lines:
    return _lines(UnitForm, 2)(data, prefix="units")


class HandOverForm(forms.Form):
    assigned_date = DayField(label=_("交办日期"))


class ReturnForm(forms.Form):
    reason = forms.ChoiceField(label=_("退回理由"), choices=ReturnReason.choices)
    note = forms.CharField(
        label=_("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("为什么不应由本单位办，应由谁办。"),
    )  # fmt: skip


class AnsweredForm(forms.Form):
    answered_date = DayField(label=_("办结日期"))


class BroadForm(forms.Form):
    agreed_by = forms.CharField(label=_("同意延期的提出人"), max_length=60)
    agreed_date = DayField(label=_("同意的日期"))


class PublicationForm(forms.Form):
    publication = forms.ChoiceField(label=_("公开方式"), choices=Publication.choices[1:])
    withheld_reason = forms.ChoiceField(label=_("不公开的理由"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withheld_reason"].choices = [("", "—"), *parts.withheld_choices()]  # type: ignore[attr-defined]


class LookBackForm(forms.Form):
    result_class = forms.ChoiceField(label=_("现在的办理结果"))
    note = forms.CharField(label=_("情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result_class"].choices = parts.result_choices()  # type: ignore[attr-defined]
