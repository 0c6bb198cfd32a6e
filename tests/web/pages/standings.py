"""What policies mean for a firm: its own people alone; simulation for officers."""

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import standings as worlds

OWN = frozenset({"member", "editor", "manager"})
OFFICERS = frozenset({"officer", "stranger"})


def pages(world: World) -> list[Page]:
    firm = f"/desk/organizations/{world.organizations['firm'].key}/policies/"
    return [
        Page("/desk/policies/", SIGNED_IN),
        Page(firm, OWN, 404),
        Page(f"{firm}tech-sme-2017/", OWN, 404),
        Page(f"{firm}tech-sme-2017/?cost-hire=10&lock-rd=1", OWN, 404),
        Page(f"{firm}facts.jsonl", OWN, 404),
        Page(f"{firm}nothing/", frozenset(), 404),
        Page("/office/policies/", OFFICERS),
        Page("/office/policies/demo-rd-grant/", OFFICERS),
        Page("/office/policies/demo-rd-grant/?rd_least=70&budget=100&by=industry", OFFICERS),
        Page("/office/policies/demo-rd-grant/difference/", OFFICERS),
        Page("/office/policies/nothing/", frozenset(), 404, known=SIGNED_IN - OFFICERS),
    ]


def acts(world: World) -> list[Act]:
    return []


def grow(world: World) -> None:
    worlds.grow(world)
