"""Introductions, the broker's desk, stations."""

from typing import Any

from django.utils.timezone import localdate

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import introductions as more

SEEKERS, SPEAKERS = frozenset({"member", "editor", "manager"}), frozenset({"editor", "manager"})
CHARGE = frozenset({"broker", "coordinator"})
# The officer of the whole region is none of those that every page is tried as; see tests/web/test_office_stations.py.
REGION = frozenset[str]()


def pages(world: World) -> list[Page]:
    file = world.things["file"].key
    everybody = ["introductions/", "introductions/?state=open&show=late&q=laser", "introductions/?show=side",
                 "introductions/?show=mine&export=csv", "introductions/board/", "introductions/board/?show=ownerless",
                 "introductions/calendar/", "introductions/calendar/?month=2026-02",
                 "introductions/calendar.ics"]  # fmt: skip
    party = SEEKERS | {"scholar"} | CHARGE
    return [
        *(Page(f"/desk/{path}", SIGNED_IN) for path in everybody),
        Page("/desk/introductions/D-talking/", party | {"officer"}, 404),
        Page("/desk/introductions/D-new/", party | {"officer"}, 404),
        Page("/desk/introductions/D-declined/", party | {"officer"}, 404),
        Page("/desk/introductions/D-kept/", frozenset({"owner", "scholar", "coordinator", "stranger"}), 404),
        Page("/desk/introductions/D-free/", party | {"officer"}, 404),
        Page(f"/desk/introductions/D-talking/files/{file}/", party, 404),
        Page("/desk/stations/", SIGNED_IN - {"broker"}, 302),
        Page("/desk/stations/station/", CHARGE, 404),
        Page("/desk/stations/branch/", frozenset({"coordinator"}), 404),
        Page("/office/stations/", REGION),
        Page("/office/stations/new/", REGION),
        Page("/office/stations/station/", REGION),
    ]


def acts(world: World) -> list[Act]:
    scholar = frozenset({"scholar"})
    broker = str(world.users["broker"].key)
    coordinator = str(world.users["coordinator"].key)
    introducers = frozenset({"broker", "coordinator", "officer"})

    def act(name: str, do: str, doers: frozenset[str], **data: Any) -> Act:
        return Act(f"/desk/introductions/D-{name}/", {"do": do} | data, doers)

    return [
        Act("/desk/introduce/", {"need": "N-abstract_only", "offer": "F-corn"},
            introducers | scholar | {"owner", "stranger"}),
        act("new", "answer", SPEAKERS | CHARGE, side="seeker", answer="yes"),
        act("new", "answer", scholar | CHARGE, side="provider", answer="no", reason="capacity"),
        act("new", "promise", SPEAKERS, side="seeker"),
        act("new", "message", SPEAKERS | scholar | CHARGE, text="Hello"),
        act("new", "log", CHARGE, kind="call", text="Called", held_date=localdate(world.at).isoformat()),
        act("new", "plan", CHARGE, next_action="Call", next_action_date="2999-01-01"),
        act("new", "decline", CHARGE, reason="timing"),
        act("new", "move", SPEAKERS | CHARGE, move="yes:seeker", back="board"),
        act("new", "hand-over", CHARGE, to=coordinator, reason="workload"),
        act("talking", "agree", SPEAKERS | scholar | CHARGE),
        act("talking", "remove", CHARGE, file=world.things["file"].key),
        act("declined", "reopen", scholar | CHARGE),
        act("free", "take", CHARGE | {"officer"}),
        act("kept", "answer", frozenset({"owner", "coordinator"}), side="seeker", answer="yes"),
        Act("/desk/stations/station/", {"owner": broker, "to": coordinator, "reason": "absence"}, CHARGE),
        Act("/office/stations/new/", {"kind": "branch", "name": "x", "area": "229901"}, REGION),
        Act("/office/stations/station/", {"kind": "station", "name": "y", "area": "229901"}, REGION),
    ]  # fmt: skip


def grow(world: World) -> None:
    more.grow(world)
