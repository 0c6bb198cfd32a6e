"""Searches that people keep: their list, what is new in each, saving one from a list."""

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import searches as worlds


def _page(world: World, name: str) -> str:
    return f"/desk/searches/{world.things[f'search {name}'].key}/"


def pages(world: World) -> list[Page]:
    return [
        Page("/desk/searches/", SIGNED_IN),
        *(Page(_page(world, name), frozenset({name}), 404) for name in ("editor", "scholar", "broker", "officer")),
    ]


def acts(world: World) -> list[Act]:
    mine, editor = _page(world, "editor"), frozenset({"editor"})
    return [
        Act("/desk/searches/save/needs/", {"q": "pump", "name": "Pumps", "alert": "weekly"}, SIGNED_IN),
        Act("/desk/searches/save/offers/", {"kind": "achievement", "name": "All", "alert": "instant"}, SIGNED_IN),
        Act(mine, {"do": "seen"}, editor),
        Act(mine, {"do": "edit", "name": "Light", "alert": "off"}, editor),
        Act(mine, {"do": "delete"}, editor),
    ]


def grow(world: World) -> None:
    worlds.grow(world)
