"""Events from the first draft to the last minute: what they are, what is on show, how they are judged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import (
    CancelReason,
    Event,
    EventCriterion,
    EventItem,
    EventKind,
    EventScore,
    EventState,
    Listing,
    Need,
    PanelMember,
    State,
)
from keqiao.apps.market.names import new_key
from keqiao.apps.market.names import subject_of as listing_subject
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor, actor_of
from keqiao.apps.parties.models import Role, User

from .event_guests import fill_places

FIELDS = frozenset(
    {
        "kind", "title", "title_en", "summary", "summary_en", "theme", "organizer", "organizer_en", "station", "area",
        "place", "online_link", "starts_at", "ends_at", "closes_at", "capacity", "slot_minutes", "tables",
        "has_audience", "drops_extremes", "shows_scores",
    }
)  # fmt: skip
# What the grid of meetings is built on: fixed as soon as there are meetings.
GRID = frozenset({"starts_at", "ends_at", "slot_minutes", "tables"})
MOST_ITEMS, MOST_CRITERIA = 60, 10
NEXT = {
    "publish": (EventState.DRAFT, EventState.PUBLISHED),
    "start": (EventState.PUBLISHED, EventState.RUNNING),
    "finish": (EventState.RUNNING, EventState.DONE),
}
# What a roadshow is judged by until somebody says otherwise.
USUAL_CRITERIA = (
    ("技术先进性", "Technical merit", 30),
    ("指标与成熟度", "Indicators and maturity", 25),
    ("市场前景", "Market prospects", 25),
    ("团队与实施条件", "Team and means", 20),
)


def subject_of(event: Event) -> str:
    return f"event:{event.key}"


def lock(event: Event) -> None:
    """Hold the row and read it again: places, meetings and states are decided one after the other."""
    event.refresh_from_db(from_queryset=Event.objects.select_for_update())


def create_event(
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    listings: Sequence[Listing] = (),
    owner: User | None = None,
    is_demo: bool = False,
    **values: Any,
) -> Event:
    """Make a draft with what is to be shown; whoever makes it is in charge."""
    event = Event(key=key or new_key("E"), is_demo=is_demo, created_at=at, updated_at=at)
    with ledger.action("event.create", by=by, at=at, subject=subject_of(event)) as entry:
        entry.require(permissions.can_create_event(by))
        changed = _assign(event, values)
        entry.require(permissions.can_use_station(by, event.station))
        event.owner = owner if by.is_product else parties.user(by.key.removeprefix("user:"))
        _save(event, at=at, insert=True)
        if event.kind == EventKind.ROADSHOW:
            _usual_criteria(event)
        for listing in listings:
            add_item(event, listing=listing, by=by, at=at)
        entry.change(**changed)
    return event


def edit_event(event: Event, *, by: Actor, at: datetime, **values: Any) -> None:
    """Change an event that is still to come; more places are given to those who wait."""
    with ledger.action("event.edit", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.DRAFT, EventState.PUBLISHED)
        changed = _assign(event, values)
        entry.require(permissions.can_use_station(by, event.station))
        if set(changed) & GRID and event.meetings.exists():
            raise ledger.Refused("meetings_planned")
        _save(event, at=at)
        if event.kind == EventKind.ROADSHOW and not event.criteria.exists():
            _usual_criteria(event)
        if "capacity" in changed:
            fill_places(event, moment=at)
        entry.change(**changed)


def _assign(event: Event, values: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(values) - FIELDS:
        raise ValueError(f"these fields cannot be set here: {', '.join(sorted(unknown))}")
    changed = {name: value for name, value in values.items() if getattr(event, name) != value}
    for name, value in changed.items():
        setattr(event, name, value)
    return {name: _plain(value) for name, value in changed.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) or value is None else value.key


def _save(event: Event, *, at: datetime, insert: bool = False) -> None:
    if event.starts_at is not None and event.ends_at is not None:
        if event.ends_at <= event.starts_at:
            raise ValidationError({"ends_at": _("结束时间要晚于开始时间。")})
        if event.closes_at is not None and event.closes_at > event.ends_at:
            raise ValidationError({"closes_at": _("报名截止不能晚于活动结束。")})
    event.updated_at = at
    event.full_clean(exclude=["station", "owner"], validate_constraints=False)
    event.save(force_insert=insert)


def _usual_criteria(event: Event) -> None:
    EventCriterion.objects.bulk_create(
        EventCriterion(event=event, name=name, name_en=english, weight=weight, position=position)
        for position, (name, english, weight) in enumerate(USUAL_CRITERIA)
    )


def _require(event: Event, *states: str) -> None:
    if event.state not in states:
        raise ledger.Refused(f"event_is_{event.state}")


def add_item(event: Event, *, listing: Listing, by: Actor, at: datetime) -> EventItem:
    """Put a published need or offer on show."""
    with ledger.action("event.add_item", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.DRAFT, EventState.PUBLISHED, EventState.RUNNING)
        if listing.state != State.PUBLISHED or (listing.expires_date and listing.expires_date <= localdate(at)):
            raise ledger.Refused("not_public")
        which: dict[str, Any] = {"need": listing} if isinstance(listing, Need) else {"offer": listing}
        if event.items.filter(**which).exists():
            raise ledger.Refused("on_show_already")
        if event.items.count() >= MOST_ITEMS:
            raise ledger.Refused("too_many_items")
        last = event.items.aggregate(last=Max("position"))["last"]
        item = EventItem.objects.create(event=event, position=0 if last is None else last + 1, **which)
        entry.change(item=listing_subject(listing))
    return item


def remove_item(item: EventItem, *, by: Actor, at: datetime) -> None:
    """Take a need or an offer off; one that has scores stays."""
    event = item.event
    with ledger.action("event.remove_item", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.DRAFT, EventState.PUBLISHED, EventState.RUNNING)
        if item.scores.exists():
            raise ledger.Refused("item_has_scores")
        entry.change(item=listing_subject(item.listing))
        item.delete()


def take_step(event: Event, *, step: str, by: Actor, at: datetime) -> None:
    """Publish, start or finish an event."""
    source, target = NEXT[step]
    with ledger.action(f"event.{step}", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, source)
        if step == "publish":
            if event.closes_at <= at:
                raise ValidationError({"closes_at": _("报名截止时间已过，请先改到以后。")})
            if not event.items.exists():
                raise ledger.Refused("nothing_on_show")
            event.published_at = at
        if step == "finish":
            event.closed_at = at
        event.state, event.updated_at = target, at
        event.save()
        entry.change(state=str(target))


def cancel_event(event: Event, *, reason: str, by: Actor, at: datetime, note: str = "") -> None:
    """Call an event off, with a reason that all who wanted to come can read."""
    with ledger.action("event.cancel", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.DRAFT, EventState.PUBLISHED, EventState.RUNNING)
        if reason not in CancelReason.values:
            raise ValidationError({"reason": _("请选择取消原因。")})
        if reason == CancelReason.OTHER and not note.strip():
            raise ValidationError({"note": _("选择“其他”时，请用一句话说明原因。")})
        event.state, event.reason, event.note = EventState.CANCELLED, reason, note.strip()[:300]
        event.closed_at = event.updated_at = at
        event.save()
        entry.reason = reason
        entry.change(state=str(event.state))


def set_criteria(event: Event, *, rows: Sequence[tuple[str, str, int]], by: Actor, at: datetime) -> None:
    """What a roadshow is judged by: name, English name and weight of each. Fixed once somebody has given a score."""
    with ledger.action("event.set_criteria", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.DRAFT, EventState.PUBLISHED, EventState.RUNNING)
        if EventScore.objects.filter(item__event=event).exists():
            raise ledger.Refused("scores_given")
        names = [name.strip() for name, *_rest in rows]
        if not 1 <= len(rows) <= MOST_CRITERIA or "" in names or len(set(names)) < len(names):
            what = _("请填写 1 到 %(most)d 个评审项，每项有名称且不重复。")
            raise ValidationError({"criteria": what % {"most": MOST_CRITERIA}})
        event.criteria.all().delete()
        for position, (name, english, weight) in enumerate(rows):
            row = EventCriterion(
                event=event, name=name.strip(), name_en=english.strip(), weight=weight, position=position
            )
            row.full_clean(exclude=["event"], validate_constraints=False)
            row.save()
        entry.change(criteria=[[name, weight] for name, _english, weight in rows])


def add_panelist(event: Event, *, user: User, by: Actor, at: datetime) -> None:
    """Call an expert to the panel."""
    with ledger.action("event.add_panelist", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.DRAFT, EventState.PUBLISHED, EventState.RUNNING)
        if not actor_of(user, on=localdate(at)).has(Role.EXPERT):
            raise ledger.Refused("not_an_expert")
        if EventScore.objects.filter(item__event=event, user=user).exists():
            raise ledger.Refused("has_scored_as_audience")
        PanelMember.objects.get_or_create(event=event, user=user)
        entry.change(panelist=str(user.key))


def remove_panelist(event: Event, *, user: User, by: Actor, at: datetime) -> None:
    """Let an expert go who has not given a score yet."""
    with ledger.action("event.remove_panelist", by=by, at=at, subject=subject_of(event)) as entry:
        lock(event)
        entry.require(permissions.can_run_event(by, event))
        if EventScore.objects.filter(item__event=event, user=user).exists():
            raise ledger.Refused("panelist_has_scored")
        event.panel.filter(user=user).delete()
        entry.change(panelist=str(user.key))


__all__ = ["FIELDS", "NEXT", "add_item", "add_panelist", "cancel_event", "create_event", "edit_event",
           "lock", "remove_item", "remove_panelist", "set_criteria", "subject_of", "take_step"]  # fmt: skip
