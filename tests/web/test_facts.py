"""The pages of a firm's facts: what is shown to whom, stating a value or a list, settling a conflict, consent."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from keqiao.apps.parties.models import Fact, Organization
from tests.factories.parties import (
    FactFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = localdate()
LAST = TODAY.year - 1


@pytest.fixture
def firm() -> Organization:
    found = OrganizationFactory()
    assert isinstance(found, Organization)
    return found


def signed_in(client: Client, *, role: str = "", firm: Organization | None = None) -> Client:
    user = UserFactory()
    if role == "officer":
        OfficerFactory(user=user)
    else:
        MembershipFactory(user=user, role=role, organization=firm)
    client.force_login(user)
    client.cookies["django_language"] = "zh-hans"
    return client


def address(firm: Organization, rest: str = "") -> str:
    return f"/desk/organizations/{firm.key}/facts/{rest}"


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def fact(firm: Organization, **values: object) -> Fact:
    found = FactFactory(organization=firm, **{"year": LAST, "observed_on": TODAY - timedelta(days=9)} | values)
    assert isinstance(found, Fact)
    return found


def test_page_says_value_year_source_day_and_status(client: Client, firm: Organization) -> None:
    fact(firm, name="revenue_fen", value=1_234_560_000)
    page = plain(signed_in(client, role="member", firm=firm).get(address(firm)).content.decode())

    assert f"营业收入 {LAST} 1,234.56 万元 已核实 税务 {TODAY - timedelta(days=9)}" in page


def test_editor_states_an_amount_in_a_unit(client: Client, firm: Organization) -> None:
    form = {"year": LAST, "value": "1,200.5", "unit": "万元", "observed_on": TODAY, "note": "年报"}

    response = signed_in(client, role="editor", firm=firm).post(address(firm, "revenue_fen/"), form)

    assert response.status_code == 302
    assert list(firm.facts.values_list("name", "year", "value", "register", "status", "note")) == [
        ("revenue_fen", LAST, 1_200_500_000, "企业自报", "self_declared", "年报")
    ]


def test_value_that_cannot_be_taken_is_said_beside_the_field(client: Client, firm: Organization) -> None:
    form = {"year": LAST, "value": "12.345", "unit": "元", "observed_on": TODAY}

    response = signed_in(client, role="editor", firm=firm).post(address(firm, "revenue_fen/"), form)

    assert response.status_code == 422
    assert "“12.345”换算后不是整数分" in response.content.decode()
    assert firm.facts.count() == 0


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("staff", {"value": "-3"}, "“-3”是负数，职工总数不能小于 0。"),
        ("staff", {"value": "3.5"}, "“3.5”不是整数，职工总数只能填整数。"),
        ("staff", {"unit": "万元"}, "“万元”不是这个数据的单位"),
        ("staff", {"value": "3 吨"}, "写了两个不同的单位（3 吨 / 人），请只留一个。"),
        ("staff", {"year": TODAY.year}, f"不能填 {TODAY.year} 年度：只填已经结束的年度"),
        ("staff", {"year": TODAY.year + 1}, f"不能填 {TODAY.year + 1} 年度：只填已经结束的年度"),
        ("staff", {"observed_on": TODAY + timedelta(days=1)}, "数据日期不能晚于今天"),
        ("founded", {"value": TODAY + timedelta(days=1)}, "还没有到，请核对日期。"),
    ],
)
def test_mistakes_in_the_form_are_said_and_nothing_is_written(
    client: Client, firm: Organization, name: str, wrong: dict[str, object], said: str
) -> None:
    form = {"year": LAST, "value": "3", "unit": "人", "observed_on": TODAY} | wrong

    response = signed_in(client, role="editor", firm=firm).post(address(firm, f"{name}/"), form)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert firm.facts.count() == 0


def rows(*items: dict[str, str]) -> dict[str, object]:
    form: dict[str, object] = {"items-TOTAL_FORMS": len(items), "items-INITIAL_FORMS": 0, "observed_on": TODAY}
    for number, item in enumerate(items):
        form |= {f"items-{number}-{name}": value for name, value in item.items()}
    return form


def test_editor_states_a_list_row_by_row(client: Client, firm: Organization) -> None:
    form = rows({"date": "2025-03-01", "paid_in_fen": "500.5", "qualified": "是"}, {}, {"date": "2025-06-01"})

    response = signed_in(client, role="editor", firm=firm).post(address(firm, "equity_rounds/"), form)

    assert response.status_code == 302
    assert firm.facts.get().value == [
        {"date": "2025-03-01", "paid_in_fen": 500_500_000, "qualified": True},
        {"date": "2025-06-01"},
    ]


def test_empty_list_is_stated_only_on_purpose(client: Client, firm: Organization) -> None:
    editor = signed_in(client, role="editor", firm=firm)

    refused = editor.post(address(firm, "awards/"), rows({}))
    stated = editor.post(address(firm, "awards/"), rows({}) | {"none": "on"})

    assert (refused.status_code, stated.status_code) == (422, 302)
    assert firm.facts.get().value == []


def test_list_that_stands_is_filled_in_to_be_changed(client: Client, firm: Organization) -> None:
    item = {"date": "2025-03-01", "paid_in_fen": 500_500_000, "qualified": False}
    fact(firm, name="equity_rounds", year=None, value=[item])

    page = signed_in(client, role="editor", firm=firm).get(address(firm, "equity_rounds/")).content.decode()

    assert 'name="items-0-paid_in_fen" value="500.5"' in page
    assert 'name="items-0-date" value="2025-03-01"' in page


def test_conflict_is_shown_side_by_side(client: Client, firm: Organization) -> None:
    fact(firm, name="staff", value=30)
    fact(firm, name="staff", value=33, register="企业自报", status="self_declared")

    page = plain(signed_in(client, role="member", firm=firm).get(address(firm, "staff/")).content.decode())

    assert "哪一个正确？" in page
    assert ("30 人" in page, "33 人" in page) == (True, True)


def test_firm_gives_way_by_withdrawing_its_own_value(client: Client, firm: Organization) -> None:
    fact(firm, name="staff", value=30)
    own = fact(firm, name="staff", value=33, register="企业自报", status="self_declared")
    editor = signed_in(client, role="editor", firm=firm)

    editor.post(address(firm, "staff/"), {"do": "withdraw", "row": own.pk})
    page = plain(editor.get(address(firm, "staff/")).content.decode())

    assert "哪一个正确？" not in page
    assert "以前的值" in page
    assert list(firm.facts.filter(ended_at=None).values_list("value", flat=True)) == [30]


def test_row_of_another_fact_is_not_found(client: Client, firm: Organization) -> None:
    other = fact(firm, name="tech_staff", value=3)

    response = signed_in(client, role="officer").post(address(firm, "staff/"), {"do": "withdraw", "row": other.pk})

    assert response.status_code == 404
    assert firm.facts.filter(ended_at=None).count() == 1


def test_manager_authorises_and_withdraws(client: Client, firm: Organization) -> None:
    manager = signed_in(client, role="manager", firm=firm)

    for do in ("authorise", "end"):
        manager.post(address(firm), {"do": do, "purpose": "support"})

    row = firm.consents.get()
    assert (row.purpose, row.ended_at is not None) == ("support", True)
    assert manager.post(address(firm), {"do": "authorise", "purpose": "gossip"}).status_code == 404


def test_firm_states_nothing_that_experts_judge(client: Client, firm: Organization) -> None:
    editor = signed_in(client, role="editor", firm=firm)
    form = {"value": "20", "observed_on": date(2026, 1, 1)}

    assert "本单位填报" not in editor.get(address(firm, "expert_mgmt_hi/")).content.decode()
    editor.post(address(firm, "expert_mgmt_hi/"), form)
    assert firm.facts.count() == 0


def test_officer_states_for_a_register(client: Client, firm: Organization) -> None:
    form = {"year": LAST, "value": "40", "unit": "人", "register": "税务", "purposes": ["statistics"],
            "observed_on": TODAY}  # fmt: skip

    response = signed_in(client, role="officer").post(address(firm, "staff/"), form)

    assert response.status_code == 302
    assert list(firm.facts.values_list("value", "register", "status", "purposes")) == [
        (40, "税务", "confirmed", ["statistics"])
    ]


def test_office_corrects_a_register_with_an_earlier_day(client: Client, firm: Organization) -> None:
    wrong = fact(firm, name="staff", value=300)
    earlier = TODAY - timedelta(days=30)
    office = signed_in(client, role="officer")

    page = office.get(address(firm, f"staff/?fix={wrong.pk}")).content.decode()
    response = office.post(address(firm, "staff/"), {"fix": wrong.pk, "value": "30", "unit": "人",
                                                     "observed_on": earlier})  # fmt: skip

    assert f"更正 {LAST} · 税务" in page
    assert response.status_code == 302
    assert list(firm.facts.values_list("value", "register", "observed_on", "end_reason").order_by("pk")) == [
        (300, "税务", TODAY - timedelta(days=9), "corrected"), (30, "税务", earlier, ""),
    ]  # fmt: skip


def test_firm_is_offered_no_correction_of_a_register(client: Client, firm: Organization) -> None:
    theirs = fact(firm, name="staff", value=300)
    editor = signed_in(client, role="editor", firm=firm)
    form = {"fix": theirs.pk, "year": LAST, "value": "30", "unit": "人", "observed_on": TODAY}

    editor.post(address(firm, "staff/"), form)

    assert list(firm.facts.filter(ended_at=None).values_list("value", "register").order_by("pk")) == [
        (300, "税务"), (30, "企业自报"),
    ]  # fmt: skip


def test_desk_and_page_of_the_body_lead_to_its_facts(client: Client, firm: Organization) -> None:
    member = signed_in(client, role="member", firm=firm)
    for page in ("/desk/", f"/organizations/{firm.key}/"):
        assert f'href="{address(firm)}"' in member.get(page).content.decode()

    client.logout()
    assert address(firm) not in client.get(f"/organizations/{firm.key}/").content.decode()
