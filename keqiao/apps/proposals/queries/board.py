"""What the public pages of replies and promises ask: lists, counts, moves. Only what everybody may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from keqiao.apps.proposals import masking, merging
from keqiao.apps.proposals.models import (
    Evidence,
    Promise,
    PromiseMove,
    Publication,
    Reply,
    ReplyState,
    ReplyUnit,
)

from .replies import is_whole_public

LIVE = Q(is_lost=False, is_removed=False)
# Promises stand in the text: where an abstract alone is public, they are not.
SHOWN = Q(reply__state=ReplyState.PUBLISHED, reply__publication=Publication.FULL, reply__is_current=True) & LIVE


@dataclass(frozen=True)
class Facets:
    """What published replies can be narrowed by."""

    years: Sequence[int]
    units: Sequence[str]
    classes: Sequence[str]


def reply_facets() -> Facets:
    rows = _published()
    years = {day.year for day in rows.values_list("signed_date", flat=True) if day}
    speaking = ReplyUnit.objects.filter(reply__in=rows).values_list("unit", flat=True)
    classes = {code for code in rows.values_list("result_class", flat=True) if code}
    return Facets(sorted(years, reverse=True), sorted(set(speaking)), sorted(classes))


def published_replies(
    *, q: str = "", year: int | None = None, unit: str = "", body: str = "", result_class: str = ""
) -> QuerySet[Reply]:
    """Published replies in their current version, newest first, with how many figures and promises each holds."""
    rows = _published()
    for word in q.split():
        whole = Q(text__icontains=word, publication=Publication.FULL)
        titled = Q(title__icontains=word) | Q(doc_number__icontains=word) | Q(proposal__title__icontains=word)
        rows = rows.filter(whole | titled | Q(proposal__printed__icontains=word))
    if year:
        rows = rows.filter(signed_date__year=year)
    if unit:
        rows = rows.filter(Exists(ReplyUnit.objects.filter(reply=OuterRef("pk"), unit=unit)))
    if body:
        rows = rows.filter(proposal__body=body)
    if result_class:
        rows = rows.filter(result_class=result_class)
    live = Q(promises__is_lost=False, promises__is_removed=False)
    counted = rows.annotate(
        figure_count=Count("figures", distinct=True), promise_count=Count("promises", filter=live, distinct=True)
    )
    return counted.select_related("proposal").defer("text", "parsed").order_by("-signed_date", "-pk")


def _published() -> QuerySet[Reply]:
    public = (Publication.FULL, Publication.ABSTRACT)
    return Reply.objects.filter(state=ReplyState.PUBLISHED, publication__in=public, is_current=True)


def promise_counts() -> list[tuple[str, str, int]]:
    """How many published promises there are, by unit and state."""
    rows = Promise.objects.filter(SHOWN).order_by("unit", "state").values_list("unit", "state").annotate(n=Count("pk"))
    return [(unit, state, n) for unit, state, n in rows]


def promise_years() -> list[int]:
    """The years of the replies that promise something, newest first."""
    days = Promise.objects.filter(SHOWN).order_by().values_list("reply__signed_date", flat=True).distinct()
    return sorted({day.year for day in days if day}, reverse=True)


def shown_promises(
    *, q: str = "", state: str = "", unit: str = "", year: int | None = None, specificity: str = "",
    due_from: date | None = None, due_before: date | None = None,
) -> QuerySet[Promise]:  # fmt: skip
    """Published promises, those due first in front, with how much evidence counts for each."""
    rows = Promise.objects.filter(SHOWN)
    for word in q.split():
        rows = rows.filter(Q(text__icontains=word) | Q(sentence__icontains=word) | Q(reply__title__icontains=word))
    given = {
        "state": state, "unit": unit, "specificity": specificity, "reply__signed_date__year": year,
        "due_date__gte": due_from, "due_date__lt": due_before,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    counts = Count("evidence", filter=Q(evidence__rejected_at=None))
    return (
        rows.annotate(evidence_count=counts)
        .select_related("reply")
        .defer("reply__text", "reply__parsed")
        .order_by("due_date", "pk")
    )


def promise_moves(*, unit: str = "", promise: Promise | None = None) -> QuerySet[PromiseMove]:
    """How computed states moved, newest first: of what is published, of a unit, or of one promise."""
    rows = PromiseMove.objects.filter(promise=promise) if promise else PromiseMove.objects.filter(_shown_of_promise())
    if unit:
        rows = rows.filter(promise__unit=unit)
    return rows.select_related("promise__reply").order_by("-at", "-pk")


def _shown_of_promise() -> Q:
    return Q(Exists(Promise.objects.filter(SHOWN, pk=OuterRef("promise"))))


def promises_of(reply: Reply) -> list[Promise]:
    """The promises of a reply in the order of its text."""
    return list(reply.promises.filter(LIVE).order_by("start", "end"))


def sentence_of(evidence: Evidence) -> tuple[str, int, int] | None:
    """The sentence of a later reply that holds the words of a piece of evidence, and where in it they stand; contacts
    covered. None where there is no such sentence or its text is not public in full."""
    later = evidence.later
    if later is None or evidence.start is None or evidence.end is None or not is_whole_public(later):
        return None
    start, end = merging.sentence_around(later.text, evidence.start, evidence.end)
    text = masking.masked(later.text, contacts=later.parsed.get("meta", {}).get("contacts", ()))
    return text[start:end], evidence.start - start, evidence.end - start
