"""Share cards, short links, the public funnel."""

from tests.web.pages import Act, Page
from tests.web.world import World


def pages(world: World) -> list[Page]:
    return [
        Page("/needs/N-public/share/"),
        Page("/needs/N-registered/share/"),
        Page("/needs/N-introduction/share/"),
        Page("/offers/F-public/share/"),
        Page("/needs/N-draft/share/", frozenset(), 404),
        Page("/s/nothing/", frozenset(), 404),
        Page("/s/N-public/", frozenset(), 302),
        Page("/thread/need/N-public/"),
        *(Page(f"/funnel/?by={name}") for name in ("area", "field", "need_kind", "month")),
    ]


def acts(world: World) -> list[Act]:
    return []


def grow(world: World) -> None:
    return None
