"""A firm's people are told once what an office's import has changed or contradicted; never a value."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from keqiao.apps.parties import actions as parties
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import Fact, Organization, User
from keqiao.apps.post import actions as post
from keqiao.apps.post.models import Notification
from tests.apps.acting import editor, officer
from tests.apps.files.running import load
from tests.apps.files.tables import workbook
from tests.factories.parties import FactFactory, MembershipFactory, OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
HEADS = ["企业名称", "指标", "年度", "值", "单位", "来源", "数据日期"]


@pytest.fixture
def firm(now: datetime) -> Organization:
    found: Organization = OrganizationFactory(area="229901", name="甲厂", name_en="Works")
    FactFactory(organization=found, name="staff", year=2025, value=30, register="税务", observed_on="2026-01-01")
    return found


@pytest.fixture
def member(firm: Organization) -> User:
    user: User = MembershipFactory(organization=firm, role="member").user
    return user


def bring(*rows: list[Any], at: datetime, kind: str = "facts", heads: list[str] = HEADS, by: Any = None) -> None:
    who = by or officer("229901", UserFactory())
    load(kind, workbook([heads, *rows]), by=who, sender="area:229901", at=at)


def row(name: str, value: int, *, register: str = "税务", year: int = 2025, firm: str = "甲厂") -> list[Any]:
    return [firm, name, year, value, "人", register, "2026-06-01"]


def told(user: User, at: datetime) -> list[tuple[str, str, str]]:
    while post.take_up(by=system("worker"), at=at):
        pass
    rows = Notification.objects.filter(user=user, topic="facts.changed").order_by("entry")
    return list(rows.values_list("title_en", "text_en", "link"))


def test_changed_and_contradicted_facts_are_told_once_for_an_import(
    firm: Organization, member: User, now: datetime
) -> None:
    FactFactory(organization=firm, name="tech_staff", year=2025, value=8, register="企业自报", status="self_declared")
    stranger = MembershipFactory(organization=OrganizationFactory(area="229901", name="乙厂"), role="member").user
    bring(row("职工总数", 33), row("科技人员数", 9), row("职工总数", 5, firm="乙厂"), at=now)

    ((title, text, link),) = told(member, now)

    assert title == "Works: data from the office – 1 changed, 1 at odds with another source"
    assert ("staff 2025" in text, "33" in text + title, "Chinese" in text) == (True, False, False)
    assert link == f"/desk/organizations/{firm.key}/facts/"
    assert told(stranger, now) == []


def test_new_facts_and_a_newer_day_are_no_news(firm: Organization, member: User, now: datetime) -> None:
    bring(row("职工总数", 30), row("科技人员数", 9), at=now)

    assert Fact.objects.filter(organization=firm, ended_at=None).count() == 2
    assert told(member, now) == []


def test_own_import_of_a_firm_tells_nothing(firm: Organization, member: User, now: datetime) -> None:
    load("facts", workbook([HEADS, row("职工总数", 31)]), by=editor(firm, UserFactory()),
         sender=f"organization:{firm.key}", at=now)  # fmt: skip

    assert Fact.objects.filter(organization=firm, ended_at=None).count() == 2
    assert told(member, now) == []


def test_import_in_several_batches_is_told_once(
    firm: Organization, member: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keqiao.apps.files.actions.running.WRITTEN_AT_ONCE", 1)
    FactFactory(organization=firm, name="tech_staff", year=2025, value=8, register="税务", observed_on="2026-01-01")
    bring(row("职工总数", 33), row("科技人员数", 9), at=now)

    assert [title for title, _text, _link in told(member, now)] == [
        "Works: data from the office – 2 changed, 0 at odds with another source"
    ]


def test_certificates_that_contradict_a_list_are_told(firm: Organization, member: User, now: datetime) -> None:
    items = [{"type": "srdi", "from": "2024-05-01", "to": "2026-04-30"}]
    FactFactory(organization=firm, name="certificates", year=None, value=items, register="工信")
    heads = ["企业名称", "资质名称", "发证日期", "有效期至"]
    bring(["甲厂", "专精特新中小企业", "2024-05-01", "2027-04-30"], kind="certificates", heads=heads, at=now)
    assert [title for title, _text, _link in told(member, now)] == [
        "Works: data from the office – 0 changed, 1 at odds with another source"
    ]

    bring(["甲厂", "专精特新中小企业", "2024-05-01", "2026-04-30"], kind="certificates", heads=heads,
          at=now + timedelta(hours=1))  # fmt: skip
    assert [title for title, _text, _link in told(member, now + timedelta(hours=1))][1:] == [
        "Works: data from the office – 1 changed, 0 at odds with another source"
    ]


def test_settled_conflict_is_told_and_a_withdrawal_of_ones_own_is_not(
    firm: Organization, member: User, now: datetime
) -> None:
    colleague = MembershipFactory(organization=firm, role="editor").user
    own = parties.declare_fact(firm, name="staff", year=2025, value=31, by=editor(firm, colleague), at=now)
    right = firm.facts.get(register="税务")
    parties.resolve_fact(right, note="对账单", by=officer("229901", UserFactory()), at=now)
    again = parties.declare_fact(firm, name="staff", year=2025, value=32, by=editor(firm, colleague), at=now)
    parties.withdraw_fact(again, by=editor(firm, colleague), at=now)

    assert [title for title, _text, _link in told(member, now)] == [
        "Works: the office settled a contradiction (staff 2025)"
    ]
    own.refresh_from_db()
    assert own.end_reason == "resolved"
