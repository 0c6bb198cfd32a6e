"""Introductions of the small market: one in each state, one of what is kept back, one that nobody is in charge of."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from keqiao.apps.files import actions as files
from keqiao.apps.market.actions import contacts, introductions
from keqiao.apps.market.models import Introduction
from keqiao.apps.parties.permissions import ALLOWED
from tests.web import world as worlds
from tests.web.world import BY, World

REGION = "229999"
# Files hold what nobody outside may find: words, a telephone, an address, an identity number that nobody has.
DOCUMENT = b"HIDDENMINUTES of the first call: 13900000002, minutes@example.invalid, 220000199003070017."


def introduction(world: World, name: str, *, need: str, offer: str = "corn", **values: Any) -> Introduction:
    """One that the small market's broker is in charge of, unless it is said otherwise."""
    defaults = {"owner": world.users["broker"], "station": world.stations["station"], "source": "match"}
    row = introductions.introduce(
        key=f"D-{name}", need=world.needs[need], offer=world.offers[offer], score=0.6, rank=1, by=BY, at=world.at,
        **(defaults | values),
    )  # fmt: skip
    world.things[f"introduction {name}"] = row
    return row


def extend(world: World) -> None:
    at = world.at
    worlds.user(world, "region", role="officer", department="science", area=REGION)
    new = introduction(world, "new", need="registered", offer="public")
    contacts.log_contact(
        new, kind="note", text="Broker's note", person="Ms Wang", held_date=localdate(at), by=BY, at=at,
        next_action="Call the firm", next_action_date=localdate(at) + timedelta(days=1),
    )  # fmt: skip
    talking = introduction(world, "talking", need="public", offer="public")
    for side in ("seeker", "provider"):
        introductions.answer(talking, side=side, answer="yes", by=BY, at=at)
    introductions.talk(talking, by=BY, at=at)
    contacts.write_message(talking, text="Samples on Thursday?", by=BY, at=at)
    world.things["file"] = files.attach(
        subject="introduction:D-talking", name="minutes.txt", content=DOCUMENT, permit=ALLOWED, by=BY, at=at
    )
    declined = introduction(world, "declined", need="public")
    introductions.decline(declined, side="provider", reason="capacity", by=BY, at=at)
    kept = introduction(world, "kept", need="introduction", owner=None, station=world.stations["branch"])
    introductions.answer(kept, side="provider", answer="yes", by=BY, at=at)
    introduction(world, "free", need="registered", owner=None)


def grow(world: World) -> None:
    """Two more open ones and two more that ended, as far as new needs go round."""
    for number in (1, 2):
        worlds.need(world, f"met-{number}")
        worlds.need(world, f"missed-{number}")
        row = introduction(world, f"met-{number}", need=f"met-{number}")
        contacts.write_message(row, text="Hello", by=BY, at=world.at)
        files.attach(
            subject=f"introduction:{row.key}", name="more.txt", content=DOCUMENT, permit=ALLOWED, by=BY, at=world.at
        )
        ended = introduction(world, f"missed-{number}", need=f"missed-{number}")
        introductions.decline(ended, side="seeker", reason="timing", by=BY, at=world.at)
        talking = world.things["introduction talking"]
        contacts.write_message(talking, text="Hello", by=BY, at=world.at)
        contacts.log_contact(talking, kind="call", text="Called", held_date=localdate(world.at), by=BY, at=world.at)
        files.attach(
            subject="introduction:D-talking", name="more.txt", content=DOCUMENT, permit=ALLOWED, by=BY, at=world.at
        )
        worlds.parties.add_station(
            key=f"more-{number}", kind="station", name=f"站{number}", name_en=f"Station {number}",
            parent=world.stations["branch"], area=worlds.AREA, by=BY, at=world.at,
        )  # fmt: skip
        user = worlds.user(world, f"colleague{number}", role="broker", station=world.stations["station"])
        world.things[f"colleague {number}"] = user
