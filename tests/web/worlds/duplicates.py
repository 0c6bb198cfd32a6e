"""Records that may be one, and two merges: one that stands and one that was split."""

from keqiao.apps.market import actions as market
from keqiao.apps.parties import actions
from keqiao.apps.parties.actors import actor_of
from tests.web import world as worlds
from tests.web.world import BY, World, localdate


def extend(world: World) -> None:
    who = {"by": actor_of(world.users["officer"], on=localdate(world.at)), "at": world.at}
    for number, handle in enumerate(("optics-a", "optics-b", "lens-a", "lens-b", "mirror-a", "mirror-b"), 70):
        name, form = handle.split("-")
        body = worlds.organization(
            world, handle, number, name=f"{name.capitalize()} Works {'Ltd' if form == 'a' else 'Inc'}"
        )
        actions.add_person(key=f"D-{handle}", organization=body, name="Wang Ning", title_band="senior",
                           email="wang@example.invalid", by=BY, at=world.at)  # fmt: skip
        actions.add_person(key=f"E-{handle}", organization=body, name="Wang N", title_band="senior",
                           email="wang@example.invalid", by=BY, at=world.at)  # fmt: skip
    market.add_project(organization=world.organizations["optics-a"], source="Register 2020", number="T-1",
                       title="Grating ruling engine", year=2020, amount_fen=1_200_000_00, area=worlds.AREA,
                       by=BY, at=world.at)  # fmt: skip
    market.add_project(organization=world.organizations["firm"], source="Register 2020", number="T-2",
                       title="Laser power supply", year=2021, area=worlds.AREA, by=BY, at=world.at)  # fmt: skip
    actions.find_duplicates(**who)
    for name in ("lens", "mirror"):
        keep, gone = (world.organizations[f"{name}-{form}"] for form in "ab")
        world.things[f"merge-{name}"] = actions.merge(keep=keep, gone=gone, note="One address, one director", **who)
    actions.split(world.things["merge-mirror"], **who)
    actions.find_duplicates(**who)
