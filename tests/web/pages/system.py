"""The office's system page."""

from tests.web.pages import Act, Page
from tests.web.world import World


def pages(world: World) -> list[Page]:
    return [Page("/office/system/", frozenset({"administrator"}))]


def acts(world: World) -> list[Act]:
    return []


def grow(world: World) -> None:
    """The page lists no rows of the market."""
