"""Which events one may know of, who comes, how a roadshow was judged, what an event brought."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import fmean, stdev
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import make_aware

from keqiao.apps.market import permissions
from keqiao.apps.market.models import (
    WILLING_STATES,
    Event,
    EventInvitation,
    EventItem,
    EventRegistration,
    EventScore,
    EventState,
    IntroductionState,
    InvitationState,
    Jury,
    MeetingResult,
    PlaceState,
    Wanted,
)
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import VISITOR, Actor
from keqiao.apps.parties.models import Membership, Role, User

from .faces import Face, faces

JOINED = ("station", "station__parent", "owner")
# From how many scores on the highest and the lowest can be left out.
FEWEST_TO_DROP = 3


def public_events(*, at: datetime, past: bool = False) -> QuerySet[Event]:
    """Published events that are still to end, the next first; or those behind us, the last first."""
    rows = Event.objects.select_related(*JOINED).filter(published_at__isnull=False)
    over = Q(ends_at__lte=at) | Q(state__in=(EventState.DONE, EventState.CANCELLED))
    return rows.filter(over).order_by("-starts_at", "-id") if past else rows.exclude(over)


def events_run_by(actor: Actor) -> QuerySet[Event]:
    """The events the actor may run, the newest first: the same rule as `can_run_event`."""
    rows = Event.objects.select_related(*JOINED).order_by("-starts_at", "-id")
    if actor.is_product:
        return rows
    above, beside = actor.stations(Role.COORDINATOR), actor.stations(Role.BROKER)
    seen = Q(station__key__in=above | beside) | Q(station__parent__key__in=above)
    if actor.key.startswith("user:") and actor.has(*permissions.RUNNERS):
        seen |= Q(owner__key=actor.key.removeprefix("user:"))
    if actor.areas():
        served = places.served_by(actor.areas())
        if served is None:
            return rows
        seen |= Q(area__in=served)
    return rows.filter(seen)


def events_of(actor: Actor, *, first: date, last: date) -> QuerySet[Event]:
    """What the actor runs or goes to in these days, the last included; what was cancelled is left out."""
    starts, ends = (make_aware(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1)))
    goes = my_registrations(actor).order_by().values("event")
    own = Q(pk__in=events_run_by(actor).order_by().values("pk")) | Q(pk__in=goes)
    rows = Event.objects.select_related(*JOINED).filter(own, starts_at__gte=starts, starts_at__lt=ends)
    return rows.exclude(state=EventState.CANCELLED).order_by("starts_at", "id")


def event(key: str, actor: Actor) -> Event:
    """One event; DoesNotExist for a draft of others, so that it looks like none."""
    row = Event.objects.select_related(*JOINED).get(key=key)
    if not permissions.can_see_event(actor, row).allowed:
        raise Event.DoesNotExist(f"no event {key}")
    return row


def items_of(row: Event) -> QuerySet[EventItem]:
    return row.items.select_related(
        "event", "need", "need__organization", "need__author", "offer", "offer__organization", "offer__author"
    )


def item_faces(items: Iterable[EventItem], actor: Actor = VISITOR) -> list[tuple[EventItem, Face]]:
    """What is on show as everybody may see it, in its order."""
    rows = list(items)
    return list(zip(rows, faces([item.listing for item in rows], actor), strict=True))


def registration_of(row: Event, actor: Actor) -> EventRegistration | None:
    """The actor's own registration, whatever its state."""
    if not actor.key.startswith("user:"):
        return None
    mine = row.registrations.select_related("organization", "user", "event", "event__station", "event__owner")
    return mine.filter(user__key=actor.key.removeprefix("user:")).first()


def registrations_of(row: Event) -> QuerySet[EventRegistration]:
    return row.registrations.select_related("user", "organization").order_by("state", "registered_at", "pk")


def my_registrations(actor: Actor) -> QuerySet[EventRegistration]:
    rows = EventRegistration.objects.select_related("event", "organization").order_by("-event__starts_at")
    mine = rows.filter(user__key=actor.key.removeprefix("user:")) if actor.key.startswith("user:") else rows.none()
    return mine.exclude(state=PlaceState.WITHDRAWN)


def my_invitations(actor: Actor) -> QuerySet[EventInvitation]:
    """Invitations that a body of the actor's has not answered, to events that are still open."""
    rows = EventInvitation.objects.select_related("event", "organization", "item__need", "item__offer", "need", "offer")
    return rows.filter(
        organization__key__in=actor.organizations(), state=InvitationState.SENT, event__state=EventState.PUBLISHED
    ).order_by("event__starts_at", "pk")


def invitations_of(row: Event) -> QuerySet[EventInvitation]:
    return row.invitations.select_related("organization", "item__need", "item__offer", "need", "offer")


def place_counts(row: Event) -> dict[str, int]:
    """People by state, and how many have come."""
    counts = {str(state): 0 for state in PlaceState.values} | {"checked_in": 0}
    for found in row.registrations.values("state").annotate(n=Count("pk"), here=Count("checked_in_at")):
        counts[found["state"]] = found["n"]
        counts["checked_in"] += found["here"]
    return counts


# Scores


@dataclass(frozen=True)
class ItemResult:
    """How one jury judged one item: points out of 100; `rank` is the same for equal means."""

    item: EventItem
    count: int
    mean: float | None
    spread: float | None
    rank: int | None


def results(row: Event, jury: str) -> list[ItemResult]:
    """The items by mean, the best first, one jury alone; those without scores last."""
    totals: dict[int, list[float]] = defaultdict(list)
    for item, total in EventScore.objects.filter(item__event=row, jury=jury).values_list("item_id", "total"):
        totals[item].append(total / 100)
    judged = [_judged(item, totals[item.pk], drop=row.drops_extremes) for item in items_of(row)]
    judged.sort(key=lambda found: (found.mean is None, -(found.mean or 0), found.item.position))
    means = [found.mean for found in judged]
    return [
        ItemResult(found.item, found.count, found.mean, found.spread,
                   None if found.mean is None else means.index(found.mean) + 1)
        for found in judged
    ]  # fmt: skip


def _judged(item: EventItem, points: Sequence[float], *, drop: bool) -> ItemResult:
    kept = sorted(points)
    if drop and len(kept) >= FEWEST_TO_DROP:
        kept = kept[1:-1]
    mean = round(fmean(kept), 2) if kept else None
    spread = round(stdev(kept), 2) if len(kept) > 1 else None
    return ItemResult(item, len(points), mean, spread, None)


def juries_of(row: Event) -> list[str]:
    return [str(Jury.PANEL), *([str(Jury.AUDIENCE)] if row.has_audience else [])]


# What came of it


def report(row: Event) -> dict[str, int]:
    """The figures of an event: from what was shown to what was agreed."""
    people = place_counts(row)
    invited = row.invitations.aggregate(
        invited=Count("pk"),
        accepted=Count("pk", filter=Q(state=InvitationState.ACCEPTED)),
        declined=Count("pk", filter=Q(state=InvitationState.DECLINED)),
    )
    both = Q(seeker_wants=Wanted.FOLLOW_UP, provider_wants=Wanted.FOLLOW_UP)
    met = row.meetings.aggregate(
        planned=Count("pk"),
        met=Count("pk", filter=Q(result=MeetingResult.MET)),
        no_show=Count("pk", filter=Q(result=MeetingResult.NO_SHOW)),
        follow_up=Count("pk", filter=both),
        introduced=Count("introduction"),
        willing=Count("pk", filter=Q(introduction__state__in=WILLING_STATES)),
        agreed=Count("pk", filter=Q(introduction__state=IntroductionState.AGREED)),
    )
    bodies = row.registrations.filter(state=PlaceState.IN).values("organization").distinct().count()
    return {
        "shown": row.items.count(), **invited, "registered": people["in"], "waiting": people["waiting"],
        "bodies": bodies, "checked_in": people["checked_in"], **met,
    }  # fmt: skip


def decline_reasons(row: Event) -> list[tuple[str, int]]:
    """Why invitations were declined and meetings led nowhere, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    found: Any
    for found in (row.invitations, row.meetings):
        for reason, count in found.exclude(reason="").values_list("reason").annotate(Count("pk")):
            counts[reason] += count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


# People of the panel


def on_panel(actor: Actor) -> QuerySet[Event]:
    """Roadshows that run now or are to come, on whose panel the actor is."""
    if not actor.key.startswith("user:"):
        return Event.objects.none()
    rows = Event.objects.filter(panel__user__key=actor.key.removeprefix("user:"))
    return rows.filter(state__in=(EventState.PUBLISHED, EventState.RUNNING)).order_by("starts_at")


def experts(row: Event, *, on: date) -> list[User]:
    """Experts who are not on the panel yet, by name."""
    held = Membership.objects.filter(role=Role.EXPERT, user__is_active=True, from_date__lte=on).exclude(to_date__lte=on)
    there = row.panel.values("user")
    return list(User.objects.filter(pk__in=held.values("user")).exclude(pk__in=there).order_by("name", "email")[:200])
