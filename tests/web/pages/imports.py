"""Imports: the list, the templates, one file at each of its steps."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apps.files.tables import text_table
from tests.web.pages import Act, Page
from tests.web.world import World
from tests.web.worlds.imports import bring, check

SENDERS = frozenset({"editor", "manager", "scholar", "owner", "broker", "coordinator", "officer", "stranger"})
OWN = frozenset({"editor", "manager"})
AT_STATION = frozenset({"broker"})


class Again(SimpleUploadedFile):
    """A file that several people send one after the other."""

    def read(self, *args: int) -> bytes:
        self.seek(0)
        return bytes(super().read(*args))


def address(world: World, thing: str, rest: str = "") -> str:
    return f"/desk/imports/{world.things[thing].key}/{rest}"


def pages(world: World) -> list[Page]:
    return [
        Page("/desk/imports/", SENDERS),
        Page("/desk/imports/templates/needs.xlsx", SENDERS, 404),
        Page("/desk/imports/templates/organizations.xlsx", SENDERS - {"broker", "coordinator"}, 404),
        Page(address(world, "import-mapping"), OWN, 404),
        Page(address(world, "import-checking"), OWN, 404),
        Page(address(world, "import-checking", "progress/"), OWN, 404),
        Page(address(world, "import-paused"), OWN, 404),
        Page(address(world, "import-checked"), OWN, 404),
        Page(address(world, "import-checked", "?verdict=wrong"), OWN, 404),
        Page(address(world, "import-checked", "?columns=1"), OWN, 404),
        Page(address(world, "import-checked", "wrong.xlsx"), OWN, 404),
        Page(address(world, "import-broker"), AT_STATION, 404),
        Page(address(world, "import-broker", "wrong.xlsx"), AT_STATION, 404),
    ]


def acts(world: World) -> list[Act]:
    firm = world.organizations["firm"].key
    rows = [("title", "text"), ("One more need", "Something does not work.")]
    file = Again("needs.csv", text_table(rows), content_type="text/csv")
    mapping = {f"column-{number}": code for number, code in enumerate(("number", "title", "text", "organization"))}
    return [
        Act("/desk/imports/", {"kind": "needs", "sender": f"organization:{firm}", "file": file}, OWN),
        Act(address(world, "import-mapping", "columns/"), mapping, OWN),
        Act(address(world, "import-checked", "start/"), {}, OWN),
        Act(address(world, "import-checked", "discard/"), {}, OWN),
        Act(address(world, "import-checking", "pause/"), {}, OWN),
        Act(address(world, "import-paused", "resume/"), {}, OWN),
        Act(address(world, "import-broker", "discard/"), {}, AT_STATION),
    ]


def grow(world: World) -> None:
    firm = world.organizations["firm"].key
    for number in (1, 2):
        bring(world, "editor", f"organization:{firm}", name=f"more{number}.csv")
        check(world, "editor", f"organization:{firm}", name=f"checked{number}.csv")
