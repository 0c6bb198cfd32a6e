"""Who may run an event, come to it, meet there and give scores."""

from datetime import datetime

from keqiao.apps.market.models import (
    Event,
    EventItem,
    EventKind,
    EventRegistration,
    EventState,
    Jury,
    Meeting,
    PlaceState,
    Side,
)
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, Station
from keqiao.apps.parties.permissions import ALLOWED, Decision, refused

from .introductions import coordinates

RUNNERS = (Role.BROKER, Role.COORDINATOR, Role.OFFICER)


def can_create_event(actor: Actor) -> Decision:
    """Brokers, coordinators and officers bring people together."""
    return ALLOWED if actor.is_product or actor.has(*RUNNERS) else refused("not_event_maker")


def can_use_station(actor: Actor, station: Station | None) -> Decision:
    """One makes events for the stations where one works, or, as an officer, for those of the place one serves."""
    if station is None or actor.is_product or coordinates(actor, station):
        return ALLOWED
    served = bool(actor.areas() & {places.region().root.code, *places.lineage(station.area)})
    return ALLOWED if served or station.key in actor.stations() else refused("not_at_this_station")


def can_run_event(actor: Actor, event: Event) -> Decision:
    """The owner, the brokers of its station, the coordinators above, the officers of its place."""
    if actor.is_product or coordinates(actor, event.station):
        return ALLOWED
    owner = event.owner
    if owner is not None and actor.key == f"user:{owner.key}" and actor.has(*RUNNERS):
        return ALLOWED
    if event.station is not None and event.station.key in actor.stations(Role.BROKER):
        return ALLOWED
    if actor.areas() & {places.region().root.code, *places.lineage(event.area)}:
        return ALLOWED
    return refused("not_event_runner")


def can_see_event(actor: Actor, event: Event) -> Decision:
    """Everybody, once it has been published."""
    if event.published_at is not None:
        return ALLOWED
    return ALLOWED if can_run_event(actor, event).allowed else refused("event_is_draft")


def can_attend(actor: Actor, organization: str) -> Decision:
    """People come for a body they belong to."""
    if not actor.is_registered:
        return refused("sign_in_first")
    return ALLOWED if organization in actor.organizations() else refused("not_of_organization")


def can_answer_invitation(actor: Actor, event: Event, organization: str) -> Decision:
    """The body's own editors say no; whoever runs the event notes what was said by telephone."""
    if organization in actor.organizations(Role.EDITOR, Role.MANAGER) or can_run_event(actor, event).allowed:
        return ALLOWED
    return refused("not_editor_of_organization")


def can_give_place_back(actor: Actor, registration: EventRegistration) -> Decision:
    """The person, or whoever runs the event."""
    own = actor.key == f"user:{registration.user.key}"
    return ALLOWED if own or can_run_event(actor, registration.event).allowed else refused("only_yourself")


def can_wish(actor: Actor, event: Event, *, organization: str, registered: bool) -> Decision:
    """Bodies that have a place, for themselves; whoever runs the event, for all."""
    if can_run_event(actor, event).allowed:
        return ALLOWED
    if organization not in actor.organizations():
        return refused("not_of_organization")
    return ALLOWED if registered else refused("not_registered_for_event")


def side_in(actor: Actor, meeting: Meeting) -> str:
    """Which side of a meeting the actor belongs to; empty for neither."""
    mine = actor.organizations()
    if meeting.seeker.key in mine:
        return str(Side.SEEKER)
    return str(Side.PROVIDER) if meeting.provider.key in mine else ""


def can_say_what_came_of_it(actor: Actor, meeting: Meeting, side: str) -> Decision:
    """Each side for itself, whoever runs the event for both."""
    if can_run_event(actor, meeting.event).allowed:
        return ALLOWED
    bodies = {Side.SEEKER: meeting.seeker.key, Side.PROVIDER: meeting.provider.key}
    own = actor.organizations(Role.EDITOR, Role.MANAGER)
    return ALLOWED if bodies.get(Side(side)) in own else refused("not_editor_of_side")


def can_score(
    actor: Actor, item: EventItem, *, jury: str, registration: EventRegistration | None, is_panelist: bool
) -> Decision:
    """The panel and the checked-in audience, while the event runs, never for one's own body."""
    event = item.event
    if event.kind != EventKind.ROADSHOW or event.state != EventState.RUNNING:
        return refused("scoring_is_closed")
    if jury == Jury.PANEL and not (is_panelist and actor.has(Role.EXPERT)):
        return refused("not_on_panel")
    if jury == Jury.AUDIENCE:
        if is_panelist:
            return refused("on_panel_already")
        there = registration is not None and registration.checked_in_at is not None
        if not (event.has_audience and there):
            return refused("not_checked_in")
    owner = item.listing.organization
    came_for = registration.organization_id if registration and registration.state == PlaceState.IN else None
    if owner.key in actor.organizations() or came_for == owner.pk:
        return refused("own_item")
    return ALLOWED


def is_open_for_registration(event: Event, *, at: datetime) -> bool:
    return event.state == EventState.PUBLISHED and at < event.closes_at


def sees_online_link(registration: EventRegistration | None) -> bool:
    """The link of the online room is for those who have a place."""
    return registration is not None and registration.state == PlaceState.IN
