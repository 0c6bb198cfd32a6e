"""Facts of firms: open ones at once, confidential ones for a purpose; each look is kept, a refusal too."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from keqiao.apps.ledger.models import Entry, EntryValues
from keqiao.apps.parties.models import Fact, Organization
from tests.factories.parties import (
    CertificateFactory,
    FactConsentFactory,
    FactFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TODAY = localdate()
LAST = TODAY.year - 1
LOOK = {"do": "look", "purpose": "support", "matter": "核对拟兑现名单"}


@pytest.fixture
def firm() -> Organization:
    found = OrganizationFactory()
    assert isinstance(found, Organization)
    return found


@pytest.fixture
def office(client: Client) -> Client:
    user = UserFactory()
    OfficerFactory(user=user)
    client.force_login(user)
    client.cookies["django_language"] = "zh-hans"
    return client


def address(firm: Organization) -> str:
    return f"/office/organizations/{firm.key}/facts/"


def plain(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def fact(firm: Organization, **values: object) -> Fact:
    found = FactFactory(organization=firm, **{"year": LAST, "observed_on": TODAY - timedelta(days=9)} | values)
    assert isinstance(found, Fact)
    return found


def looks() -> list[tuple[str, str, Any]]:
    rows = Entry.objects.filter(kind="fact.look").order_by("seq")
    return [(row.outcome, row.reason, row.facts.get("count")) for row in rows]


def test_confidential_values_need_purpose_matter_and_authorisation(office: Client, firm: Organization) -> None:
    fact(firm, name="revenue_fen", value=1_234_560_000)
    fact(firm, name="staff", value=31)
    fact(firm, name="tech_staff", value=7, register="企业自报", status="self_declared")

    first = plain(office.get(address(firm)))
    refused = plain(office.post(address(firm), LOOK))
    FactConsentFactory(organization=firm)
    again = plain(office.get(address(firm)))
    opened = plain(office.post(address(firm), LOOK))

    assert [("31 人" in page, "1,234.56 万元" in page, "7 人" in page) for page in (first, refused, again, opened)] == [
        (True, False, False), (True, False, False), (True, False, False), (True, True, True),
    ]  # fmt: skip
    assert "另有 2 项" in first
    assert "没有授权这个用途" in refused
    assert looks() == [("done", "", 0), ("done", "", 2)]


def test_look_leaves_names_and_matter_but_no_value(office: Client, firm: Organization) -> None:
    fact(firm, name="revenue_fen", value=1_234_560_000)
    FactConsentFactory(organization=firm)

    office.post(address(firm), LOOK)

    kept = EntryValues.objects.get(entry__kind="fact.look").values
    assert kept == {"purpose": "support", "matter": "核对拟兑现名单", "facts": [f"revenue_fen {LAST}"]}


@pytest.mark.parametrize("wrong", [{"purpose": "gossip"}, {"matter": "看"}, {"matter": ""}])
def test_look_without_purpose_or_matter_opens_nothing(
    office: Client, firm: Organization, wrong: dict[str, str]
) -> None:
    fact(firm, name="revenue_fen", value=1_234_560_000)
    FactConsentFactory(organization=firm)

    answer = office.post(address(firm), LOOK | wrong)

    assert answer.status_code == 422
    assert "1,234.56" not in answer.content.decode()
    assert looks() == []


def test_purpose_opens_what_was_authorised_for_it_alone(office: Client, firm: Organization) -> None:
    fact(firm, name="revenue_fen", value=1_234_560_000, purposes=["support"])
    fact(firm, name="rd_fen", value=2_000_000)
    FactConsentFactory(organization=firm, purpose="statistics")

    support = plain(office.post(address(firm), LOOK))
    statistics = plain(office.post(address(firm), LOOK | {"purpose": "statistics"}))

    assert [("1,234.56 万元" in page, "2 万元" in page) for page in (support, statistics)] == [
        (False, False), (False, True),
    ]  # fmt: skip


def test_survey_data_are_shown_to_no_officer_and_feed_no_verdict(office: Client, firm: Organization) -> None:
    fact(firm, name="staff", value=77, purposes=["statistics"])
    for purpose in ("support", "statistics"):
        FactConsentFactory(organization=firm, purpose=purpose)

    pages = [office.get(address(firm)), *(office.post(address(firm), LOOK | {"purpose": purpose})
                                          for purpose in ("support", "statistics"))]  # fmt: skip

    assert ["77" in plain(page).replace(firm.key, "") for page in pages] == [False] * 3
    assert "1 项只为统计收集" in plain(pages[0])


def test_firm_is_shown_who_has_looked_for_what(client: Client, office: Client, firm: Organization) -> None:
    fact(firm, name="revenue_fen")
    FactConsentFactory(organization=firm)
    office.post(address(firm), LOOK)
    client.force_login(MembershipFactory(organization=firm, role="member").user)

    page = plain(client.get(f"/desk/organizations/{firm.key}/facts/"))

    assert "惠企支持 · 1 项 核对拟兑现名单" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_attempt_of_others_is_refused_and_kept(client: Client, firm: Organization, method: str) -> None:
    user = UserFactory()
    OfficerFactory(user=user, area="229902")
    client.force_login(user)

    answer = getattr(client, method)(address(firm), LOOK)

    assert answer.status_code == 403
    assert looks() == [("refused", "not_officer_for_area_of_body", None)]


def test_facts_are_chosen_by_class_source_year_and_status(office: Client, firm: Organization) -> None:
    fact(firm, name="staff", value=31)
    fact(firm, name="founded", year=None, value="2019-03-05", register="市场监管")
    fact(firm, name="is_sme", year=None, value=True, register="工信")
    fact(firm, name="is_sme", year=None, value=False, register="税务")

    def shown(**chosen: object) -> list[str]:
        page = office.get(address(firm), chosen).content.decode().partition("<h2>数据</h2>")[2]
        return re.findall(r'scope="row"[^>]*><a [^>]*>([^<]+)<', page)

    assert shown(privacy="P0") == ["注册成立日期"]
    assert shown(register="税务") == ["符合中小企业划型标准", "职工总数"]
    assert shown(year=LAST) == ["职工总数"]
    assert shown(status="conflict") == ["符合中小企业划型标准"]
    assert len(shown(status="nonsense")) == 3


def test_conflict_is_listed_and_settled_with_a_reason(office: Client, firm: Organization) -> None:
    theirs = fact(firm, name="staff", value=30)
    right = fact(firm, name="staff", value=33, register="社保/年报")
    OfficerFactory()
    other = OrganizationFactory(area="229902", name="外地厂")
    for value, register in ((1, "税务"), (2, "社保/年报")):
        fact(other, name="staff", value=value, register=register)

    queue = plain(office.get("/office/facts/"))
    without = office.post(address(firm), {"do": "resolve", "right": right.pk, "note": ""}, follow=True)
    assert firm.facts.filter(ended_at=None).count() == 2
    office.post(address(firm), {"do": "resolve", "right": right.pk, "note": "已核对社保缴费名册"})

    assert (firm.name in queue, f"职工总数 {LAST}" in queue, "外地厂" in queue) == (True, True, False)
    assert "请写明理由" in plain(without)
    theirs.refresh_from_db()
    assert theirs.end_reason == "resolved"
    assert EntryValues.objects.get(entry__kind="fact.resolve").values["note"] == "已核对社保缴费名册"
    assert firm.name not in plain(office.get("/office/facts/"))


def test_rival_that_may_not_be_seen_cannot_be_settled_on_the_page(office: Client, firm: Organization) -> None:
    fact(firm, name="staff", value=30)
    fact(firm, name="staff", value=33, register="企业自报", status="self_declared")

    page = plain(office.get(address(firm)))

    assert "另一个来源的值要按用途查看后才能核对" in page
    assert "33 人" not in page


@pytest.mark.parametrize(("right", "last_day"), [("platform", "2027-04-30"), ("list", "2026-04-30")])
def test_certificate_at_odds_with_a_list_is_settled_either_way(
    office: Client, firm: Organization, right: str, last_day: str
) -> None:
    item = {"type": "srdi", "from": "2024-05-01", "to": "2026-04-30"}
    fact(firm, name="certificates", year=None, value=[item], register="工信")
    CertificateFactory(
        organization=firm, kind="srdi", issued_date="2024-05-01", expires_date="2027-04-30",
        confirmed_by="user:x", confirmed_at="2026-01-01T00:00Z",
    )  # fmt: skip
    assert firm.name in plain(office.get("/office/facts/"))

    office.post(address(firm), {"do": "resolve", "right": right, "note": "已核对认定文件"})

    assert firm.name not in plain(office.get("/office/facts/"))
    assert firm.facts.get(ended_at=None).value[0]["to"] == last_day
    assert firm.certificates.get().expires_date.isoformat() == last_day


def test_certificate_is_confirmed_corrected_and_revoked(office: Client, firm: Organization) -> None:
    row = CertificateFactory(organization=firm, kind="hte", issued_date=TODAY - timedelta(days=50))

    office.post(address(firm), {"do": "confirm_certificate", "row": row.pk})
    office.post(address(firm), {"do": "edit_certificate", "row": row.pk, f"c{row.pk}-revoked_date": TODAY})
    ahead = {"do": "edit_certificate", "row": row.pk, f"c{row.pk}-revoked_date": TODAY + timedelta(days=1)}
    answer = office.post(address(firm), ahead, follow=True)

    row.refresh_from_db()
    assert (row.is_confirmed, row.revoked_date) == (True, TODAY)
    assert "撤销日期应在发证日期和今天之间" in plain(answer)
    assert office.post(address(firm), {"do": "confirm", "row": "x"}).status_code == 404


def test_officer_of_ones_own_firm_settles_nothing(client: Client, firm: Organization) -> None:
    user = UserFactory()
    OfficerFactory(user=user)
    MembershipFactory(user=user, organization=firm, role="member")
    client.force_login(user)
    fact(firm, name="staff", value=30)
    right = fact(firm, name="staff", value=33, register="社保/年报")

    client.post(address(firm), {"do": "resolve", "right": right.pk, "note": "我们知道"})

    assert firm.facts.filter(ended_at=None).count() == 2
    assert Entry.objects.filter(kind="fact.resolve", outcome="refused", reason="own_fact").count() == 1
