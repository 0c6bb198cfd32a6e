"""Reads of promises: what became of them, who says what, who wants to be told."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.timezone import localdate

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.apps.proposals import indicators, units
from keqiao.apps.proposals.models import (
    Evidence,
    Follow,
    Promise,
    PromiseMove,
    PromiseState,
    Proposal,
    Publication,
    Reply,
    ReplyState,
    ReplyUnit,
    Signer,
    Voice,
    VoiceRole,
)

from .replies import kept_by, public_replies, seen_whole_by

LIVE = Q(is_lost=False, is_removed=False)
BY = {"unit": "unit", "year": "reply__signed_date__year", "state": "state"}


def promise(key: str) -> Promise:
    """One promise; Promise.DoesNotExist if there is none. Who may see it is asked by its permission."""
    return Promise.objects.select_related("reply__proposal").get(key=key)


def public_promises() -> QuerySet[Promise]:
    """The promises of replies that everybody reads in full."""
    return Promise.objects.filter(LIVE, reply__in=public_replies().filter(publication=Publication.FULL))


def promises_seen(actor: Actor) -> Q:
    """Which promises an actor may see, as a condition on promises; the same as `can_see_promise`."""
    if units.is_hand_over(actor):
        return Q()
    whole = Q(reply__state=ReplyState.PUBLISHED, reply__publication=Publication.FULL)
    found = LIVE & (whole | Q(reply__in=Reply.objects.filter(seen_whole_by(actor))))
    found |= Q(reply__in=Reply.objects.filter(kept_by(actor)))
    if mine := units.of(actor):
        found |= LIVE & Q(unit__in=mine)
    return found


def promises(
    actor: Actor,
    *,
    q: str = "",
    year: int | None = None,
    due_before: date | None = None,
    needs_indicator: bool = False,
    **narrow: object,
) -> QuerySet[Promise]:
    """The promises in force that an actor may see, next due first.

    Narrowed by words, year of signing, day, those without an indicator, and by state, unit, specificity, reply.
    """
    allowed = {"state", "unit", "specificity", "reply"}
    if unknown := set(narrow) - allowed:
        raise ValueError(f"promises are not narrowed by {', '.join(sorted(unknown))}")
    rows = Promise.objects.filter(LIVE, promises_seen(actor), reply__is_current=True)
    rows = rows.filter(**{name: value for name, value in narrow.items() if value})
    if q.strip():
        rows = rows.filter(Q(text__icontains=q.strip()) | Q(reply__title__icontains=q.strip()))
    if year:
        rows = rows.filter(reply__signed_date__year=year)
    if due_before:
        rows = rows.filter(due_date__lt=due_before)
    if needs_indicator:
        rows = rows.filter(indicator="")
    return rows.select_related("reply__proposal").defer("reply__text", "reply__parsed").order_by("due_date", "pk")


def promise_counts(actor: Actor, *, by: str = "unit") -> list[tuple[object, dict[str, int]]]:
    """How many promises of each state there are by unit, year of signing, or altogether by state."""
    rows = promises(actor).order_by()
    found: dict[object, dict[str, int]] = {}
    for group, state, count in rows.values_list(BY[by], "state").annotate(n=Count("pk")):
        found.setdefault(group, dict.fromkeys(PromiseState.values, 0))[state] += count
    return sorted(found.items(), key=lambda pair: str(pair[0]))


def voices(promise: Promise) -> dict[str, Voice]:
    """What each role says now; what it said before stands in the timeline."""
    found: dict[str, Voice] = {}
    for row in _with_history(promise).voices.all():
        found[row.role] = row
    return {role: found[role] for role in VoiceRole.values if role in found}


def evidence(promise: Promise) -> list[Evidence]:
    """Everything cited, in the order it came, what was refused included."""
    return list(_with_history(promise).evidence.all())


def _with_history(promise: Promise) -> Promise:
    """The promise with what was said and cited of it, read once however often it is asked for."""
    spoken = Voice.objects.select_related("author").order_by("at", "pk")
    cited = Evidence.objects.select_related("later").order_by("at", "pk")
    prefetch_related_objects([promise], Prefetch("voices", spoken), Prefetch("evidence", cited))
    return promise


def supports(rows: Iterable[Promise]) -> dict[int, list[str]]:
    """What the evidence that counts shows, by promise.

    What somebody refused does not count, nor a figure whose edition was corrected or withdrawn since.
    """
    found: dict[int, list[str]] = {row.pk: [] for row in rows}
    rows_cited = Evidence.objects.filter(promise__in=found, rejected_at=None)
    cited = list(rows_cited.values_list("promise", "supports", "figure_key"))
    standing = indicators.standing(key for _pk, _shown, key in cited if key)
    for pk, shown, key in cited:
        if not key or key in standing:
            found[pk].append(shown)
    return found


@dataclass(frozen=True)
class Moment:
    """One dated thing in the life of a promise, and its row: made, moved, evidence, refused, voice, due."""

    at: datetime | date
    kind: str
    row: Promise | PromiseMove | Evidence | Voice


def timeline(promise: Promise) -> list[Moment]:
    """What happened to a promise, oldest first; its day stands where it belongs."""
    moments = [Moment(promise.reply.signed_date or promise.created_at, "made", promise)]
    moments += [Moment(row.at, "moved", row) for row in promise.moves.all()]
    for row in evidence(promise):
        moments.append(Moment(row.at, "evidence", row))
        if row.rejected_at is not None:
            moments.append(Moment(row.rejected_at, "refused", row))
    moments += [Moment(row.at, "voice", row) for row in _with_history(promise).voices.all()]
    moments.append(Moment(promise.due_date, "due", promise))
    return sorted(moments, key=lambda one: _day(one.at).isoformat() + str(one.at))


def _day(at: datetime | date) -> date:
    return localdate(at) if isinstance(at, datetime) else at


def later_replies(promise: Promise) -> QuerySet[Reply]:
    """The published replies after it in which its unit speaks: where a trace of it would be."""
    unit = promise.unit or promise.reply.issuer
    speaks = ReplyUnit.objects.filter(reply=OuterRef("pk"), unit=unit)
    rows = public_replies().filter(Exists(speaks), signed_date__gt=promise.reply.signed_date or date.max)
    return rows.order_by("signed_date", "pk")


def days_spoken(unit_codes: Iterable[str]) -> dict[str, list[date]]:
    """The days of published replies in which each unit speaks, in order."""
    rows = ReplyUnit.objects.filter(unit__in=set(unit_codes), reply__in=public_replies().values("pk"))
    found: dict[str, list[date]] = {}
    for unit, day in rows.values_list("unit", "reply__signed_date").order_by("reply__signed_date"):
        if day is not None:
            found.setdefault(unit, []).append(day)
    return found


def count_later(promise: Promise, spoken: Mapping[str, list[date]]) -> int:
    """How many of these days lie after the promise was made."""
    days = spoken.get(promise.unit or promise.reply.issuer, [])
    return len(days) - bisect_right(days, promise.reply.signed_date) if promise.reply.signed_date else 0


def followers(thing: Proposal | Promise) -> QuerySet[User]:
    """Who is told: who signed, unless they do not want to, and who chose to follow; one's word on the promise itself
    goes before one's word on its proposal."""
    proposal = thing.reply.proposal if isinstance(thing, Promise) else thing
    user = OuterRef("pk")
    told = Q(pk__in=[])
    muted = Q(pk__in=[])
    if proposal is not None:
        chosen = Follow.objects.filter(user=user, proposal=proposal)
        told |= Q(Exists(Signer.objects.filter(user=user, proposal=proposal))) | Q(Exists(chosen.filter(is_on=True)))
        muted |= Q(Exists(chosen.filter(is_on=False)))
    found = told & ~muted
    if isinstance(thing, Promise):
        chosen = Follow.objects.filter(user=user, promise=thing)
        found = Q(Exists(chosen.filter(is_on=True))) | found & ~Q(Exists(chosen.filter(is_on=False)))
    return User.objects.filter(found, is_active=True).order_by("pk")


def is_following(user_key: str, thing: Proposal | Promise) -> bool:
    return followers(thing).filter(key=user_key).exists()


def followed_promises(user_key: str) -> QuerySet[Promise]:
    """The promises somebody is told of: chosen ones, and those in replies to the proposals they follow."""
    mine = Follow.objects.filter(user__key=user_key)
    signed = Signer.objects.filter(user__key=user_key, proposal=OuterRef("reply__proposal"))
    of_proposal = mine.filter(proposal=OuterRef("reply__proposal"))
    of_promise = mine.filter(promise=OuterRef("pk"))
    by_proposal = (Exists(signed) | Exists(of_proposal.filter(is_on=True))) & ~Exists(of_proposal.filter(is_on=False))
    found = Exists(of_promise.filter(is_on=True)) | (by_proposal & ~Exists(of_promise.filter(is_on=False)))
    rows = Promise.objects.filter(LIVE, found, reply__state=ReplyState.PUBLISHED)
    return rows.select_related("reply__proposal").order_by("due_date", "pk")


def everybody_following() -> QuerySet[User]:
    """All who signed something or chose to follow something."""
    signs = Signer.objects.filter(user=OuterRef("pk"))
    follows = Follow.objects.filter(user=OuterRef("pk"), is_on=True)
    return User.objects.filter(Exists(signs) | Exists(follows), is_active=True).order_by("pk")


def due_for_reckoning(*, on: date) -> QuerySet[Promise]:
    """Promises of published replies that were not reckoned today, longest waiting first."""
    rows = Promise.objects.filter(LIVE, reply__state=ReplyState.PUBLISHED)
    rows = rows.filter(Q(checked_on=None) | Q(checked_on__lt=on)).select_related("reply")
    return rows.order_by(F("checked_on").asc(nulls_first=True), "pk")
