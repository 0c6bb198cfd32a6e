"""The way into the office."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from keqiao.web.parts.request import Request
from keqiao.web.parts.workplaces import workplace


@require_safe
@login_required
def home(request: Request) -> HttpResponse:
    """Each role starts where its work is."""
    address = workplace(request.actor)
    if not address:
        raise PermissionDenied
    return redirect(address)
