"""Prices on notice: what is on now, and one notice with the form for objections."""

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.actions import pricing
from keqiao.apps.market.models import NoticeState
from keqiao.apps.market.queries import agreements as contracts
from keqiao.web.parts import lists, reasons
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import add_errors


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("异议内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明理由和依据。只有卖方看得到，处理结果会告诉您。"),
    )  # fmt: skip


@require_safe
def notices(request: Request) -> HttpResponse:
    on = timezone.localdate()
    page = lists.page_of(request, contracts.notices(on=on))
    context = {"section": "notices", "page": page, "rows": page.object_list, "today": on}
    return render(request, "public/notices.html", context)


def notice(request: Request, key: str) -> HttpResponse:
    on = timezone.localdate()
    try:
        row = contracts.notice(key, on=on)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    form = ObjectionForm(request.POST or None)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if form.is_valid():
            try:
                pricing.object_to(row, text=form.cleaned_data["text"], by=request.actor, at=timezone.now())
                messages.success(request, gettext("异议已提交，卖方处理后您可以在这里看到结果。"))
                return redirect("public:notice", key=key)
            except Refused as refusal:
                form.add_error(None, reasons.sentence(refusal.reason))
            except ValidationError as error:
                add_errors(form, error)
    context = {
        "section": "notices",
        "row": row,
        "form": form,
        "is_running": row.state == NoticeState.RUNNING and not pricing.is_over(row, on=on),
        "mine": contracts.own_objections(row, request.actor),
        "today": on,
    }
    return render(request, "public/notice.html", context, status=422 if form.errors else 200)
