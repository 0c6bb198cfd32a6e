"""Events in each state: one to come, one running with meetings and scores, one over, a draft."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from keqiao.apps.market.actions import event_guests, event_meetings, event_scores, events
from keqiao.apps.market.models import Event, EventRegistration, Meeting, MeetingSeat
from keqiao.apps.parties.actors import actor_of
from keqiao.apps.parties.models import User
from tests.web import world as base
from tests.web.world import BY, World


def event(world: World, name: str, **values: Any) -> Event:
    """A draft a week from now, with a need and an offer on show."""
    start = (world.at + timedelta(days=8)).replace(minute=0, second=0, microsecond=0)
    defaults: dict[str, Any] = {
        "title": f"激光对接会 {name}", "title_en": f"Laser day {name}", "summary": "Lasers.", "summary_en": "Lasers.",
        "starts_at": start, "ends_at": start + timedelta(hours=1), "closes_at": start - timedelta(days=1),
        "station": world.stations["station"], "area": base.AREA, "capacity": 3, "slot_minutes": 20, "tables": 2,
        "online_link": "https://meet.example.invalid/room", "place": "Hall 1", "organizer": "S&T market",
        "listings": [world.needs["public"], world.needs["introduction"], world.offers["public"]],
        "owner": world.users["broker"],
    }  # fmt: skip
    row = events.create_event(key=f"E-{name}", by=BY, at=world.at, **(defaults | values))
    world.things[f"event-{name}"] = row
    return row


def come(world: World, row: Event, name: str, body: str, *, user: User | None = None) -> EventRegistration:
    person = user or world.users[name]
    return event_guests.register(row, user=person, organization=world.organizations[body], by=BY, at=world.at)


def meet(world: World, row: Event, code: str, *, slot: int) -> Meeting:
    """A meeting under a key that addresses can name."""
    firm, school = world.organizations["firm"], world.organizations["school"]
    made = Meeting.objects.create(
        key=code, event=row, seeker=firm, provider=school, need=world.needs["public"], offer=world.offers["corn"],
        slot=slot, table=0,
    )  # fmt: skip
    for body in (firm, school):
        MeetingSeat.objects.create(meeting=made, event=row, organization=body, slot=slot)
    return made


def extend(world: World) -> None:
    on = localdate(world.at)
    coming = event(world, "open")
    events.take_step(coming, step="publish", by=BY, at=world.at)
    event_guests.invite(coming, organization=world.organizations["school"], item=coming.items.all()[0],
                        offer=world.offers["public"], score=0.4, by=BY, at=world.at)  # fmt: skip
    come(world, coming, "editor", "firm")
    come(world, coming, "scholar", "school")
    event_meetings.wish(coming, seeker=world.organizations["firm"], provider=world.organizations["school"],
                        need=world.needs["public"], offer=world.offers["public"], side="seeker", by=BY,
                        at=world.at)  # fmt: skip
    meet(world, coming, "M-open", slot=0)
    call = event(world, "call")
    events.take_step(call, step="publish", by=BY, at=world.at)
    event_guests.invite(call, organization=world.organizations["firm"], item=call.items.all()[2],
                        need=world.needs["public"], score=0.3, by=BY, at=world.at)  # fmt: skip
    running = event(world, "show", kind="roadshow", has_audience=True, shows_scores=True, summary_en="A show.")
    for person, body in (("manager", "firm"), ("scholar", "school")):
        events.take_step(running, step="publish", by=BY, at=world.at) if running.state == "draft" else None
        come(world, running, person, body)
    events.add_panelist(running, user=world.users["expert"], by=BY, at=world.at)
    events.take_step(running, step="start", by=BY, at=world.at)
    for row in event_rows(running):
        event_guests.check_in(row, here=True, by=BY, at=world.at)
    meet(world, running, "M-show", slot=0)
    expert = world.users["expert"]
    values = dict.fromkeys(running.criteria.values_list("pk", flat=True), 80)
    event_scores.score(running.items.all()[0], values=values, user=expert, by=actor_of(expert, on=on), at=world.at)
    over = event(world, "over", kind="roadshow", shows_scores=True)
    for step in ("publish", "start"):
        events.take_step(over, step=step, by=BY, at=world.at)
    events.add_panelist(over, user=expert, by=BY, at=world.at)
    values = dict.fromkeys(over.criteria.values_list("pk", flat=True), 70)
    for item in over.items.all():
        event_scores.score(item, values=values, user=expert, by=actor_of(expert, on=on), at=world.at)
    events.take_step(over, step="finish", by=BY, at=world.at)
    called_off = event(world, "off")
    events.take_step(called_off, step="publish", by=BY, at=world.at)
    events.cancel_event(called_off, reason="venue", by=BY, at=world.at)
    event(world, "draft")


def event_rows(row: Event) -> list[EventRegistration]:
    return list(row.registrations.all())
