"""What the public pages of proposals ask: the list, and one proposal with all that is open of it.

The page of a proposal is the same for everybody: it is read with the eyes of a visitor, also for those who may see more
elsewhere. A proposal of which the abstract alone is public shows neither its text nor the suggestions out of it; what
its published replies quote of them stands in those replies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from keqiao.apps.parties.actors import VISITOR
from keqiao.apps.proposals.models import (
    PUBLIC,
    Assignment,
    Correction,
    LookBack,
    Promise,
    PromiseMove,
    Proposal,
    Publication,
    Reply,
    ReplyFigure,
    ReplyState,
    Signer,
    UnitRole,
)

from .board import SHOWN
from .replies import PUBLISHED, Asked, public_replies, suggestion_matrix

HELD = Q(returned_date=None)
HEAVY = ("reply__text", "reply__parsed")
LIMITS = ("met", "late", "running", "overdue")


@dataclass(frozen=True)
class ProposalFacets:
    """What published proposals can be narrowed by. A session is (term, session)."""

    sessions: Sequence[tuple[int, int]]
    years: Sequence[int]
    kinds: Sequence[str]
    units: Sequence[str]
    fields: Sequence[str] = ()


def proposal_facets() -> ProposalFacets:
    rows = Proposal.objects.filter(publication__in=PUBLIC).order_by()
    held = Assignment.objects.filter(HELD, proposal__in=rows).order_by()
    found = list(rows.values_list("term", "session", "year", "kind", "field").distinct())
    return ProposalFacets(
        sessions=sorted({(term, session) for term, session, *_rest in found}, reverse=True),
        years=sorted({year for _term, _session, year, *_rest in found}, reverse=True),
        kinds=sorted({kind for *_rest, kind, _field in found}),
        units=sorted(held.values_list("unit", flat=True).distinct()),
        fields=sorted({field for *_rest, field in found if field}),
    )


def published_proposals(
    *, on: date, q: str = "", session: tuple[int, int] | None = None, year: int | None = None, body: str = "",
    kind: str = "", field: str = "", unit: str = "", limit: str = "",
) -> QuerySet[Proposal]:  # fmt: skip
    """Published proposals, newest first, with how many published replies and promises each has.

    Words are looked for in titles, numbers and names of bodies, in the text where that is public; never in the names of
    people, which are not shown. `limit` is one of LIMITS, of whoever has to answer.
    """
    rows = Proposal.objects.filter(publication__in=PUBLIC)
    for word in q.split():
        named = Signer.objects.filter(proposal=OuterRef("pk"), is_group=True, name__icontains=word)
        titled = Q(title__icontains=word) | Q(printed__icontains=word) | Q(abstract__icontains=word)
        rows = rows.filter(titled | Q(text__icontains=word, publication=Publication.FULL) | Q(Exists(named)))
    if session:
        rows = rows.filter(term=session[0], session=session[1])
    given = {"year": year, "body": body, "kind": kind, "field": field}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    held = Assignment.objects.filter(HELD, proposal=OuterRef("pk"))
    if unit:
        rows = rows.filter(Exists(held.filter(unit=unit)))
    if limit:
        rows = rows.filter(Exists(_limited(held, limit, on)))
    return _counted(rows).order_by("-year", "-term", "-session", "body", "kind", "pk")


def _limited(held: QuerySet[Assignment], limit: str, on: date) -> QuerySet[Assignment]:
    answering = held.filter(role__in=(UnitRole.LEAD, UnitRole.SEPARATE), due_date__isnull=False)
    conditions = {
        "met": Q(answered_date__lte=F("due_date")),
        "late": Q(answered_date__gt=F("due_date")),
        "running": Q(answered_date=None, due_date__gte=on),
        "overdue": Q(answered_date=None, due_date__lt=on),
    }
    return answering.filter(conditions[limit])


def _counted(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    shown = Q(replies__state=ReplyState.PUBLISHED, replies__publication__in=PUBLIC, replies__is_current=True)
    promised = Q(
        shown, replies__publication=Publication.FULL, replies__promises__is_lost=False,
        replies__promises__is_removed=False,
    )  # fmt: skip
    return (
        rows.annotate(
            reply_count=Count("replies", filter=shown, distinct=True),
            promise_count=Count("replies__promises", filter=promised, distinct=True),
        )
        .defer("text")
        .prefetch_related("signers", Prefetch("assignments", Assignment.objects.filter(HELD)))
    )


@dataclass(frozen=True)
class ReplyVersions:
    """A reply in its newest published version, with the published ones before it, newest first."""

    newest: Reply
    older: Sequence[Reply]


@dataclass(frozen=True)
class Opened:
    """All that is open of a published proposal."""

    proposal: Proposal
    assignments: Sequence[Assignment]
    replies: Sequence[ReplyVersions]
    asked: Sequence[Asked]
    promises: Sequence[Promise]
    look_backs: Sequence[LookBack]
    figures: Sequence[ReplyFigure]


def count_public() -> int:
    return Proposal.objects.filter(publication__in=PUBLIC).count()


def public_proposal(key: str) -> Proposal:
    """A published proposal; Proposal.DoesNotExist if there is none, or it is not public."""
    return Proposal.objects.filter(publication__in=PUBLIC).get(key=key)


def opened(key: str) -> Opened:
    """A published proposal with what is open of it; Proposal.DoesNotExist as above."""
    rows = Proposal.objects.filter(publication__in=PUBLIC)
    row = rows.prefetch_related("signers", "assignments", "suggestions").get(key=key)
    replies = _versions(row)
    current = [one.newest for one in replies]
    whole = [one for one in current if one.publication == Publication.FULL]
    stated = ReplyFigure.objects.filter(reply__in=whole).select_related("reply").defer(*HEAVY)
    return Opened(
        proposal=row,
        assignments=[one for one in row.assignments.all() if one.returned_date is None],
        replies=replies,
        asked=_asked(row, whole),
        promises=list(shown_promises(row)),
        look_backs=list(LookBack.objects.filter(reply__in=current).select_related("reply").defer(*HEAVY)),
        figures=list(stated.order_by("reply__signed_date", "reply", "start")),
    )


def whole_replies(row: Proposal) -> QuerySet[Reply]:
    """The replies to a proposal whose text everybody reads, each in its newest published version."""
    return public_replies().filter(proposal=row, publication=Publication.FULL)


def shown_promises(row: Proposal) -> QuerySet[Promise]:
    """What those replies promise, in the order of their texts."""
    rows = Promise.objects.filter(SHOWN, reply__in=whole_replies(row)).select_related("reply").defer(*HEAVY)
    return rows.order_by("reply", "start")


def _versions(row: Proposal) -> list[ReplyVersions]:
    corrections = Prefetch("corrections", Correction.objects.order_by("pk"))
    found = row.replies.filter(PUBLISHED).prefetch_related(corrections)
    rows = sorted(found, key=lambda one: (one.issuer_name, one.doc_number, -one.version))
    groups = [list(some) for _key, some in groupby(rows, key=lambda one: (one.issuer_name, one.doc_number))]
    found_versions = [ReplyVersions(some[0], some[1:]) for some in groups]
    return sorted(found_versions, key=lambda one: (one.newest.signed_date or date.max, one.newest.pk))


def _asked(row: Proposal, whole: Iterable[Reply]) -> list[Asked]:
    rows = suggestion_matrix(row, actor=VISITOR, among=whole)
    if row.publication == Publication.FULL:
        return rows
    return [one for one in rows if one.answers]


def proposal_moves(*, proposal: Proposal | None = None) -> QuerySet[PromiseMove]:
    """How the states of promises moved that were made in replies to published proposals, or to one; newest first."""
    shown = Promise.objects.filter(SHOWN, reply__proposal__publication__in=PUBLIC)
    if proposal is not None:
        shown = shown.filter(reply__proposal=proposal)
    rows = PromiseMove.objects.filter(promise__in=shown).select_related("promise__reply__proposal")
    return rows.defer("promise__reply__text", "promise__reply__parsed").order_by("-at", "-pk")


def proposal_replies(*, proposal: Proposal | None = None) -> QuerySet[Reply]:
    """The published replies, in all their versions, to published proposals or to one; newest first."""
    rows = Reply.objects.filter(PUBLISHED, proposal__publication__in=PUBLIC)
    if proposal is not None:
        rows = rows.filter(proposal=proposal)
    return rows.select_related("proposal").defer("text", "parsed").order_by("-published_date", "-pk")


def done_look_backs(*, proposal: Proposal | None = None) -> QuerySet[LookBack]:
    """Look-backs that were made at published replies to published proposals, or to one; newest first."""
    replies = proposal_replies(proposal=proposal).order_by().values("pk")
    rows = LookBack.objects.filter(reply__in=replies, done_at__isnull=False).select_related("reply__proposal")
    return rows.defer(*HEAVY).order_by("-done_at", "-pk")
