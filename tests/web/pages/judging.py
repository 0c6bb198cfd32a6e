"""Search quality: grading matches, measuring, the office's thesaurus."""

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds import judging as worlds

KEEPERS = frozenset({"officer", "stranger"})
JUDGES = KEEPERS | {"broker", "coordinator"}
WORDS = {"trade": "squeals, squeaks", "technical": "brake noise", "context": "", "note": ""}


def pages(world: World) -> list[Page]:
    entry = world.things["entry"].key
    hidden = {"otherwise": 404, "known": SIGNED_IN - JUDGES}
    return [
        Page("/office/judging/", JUDGES),
        Page("/office/judging/N-public/", JUDGES),
        Page("/office/judging/N-introduction/", JUDGES),
        Page("/office/judging/N-public/?offer=F-public", JUDGES),
        Page("/office/judging/N-draft/", frozenset(), **hidden),
        Page("/office/thesaurus/", KEEPERS),
        Page("/office/thesaurus/?q=judder", KEEPERS),
        Page("/office/thesaurus/new/", KEEPERS),
        Page(f"/office/thesaurus/{entry}/", KEEPERS),
    ]


def acts(world: World) -> list[Act]:
    entry = f"/office/thesaurus/{world.things['entry'].key}/"
    return [
        Act("/office/judging/N-public/", {"offer": "F-public", "grade": "1"}, JUDGES),
        Act("/office/judging/N-public/", {"offer": "F-public", "grade": "back"}, JUDGES),
        Act("/office/judging/measure/", {}, JUDGES),
        Act("/office/thesaurus/new/", WORDS | {"do": "save"}, KEEPERS),
        Act("/office/thesaurus/new/", WORDS | {"do": "try"}, KEEPERS, leaves_entry=False),
        Act(entry, WORDS | {"do": "save"}, KEEPERS),
        Act(entry, {"do": "disable"}, KEEPERS),
    ]


def grow(world: World) -> None:
    worlds.grow(world)
