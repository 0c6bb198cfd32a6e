"""News of published proposals as Atom: replies, look-backs and moves of promises, of all proposals or of one."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from keqiao.apps.proposals.models import Proposal
from keqiao.apps.proposals.queries import opened as found
from keqiao.web.parts import proposals as parts
from keqiao.web.parts import reply_words
from keqiao.web.parts.request import Request

MOST = 50


@require_safe
def everything(request: Request) -> HttpResponse:
    return _answer(request, gettext("建议提案办理动态"), reverse("public:proposals"), None)


@require_safe
def one(request: Request, key: str) -> HttpResponse:
    try:
        row = found.public_proposal(key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    title = gettext("建议提案 %(number)s 的动态") % {"number": row.printed}
    return _answer(request, title, reverse("public:proposal", kwargs={"key": key}), row)


def _answer(request: Request, title: str, path: str, row: Proposal | None) -> HttpResponse:
    feed = Atom1Feed(
        title=title, link=request.build_absolute_uri(path), feed_url=request.build_absolute_uri(),
        description=gettext("公开的建议提案：何时答复、回头看结果如何、承诺后来怎样。"), language=get_language(),
    )  # fmt: skip
    entries = [*_replies(row), *_look_backs(row), *_moves(row)]
    for item in sorted(entries, key=lambda item: item["pubdate"], reverse=True)[:MOST]:
        address = request.build_absolute_uri(item.pop("path"))
        feed.add_item(link=address, unique_id=f"{address}#{item.pop('id')}", updateddate=item["pubdate"], **item)
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _replies(row: Proposal | None) -> Iterator[dict[str, Any]]:
    for reply in found.proposal_replies(proposal=row)[:MOST]:
        said = gettext("新版答复已公开") if reply.version > 1 else gettext("答复已公开")
        day = reply.published_date
        assert day is not None, "what is published has its day"  # noqa: S101 - a constraint of the table says so
        yield {
            "title": f"{said} · {reply.title or reply.doc_number}",
            "description": f"{reply_words.issuer_name(reply)} · {reply.doc_number}",
            "path": reverse("public:reply", kwargs={"key": reply.key}),
            "id": f"version-{reply.version}",
            "pubdate": timezone.make_aware(datetime.combine(day, time())),
            "categories": ["reply"],
        }


def _look_backs(row: Proposal | None) -> Iterator[dict[str, Any]]:
    for look in found.done_look_backs(proposal=row)[:MOST]:
        said = gettext("%(months)d 个月后回头看") % {"months": look.months}
        result = parts.result_name(look.result_class) if look.result_class else ""
        yield {
            "title": f"{said} · {look.reply.title or look.reply.doc_number}",
            "description": result or said,
            "path": reverse("public:reply", kwargs={"key": look.reply.key}),
            "id": f"look-back-{look.months}",
            "pubdate": look.done_at,
            "categories": ["look_back"],
        }


def _moves(row: Proposal | None) -> Iterator[dict[str, Any]]:
    for move in found.proposal_moves(proposal=row)[:MOST]:
        yield {
            "title": f"{move.get_after_display()} · {move.promise.text}",
            "description": f"{move.get_before_display()} → {move.get_after_display()}",
            "path": reverse("public:promise", kwargs={"key": move.promise.key}),
            "id": f"move-{move.pk}",
            "pubdate": move.at,
            "categories": [move.after],
        }
