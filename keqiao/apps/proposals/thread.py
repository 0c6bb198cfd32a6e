"""The last links of a matter's thread: the sentence of a reply that says a figure, and the promises beside it.

A proposal begins a thread of its own: the figures that its replies state, the replies, what they promise. It is read
with a visitor's eyes, as its page is.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time

from django.utils.timezone import make_aware

from keqiao.apps.ledger.figures import queries as figures
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.market.thread import Link
from keqiao.apps.parties.actors import Actor

from . import permissions, queries
from .models import Promise, Proposal, Reply, ReplyFigure
from .names import subject_of
from .queries import opened

LONGEST = 120
KINDS = ("proposal", "reply", "promise")


def root_of(kind: str, key: str) -> Proposal:
    """The published proposal that a thing belongs to; Proposal.DoesNotExist if there is none."""
    if kind == "proposal":
        return opened.public_proposal(key)
    rows = queries.public_replies() if kind == "reply" else queries.public_promises()
    found = rows.filter(key=key).values_list("proposal__key" if kind == "reply" else "reply__proposal__key", flat=True)
    return opened.public_proposal(found.first() or "")


def own_links(root: Proposal) -> Iterator[Link]:
    """What everybody may see of a published proposal, whoever asks."""
    day = root.received_date or root.assigned_date
    moment = make_aware(datetime.combine(day, time())) if day else root.created_at
    yield Link("proposal", root.key, root.title, "", root.state, "proposal_state", moment, "", root.printed)
    said = ReplyFigure.objects.filter(reply__in=opened.whole_replies(root)).exclude(figure_key="")
    yield from _figure_links(said.order_by().values_list("figure_key", flat=True), subject_of(root))
    for reply in queries.public_replies().filter(proposal=root).order_by("signed_date", "pk"):
        yield _reply_link(reply, parent=subject_of(root), note=reply.doc_number)
    for promise in opened.shown_promises(root):
        yield _promise_link(promise)


def _figure_links(keys: Iterable[str], parent: str) -> Iterator[Link]:
    """The published figures that the replies state; a sentence that only the reply itself says is no link."""
    rows = figures.published().filter(key__in=keys).exclude(grade="sentence").order_by("year", "code")
    for row in rows:
        yield Link(
            "figure", row.key, f"{row.name_zh}（{row.year}）", f"{row.name_en} ({row.year})", row.grade,
            "figure_grade", row.published_at or row.prepared_at, parent,
        )  # fmt: skip


def further_links(known: Sequence[Link], *, actor: Actor) -> Iterator[Link]:
    """For each published figure among the links so far: replies that say it, and what they promise."""
    keys = [link.key for link in known if link.kind == "figure"]
    if keys:
        yield from _reply_links(keys, actor)


def _reply_links(keys: Sequence[str], actor: Actor) -> Iterator[Link]:
    said = ReplyFigure.objects.filter(figure_key__in=keys, reply__in=queries.public_replies())
    seen: set[str] = set()
    for row in said.select_related("reply").order_by("reply__signed_date", "reply", "start"):
        reply = row.reply
        if reply.key in seen or not permissions.can_see_whole_reply(actor, reply).allowed:
            continue
        seen.add(reply.key)
        sentence = queries.shown_text(reply, actor=actor)[row.sentence_start : row.sentence_end]
        yield _reply_link(reply, parent=f"figure:{row.figure_key}", note=sentence)
        for promise in _promises(row, keys):
            yield _promise_link(promise)


def _reply_link(reply: Reply, *, parent: str, note: str) -> Link:
    return Link("reply", reply.key, reply.title, "", reply.state, "reply_state", reply.updated_at, parent, note)


def _promise_link(promise: Promise) -> Link:
    return Link(
        "promise", promise.key, promise.text[:LONGEST], "", promise.state, "promise_state", promise.since_at,
        f"reply:{promise.reply.key}", promise.due_date.isoformat(),
    )  # fmt: skip


def _promises(row: ReplyFigure, keys: Sequence[str]) -> list[Promise]:
    """The promises that are measured by the figure, else those of the same part of the reply."""
    codes = set(PublishedFigure.objects.filter(key__in=keys).values_list("code", flat=True))
    live = row.reply.promises.filter(is_lost=False, is_removed=False).select_related("reply").order_by("start")
    measured = [promise for promise in live if promise.indicator in codes]
    return measured or [promise for promise in live if promise.suggestion == row.suggestion]
