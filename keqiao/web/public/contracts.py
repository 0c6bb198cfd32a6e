"""The public statistics of registered technology contracts; small cells are pooled."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from keqiao.web.parts import contract_tables
from keqiao.web.parts.request import Request


@require_safe
def contracts(request: Request) -> HttpResponse:
    template = "public/_contracts.html" if request.htmx else "public/contracts.html"
    return contract_tables.answer(request, hides=True, template=template, section="contracts")
