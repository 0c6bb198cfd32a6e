"""A small market built once through the public actions: every role, every state, every disclosure requirement.

Every text has an English value, so that an English page shows Chinese only where the product itself forgot to
translate. Words beginning with HIDDEN stand only in parts that are kept back.
"""

import importlib
import pkgutil
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from keqiao.apps.market import actions as market
from keqiao.apps.market.actions.inputs import IndicatorInput
from keqiao.apps.market.models import Listing, Need, Offer
from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import Organization, Role, Station, User
from keqiao.catalogue import codes
from keqiao.engines.identifiers import make_uscc
from tests.web import worlds

BY = system("test")
AREA, OTHER_AREA = "229901", "229902"
PASSWORD = "Bridge-2026-x"
HIDDEN = (
    "HIDDENTEXT",
    "HIDDENBACKGROUND",
    "HIDDENBENCHMARK",
    "HIDDENNAME",
    "HIDDENINDICATOR",
    "HIDDENNOTE",
    "765432",
    "76.54",
)
PATHS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "screened": ("submit", "screen"),
    "published": ("submit", "screen", "publish"),
    "withdrawn": ("submit", "screen", "publish", "withdraw"),
}


@dataclass
class World:
    """What stands in the database, by plain names."""

    at: datetime
    is_demo: bool = False
    organizations: dict[str, Organization] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    stations: dict[str, Station] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)


def build(*, at: datetime, is_demo: bool = False) -> World:
    """Bodies, people with each role, needs and offers; the same every time but for the day.

    In a demo people sign in with one click and have no password.
    """
    world = World(at=at - timedelta(days=1), is_demo=is_demo)
    _organizations(world)
    _stations(world)
    _users(world)
    _needs(world)
    _offers(world)
    for found in pkgutil.iter_modules(worlds.__path__):
        importlib.import_module(f"{worlds.__name__}.{found.name}").extend(world)
    return world


def code(number: int, *, authority: str = "9", category: str = "1") -> str:
    """A valid unified social credit code that no real body can have."""
    return make_uscc(authority=authority, category=category, area="229999", serial=number)


def organization(world: World, handle: str, number: int, **values: Any) -> Organization:
    defaults = {
        "name": f"{handle}公司",
        "name_en": f"{handle.capitalize()} Ltd",
        "kind": "enterprise",
        "area": AREA,
        "industry": "C4040",
    }
    authority = {"university": "1"}.get(values.get("kind", ""), "9")
    row = parties.register_organization(
        uscc=code(number, authority=authority, category="2" if authority == "1" else "1"),
        by=BY, at=world.at, **(defaults | values),
    )  # fmt: skip
    world.organizations[handle] = row
    return row


def _organizations(world: World) -> None:
    firm = organization(
        world, "firm", 1, name="松江激光设备有限公司", summary="做激光切割机。", summary_en="Laser cutters."
    )
    organization(world, "school", 2, name="演示理工大学", name_en="Demo Institute", kind="university")
    organization(world, "hidden", 3, name="隐名企业HIDDENNAME", name_en="HIDDENNAME Ltd", area=OTHER_AREA)
    parties.add_name(firm, name="Songjiang", kind="short", by=BY, at=world.at)
    issued = localdate(world.at) - timedelta(days=100)
    parties.add_certificate(firm, kind="high_tech", issued_date=issued, by=BY, at=world.at)
    parties.add_person(
        key="P-1", organization=world.organizations["school"], name="Lin Xia", title_band="senior", title="教授",
        title_en="Professor", expertise="激光", expertise_en="Lasers", disciplines=["140"], phone="13800000000",
        email="lin@example.invalid", by=BY, at=world.at,
    )  # fmt: skip


def user(world: World, name: str, *, role: str = "", **scope: Any) -> User:
    row = parties.add_user(
        email=f"{name}@example.invalid", name=name, password=None if world.is_demo else PASSWORD,
        is_demo=world.is_demo, by=BY, at=world.at,
    )  # fmt: skip
    if role:
        parties.grant(row, role=role, by=BY, at=world.at, **scope)
    world.users[name] = row
    return row


def _stations(world: World) -> None:
    branch = parties.add_station(
        key="branch", kind="branch", name="甲市分市场", name_en="Branch A", area=AREA, by=BY, at=world.at
    )
    station = parties.add_station(
        key="station", kind="station", name="高新区工作站", name_en="Station A", parent=branch, area=AREA, by=BY,
        at=world.at,
    )  # fmt: skip
    world.stations |= {"branch": branch, "station": station}


def _users(world: World) -> None:
    firm, school = world.organizations["firm"], world.organizations["school"]
    user(world, "outsider")
    user(world, "member", role=Role.MEMBER, organization=firm)
    user(world, "editor", role=Role.EDITOR, organization=firm)
    user(world, "manager", role=Role.MANAGER, organization=firm)
    user(world, "scholar", role=Role.EDITOR, organization=school)
    user(world, "owner", role=Role.EDITOR, organization=world.organizations["hidden"])
    user(world, "broker", role=Role.BROKER, station=world.stations["station"])
    user(world, "coordinator", role=Role.COORDINATOR, station=world.stations["branch"])
    user(world, "registrar", role=Role.REGISTRAR, organization=school)
    user(world, "security", role=Role.SECURITY)
    user(world, "expert", role=Role.EXPERT)
    user(world, "officer", role=Role.OFFICER, department="science", area=AREA)
    user(world, "stranger", role=Role.OFFICER, department="science", area=OTHER_AREA)
    user(world, "auditor", role=Role.AUDITOR)
    user(world, "administrator", role=Role.ADMINISTRATOR)


def need(world: World, name: str, *, state: str = "published", organization: str = "firm", **values: Any) -> Need:
    """A need in the state asked for; what is not given is filled with harmless words."""
    defaults: dict[str, Any] = {
        "title": f"光纤激光器功率下降 {name}", "title_en": f"Laser loses power {name}",
        "abstract": "切割时激光功率逐渐下降，需要稳定的光源。", "abstract_en": "Power falls while cutting.",
        "text": "连续切割两小时后功率从 2 kW 掉到 1.5 kW。", "text_en": "After two hours power falls.",
        "keywords": ["光纤激光器"], "keywords_en": ["fibre laser"], "need_kind": "equipment",
        "field": next(iter(codes.codes("fields").children())).code,
        "indicators": [IndicatorInput(name="Output power", op="ge", low=2, unit="kW")],
    }  # fmt: skip
    row = market.create_need(
        key=f"N-{name}", organization=world.organizations[organization], by=BY, at=world.at, **(defaults | values)
    )
    walk(row, state, at=world.at)
    world.needs[name] = row
    return row


def _needs(world: World) -> None:
    kept: dict[str, Any] = {
        "text": "HIDDENTEXT", "text_en": "HIDDENTEXT",
        "background": "HIDDENBACKGROUND", "benchmark": "HIDDENBENCHMARK",
        "ip_policy": "agreement", "ip_note": "HIDDENNOTE",
        "budget_min_fen": 765_432_000_000, "budget_max_fen": 765_432_000_000,
        "indicators": [IndicatorInput(name="HIDDENINDICATOR", op="ge", low=765432, unit="mm")],
        "organization": "hidden",
    }  # fmt: skip
    budget = {"budget_min_fen": 100_000_000, "budget_max_fen": 300_000_000, "coop_modes": ["commissioned", "license"]}
    need(world, "public", urgency="high", ip_policy="joint", background="已换过电源。", **budget)
    for secrecy in ("abstract_only", "introduction"):
        need(world, secrecy, secrecy=secrecy, **kept)
    need(world, "registered", secrecy="registered", text="REGISTEREDTEXT", text_en="REGISTEREDTEXT")
    for state in ("draft", "submitted", "screened", "withdrawn"):
        need(world, state, state=state)


def offer(world: World, name: str, *, state: str = "published", **values: Any) -> Offer:
    defaults: dict[str, Any] = {
        "title": f"光纤激光器 {name}", "title_en": f"Fibre laser {name}",
        "abstract": "输出功率 3 kW 的光纤激光器，功率稳定。", "abstract_en": "A fibre laser of 3 kW.",
        "text": "功率波动不超过 1%。", "text_en": "Power varies by no more than 1%.",
        "keywords": ["光纤激光器"], "keywords_en": ["fibre laser"], "kind": "achievement", "trl": 7,
        "indicators": [IndicatorInput(name="Output power", op="ge", low=3, unit="kW")],
    }  # fmt: skip
    row = market.create_offer(
        key=f"F-{name}", organization=world.organizations["school"], by=BY, at=world.at, **(defaults | values)
    )
    walk(row, state, at=world.at)
    world.offers[name] = row
    return row


def _offers(world: World) -> None:
    offer(world, "public", details={"form": "equipment", "stage": "pilot"})
    offer(world, "corn", title="玉米秸秆制板", title_en="Board from corn straw",
          abstract="用玉米秸秆压制板材。",
          abstract_en="Presses corn straw into board.",
          text="", text_en="", keywords=["秸秆"], indicators=[])  # fmt: skip
    for state in ("draft", "submitted", "withdrawn"):
        offer(world, state, state=state)


def walk(row: Listing, state: str, *, at: datetime) -> None:
    """Take a draft to a state, step by step as people do."""
    for step in PATHS[state]:
        if step == "withdraw":
            market.withdraw(row, reason="solved", by=BY, at=at)
        else:
            getattr(market, step)(row, by=BY, at=at)
