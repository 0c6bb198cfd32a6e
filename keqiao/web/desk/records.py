"""What an organisation keeps about itself besides its facts: other names, dated certificates, experts."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from keqiao.apps.parties import actions, permissions, queries
from keqiao.apps.parties.models import Certificate, Organization, OrganizationName, Person
from keqiao.catalogue import codes
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NameForm(forms.ModelForm):
    class Meta:
        model = OrganizationName
        fields = ("name", "kind", "from_date")
        widgets = {"from_date": DATE}
        labels = {"name": gettext_lazy("名称"), "kind": gettext_lazy("名称类别"), "from_date": gettext_lazy("起用日期")}


class CertificateForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        kinds = [(code.code, code.label(language)) for code in codes.codes("certificates").children()]
        self.fields["kind"] = forms.ChoiceField(label=gettext_lazy("资质"), choices=kinds)

    class Meta:
        model = Certificate
        fields = ("kind", "number", "issued_date", "expires_date")
        widgets = {"issued_date": DATE, "expires_date": DATE}
        labels = {
            "number": gettext_lazy("证书编号"),
            "issued_date": gettext_lazy("发证日期"),
            "expires_date": gettext_lazy("有效期至"),
        }


class PersonForm(forms.ModelForm):
    """Phone and e-mail stay in the office; the rest is shown, so the expert must have agreed."""

    agreed = forms.BooleanField(label=gettext_lazy("本人已同意公开姓名、职称和专长"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table, language = codes.codes("disciplines"), get_language() or "zh-hans"
        choices = [(code.code, f"{code.code} {code.label(language)}") for code in table.entries.values()]
        self.fields["disciplines"] = forms.MultipleChoiceField(
            label=gettext_lazy("学科"), choices=choices, required=False
        )

    class Meta:
        model = Person
        fields = ("name", "title_band", "title", "expertise", "phone", "email")
        widgets = {"expertise": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"phone": gettext_lazy("不公开。"), "email": gettext_lazy("不公开。")}


FORMS: dict[str, type[forms.ModelForm]] = {"name": NameForm, "certificate": CertificateForm, "person": PersonForm}


@login_required
def records(request: Request, key: str) -> HttpResponse:
    try:
        row = queries.organization(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not permissions.can_edit_organization(request.actor, row.key).allowed:
        raise Http404
    wanted = request.POST.get("do")
    shown = {name: form(request.POST if name == wanted else None, prefix=name) for name, form in FORMS.items()}
    if request.method == "POST" and wanted in shown and _add(request, row, wanted, shown[wanted]):
        messages.success(request, _("已保存。"))
        return redirect("desk:records", key=row.key)
    context = {
        "section": "desk",
        "organization": row,
        "forms": shown,
        "names": row.names.all(),
        "certificates": row.certificates.order_by("-issued_date"),
        "people": queries.people_of(row),
    }
    return render(request, "desk/records.html", context, status=422 if request.method == "POST" else 200)


def _add(request: Request, row: Organization, what: str, form: forms.ModelForm) -> bool:
    if not form.is_valid():
        return False
    who: dict[str, Any] = {"by": request.actor, "at": timezone.now()}
    values = {name: value for name, value in form.cleaned_data.items() if name != "agreed"}
    try:
        if what == "name":
            actions.add_name(row, **values, **who)
        elif what == "certificate":
            actions.add_certificate(row, **values, **who)
        else:
            actions.add_person(key=f"P{secrets.token_hex(5).upper()}", organization=row, **values, **who)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
