"""Searches that people of the small market keep; one has found something."""

from django.utils.timezone import localdate

from keqiao.apps.market.actions import searches
from keqiao.apps.market.models import SavedSearch
from keqiao.apps.parties.actors import actor_of
from keqiao.apps.parties.models import User
from tests.factories.search import SearchHitFactory
from tests.web.world import World


def search(world: World, user: User, name: str, *, listing: str = "need") -> SavedSearch:
    return searches.save_search(
        user, listing=listing, name=name, values={"q": "laser", "area": "229901"}, alert="daily",
        by=actor_of(user, on=localdate(world.at)), at=world.at,
    )  # fmt: skip


def extend(world: World) -> None:
    for name in ("editor", "scholar", "broker", "officer"):
        row = search(world, world.users[name], "Lasers", listing="offer" if name == "scholar" else "need")
        key = "F-public" if name == "scholar" else "N-public"
        SearchHitFactory(search=row, listing_key=key, at=world.at.replace(year=world.at.year + 1))
        world.things[f"search {name}"] = row


def grow(world: World) -> None:
    for number in (1, 2):
        for name in ("editor", "broker", "officer"):
            search(world, world.users[name], f"More {number}")
            need = world.needs[f"more-published-{number}"]
            SearchHitFactory(search=world.things[f"search {name}"], listing_key=need.key, at=world.at)
