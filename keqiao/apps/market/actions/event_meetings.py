"""Who wants to meet whom, when they meet, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import (
    DeclineReason,
    Event,
    EventState,
    Introduction,
    IntroductionSource,
    Meeting,
    MeetingResult,
    MeetingSeat,
    MeetingWish,
    Need,
    Offer,
    PlaceState,
    Side,
    Wanted,
)
from keqiao.apps.market.names import new_key
from keqiao.apps.market.queries import event_meetings as queries
from keqiao.apps.parties.actors import Actor, system
from keqiao.apps.parties.models import Organization
from keqiao.engines import scheduling

from . import introductions
from .events import lock, subject_of

# Who keeps what both sides said: neither side alone can speak for the other.
KEEPER = system("events")


def _require(event: Event, *states: str) -> None:
    if event.state not in states:
        raise ledger.Refused(f"event_is_{event.state}")


def wish(
    event: Event,
    *,
    seeker: Organization,
    provider: Organization,
    side: str,
    by: Actor,
    at: datetime,
    need: Need | None = None,
    offer: Offer | None = None,
    score: float = 0.0,
) -> MeetingWish:
    """Wish for a meeting, as one side or as whoever runs the event. Wishes of both sides weigh more than of one."""
    with ledger.action("event.wish", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        mine, others = (seeker, provider) if side == Side.SEEKER else (provider, seeker)
        registered = _comes(event, mine)
        entry.require(permissions.can_wish(by, event, organization=mine.key, registered=registered))
        if side == Side.BROKER:
            entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.PUBLISHED, EventState.RUNNING)
        if seeker.pk == provider.pk:
            raise ledger.Refused("same_organization")
        if not (_comes(event, others) and (registered or side != Side.BROKER)):
            raise ledger.Refused("counterpart_not_coming")
        if event.wishes.filter(seeker=seeker, provider=provider, side=side).exists():
            raise ledger.Refused("wished_already")
        row = MeetingWish.objects.create(
            event=event, seeker=seeker, provider=provider, need=need, offer=offer, side=side, score=score, at=at
        )
        entry.change(seeker=seeker.key, provider=provider.key, side=str(side))
    return row


def _comes(event: Event, organization: Organization) -> bool:
    return event.registrations.filter(organization=organization, state=PlaceState.IN).exists()


def unwish(row: MeetingWish, *, by: Actor, at: datetime) -> None:
    """Take a wish back before the meeting is planned."""
    event = row.event
    with ledger.action("event.unwish", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        mine = row.seeker if row.side == Side.SEEKER else row.provider
        entry.require(permissions.can_wish(by, event, organization=mine.key, registered=True))
        _require(event, EventState.PUBLISHED, EventState.RUNNING)
        entry.change(seeker=row.seeker.key, provider=row.provider.key, side=str(row.side))
        row.delete()


@dataclass(frozen=True)
class Planned:
    """What planning brought: how many meetings, and the wishes without a seat with their reasons."""

    meetings: int
    left: tuple[tuple[queries.Pair, str], ...]


def plan_meetings(event: Event, *, by: Actor, at: datetime) -> Planned:
    """Give slots and tables to all wishes anew. Meetings placed by hand, held or missed stay where they are."""
    with ledger.action("event.plan", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.PUBLISHED, EventState.RUNNING)
        kept = list(event.meetings.select_related("seeker", "provider"))
        kept = [row for row in kept if row.is_fixed or row.result or row.seeker_wants or row.provider_wants]
        event.meetings.exclude(pk__in=[row.pk for row in kept]).delete()
        pairs = [pair for pair in queries.pairs_of(event) if not _is_among(pair, kept)]
        busy = queries.busy_of(event)
        names = {row.pk: row for row in kept}
        wishes = [
            *(scheduling.Wish(row.seeker.key, row.provider.key, 1.0, scheduling.Seat(row.slot, row.table))
              for row in names.values()),
            *(scheduling.Wish(pair.seeker.key, pair.provider.key, pair.weight) for pair in pairs),
        ]  # fmt: skip
        plan = scheduling.schedule(wishes, slots=event.slots, tables=event.tables, busy=busy)
        left = []
        for pair, seat, reason in zip(pairs, plan.seats[len(kept) :], plan.reasons[len(kept) :], strict=True):
            if seat is None:
                left.append((pair, reason))
            else:
                _seat(event, pair, seat.slot, seat.table, is_fixed=False)
        entry.count = sum(seat is not None for seat in plan.seats)
        entry.change(left=[[pair.seeker.key, pair.provider.key, reason] for pair, reason in left])
    return Planned(entry.count, tuple(left))


def _is_among(pair: queries.Pair, kept: list[Meeting]) -> bool:
    """Whether a pair has a meeting already, whichever of the two seeks."""
    bodies = {pair.seeker.pk, pair.provider.pk}
    return any({row.seeker_id, row.provider_id} == bodies for row in kept)


def _seat(event: Event, pair: queries.Pair, slot: int, table: int, *, is_fixed: bool) -> Meeting:
    meeting = Meeting.objects.create(
        key=new_key("M"), event=event, seeker=pair.seeker, provider=pair.provider, need=pair.need, offer=pair.offer,
        score=pair.score, slot=slot, table=table, is_fixed=is_fixed,
    )  # fmt: skip
    MeetingSeat.objects.bulk_create(
        MeetingSeat(meeting=meeting, event=event, organization=body, slot=slot) for body in (pair.seeker, pair.provider)
    )
    return meeting


def move_meeting(meeting: Meeting, *, slot: int, table: int, by: Actor, at: datetime) -> None:
    """Put a meeting into another slot or at another table; planning again will leave it there."""
    event = meeting.event
    with ledger.action("event.move_meeting", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        meeting.refresh_from_db()
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.PUBLISHED, EventState.RUNNING)
        if not (0 <= slot < event.slots and 0 <= table < event.tables):
            raise ValidationError({"slot": _("没有这个时段或这张桌子。")})
        _require_free(event, meeting, slot=slot, table=table)
        meeting.slot, meeting.table, meeting.is_fixed = slot, table, True
        meeting.save()
        meeting.seats.update(slot=slot)
        entry.change(meeting=meeting.key, slot=slot, table=table)


def _require_free(event: Event, meeting: Meeting, *, slot: int, table: int) -> None:
    others = event.meetings.filter(slot=slot).exclude(pk=meeting.pk)
    if others.filter(table=table).exists():
        raise ledger.Refused("table_taken")
    bodies = (meeting.seeker_id, meeting.provider_id)
    if MeetingSeat.objects.filter(event=event, slot=slot, organization__in=bodies).exclude(meeting=meeting).exists():
        raise ledger.Refused("in_another_meeting")


def drop_meeting(meeting: Meeting, *, by: Actor, at: datetime) -> None:
    """Strike a meeting that nothing has come of yet."""
    event = meeting.event
    with ledger.action("event.drop_meeting", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.PUBLISHED, EventState.RUNNING)
        if meeting.result or meeting.introduction_id:
            raise ledger.Refused("meeting_has_result")
        entry.change(meeting=meeting.key)
        meeting.delete()


def note_result(meeting: Meeting, *, result: str, by: Actor, at: datetime) -> None:
    """Note whether the two have met."""
    event = meeting.event
    with ledger.action("event.note_result", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        meeting.refresh_from_db()
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.RUNNING, EventState.DONE)
        if result not in MeetingResult.values:
            raise ValidationError({"result": _("请选择结果。")})
        if meeting.introduction_id:
            raise ledger.Refused("meeting_has_result")
        meeting.result = result
        if result == MeetingResult.NO_SHOW:
            meeting.seeker_wants = meeting.provider_wants = meeting.closed_side = meeting.reason = ""
        meeting.save()
        entry.change(meeting=meeting.key, result=str(result))


def say_wanted(
    meeting: Meeting, *, side: str, wanted: str, by: Actor, at: datetime, reason: str = ""
) -> Introduction | None:
    """A side says whether it wants to go on. When both do, they are introduced to each other."""
    event = meeting.event
    with ledger.action("event.say_wanted", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        meeting.refresh_from_db()
        if side not in (Side.SEEKER, Side.PROVIDER) or wanted not in Wanted.values:
            raise ValidationError({"wanted": _("请选择是否希望继续。")})
        entry.require(permissions.can_say_what_came_of_it(by, meeting, side))
        _require(event, EventState.RUNNING, EventState.DONE)
        if meeting.result == MeetingResult.NO_SHOW:
            raise ledger.Refused("meeting_not_held")
        if meeting.introduction_id:
            raise ledger.Refused("meeting_has_result")
        _note_wanted(meeting, side=side, wanted=wanted, reason=reason)
        # Whoever says what came of a meeting says that there was one.
        meeting.result = MeetingResult.MET
        if meeting.seeker_wants == meeting.provider_wants == Wanted.FOLLOW_UP:
            meeting.introduction = _introduce(meeting, at=at)
        meeting.save()
        entry.reason = reason
        entry.change(meeting=meeting.key, side=str(side), wanted=str(wanted))
    return meeting.introduction


def _note_wanted(meeting: Meeting, *, side: str, wanted: str, reason: str) -> None:
    if wanted == Wanted.DECLINED:
        if reason not in DeclineReason.values:
            raise ValidationError({"reason": _("请选择原因。")})
        meeting.closed_side, meeting.reason = side, reason
    elif meeting.closed_side == side:
        meeting.closed_side = meeting.reason = ""
    setattr(meeting, f"{side}_wants", wanted)


def name_listings(meeting: Meeting, *, need: Need, offer: Offer, by: Actor, at: datetime) -> Introduction | None:
    """Say which need and which offer a meeting was about, where the wish had left it open."""
    event = meeting.event
    with ledger.action("event.name_listings", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        meeting.refresh_from_db()
        entry.require(permissions.can_run_event(by, event))
        if meeting.introduction_id:
            raise ledger.Refused("meeting_has_result")
        if need.organization_id != meeting.seeker_id or offer.organization_id != meeting.provider_id:
            raise ledger.Refused("listing_of_another_body")
        meeting.need, meeting.offer = need, offer
        if meeting.seeker_wants == meeting.provider_wants == Wanted.FOLLOW_UP:
            meeting.introduction = _introduce(meeting, at=at)
        meeting.save()
        entry.change(meeting=meeting.key, need=need.key, offer=offer.key)
    return meeting.introduction


def _introduce(meeting: Meeting, *, at: datetime) -> Introduction | None:
    """The pair as an introduction to which both have said yes; None while it is not known what they met about."""
    need, offer, event = meeting.need, meeting.offer, meeting.event
    if need is None or offer is None:
        return None
    live = Introduction.objects.filter(need=need, offer=offer, state__in=introductions.LIVE_STATES).first()
    if live is not None:
        return live
    try:
        row = introductions.introduce(
            need=need, offer=offer, source=IntroductionSource.EVENT, score=meeting.score or None, owner=event.owner,
            station=event.station, is_demo=event.is_demo, by=KEEPER, at=at,
        )  # fmt: skip
    except ledger.Refused:  # a listing that has gone since; the refusal and its reason stand in the ledger
        return None
    for side in (Side.SEEKER, Side.PROVIDER):
        introductions.answer(row, side=side, answer="yes", by=KEEPER, at=at)
    return row


__all__ = ["Planned", "drop_meeting", "move_meeting", "name_listings", "note_result", "plan_meetings",
           "say_wanted", "unwish", "wish"]  # fmt: skip
