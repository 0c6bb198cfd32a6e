from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keqiao.apps.parties.models import Organization, Role
from keqiao.apps.parties.models.account import ORGANIZATION_ROLES
from keqiao.catalogue import codes
from keqiao.engines.identifiers import IdentifierError, check_uscc
from keqiao.web.parts.lists import area_choices

# One sentence per check of the code, so that a person knows where to look.
USCC_PROBLEMS = {
    "length": _("统一社会信用代码应为 18 位，请数一数是否多了或少了。"),
    "alphabet": _("统一社会信用代码里不会出现字母 I、O、S、V、Z 和其他符号，请核对。"),
    "authority": _("第 1 位登记管理部门代码不对，请核对。"),
    "category": _("第 2 位机构类别代码与登记管理部门不符，请核对。"),
    "area": _("第 3–8 位应为登记机关的行政区划数字，请核对。"),
    "organization_check": _("第 9–17 位组织机构代码的校验位不对，请核对这一段。"),
    "check": _("最后一位校验码不对，请对照营业执照逐位核对。"),
}


class OrganizationForm(forms.ModelForm):
    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = forms.ChoiceField(
            label=_("所在地"), choices=[("", "—"), *area_choices(on)], required=False
        )

    def clean_industry(self) -> str:
        code = str(self.cleaned_data["industry"]).strip()
        if code and code not in codes.codes("industry"):
            raise forms.ValidationError(
                _("行业代码不在 GB/T 4754-2017 的表中，例如光学仪器制造是 C4040。"), code="industry"
            )
        return code

    class Meta:
        model = Organization
        fields = ("name", "name_en", "kind", "scale", "area", "industry", "summary", "summary_en")
        widgets = {"summary": forms.Textarea(attrs={"rows": 4}), "summary_en": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"industry": _("GB/T 4754-2017 代码，例如 C4040。")}


class RegistrationForm(OrganizationForm):
    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, help_text=_("营业执照或登记证书上的 18 位代码。")
    )
    field_order = ("uscc", "name")

    def clean_uscc(self) -> str:
        try:
            return check_uscc(self.cleaned_data["uscc"])
        except IdentifierError as error:
            raise forms.ValidationError(
                USCC_PROBLEMS.get(error.code, USCC_PROBLEMS["check"]), code=error.code
            ) from error


class MemberForm(forms.Form):
    email = forms.EmailField(label=_("对方的登录邮箱"))
    role = forms.ChoiceField(label=_("角色"), choices=[(role, Role(role).label) for role in ORGANIZATION_ROLES])
