"""Events: the public pages, one's own, those of who runs them."""

from typing import Any

from tests.web import world as worlds
from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import events as more

RUNNERS = frozenset({"broker", "coordinator", "officer"})
MAKERS = RUNNERS | {"stranger"}
MEMBERS = frozenset({"member", "editor", "manager"})


def pages(world: World) -> list[Page]:
    public = ["events/", "events/?kind=roadshow&area=229901", "events/?when=past", "events/?export=csv",
              "events/E-open/", "events/E-show/", "events/E-over/", "events/E-off/", "events/E-open/calendar.ics",
              "events/E-open/items/1/", "events/E-open/items/2/", "events/E-open/items/3/"]  # fmt: skip
    run = ["", "edit/", "items/", "items/?theme=laser", "guests/", "guests/proposed/", "meetings/", "scores/"]
    exports = ["?export=xlsx", "guests/?export=csv", "meetings/?export=csv", "scores/?export=xlsx"]
    return [
        *(Page(f"/{path}") for path in public),
        Page("/events/E-draft/", RUNNERS, 404),
        Page("/events/E-open/items/9/", frozenset(), 404),
        Page("/desk/events/", SIGNED_IN),
        Page("/desk/events/E-open/", frozenset({"editor", "scholar"}), 302),
        Page("/desk/events/E-open/programme.ics", frozenset({"editor", "scholar"}), 404),
        Page("/desk/events/E-show/", frozenset({"manager", "scholar"}), 302),
        Page("/desk/events/E-show/scores/", frozenset({"expert", "manager", "scholar"}), 404),
        Page("/office/events/", MAKERS),
        Page("/office/events/?export=csv", MAKERS),
        Page("/office/events/new/", MAKERS),
        Page("/office/events/new/?theme=激光", MAKERS),
        *(Page(f"/office/events/E-show/{path}", RUNNERS, 404) for path in (*run, *exports)),
        *(Page(f"/office/events/{key}/", RUNNERS, 404) for key in ("E-open", "E-draft", "E-over", "E-off")),
        Page("/office/events/E-open/guests/", RUNNERS, 404),
        Page("/office/events/E-open/meetings/", RUNNERS, 404),
        Page("/office/events/E-open/meetings/M-open/", RUNNERS, 404),
        Page("/office/events/E-show/meetings/M-show/", RUNNERS, 404),
    ]


def acts(world: World) -> list[Act]:
    firm = world.organizations["firm"].key
    expert = str(world.users["expert"].key)
    show = world.things["event-show"]
    item = str(show.items.all()[0].pk)  # the firm's own need: those of the firm do not judge it
    points = {f"c{pk}": "75" for pk in show.criteria.values_list("pk", flat=True)}
    mine = world.things["event-open"].registrations.get(user=world.users["editor"])
    guest = world.things["event-show"].registrations.get(user=world.users["manager"])
    draft = world.things["event-draft"].items.all()[0]
    invitation = world.things["event-call"].invitations.get()
    wish = world.things["event-open"].wishes.get()

    def desk(do: str, doers: frozenset[str], *, key: str = "E-open", path: str = "", **data: Any) -> Act:
        return Act(f"/desk/events/{key}/{path}", {"do": do} | data, doers)

    def office(do: str, *, key: str = "E-open", path: str = "", **data: Any) -> Act:
        return Act(f"/office/events/{key}/{path}", {"do": do} | data, RUNNERS)

    edited = {"kind": "matchmaking", "title": "x", "starts_at": "2999-01-01T09:00", "ends_at": "2999-01-01T12:00",
              "closes_at": "2998-12-31T18:00", "capacity": "9", "slot_minutes": "20", "tables": "2"}  # fmt: skip
    rows = {"name": ["Merit", "Market"], "name_en": ["Merit", "Market"], "weight": ["60", "40"]}
    return [
        desk("register", MEMBERS - {"editor"}, organization=firm),
        desk("withdraw", frozenset({"editor", "scholar"})),
        desk("busy", frozenset({"editor", "scholar"}), busy=["1"]),
        desk("decline", frozenset({"editor", "manager"}), key="E-call", organization=firm, reason="timing"),
        desk("wish", frozenset({"scholar"}), item=str(world.things["event-open"].items.all()[0].pk), own="F-public"),
        desk("unwish", frozenset({"editor"}), wish=str(wish.pk)),
        desk("want", frozenset({"editor", "manager", "scholar"}), key="E-show", meeting="M-show", wanted="follow_up"),
        desk("score", frozenset({"expert", "scholar"}), key="E-show", path="scores/", item=item, **points),
        Act("/office/events/make/", {"listing": "N-public"}, MAKERS),
        Act("/office/events/E-draft/edit/", edited, RUNNERS),
        office("publish", key="E-draft"),
        office("start"),
        office("finish", key="E-show"),
        office("cancel", reason="weather"),
        office("add", path="items/", listing="F-corn"),
        office("remove", key="E-draft", path="items/", item=str(draft.pk)),
        office("invite", path="guests/", code=firm),
        office("decline", key="E-call", path="guests/", invitation=str(invitation.pk), reason="timing"),
        office("check-in", path="guests/", person=str(mine.pk)),
        office("check-out", key="E-show", path="guests/", person=str(guest.pk)),
        office("withdraw", path="guests/", person=str(mine.pk)),
        office("plan", path="meetings/"),
        office("wish", path="meetings/", seeker=firm, provider=world.organizations["school"].key),
        office("move", path="meetings/M-open/", meeting="M-open", slot="1", table="1"),
        office("drop", path="meetings/M-open/", meeting="M-open"),
        office("result", key="E-show", path="meetings/M-show/", meeting="M-show", result="no_show"),
        office("want", key="E-show", path="meetings/M-show/", meeting="M-show", side="provider", wanted="follow_up"),
        office("name", key="E-show", path="meetings/M-show/", meeting="M-show", need="N-public", offer="F-public"),
        office("panelist", key="E-draft", path="scores/", expert=expert),
        office("release", key="E-draft", path="scores/", expert=expert),
        office("criteria", key="E-draft", path="scores/", **rows),
    ]


def grow(world: World) -> None:
    """Two more events, and two more of all that an event holds."""
    for number in (1, 2):
        row = more.event(world, f"more{number}")
        more.events.take_step(row, step="publish", by=worlds.BY, at=world.at)
        more.come(world, row, "editor", "firm")
        more.come(world, row, "scholar", "school")
        past = more.event(world, f"past{number}", kind="roadshow")
        more.events.add_panelist(past, user=world.users["expert"], by=worlds.BY, at=world.at)
        for step in ("publish", "start", "finish"):
            more.events.take_step(past, step=step, by=worlds.BY, at=world.at)
        body = worlds.organization(world, f"guest{number}", 80 + number)
        listing = worlds.need(world, f"shown{number}", organization=f"guest{number}")
        for key in ("open", "show"):
            shown = world.things[f"event-{key}"]
            more.events.add_item(shown, listing=listing, by=worlds.BY, at=world.at)
            if key == "open":
                more.event_guests.invite(shown, organization=body, by=worlds.BY, at=world.at)
                shown.registrations.create(
                    user=worlds.user(world, f"guest{number}"), organization=body, state="in", registered_at=world.at
                )
                more.event_meetings.wish(
                    shown, seeker=body, provider=world.organizations["school"], side="broker", by=worlds.BY, at=world.at
                )
