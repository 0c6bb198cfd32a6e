"""Reads of replies. Texts leave here with contacts covered, and whole only to those who may read them whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from keqiao.apps.parties.actors import Actor
from keqiao.apps.proposals import masking, merging, permissions, units
from keqiao.apps.proposals.models import (
    ANSWERING_ROLES,
    PUBLIC,
    Assignment,
    Correction,
    CorrectionState,
    LookBack,
    Proposal,
    Publication,
    Reply,
    ReplyFigure,
    ReplyState,
    ReplyUnit,
    Signer,
)

HEAVY = ("text", "parsed")
PUBLISHED = Q(state=ReplyState.PUBLISHED, publication__in=PUBLIC)


def reply(key: str) -> Reply:
    """One version of a reply; Reply.DoesNotExist if there is none. Who may see it is asked by its permission."""
    return Reply.objects.select_related("proposal", "supersedes").get(key=key)


def public_replies() -> QuerySet[Reply]:
    """What is published, each in its newest published version."""
    newer = Reply.objects.filter(PUBLISHED, supersedes=OuterRef("pk"))
    return _joined(Reply.objects.filter(PUBLISHED).exclude(Exists(newer)))


def replies(actor: Actor, *, q: str = "", unit: str = "", year: int | None = None, **narrow: object) -> QuerySet[Reply]:
    """The replies an actor may see, newest first, by words, unit that speaks in them, year of signing, and fields.

    `narrow`: state, result_class, publication, proposal, issuer; empty values do not narrow.
    """
    allowed = {"state", "result_class", "publication", "proposal", "issuer"}
    if unknown := set(narrow) - allowed:
        raise ValueError(f"replies are not narrowed by {', '.join(sorted(unknown))}")
    rows = Reply.objects.filter(seen_by(actor), **{name: value for name, value in narrow.items() if value})
    newer = Reply.objects.filter(supersedes=OuterRef("pk")).filter(seen_by(actor))
    rows = rows.exclude(Exists(newer))
    if q.strip():
        words = Q(title__icontains=q.strip()) | Q(doc_number__icontains=q.strip())
        rows = rows.filter(words | Q(proposal__title__icontains=q.strip()))
    if unit:
        rows = rows.filter(Exists(ReplyUnit.objects.filter(reply=OuterRef("pk"), unit=unit)))
    if year:
        rows = rows.filter(signed_date__year=year)
    return _joined(rows)


def seen_by(actor: Actor) -> Q:
    """Which replies an actor may see, as a condition on replies; the same as `can_see_reply`."""
    return Q() if units.is_hand_over(actor) else PUBLISHED | seen_whole_by(actor)


def seen_whole_by(actor: Actor) -> Q:
    """Which replies an actor reads for what they are, keeper, handler or signer, whatever the public reads."""
    if units.is_hand_over(actor):
        return Q()
    found = Q(pk__in=[])
    if mine := units.of(actor):
        handled = Assignment.objects.filter(proposal=OuterRef("proposal"), unit__in=mine, returned_date=None)
        found |= Q(issuer__in=mine) | Q(Exists(handled))
    if actor.key.startswith("user:"):
        signed = Signer.objects.filter(proposal=OuterRef("proposal"), user__key=actor.key.removeprefix("user:"))
        found |= Q(answered_date__isnull=False) & Q(Exists(signed))
    return found


def kept_by(actor: Actor) -> Q:
    """Which replies an actor keeps, as a condition on replies; the same as `can_keep_reply`."""
    if units.is_hand_over(actor):
        return Q()
    mine = units.of(actor)
    answering = Assignment.objects.filter(
        proposal=OuterRef("proposal"), unit__in=mine, returned_date=None, role__in=ANSWERING_ROLES
    )
    return Q(issuer__in=mine) & ~Q(issuer="") | Q(issuer="") & Q(Exists(answering))


def _joined(rows: QuerySet[Reply]) -> QuerySet[Reply]:
    return rows.select_related("proposal").defer(*HEAVY).order_by("-signed_date", "-pk")


def versions(reply: Reply) -> QuerySet[Reply]:
    """All versions under its number, newest first."""
    rows = Reply.objects.filter(issuer_name=reply.issuer_name, doc_number=reply.doc_number)
    return rows.defer(*HEAVY).order_by("-version")


@dataclass(frozen=True)
class Corrected:
    """A reply as it reads with its corrections: things as dictionaries, spans into the text; contacts left out.

    `lost` are the corrections that found no place in the parse as it is now.
    """

    meta: Mapping[str, Any]
    suggestions: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    programmes: list[dict[str, Any]]
    organisations: list[dict[str, Any]]
    documents_cited: list[dict[str, Any]]
    corrections: list[Correction]
    lost: list[Correction]


def corrected(reply: Reply) -> Corrected:
    """The parse that is kept, with the corrections in force laid over it anew."""
    rows = list(reply.corrections.all())  # in their order; a page of several replies reads them at once
    fixes = [row for row in rows if row.withdrawn_at is None]
    found = merging.merge(reply.parsed, text=reply.text, fixes=fixes)
    meta = {name: value for name, value in found.meta.items() if name not in ("contacts", "spans")}
    lost = [row for row in fixes if found.states[row.pk] == CorrectionState.LOST]
    lists = {name: list(reply.parsed.get(name, ())) for name in ("programmes", "organisations", "documents_cited")}
    return Corrected(
        meta=meta, suggestions=found.suggestions, figures=found.figures, promises=found.promises, corrections=rows,
        lost=lost, **lists,
    )  # fmt: skip


def shown_text(reply: Reply, *, actor: Actor) -> str:
    """The text with contacts covered, of the same length; empty for who may read its abstract only, or nothing."""
    if not permissions.can_see_whole_reply(actor, reply).allowed:
        return ""
    return masking.masked(reply.text, contacts=reply.parsed.get("meta", {}).get("contacts", ()))


@dataclass(frozen=True)
class Piece:
    """A run of the text over which the same things stand: figures, promises, headings, each as (kind, key).

    A figure is named by its place `start-end`, a promise by its key, a heading by its number.
    """

    start: int
    end: int
    text: str
    marks: tuple[tuple[str, str], ...]


def pieces(reply: Reply, *, actor: Actor) -> list[Piece]:
    """The text cut where something begins or ends, so that a page marks what stands where; nothing if unreadable."""
    text = shown_text(reply, actor=actor)
    if not text:
        return []
    marks = list(_marks(reply))
    cuts = sorted({0, len(text), *(start for start, *_rest in marks), *(end for _start, end, *_rest in marks)})
    found = []
    for start, end in pairwise(cuts):
        over = tuple((kind, key) for first, last, kind, key in marks if first <= start and end <= last)
        found.append(Piece(start, end, text[start:end], over))
    return found


def _marks(reply: Reply) -> Iterable[tuple[int, int, str, str]]:
    for suggestion in reply.parsed.get("suggestions", ()):
        yield (*suggestion["heading_span"], "heading", str(suggestion["n"]))
    for promise in reply.promises.filter(is_lost=False, is_removed=False):
        yield promise.start, promise.end, "promise", promise.key
    for figure in reply.figures.all():
        yield figure.start, figure.end, "figure", f"{figure.start}-{figure.end}"


def figures_of(reply: Reply) -> QuerySet[ReplyFigure]:
    return reply.figures.order_by("start")


@dataclass(frozen=True)
class Answered:
    """One part of a reply to one suggestion: who speaks, yes or no or later, and where it stands."""

    reply: Reply
    unit: str
    department: str
    disposition: str
    start: int
    end: int


@dataclass(frozen=True)
class Asked:
    """One thing that a proposal, or else its reply, names as asked for, with every answer to it."""

    n: int
    title: str
    quoted: str
    answers: list[Answered]

    @property
    def is_answered(self) -> bool:
        return any(answer.disposition != "not_addressed" for answer in self.answers)


def suggestion_matrix(proposal: Proposal, *, actor: Actor, among: Iterable[Reply] | None = None) -> list[Asked]:
    """Each suggestion with the answers that the actor may read, in the newest version of each reply.

    The parts of a reply that answer suggestions are matched to these in their order; parts beyond those are listed
    after them. A part on the state of things or on what comes next answers none, unless the reply has no others.
    `among` are the actor's replies with their texts, where they were read already.
    """
    asked = {row.n: Asked(row.n, row.title, row.quoted, []) for row in proposal.suggestions.all()}
    rows = replies(actor, proposal=proposal).defer(None) if among is None else among
    for row in sorted(rows, key=lambda one: (one.signed_date or date.max, one.pk)):
        if not permissions.can_see_whole_reply(actor, row).allowed:
            continue
        parts = corrected(row).suggestions
        for n, part in enumerate([one for one in parts if one.get("heading_kind") != "section"] or parts, start=1):
            title = str(part.get("quoted_title") or part.get("heading") or "")
            one = asked.setdefault(n, Asked(n, title, "", []))
            one.answers.extend(_answered(row, answer) for answer in part["answers"])
    return [asked[n] for n in sorted(asked)]


def _answered(reply: Reply, answer: Mapping[str, Any]) -> Answered:
    department = str(answer.get("department") or "")
    start, end = merging.extent(answer)
    return Answered(
        reply, units.resolve(department) or ("" if department else reply.issuer), department,
        str(answer.get("disposition") or "addressed"), start, end,
    )  # fmt: skip


def lost_corrections(actor: Actor) -> QuerySet[Correction]:
    """Corrections that found no place after a later reading, of the replies the actor keeps."""
    kept = Reply.objects.filter(kept_by(actor))
    rows = Correction.objects.filter(state=CorrectionState.LOST, withdrawn_at=None, reply__in=kept)
    return rows.select_related("reply").order_by("reply", "pk")


def look_backs(actor: Actor, *, on: date, is_open: bool = True) -> QuerySet[LookBack]:
    """Look-backs of the replies the actor keeps: those whose day has come and that nobody did, or all."""
    rows = LookBack.objects.filter(reply__in=Reply.objects.filter(kept_by(actor))).select_related("reply__proposal")
    if is_open:
        rows = rows.filter(done_at=None, due_date__lte=on)
    return rows.order_by("due_date", "pk")


def is_whole_public(reply: Reply) -> bool:
    """Whether everybody reads the text itself."""
    return reply.is_public and reply.publication == Publication.FULL
