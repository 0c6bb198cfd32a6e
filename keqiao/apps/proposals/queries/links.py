"""Replies beside each other and against themselves: what the engine finds, in the replies as they are corrected."""

from dataclasses import dataclass

from django.db.models import Q

from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import merging, parsing, permissions
from keqiao.apps.proposals.models import Reply
from keqiao.engines import replies as engine

from .replies import public_replies

# A reply is compared with those nearest to it in time in which the same units speak.
MOST_COMPARED = 30


def findings(reply: Reply) -> tuple[engine.Finding, ...]:
    """What to look at before publication: sums, growth, dates, suggestions without an answer; with spans."""
    return engine.check(_engine_reply(reply))


@dataclass(frozen=True)
class Compared:
    """Links among a reply and those around it; `replies` are these by the key that the links name them by."""

    links: engine.Links
    replies: dict[str, Reply]


def compared(reply: Reply, *, actor: Actor) -> Compared:
    """The reply with those around it that the actor may read whole: series, sums, contradictions."""
    others = [row for row in neighbours(reply) if permissions.can_see_whole_reply(actor, row).allowed]
    return compare([reply, *others])


def compare(replies: list[Reply]) -> Compared:
    """Links among some replies as they are corrected; about five milliseconds a reply."""
    group = {row.key: row for row in replies}
    read = {key: _engine_reply(row) for key, row in group.items()}
    return Compared(parsing.link(read, {key: row.text for key, row in group.items()}), group)


def neighbours(reply: Reply) -> list[Reply]:
    """Published replies of other days in which one of its units speaks; the nearest in time."""
    day = reply.signed_date
    if day is None:
        return []
    speaking = Q(units__unit__in=list(reply.units.values_list("unit", flat=True)))
    rows = public_replies().filter(speaking).exclude(pk=reply.pk).exclude(signed_date=day)
    known = [(pk, signed) for pk, signed in rows.order_by().values_list("pk", "signed_date").distinct() if signed]
    nearest = sorted(known, key=lambda one: (abs((one[1] - day).days), one[0]))[:MOST_COMPARED]
    return list(Reply.objects.filter(pk__in=[pk for pk, _day in nearest]).order_by("signed_date", "pk"))


def _engine_reply(reply: Reply) -> engine.Reply:
    fixes = reply.corrections.filter(withdrawn_at=None).order_by("pk")
    return parsing.rebuilt(reply.parsed, merging.merge(reply.parsed, text=reply.text, fixes=fixes))
