"""Loads the demo region through the same actions that people use, in the order things happened.

Days in the data count from the load day, so the demo never looks old. Codes are generated with the demo area 229999,
which no real body can have.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.timezone import localdate
from rich.progress import track

from keqiao.apps.market import actions as market
from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.models import Listing
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import Organization, Person, Role
from keqiao.engines.identifiers import make_uscc

DATA = Path(__file__).parent / "data"
BY = system("loader")
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

Row = dict[str, Any]


@dataclass
class Load:
    """One run: what was written so far, and what is still to happen at which moment."""

    at: datetime
    organizations: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    events: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)

    def plan(self, moment: datetime, what: Callable[[datetime], None]) -> None:
        self.events.append((moment, len(self.events), what))


def rows(kind: str) -> Iterator[Row]:
    """All rows of one kind, over the data files of every field."""
    for path in sorted(DATA.glob(f"{kind}-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def load(*, at: datetime, progress: bool = False) -> None:
    """Write the whole demo region: bodies, people, listings with their history, one log-in per role."""
    run = Load(at=at)
    for number, row in enumerate(sorted(rows("organizations"), key=lambda row: "parent" in row), start=1):
        _organization(run, row, number)
    for row in rows("people"):
        _person(run, row)
    for row in rows("offers"):
        _plan_listing(run, row, _create_offer)
    for row in rows("needs"):
        _plan_listing(run, row, _create_need)
    steps = sorted(run.events)
    for moment, _, what in track(steps, description="演示数据", disable=not progress):
        what(moment)
    _users(run)


def _organization(run: Load, row: Row, number: int) -> None:
    at = run.at - timedelta(days=400)
    authority, category = REGISTRARS[row["kind"]]
    parent = run.organizations.get(row.get("parent", ""))
    code = "" if parent and row["kind"] == "platform" else make_uscc(
        authority=authority, category=category, area="229999", serial=f"MA{number:06d}"
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
    for certificate in row.get("certificates", ()):
        parties.add_certificate(organization, by=BY, at=at, **_certificate(run, certificate))


def _certificate(run: Load, row: Row) -> Row:
    issued = localdate(run.at) + timedelta(days=row["issued_offset_days"])
    offset = row.get("expires_offset_days")
    return {
        "kind": row["kind"],
        "number": row.get("number", ""),
        "issued_date": issued,
        "expires_date": None if offset is None else localdate(run.at) + timedelta(days=offset),
    }


def _person(run: Load, row: Row) -> None:
    names = ("name", "title_band", "title", "title_en", "disciplines", "expertise", "expertise_en")
    run.people[row["key"]] = parties.add_person(
        key=row["key"], organization=run.organizations[row["organization"]], is_demo=True, by=BY,
        at=run.at - timedelta(days=390), **{name: row[name] for name in names if row.get(name)},
    )  # fmt: skip


def _plan_listing(run: Load, row: Row, create: Callable[[Load, Row, datetime], Listing]) -> None:
    """Created six days before publication, submitted after three, screened the day before."""
    published = run.at + timedelta(days=row.get("published_offset_days", -10))
    made: list[Listing] = []
    run.plan(published - timedelta(days=6), lambda at: made.append(create(run, row, at)))
    days_before = {"submit": 3, "screen": 1, "publish": 0, "withdraw": -2}
    for step in PATHS[row.get("state", "published")]:
        moment = min(published - timedelta(days=days_before[step]), run.at)
        run.plan(moment, lambda at, step=step: _take(made[0], step, at))


def _take(listing: Listing, step: str, at: datetime) -> None:
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
        person=run.people.get(row.get("person", "")), trl=row.get("trl"), details=row.get("details", {}), is_demo=True,
        by=BY, at=at, **_shared(run, row),
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


def _users(run: Load) -> None:
    """One log-in for each role. They have no password: the demo page signs in with one click."""
    firm = next(row for row in run.organizations.values() if row.kind == "enterprise")
    school = next(row for row in run.organizations.values() if row.kind in ("university", "institute"))
    for name, role, scope in (
        ("企业管理员（演示）", Role.MANAGER, {"organization": firm}),
        ("企业编辑（演示）", Role.EDITOR, {"organization": firm}),
        ("企业成员（演示）", Role.MEMBER, {"organization": firm}),
        ("院所编辑（演示）", Role.EDITOR, {"organization": school}),
        ("技术经纪人（演示）", Role.BROKER, {}),
        ("主管部门（演示）", Role.OFFICER, {"department": "science", "area": "229999"}),
        ("专家（演示）", Role.EXPERT, {}),
        ("审计员（演示）", Role.AUDITOR, {}),
        ("系统管理员（演示）", Role.ADMINISTRATOR, {}),
    ):
        email = f"{role}-{'b' if scope.get('organization') is school else 'a'}@demo.invalid"
        user = parties.add_user(email=email, name=name, password=None, is_demo=True, by=BY, at=run.at)
        parties.grant(user, role=role, by=BY, at=run.at, **scope)
