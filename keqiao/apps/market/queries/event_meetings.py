"""Wishes as pairs with weights, busy times, the grid, the programme of one body."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from keqiao.apps.market.models import Event, Meeting, MeetingWish, Need, Offer, PlaceState, Secrecy, Side
from keqiao.apps.parties.models import Organization

# What one side's wish weighs beside a match score of at most 1.
WEIGHT_OF_A_WISH = 1.0


@dataclass(frozen=True)
class Pair:
    """A seeker and a provider who should meet, with all that was wished between them."""

    seeker: Organization
    provider: Organization
    need: Need | None
    offer: Offer | None
    score: float
    sides: frozenset[str]

    @property
    def weight(self) -> float:
        return len(self.sides) * WEIGHT_OF_A_WISH + self.score


def wishes_of(event: Event) -> QuerySet[MeetingWish]:
    return event.wishes.select_related(
        "seeker", "provider", "need", "need__organization", "need__author", "offer", "offer__organization",
        "offer__author",
    )  # fmt: skip


def pairs_of(event: Event) -> list[Pair]:
    """One pair for all wishes between two bodies, in the order in which they were first wished.

    Two bodies that seek and provide both ways meet once.
    """
    found: dict[frozenset[int], list[MeetingWish]] = defaultdict(list)
    for row in wishes_of(event):
        found[frozenset((row.seeker_id, row.provider_id))].append(row)
    return [_pair(rows) for rows in found.values()]


def _pair(rows: list[MeetingWish]) -> Pair:
    first = rows[0]
    same = [row for row in rows if row.seeker_id == first.seeker_id]
    return Pair(
        seeker=first.seeker,
        provider=first.provider,
        need=next((row.need for row in same if row.need), None),
        offer=next((row.offer for row in same if row.offer), None),
        score=max(row.score for row in rows),
        sides=frozenset(_asker(row, first) for row in rows),
    )


def _asker(row: MeetingWish, first: MeetingWish) -> str:
    """Which body asked, seen from the first wish: the same body asking twice is one wish."""
    if row.side == Side.BROKER or row.seeker_id == first.seeker_id:
        return row.side
    return str(Side.PROVIDER if row.side == Side.SEEKER else Side.SEEKER)


def busy_of(event: Event) -> dict[str, frozenset[int]]:
    """The slots in which nobody of a body has time: a body with two people is busy only when both are."""
    rows = event.registrations.filter(state=PlaceState.IN).values_list("organization__key", "busy")
    found: dict[str, frozenset[int]] = {}
    for key, busy in rows:
        found[key] = found[key] & frozenset(busy) if key in found else frozenset(busy)
    return found


def meetings_of(event: Event) -> QuerySet[Meeting]:
    return event.meetings.select_related(
        "event", "event__owner", "event__station", "event__station__parent", "seeker", "provider", "need", "offer",
        "introduction",
    )  # fmt: skip


def slot_times(event: Event) -> list[tuple[int, datetime, datetime]]:
    """Number, begin and end of each slot."""
    step = timedelta(minutes=event.slot_minutes)
    return [(n, event.starts_at + n * step, event.starts_at + (n + 1) * step) for n in range(event.slots)]


def grid(event: Event) -> list[tuple[int, datetime, list[Meeting | None]]]:
    """For each slot its begin and the meeting at each table."""
    at = {(row.slot, row.table): row for row in meetings_of(event)}
    return [
        (slot, begin, [at.get((slot, table)) for table in range(event.tables)])
        for slot, begin, _end in slot_times(event)
    ]


@dataclass(frozen=True)
class Appointment:
    """A meeting as one body sees it. A seeker that is kept back is named to those it has asked for alone."""

    meeting: Meeting
    side: str
    starts_at: datetime
    ends_at: datetime
    counterpart: Organization | None
    subject: Need | Offer | None

    @property
    def table(self) -> int:
        return self.meeting.table + 1


def programme(event: Event, organization: Organization, *, wishes: Iterable[MeetingWish]) -> list[Appointment]:
    """The meetings of one body, in the order of the day; `wishes` are all of the event."""
    rows = meetings_of(event).filter(Q(seeker=organization) | Q(provider=organization)).order_by("slot")
    asked = {(wish.seeker_id, wish.provider_id) for wish in wishes if wish.side == Side.SEEKER}
    times = {slot: (begin, end) for slot, begin, end in slot_times(event)}
    return [_appointment(row, organization, asked, times) for row in rows if row.slot in times]


def _appointment(row: Meeting, organization: Organization, asked: set[tuple[int, int]], times: Any) -> Appointment:
    begin, end = times[row.slot]
    if row.seeker_id == organization.pk:
        return Appointment(row, str(Side.SEEKER), begin, end, row.provider, row.offer)
    kept_back = row.need is not None and row.need.secrecy not in (Secrecy.PUBLIC, Secrecy.REGISTERED)
    is_named = not kept_back or (row.seeker_id, row.provider_id) in asked or row.introduction_id is not None
    return Appointment(row, str(Side.PROVIDER), begin, end, row.seeker if is_named else None, row.need)
