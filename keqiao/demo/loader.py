"""Loads the demo region through the same actions that people use, in the order things happened.

Days in the data count from the load day, so the demo never looks old. Codes are generated with the demo area 229999,
which no real body can have.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from rich.progress import track

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import actions as market
from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.models import Introduction, Listing, RegistrationOffice
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.models import Organization, Person, Station, User
from keqiao.apps.proposals.models import Proposal
from keqiao.engines.identifiers import make_uscc

from . import contracts, facts, figures, judging, log_ins, matters, occasions, proposals, standings

DATA = Path(__file__).parent / "data"
BY, DEMO_AREA = log_ins.BY, log_ins.DEMO_AREA
DAYS_OF_HISTORY = 400
FEN_PER_WAN = 1_000_000
DAYS_PER_MONTH = 30
# First two characters of a credit code by kind: who registers, and as what.
REGISTRARS = {
    "government": "11", "university": "12", "institute": "12", "hospital": "12", "platform": "12",
    "association": "51", "enterprise": "91", "finance": "91", "other": "91",
}  # fmt: skip
COPIED = (
    "title", "title_en", "abstract", "abstract_en", "text", "text_en", "keywords", "keywords_en", "field", "secrecy",
)  # fmt: skip
NEED_COPIED = ("background", "background_en", "benchmark", "need_kind", "coop_modes", "ip_policy", "urgency")
# How a listing got to the state it is in.
PATHS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "screened": ("submit", "screen"),
    "published": ("submit", "screen", "publish"),
    "withdrawn": ("submit", "screen", "publish", "withdraw"),
}

DAYS_BEFORE_PUBLICATION = {"submit": 3, "screen": 1, "publish": 0, "withdraw": -2}

Row = dict[str, Any]


class DemoDataError(ValueError):
    """A row of the demo's data cannot be loaded; the text names file, line and key, and says what is wrong."""


@dataclass(frozen=True)
class Source:
    """Where a row stands."""

    path: Path
    line: int

    @contextmanager
    def named(self, row: Row) -> Iterator[None]:
        """Whatever goes wrong inside is said with the place of the row."""
        try:
            yield
        except (KeyError, TypeError, ValueError, ValidationError, Refused) as error:
            what = f"{type(error).__name__}: {error}"
            raise DemoDataError(f"{self.path.name}, line {self.line} ({row.get('key')}): {what}") from error


@dataclass
class Load:
    """One run: what was written so far, and what is still to happen at which moment."""

    at: datetime
    folder: Path
    organizations: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    stations: dict[str, Station] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    listings: dict[str, Any] = field(default_factory=dict)
    # The day on which each listing is published that still is, counted from the load day.
    published: dict[str, int] = field(default_factory=dict)
    matters: dict[str, Introduction] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    offices: list[RegistrationOffice] = field(default_factory=list)
    events: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        return self.at - timedelta(days=DAYS_OF_HISTORY)

    def plan(self, moment: datetime, what: Callable[[datetime], None], *, source: Source, row: Row) -> None:
        """Let something happen at a moment, never before the history begins nor after the load day."""

        def happen(at: datetime) -> None:
            with source.named(row):
                what(at)

        self.events.append((min(max(moment, self.start), self.at), len(self.events), happen))


def rows(kind: str, *, folder: Path = DATA) -> Iterator[tuple[Source, Row]]:
    """All rows of one kind with their places, over the data files of every field."""
    for path in sorted(folder.glob(f"{kind}-*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                source = Source(path, number)
                with source.named({}):
                    row = json.loads(line)
                yield source, row


def load(*, at: datetime, progress: bool = False, folder: Path = DATA) -> None:
    """Write the whole demo region: bodies, people, listings with their history, one log-in per role.

    All of it or, after an error in the data, nothing.
    """
    run = Load(at=at, folder=folder)
    _plan_organizations(run)
    for source, row in rows("stations", folder=folder):
        run.plan(run.start, partial(log_ins.station, run, row), source=source, row=row)
    for source, row in rows("people", folder=folder):
        run.plan(run.start, partial(_person, run, row), source=source, row=row)
    if run.events:
        run.plan(run.start, partial(log_ins.users, run), source=Source(folder, 0), row={"key": "users"})
        run.plan(run.start, partial(contracts.add_office, run), source=Source(folder, 0), row={"key": "office"})
    facts.plan(run, rows("organizations", folder=folder))
    for source, row in rows("offers", folder=folder):
        _plan_listing(run, source, row, _create_offer)
    for source, row in rows("needs", folder=folder):
        _plan_listing(run, source, row, _create_need)
    for source, row in rows("registers", folder=folder):
        figures.plan_entries(run, source, row)
    monday = list(rows("matters", folder=folder))
    judged = list(rows("judgements", folder=folder))
    matters.plan(run, monday, judged)
    if monday:
        judging.plan(run, judged)
        occasions.plan(run, Source(folder, 0))
        standings.plan(run, Source(folder, 0))
        figures.plan(run, Source(folder, 0))
        for source, row in rows("proposals", folder=folder):
            proposals.plan(run, source, row)
        proposals.plan_tracking(run, Source(folder, 0))
    with ledger.action("demo.load", by=BY, at=at, subject=f"region:{DEMO_AREA}") as entry:
        for moment, _, what in track(sorted(run.events), description="演示数据", disable=not progress):
            what(moment)
        entry.count = len(run.events)


def _plan_organizations(run: Load) -> None:
    found = sorted(rows("organizations", folder=run.folder), key=lambda pair: "parent" in pair[1])
    for number, (source, row) in enumerate(found, start=1):
        run.plan(run.start, partial(_organization, run, row, number), source=source, row=row)
        for certificate in row.get("certificates", ()):
            issued = run.at + timedelta(days=certificate["issued_offset_days"])
            run.plan(issued, partial(_certify, run, row, certificate), source=source, row=row)


def _organization(run: Load, row: Row, number: int, at: datetime) -> None:
    authority, category = tuple(REGISTRARS[row["kind"]])
    parent = run.organizations[row["parent"]] if "parent" in row else None
    code = "" if parent and row["kind"] == "platform" else make_uscc(
        authority=authority, category=category, area=DEMO_AREA, serial=f"MA{number:06d}"
    )  # fmt: skip
    names = ("name", "name_en", "kind", "scale", "area", "summary", "summary_en")
    organization = parties.register_organization(
        key=row["key"], uscc=code, parent=parent, is_demo=True, by=BY, at=at,
        industry=row.get("industry", "").lstrip("ABCDEFGHIJKLMNOPQRST"),
        **{name: row[name] for name in names if row.get(name)},
    )  # fmt: skip
    run.organizations[row["key"]] = organization
    for alias in row.get("aliases", ()):
        parties.add_name(organization, name=alias, kind="short", by=BY, at=at)


def _certify(run: Load, row: Row, certificate: Row, at: datetime) -> None:
    parties.add_certificate(run.organizations[row["key"]], by=BY, at=at, **_certificate(run, certificate))


def _certificate(run: Load, row: Row) -> Row:
    issued = localdate(run.at) + timedelta(days=row["issued_offset_days"])
    offset = row.get("expires_offset_days")
    return {
        "kind": row["kind"],
        "number": row.get("number", ""),
        "issued_date": issued,
        "expires_date": None if offset is None else localdate(run.at) + timedelta(days=offset),
    }


def _person(run: Load, row: Row, at: datetime) -> None:
    names = ("name", "title_band", "title", "title_en", "disciplines", "expertise", "expertise_en")
    run.people[row["key"]] = parties.add_person(
        key=row["key"], organization=run.organizations[row["organization"]], is_demo=True, by=BY, at=at,
        **{name: row[name] for name in names if row.get(name)},
    )  # fmt: skip


def _plan_listing(run: Load, source: Source, row: Row, create: Callable[[Load, Row, datetime], Listing]) -> None:
    """Created six days before publication, submitted after three, screened the day before."""
    with source.named(row):
        published = run.at + timedelta(days=row.get("published_offset_days", -10))
        path = PATHS[row.get("state", "published")]
        if row.get("state", "published") == "published":
            run.published[row["key"]] = row.get("published_offset_days", -10)
    made: list[Listing] = []

    def begin(at: datetime) -> None:
        made.append(create(run, row, at))
        run.listings[row["key"]] = made[0]

    run.plan(published - timedelta(days=6), begin, source=source, row=row)
    for step in path:
        moment = published - timedelta(days=DAYS_BEFORE_PUBLICATION[step])
        run.plan(moment, partial(_take, made, step), source=source, row=row)


def _take(made: list[Listing], step: str, at: datetime) -> None:
    (listing,) = made
    if step == "withdraw":
        market.withdraw(listing, reason="solved", by=BY, at=at)
    else:
        getattr(market, step)(listing, by=BY, at=at)


def _shared(run: Load, row: Row) -> Row:
    values = {name: row[name] for name in COPIED if row.get(name)}
    values["expires_date"] = localdate(run.at) + timedelta(days=row.get("valid_days", 365))
    values["indicators"] = [_indicator(line) for line in row.get("indicators", ())]
    return values


def _indicator(row: Row) -> IndicatorInput:
    value = row["value"] if isinstance(row["value"], list) else [row["value"]]
    return IndicatorInput(
        name=row["name"],
        op=row["op"],
        low=float(value[0]),
        high=float(value[1]) if len(value) > 1 else None,
        unit=row.get("unit", ""),
        sense=row.get("sense", "ge"),
        condition=row.get("condition", ""),
        must=row.get("must", True),
        current_value=str(row.get("current_value", "") or ""),
    )


def _create_offer(run: Load, row: Row, at: datetime) -> Listing:
    return market.create_offer(
        key=row["key"], organization=run.organizations[row["organization"]], kind=row["kind"],
        person=run.people[row["person"]] if row.get("person") else None, trl=row.get("trl"),
        details=row.get("details", {}), is_demo=True, by=BY, at=at, **_shared(run, row),
    )  # fmt: skip


def _create_need(run: Load, row: Row, at: datetime) -> Listing:
    values = _shared(run, row) | {name: row[name] for name in NEED_COPIED if row.get(name)}
    values["text"], values["text_en"] = row["problem"], row.get("problem_en", "")
    if row.get("budget_max_wan") is not None:
        values["budget_min_fen"] = round((row.get("budget_min_wan") or 0) * FEN_PER_WAN)
        values["budget_max_fen"] = round(row["budget_max_wan"] * FEN_PER_WAN)
    if row.get("deadline_months"):
        values["deadline_date"] = localdate(run.at) + timedelta(days=DAYS_PER_MONTH * row["deadline_months"])
    organization = run.organizations[row["organization"]]
    return market.create_need(key=row["key"], organization=organization, is_demo=True, by=BY, at=at, **values)
