"""What later replies say of earlier promises, found by comparing replies. The worker alone writes this."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import masking, merging, names, parsing, permissions, queries
from keqiao.apps.proposals.models import Evidence, EvidenceKind, Promise, Reply, Supports
from keqiao.apps.proposals.queries import Compared
from keqiao.engines import replies as engine

SHOWN = {"kept": Supports.KEPT, "partly": Supports.PARTLY}


def link_due(*, by: Actor, at: datetime) -> int:
    """Compare the next published reply with those around it, and note what later ones say of earlier promises.

    Returns 1 if there was one, else 0. Run by the worker.
    """
    found = queries.public_replies().filter(linked_at=None).order_by("published_date", "pk").first()
    if found is None:
        return 0
    reply = queries.reply(found.key)
    group = queries.compare([reply, *queries.neighbours(reply)])
    cited = list(_cited(group, about=reply.key))
    with ledger.action("reply.link", by=by, at=at, subject=names.subject_of(reply)) as entry:
        entry.require(permissions.can_run(by))
        Reply.objects.filter(pk=reply.pk).update(linked_at=at)
        entry.count = sum(_note(one, by=by, at=at) for one in cited)
        # One more reply was looked through: part of what is said of the promises of these units.
        speaking = list(reply.units.values_list("unit", flat=True))
        theirs = Q(unit__in=speaking) | Q(unit="", reply__issuer__in=speaking)
        Promise.objects.filter(theirs).exclude(reply=reply).update(checked_on=None)
    return 1


def _cited(group: Compared, *, about: str) -> Iterator[Evidence]:
    """Evidence between the reply and the others; what two others say of each other was found when they came."""
    for one in group.links.promises:
        supports = SHOWN.get(one.status)
        made = group.replies[one.promise["doc"]]
        if supports is None:
            continue
        start, end = parsing.place_of(one.promise["id"])
        row = Promise.objects.filter(reply=made, start=start, end=end, is_lost=False).first()
        for told in one.evidence if row is not None else ():
            later = group.replies[told.doc]
            if row is None or about not in (made.key, later.key) or not _is_later(later, made):
                continue
            yield _evidence(row, later, _sentence(later, told), supports, why=told.why)


def _sentence(later: Reply, told: engine.Evidence) -> tuple[int, int]:
    """The sentence that is cited; of a figure that which the parser found, for lines may break within one."""
    row = None
    if told.id is not None and told.id.startswith("f"):
        start, end = parsing.place_of(told.id)
        row = later.figures.filter(start=start, end=end).first()
    if row is None:
        return merging.sentence_around(later.text, *told.span)
    return row.sentence_start, row.sentence_end


def _is_later(later: Reply, made: Reply) -> bool:
    return bool(later.signed_date and made.signed_date and later.signed_date > made.signed_date)


def _evidence(promise: Promise, later: Reply, span: tuple[int, int], supports: Supports, *, why: str) -> Evidence:
    """What was found, with the engine's word for why it is only a part; pages say it in words."""
    shown = masking.masked(later.text, contacts=later.parsed.get("meta", {}).get("contacts", ()))
    return Evidence(
        promise=promise, kind=EvidenceKind.REPLY, later=later, start=span[0], end=span[1],
        quote=shown[span[0] : span[1]], supports=supports, is_automatic=True, note=why,
    )  # fmt: skip


def _note(evidence: Evidence, *, by: Actor, at: datetime) -> int:
    """Write what is new; what somebody refused, or cited already, stays as it is."""
    known = Evidence.objects.filter(
        promise=evidence.promise, later=evidence.later, start__lt=evidence.end, end__gt=evidence.start
    )
    if known.exists() or not evidence.quote.strip():
        return 0
    evidence.by, evidence.at = by.key, at
    evidence.save()
    Promise.objects.filter(pk=evidence.promise_id).update(checked_on=None)
    return 1
