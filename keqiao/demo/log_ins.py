"""The demo's branch markets and stations, and one log-in for each role."""

from functools import partial
from typing import TYPE_CHECKING, Any

from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import Organization, Role, User

if TYPE_CHECKING:
    from datetime import datetime

    from .loader import Load, Row

BY = system("loader")
DEMO_AREA = "229999"


def station(run: "Load", row: "Row", at: "datetime") -> None:
    scope: dict[str, Any] = {"parent": run.stations[row["parent"]]} if "parent" in row else {}
    if "organization" in row:
        scope["organization"] = run.organizations[row["organization"]]
    names = ("key", "kind", "name", "name_en", "area")
    run.stations[row["key"]] = parties.add_station(by=BY, at=at, **{name: row[name] for name in names}, **scope)


# The bodies whose people one can be: a firm and an institute that have matters on the broker's board.
FIRM, SCHOOL = "org-optics-08", "org-optics-01"
# The body that runs the registration office: a side of no contract.
OFFICE = "org-automotive-12"


def users(run: "Load", at: "datetime") -> None:
    """One log-in for each role, a second broker to hand over to. They have no password: one click signs in."""
    bodies = run.organizations
    firm, school = _body(run, FIRM, "enterprise"), _body(run, SCHOOL, "university", "institute")
    station = next((row for row in run.stations.values() if row.parent is not None), None)
    add = partial(_user, run, at)
    if firm:
        add("manager-a", "企业管理员（演示）", Role.MANAGER, organization=firm)
        add("editor-a", "企业编辑（演示）", Role.EDITOR, organization=firm)
        add("member-a", "企业成员（演示）", Role.MEMBER, organization=firm)
    if school:
        add("editor-b", "院所编辑（演示）", Role.EDITOR, organization=school)
    if office := bodies.get(OFFICE) or school:
        add("registrar-a", "合同登记员（演示）", Role.REGISTRAR, organization=office)
    add("broker-a", "技术经纪人（演示）", Role.BROKER, station=station)
    add("broker-b", "技术经纪人乙（演示）", Role.BROKER, station=station)
    if station and station.parent:
        add("coordinator-a", "分市场负责人（演示）", Role.COORDINATOR, station=station.parent)
    add("officer-a", "主管部门（演示）", Role.OFFICER, department="science", area=DEMO_AREA)
    add("officer-b", "主管部门复核（演示）", Role.OFFICER, department="science", area=DEMO_AREA)
    add("officer-c", "工信主管部门（演示）", Role.OFFICER, department="industry", area=DEMO_AREA)
    add("office-a", "政府办公厅（演示）", Role.OFFICER, department="general_office", area=DEMO_AREA)
    for handle, name in (("deputy-a", "人大代表林样例（演示）"), ("member-b", "政协委员周样例（演示）")):
        run.users[handle] = _account(handle, name, at)
    add("expert-a", "专家（演示）", Role.EXPERT)
    add("auditor-a", "审计员（演示）", Role.AUDITOR)
    add("security-a", "安全管理员（演示）", Role.SECURITY)
    add("administrator-a", "系统管理员（演示）", Role.ADMINISTRATOR)


def _body(run: "Load", key: str, *kinds: str) -> Organization | None:
    """The body with this key; in another set of data the first of its kind."""
    found = run.organizations
    return found.get(key) or next((row for row in found.values() if row.kind in kinds), None)


def _user(run: "Load", at: "datetime", handle: str, name: str, role: str, **scope: Any) -> None:
    user = _account(handle, name, at)
    parties.grant(user, role=role, by=BY, at=at, **scope)
    run.users[handle] = user


def _account(handle: str, name: str, at: "datetime") -> User:
    email = f"{handle}@demo.invalid"
    return parties.add_user(email=email, name=name, password=None, is_demo=True, by=BY, at=at)
