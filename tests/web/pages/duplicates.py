"""Possible duplicates, merges, past projects."""

from tests.web import world as worlds
from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World

OFFICERS = frozenset({"officer", "stranger"})
OFFICER = frozenset({"officer"})
OTHERS = SIGNED_IN - OFFICERS
READERS = frozenset({"member", "editor", "manager", "scholar", "owner", "officer", "stranger"})


def pair(world: World, noun: str = "organization") -> str:
    if noun == "person":
        return "/office/duplicates/person/D-optics-a/E-optics-a/"
    one, other = (world.organizations[f"optics-{form}"].key for form in "ab")
    return f"/office/duplicates/organization/{one}/{other}/"


def pages(world: World) -> list[Page]:
    return [
        Page("/office/duplicates/", OFFICERS),
        Page("/office/duplicates/?noun=person", OFFICERS),
        Page(pair(world), OFFICER, 404, known=OTHERS),
        Page(pair(world, "person"), OFFICER, 404, known=OTHERS),
        Page("/office/merges/", OFFICERS),
        Page(f"/office/merges/{world.things['merge-lens'].pk}/", OFFICER, 404, known=OTHERS),
        Page(f"/office/merges/{world.things['merge-mirror'].pk}/", OFFICER, 404, known=OTHERS),
        Page("/desk/projects/", READERS),
        Page("/desk/projects/?q=Laser&year=2021&kind=project", READERS),
    ]


def acts(world: World) -> list[Act]:
    return [
        Act("/office/duplicates/search/", {}, OFFICERS, leaves_entry=False),
        Act(pair(world), {"do": "keep_one", "note": "Same code"}, OFFICER),
        Act(pair(world), {"do": "different"}, OFFICER),
        Act(pair(world, "person"), {"do": "keep_other", "note": "Same person"}, OFFICER),
        Act(f"/office/merges/{world.things['merge-lens'].pk}/", {}, OFFICER),
    ]


def grow(world: World) -> None:
    for number, name in enumerate(("prism", "glass"), 90):
        for form, ending in (("a", "Ltd"), ("b", "Inc")):
            body = worlds.organization(
                world, f"{name}-{form}", number * 2 + (form == "b"), name=f"{name} Works {ending}"
            )
            worlds.parties.add_person(key=f"G-{name}-{form}", organization=body, name="Li", title_band="senior",
                                      by=worlds.BY, at=world.at)  # fmt: skip
    worlds.parties.find_duplicates(by=worlds.BY, at=world.at)
