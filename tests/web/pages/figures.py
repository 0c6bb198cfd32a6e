"""Published figures, registers, and the office's pages of both.

Officers of the whole region are none of the small market's people; tests/web/test_figures.py signs two of them in.
"""

from tests.web.pages import Act, Page
from tests.web.world import World
from tests.web.worlds import figures as worlds

REGION = frozenset[str]()


def pages(world: World) -> list[Page]:
    def key(code: str) -> str:
        return world.things[f"figure {code}"].key

    everybody = (
        "/figures/", "/figures/?theme=registers&area=229901", "/figures/?industry=40&year=2026&grade=rows&q=x",
        "/figures/catalog.jsonld", f"/figures/edition/{key('register_labs')}/",
        f"/figures/edition/{key('register_labs')}/?by=area",
        f"/figures/edition/{key('register_labs')}/?cross=area-industry", f"/figures/edition/{key('needs_published')}/",
        f"/figures/edition/{key('needs_collected')}/", f"/figures/edition/{key('stated_pledges')}/",
        f"/figures/edition/{key('stated_wrong')}/", "/registers/", "/registers/labs/",
        "/registers/labs/?q=Lab&year=2026&level=province&area=229901", "/registers/entry/lab-1/",
    )  # fmt: skip
    return [
        *(Page(path) for path in everybody),
        Page("/contracts/", frozenset(), 302),
        Page("/figures/register_labs/", frozenset(), 302),
        Page("/figures/nothing/", frozenset(), 404),
        Page(f"/figures/edition/{key('offers_published')}/", REGION, 404),
        Page("/registers/nothing/", frozenset(), 404),
        Page("/registers/entry/lab-7/", REGION, 404),
        Page("/registers/entry/lab-8/", REGION, 404),
        Page("/office/figures/", REGION),
        Page("/office/figures/stated/", REGION),
        Page("/office/figures/ready/", REGION),
        Page(f"/office/figures/{key('offers_published')}/", REGION),
        Page("/office/registers/", REGION),
        Page("/office/registers/labs/new/", REGION),
        Page("/office/registers/entry/lab-1/", REGION),
    ]


def acts(world: World) -> list[Act]:
    key = world.things["figure offers_published"].key
    return [
        Act("/office/figures/", {"codes": ["needs_solved"], "year": "2026"}, REGION),
        Act("/office/figures/stated/", {"code": "x"}, REGION),
        Act(f"/office/figures/{key}/", {"do": "publish"}, REGION),
        Act(f"/office/figures/{key}/", {"do": "drop"}, REGION),
        Act("/office/registers/labs/new/", {"title": "x"}, REGION),
        Act("/office/registers/entry/lab-1/", {"do": "strike", "reason": "mistake"}, REGION),
    ]


def grow(world: World) -> None:
    worlds.grow(world)
