"""News of promises as Atom: all, those of a unit, one. An entry for each move, each piece of evidence, each voice."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from keqiao.apps.proposals import permissions, queries, units
from keqiao.apps.proposals.models import Promise, PromiseMove
from keqiao.apps.proposals.queries import board
from keqiao.web.parts import promises as words
from keqiao.web.parts.request import Request
from keqiao.web.templatetags.keqiao import is_english

MOST = 50


@require_safe
def everything(request: Request) -> HttpResponse:
    """The newest moves, of everything or of `?unit=`."""
    unit = request.GET.get("unit", "")
    if unit and unit not in units.units():
        raise Http404
    name = units.label(unit, "en" if is_english() else "zh-hans") if unit else ""
    title = gettext("承诺动态：%(unit)s") % {"unit": name} if name else gettext("承诺动态")
    moves = board.promise_moves(unit=unit)[:MOST]
    return _answer(request, title, reverse("public:promises") + (f"?unit={unit}" if unit else ""), moves)


@require_safe
def one(request: Request, key: str) -> HttpResponse:
    try:
        row = queries.promise(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not permissions.can_see_promise(request.actor, row).allowed:
        raise Http404
    title = gettext("承诺 %(key)s") % {"key": row.key}
    moves = board.promise_moves(promise=row)[:MOST]
    return _answer(request, title, reverse("public:promise", kwargs={"key": key}), moves)


def _answer(request: Request, title: str, path: str, moves: Iterable[PromiseMove]) -> HttpResponse:
    feed = Atom1Feed(
        title=title, link=request.build_absolute_uri(path), feed_url=request.build_absolute_uri(),
        description=gettext("答复中的承诺，哪些有了新的依据，哪些到了期。"), language=get_language(),
    )  # fmt: skip
    for move in moves:
        feed.add_item(**_entry(request, move.promise, move))
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _entry(request: Request, promise: Promise, move: PromiseMove) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse("public:promise", kwargs={"key": promise.key}))
    return {
        "title": f"{move.get_after_display()} · {promise.text}",
        "link": address,
        "description": f"{words.unit_name(promise)} · {move.get_before_display()} → {move.get_after_display()}",
        "unique_id": f"{address}#move-{move.pk}",
        "pubdate": move.at,
        "updateddate": move.at,
        "categories": [move.after],
    }
