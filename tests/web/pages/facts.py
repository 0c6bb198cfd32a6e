"""Facts of firms: the page of all, the page of one, and what may be done there."""

from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World
from tests.web.worlds.facts import bring, declare, row_of

OWN = frozenset({"member", "editor", "manager"})
EDITORS = frozenset({"editor", "manager"})
OFFICE = frozenset({"officer"})  # of the firm's place
OFFICERS = frozenset({"officer", "stranger"})
STATED = {"year": "2024", "value": "12.5", "unit": "万元", "observed_on": "2025-06-01", "note": "audit"}


def address(world: World, rest: str = "") -> str:
    return f"/desk/organizations/{world.organizations['firm'].key}/facts/{rest}"


def office(world: World) -> str:
    return f"/office/organizations/{world.organizations['firm'].key}/facts/"


def pages(world: World) -> list[Page]:
    readers = OWN | {"officer"}
    return [
        Page(address(world), OWN, 404),
        Page("/office/facts/", OFFICERS),
        Page("/office/facts/?q=%E6%BF%80%E5%85%89", OFFICERS),
        Page(office(world), OFFICE),
        Page(f"{office(world)}?privacy=P0&status=confirmed&register=x", OFFICE),
        Page("/office/organizations/nobody/facts/", frozenset(), 404, known=SIGNED_IN - OFFICERS),
        Page(address(world, "staff/"), readers, 404),
        Page(address(world, "rd_fen/?year=2024"), readers, 404),
        Page(address(world, "awards/"), readers, 404),
        Page(address(world, "no_such_fact/"), frozenset(), 404),
        Page("/desk/imports/templates/facts.xlsx", EDITORS | {"scholar", "owner", "officer", "stranger"}, 404),
    ]


def acts(world: World) -> list[Act]:
    rows = {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-0-kind": "st_prize", "items-0-rank": "2"}
    stated = {"observed_on": "2025-06-01"}
    certificate = str(world.organizations["firm"].certificates.get(kind="tech_sme").pk)
    as_register = {"register": "税务", "purposes": ["support"]}
    return [
        Act(address(world), {"do": "authorise", "purpose": "statistics"}, frozenset({"manager"})),
        Act(address(world), {"do": "end", "purpose": "support"}, frozenset({"manager"})),
        Act(address(world, "rd_fen/"), STATED, EDITORS),
        Act(address(world, "rd_fen/"), STATED | as_register, EDITORS | {"officer"}),
        Act(address(world, "awards/"), rows | stated, EDITORS),
        Act(
            address(world, "tech_staff/"), {"do": "confirm", "row": row_of(world, "tech_staff")}, frozenset({"officer"})
        ),
        Act(address(world, "tech_staff/"), {"do": "withdraw", "row": row_of(world, "tech_staff")}, EDITORS),
        Act(address(world, "staff/"), {"fix": row_of(world, "staff"), "value": "33", "unit": "人"} | stated, OFFICE),
        Act(address(world, "staff/"), {"do": "withdraw", "row": row_of(world, "staff")}, OFFICE),
        Act(office(world), {"do": "look", "purpose": "support", "matter": "grant of 2026"}, OFFICE),
        Act(office(world), {"do": "resolve", "right": row_of(world, "staff"), "note": "audit report"}, OFFICE),
        Act(office(world), {"do": "confirm", "row": row_of(world, "tech_staff")}, OFFICE),
        Act(office(world), {"do": "confirm_certificate", "row": certificate}, OFFICE),
        Act(office(world), {"do": "edit_certificate", "row": certificate, f"c{certificate}-number": "X-1"}, OFFICE),
    ]


def grow(world: World) -> None:
    for year in (2022, 2023):
        bring(world, name="revenue_fen", value=1_000_000 * year, year=year)
        declare(world, name="transformations", value=year - 2020, year=year)
