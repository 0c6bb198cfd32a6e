"""What is kept about me: to see, to take along, to have erased."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions, queries
from keqiao.web.parts import reasons
from keqiao.web.parts.request import Request, person


@require_safe
@login_required
def account(request: Request) -> HttpResponse:
    memberships = queries.memberships_in_force(person(request), on=timezone.localdate())
    return render(request, "desk/account.html", {"section": "desk", "memberships": memberships})


@require_POST
@login_required
def export(request: Request) -> HttpResponse:
    """A POST, because every disclosure leaves an entry."""
    data = actions.export_mine(person(request), by=request.actor, at=timezone.now())
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="keqiao-account.json"'
    return response


@require_POST
@login_required
def erase(request: Request) -> HttpResponse:
    """Erase the account that asks for it; the typed address shows that it is meant."""
    user = person(request)
    if request.POST.get("email", "").strip().lower() != user.email:
        messages.error(request, _("输入的邮箱与账号不一致，没有注销。"))
        return redirect("desk:account")
    try:
        actions.erase_user(user, by=request.actor, at=timezone.now(), reason="own_request")
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
        return redirect("desk:account")
    logout(request)
    messages.success(request, _("账号已注销，个人信息已清除。"))
    return redirect("public:home")
