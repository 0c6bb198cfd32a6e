"""The last links of a matter's thread: the sentence of a reply that says a figure, and the promises beside it."""

from collections.abc import Iterator, Sequence

from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.market.thread import Link
from keqiao.apps.parties.actors import Actor

from . import permissions, queries
from .models import Promise, ReplyFigure

LONGEST = 120


def further_links(known: Sequence[Link], *, actor: Actor) -> Iterator[Link]:
    """For each published figure among the links so far: replies that say it, and what they promise."""
    figures = [link.key for link in known if link.kind == "figure"]
    if figures:
        yield from _reply_links(figures, actor)


def _reply_links(keys: Sequence[str], actor: Actor) -> Iterator[Link]:
    said = ReplyFigure.objects.filter(figure_key__in=keys, reply__in=queries.public_replies())
    seen: set[str] = set()
    for row in said.select_related("reply").order_by("reply__signed_date", "reply", "start"):
        reply = row.reply
        if reply.key in seen or not permissions.can_see_whole_reply(actor, reply).allowed:
            continue
        seen.add(reply.key)
        sentence = queries.shown_text(reply, actor=actor)[row.sentence_start : row.sentence_end]
        yield Link(
            "reply", reply.key, reply.title, "", reply.state, "reply_state", reply.updated_at,
            f"figure:{row.figure_key}", sentence,
        )  # fmt: skip
        for promise in _promises(row, keys):
            yield Link(
                "promise", promise.key, promise.text[:LONGEST], "", promise.state, "promise_state", promise.since_at,
                f"reply:{reply.key}", promise.due_date.isoformat(),
            )  # fmt: skip


def _promises(row: ReplyFigure, keys: Sequence[str]) -> list[Promise]:
    """The promises that are measured by the figure, else those of the same part of the reply."""
    codes = set(PublishedFigure.objects.filter(key__in=keys).values_list("code", flat=True))
    live = row.reply.promises.filter(is_lost=False, is_removed=False).order_by("start")
    measured = [promise for promise in live if promise.indicator in codes]
    return measured or [promise for promise in live if promise.suggestion == row.suggestion]
