"""One published figure: the edition that a link names, or what stands of a figure now."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from keqiao.apps.ledger.figures import queries
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.web.parts import figure_page
from keqiao.web.parts import figures as parts
from keqiao.web.parts.request import Request


@require_safe
def newest(request: Request, code: str) -> HttpResponse:
    """What stands of a figure now; the address for links that should follow it."""
    year = request.GET.get("year", "")
    found = queries.newest(
        code, year=int(year) if year.isdigit() and len(year) == 4 else None, internal=parts.sees_internal(request)
    )
    if found is None:
        raise Http404
    return redirect("public:figure-edition", key=found.key)


@require_safe
def edition(request: Request, key: str) -> HttpResponse:
    try:
        figure = queries.edition(key, internal=parts.sees_internal(request))
    except PublishedFigure.DoesNotExist as error:
        raise Http404 from error
    return figure_page.answer(request, figure, template="public/figure.html", section="figures")
