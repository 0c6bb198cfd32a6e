"""Access keys for one's own programs: made here, shown once, revoked here."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from keqiao.apps.parties import actions, queries
from keqiao.apps.parties.models import Scope
from keqiao.web.parts.request import Request, person
from keqiao.web.parts.writing import add_errors


class TokenForm(forms.Form):
    """What a new key is for, what it may do, and for how long."""

    name = forms.CharField(label=gettext_lazy("用途"), max_length=60, help_text=gettext_lazy("例如：科研处数据同步。"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("权限范围"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("有效期"), coerce=int, initial=90,
        choices=[(30, gettext_lazy("30 天")), (90, gettext_lazy("90 天")), (365, gettext_lazy("一年"))],
    )  # fmt: skip


@login_required
def tokens(request: Request) -> HttpResponse:
    """The keys, and a form for a new one. The secret is in this answer alone: it is neither stored nor sent again."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            given: dict[str, Any] = form.cleaned_data
            _row, secret = actions.create_token(person(request), by=request.actor, at=timezone.now(), **given)
            form = TokenForm()
        except ValidationError as error:
            add_errors(form, error)
    context = {
        "section": "desk",
        "form": form,
        "secret": secret,
        "tokens": queries.tokens().filter(user=person(request)),
        "now": timezone.now(),
    }
    response = render(request, "desk/tokens.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
def revoke(request: Request, prefix: str) -> HttpResponse:
    row = get_object_or_404(queries.tokens().filter(user=person(request)), prefix=prefix)
    actions.revoke_token(row, by=request.actor, at=timezone.now())
    messages.success(request, _("密钥已停用。"))
    return redirect("desk:tokens")
