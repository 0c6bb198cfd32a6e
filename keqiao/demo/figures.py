"""The demo's registers and published figures: two whole years and the one that runs, in all three grades."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from keqiao.apps.ledger.figures import actions, checking, definitions
from keqiao.apps.parties.actors import system
from keqiao.apps.registers import actions as registers
from keqiao.apps.registers.models import Entry

if TYPE_CHECKING:
    from .loader import Load, Row, Source

BY = system("loader")
FEN_PER_WAN = 1_000_000
DAYS_TO_PUBLISH = 20
COPIED = ("title", "title_en", "level", "area", "field", "quantity", "number", "source")
# A row that turns out to have been entered twice after its figure was published.
STRUCK, DAYS_SINCE_STRIKE = "reg-prizes-029", 9
# What the region's yearly report says and no table of the platform holds.
STATED = (
    (-2, "28.6", "全年专利质押融资28.6亿元。", ""),
    (-1, "31.4", "全年专利质押融资31.4亿元，同比增长9.9%。", "9.9%"),
)


def plan_entries(run: "Load", source: "Source", row: "Row") -> None:
    """What lies before the demo's history is entered on its first day."""
    day = _day(run, row)
    if day <= localdate(run.at):
        moment = datetime.combine(day, run.at.timetz()) + timedelta(hours=1)
        run.plan(moment, partial(_entry, run, row), source=source, row=row)


def plan(run: "Load", source: "Source") -> None:
    this_year = localdate(run.at).year
    for back in (2, 1):
        # A year is published some weeks into the next one; what is older than the demo, on its first day.
        at = datetime.combine(date(this_year - back + 1, 1, DAYS_TO_PUBLISH), run.at.timetz())
        run.plan(at, partial(_publish, run, this_year - back), source=source, row={"key": f"figures {back}"})
        run.plan(at, partial(_state, run, back), source=source, row={"key": f"stated {back}"})
    run.plan(run.at, partial(_publish, run, this_year), source=source, row={"key": "figures"})
    struck = run.at - timedelta(days=DAYS_SINCE_STRIKE)
    run.plan(struck, partial(_strike, run), source=source, row={"key": STRUCK})


def _day(run: "Load", row: "Row") -> date:
    month, day = (int(part) for part in row["day"].split("-"))
    return date(localdate(run.at).year + row["year"], month, day)


def _entry(run: "Load", row: "Row", at: datetime) -> None:
    values = {name: row[name] for name in COPIED if row.get(name)}
    if row.get("amount_wan") is not None:
        values["amount_fen"] = round(row["amount_wan"] * FEN_PER_WAN)
    if row.get("organization"):
        values["organization"] = run.organizations[row["organization"]]
    registers.add_entry(
        row["register"], key=row["key"], start_date=_day(run, row), is_demo=True, by=BY, at=at, **values
    )


def _strike(run: "Load", at: datetime) -> None:
    for entry in Entry.objects.filter(key=STRUCK, struck_at=None):
        registers.strike_entry(entry, reason="duplicate", by=BY, at=at)


def _publish(run: "Load", year: int, at: datetime) -> None:
    """Every figure that says something and may be published, up to the end of the year or to today."""
    as_of = min(date(year, 12, 31), localdate(at))
    for code, one in definitions().items():
        if any(True for _row in one.rows(one.period(year, as_of=as_of))) and not checking.problem(code, year, as_of):
            figure = actions.prepare_figure(code, year=year, as_of=as_of, by=BY, at=at)
            actions.publish_figure(figure, by=BY, at=at)


def _state(run: "Load", back: int, at: datetime) -> None:
    year = localdate(run.at).year - back
    for offset, value, sentence, growth in STATED:
        if offset == -back:
            actions.state_figure(
                code="stated_ip_pledge", name_zh="专利质押融资额", name_en="Loans on pledged patents", unit_zh="亿元",
                unit_en="hundred million yuan", value=value, year=year, as_of=date(year, 12, 31), kind="flow",
                scope_zh="演示省", scope_en="Demo Province", sentence=sentence, theme="stated", printed_growth=growth,
                source=f"演示省{year}年知识产权工作报告（演示）", by=BY, at=at,
            )  # fmt: skip
