"""Registers and figures of the small market: published, corrected, withdrawn, waiting, internal; all three grades."""

from datetime import date
from typing import Any

from django.utils.timezone import localdate

from keqiao.apps.ledger.figures import actions
from keqiao.apps.ledger.models import PublishedFigure
from keqiao.apps.parties.models import Role
from keqiao.apps.registers import actions as registers
from keqiao.apps.registers.models import Entry
from tests.web import world as worlds
from tests.web.world import BY, World


def extend(world: World) -> None:
    # What one officer of the region freezes, another publishes.
    worlds.user(world, "region-two", role=Role.OFFICER, department="science", area="229999")
    for number, area in enumerate(("229901", "229901", "229901", "229902", "229902", "229903"), start=1):
        lab(world, number, area=area)
    lab(world, 7, title="HIDDENLAB", is_public=False)
    struck = lab(world, 8, title="HIDDENSTRUCK")
    registers.strike_entry(struck, reason="mistake", by=BY, at=world.at)
    publish(world, "register_labs")
    publish(world, "needs_published")
    publish(world, "needs_collected")
    stated(world, "stated_pledges")
    withdrawn = stated(world, "stated_wrong")
    actions.withdraw_figure(withdrawn, reason="wrong_period", note="Another year", by=BY, at=world.at)
    prepare(world, "offers_published")


def lab(world: World, number: int, **values: Any) -> Entry:
    given = {
        "title": f"Laboratory {number}", "title_en": f"Laboratory {number}", "level": "province", "area": "229901",
        "start_date": date(localdate(world.at).year, 1, 10), "source": "List of laboratories",
        "organization": world.organizations["school"],
    }  # fmt: skip
    return registers.add_entry("labs", key=f"lab-{number}", by=BY, at=world.at, **(given | values))


def prepare(world: World, code: str) -> PublishedFigure:
    day = localdate(world.at)
    figure = actions.prepare_figure(code, year=day.year, as_of=day, by=BY, at=world.at)
    world.things[f"figure {code}"] = figure
    return figure


def publish(world: World, code: str) -> PublishedFigure:
    figure = prepare(world, code)
    actions.publish_figure(figure, by=BY, at=world.at)
    return figure


def stated(world: World, code: str, **more: Any) -> PublishedFigure:
    year = localdate(world.at).year - 1
    figure = actions.state_figure(
        code=code, name_zh="质押融资", name_en="Loans on patents", unit_zh="亿元", unit_en="hundred million yuan",
        value="3.5", year=year, as_of=date(year, 12, 31), sentence="Loans came to 350 million yuan.",
        source="Yearly report", theme="stated", printed_growth="9%", by=BY, at=world.at, **more,
    )  # fmt: skip
    world.things[f"figure {code}"] = figure
    return figure


def grow(world: World) -> None:
    for number in (21, 22):
        lab(world, number)
        stated(world, f"stated_more_{number}")
    publish(world, "offers_standing")
    publish(world, "organizations_registered")
