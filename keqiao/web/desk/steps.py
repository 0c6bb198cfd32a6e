"""One's own listings from state to state."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions
from keqiao.web.parts import reasons
from keqiao.web.parts.request import Request
from keqiao.web.parts.writing import find_listing


@require_POST
@login_required
def take(request: Request, listing: str, key: str, step: str) -> HttpResponse:
    row, at = find_listing(request, listing, key), timezone.now()
    try:
        if step == "submit":
            actions.submit(row, by=request.actor, at=at)
            messages.success(request, _("已提交，等待审核。"))
        elif step == "withdraw":
            actions.withdraw(row, reason=request.POST.get("reason", ""), by=request.actor, at=at)
            messages.success(request, _("已撤回，公众不再看到。"))
        else:
            actions.reopen(row, by=request.actor, at=at)
            messages.success(request, _("已重新成为草稿，可以修改后再提交。"))
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:home")
