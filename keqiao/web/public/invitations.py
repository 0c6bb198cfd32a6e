"""An invitation as the invited person sees it: what is offered, and the button that takes it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.parties import actions
from keqiao.apps.parties.models import Invitation, User
from keqiao.web.parts import invitations as links
from keqiao.web.parts import reasons
from keqiao.web.parts.request import Request


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    try:
        row = links.by_token(token)
    except Invitation.DoesNotExist:
        return render(request, "public/invitation.html", {"invitation": None}, status=404)
    user = request.user if isinstance(request.user, User) else None
    if request.method == "POST":
        return _accept(request, row, user, token)
    closed = links.closed(row, at=timezone.now())
    context = {
        "invitation": row,
        "token": token,
        "closed": closed,
        "is_other": user is not None and user.email != row.email,
    }
    return render(request, "public/invitation.html", context)


def _accept(request: Request, row: Invitation, user: User | None, token: str) -> HttpResponse:
    if user is None:
        return redirect("public:invitation", token=token)
    try:
        actions.accept_invitation(row, user=user, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, reasons.sentence(refusal.reason))
        return redirect("public:invitation", token=token)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("public:invitation", token=token)
    messages.success(request, _("已加入，新的角色马上生效。"))
    return redirect("desk:home")
