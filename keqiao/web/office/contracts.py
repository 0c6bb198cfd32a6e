"""The statistics of registered technology contracts for offices: nothing is kept back."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from keqiao.apps.market import permissions
from keqiao.web.parts import contract_tables
from keqiao.web.parts.request import Request


@require_safe
@login_required
def contracts(request: Request) -> HttpResponse:
    if not permissions.can_see_statistics(request.actor).allowed:
        raise PermissionDenied
    template = "office/_contracts.html" if request.htmx else "office/contracts.html"
    return contract_tables.answer(request, template=template, section="office", tab="contracts")
