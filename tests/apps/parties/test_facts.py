"""Bringing, declaring, correcting, confirming and withdrawing facts, and what a firm lets be used."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties import actions
from keqiao.apps.parties.models import Fact, FactConsent, Organization
from tests.apps.acting import editor, last_entry, manager, officer, person, product
from tests.factories.parties import FactConsentFactory, FactFactory, OrganizationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
STATED: dict[str, Any] = {"name": "revenue_fen", "year": 2025, "register": "税务", "observed_on": date(2026, 3, 1)}


@pytest.fixture
def firm() -> Organization:
    found = OrganizationFactory()
    assert isinstance(found, Organization)
    return found


def bring(firm: Organization, at: datetime, value: object, **given: Any) -> Fact:
    return actions.bring_fact(firm, value=value, by=officer(firm.area), at=at, **(STATED | given))


def declare(firm: Organization, at: datetime, value: object, **given: Any) -> Fact:
    wanted = {"name": "revenue_fen", "year": 2025} | given
    return actions.declare_fact(firm, value=value, by=editor(firm), at=at, **wanted)


def live() -> list[tuple[Any, ...]]:
    return list(Fact.objects.filter(ended_at=None).order_by("pk").values_list("name", "year", "value", "register"))


def test_fact_of_a_register_is_confirmed_and_noted(firm: Organization, now: datetime) -> None:
    row = bring(firm, now, "1200.5", unit="万元")

    row.refresh_from_db()
    assert (row.value, row.status, row.purposes) == (1_200_500_000, "confirmed", ["support", "statistics"])
    assert (row.brought_at, row.ended_at) == (now, None)
    assert last_entry() == ("fact.bring", officer("").key, f"organization:{firm.key}", "done", "")
    assert list(ledger.verify()) == []


def test_newer_value_of_one_register_replaces_the_older(firm: Organization, now: datetime) -> None:
    first = bring(firm, now, 100)
    bring(firm, now, 120, observed_on=date(2026, 5, 1))

    first.refresh_from_db()
    assert live() == [("revenue_fen", 2025, 120, "税务")]
    assert (first.end_reason, first.ended_at, first.ended_by) == ("superseded", now, officer("").key)


def test_same_value_again_writes_no_second_row(firm: Organization, now: datetime) -> None:
    first = bring(firm, now, 100)

    assert bring(firm, now, 100).pk == first.pk
    assert Fact.objects.count() == 1


def test_value_older_than_the_known_one_is_refused(firm: Organization, now: datetime) -> None:
    bring(firm, now, 100)

    with pytest.raises(ValidationError, match="已有 2026-03-01 的数据"):
        bring(firm, now, 90, observed_on=date(2026, 2, 1))
    assert live() == [("revenue_fen", 2025, 100, "税务")]


def test_values_of_two_registers_both_stay(firm: Organization, now: datetime) -> None:
    bring(firm, now, 100)
    bring(firm, now, 90, register="统计/工信")

    assert [row[2:] for row in live()] == [(100, "税务"), (90, "统计/工信")]


@pytest.mark.parametrize(
    ("given", "field", "text"),
    [
        ({"name": "sales_wan"}, "name", "没有“sales_wan”这项企业数据"),
        ({"unit": "人"}, "unit", "请用：万元、元、亿元、分"),
        ({"value": 1.5}, "value", "换算后不是整数分"),
        ({"value": -1}, "value", "营业收入不能小于 0"),
        ({"year": 2026}, "year", "2026 年度还没有结束"),
        ({"year": None}, "year", "营业收入分年度填报"),
        ({"register": "算命"}, "register", "没有“算命”这个数据来源"),
        ({"register": "企业自报"}, "register", "由企业自己填报"),
        ({"observed_on": TODAY + timedelta(days=1)}, "observed_on", "不能晚于今天"),
        ({"purposes": ["gossip"]}, "purposes", "用于什么用途"),
        ({"purposes": []}, "purposes", "用于什么用途"),
        ({"name": "awards", "year": None, "value": [{"kind": "x"}]}, "value", "第 1 项：“x”不在可选的内容里"),
    ],
)
def test_fact_that_cannot_be_taken_says_why(
    firm: Organization, now: datetime, given: dict[str, Any], field: str, text: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        bring(firm, now, **({"value": 100} | given))

    assert text in caught.value.message_dict[field][0]
    assert Fact.objects.count() == 0


def test_register_is_brought_by_the_office_of_the_place_alone(firm: Organization, now: datetime) -> None:
    for actor in (editor(firm), officer("229902"), person()):
        with pytest.raises(Refused, match="not_officer_for_area_of_body"):
            actions.bring_fact(firm, value=1, by=actor, at=now, **STATED)
    assert Fact.objects.count() == 0


def test_declared_fact_stands_as_the_firms_own(firm: Organization, now: datetime) -> None:
    row = declare(firm, now, 3, unit="亿元")

    assert (row.value, row.register, row.status, row.observed_on) == (
        30_000_000_000, "企业自报", "self_declared", TODAY,
    )  # fmt: skip


def test_only_own_editors_declare(firm: Organization, now: datetime) -> None:
    for actor in (editor(OrganizationFactory()), officer(firm.area)):
        with pytest.raises(Refused, match="not_editor_of_organization"):
            actions.declare_fact(firm, name="staff", year=2025, value=1, by=actor, at=now)


def test_what_experts_judge_is_declared_by_nobody(firm: Organization, now: datetime) -> None:
    with pytest.raises(ValidationError, match="由专家或主管部门评定"):
        declare(firm, now, 20, name="expert_mgmt_hi", year=None)


def test_declaration_against_a_register_leaves_both(firm: Organization, now: datetime) -> None:
    bring(firm, now, 100)
    declare(firm, now, 130)

    assert [row[2:] for row in live()] == [(100, "税务"), (130, "企业自报")]


def test_firm_corrects_its_own_and_the_office_a_registers(firm: Organization, now: datetime) -> None:
    own, theirs = declare(firm, now, 130), bring(firm, now, 100)

    actions.correct_fact(own, value=131, by=editor(firm), at=now)
    actions.correct_fact(theirs, value=101, by=officer(firm.area), at=now)

    assert [row[2:] for row in live()] == [(131, "企业自报"), (101, "税务")]
    assert {row.end_reason for row in Fact.objects.exclude(ended_at=None)} == {"corrected"}


def test_firm_cannot_touch_what_a_register_states(firm: Organization, now: datetime) -> None:
    row = bring(firm, now, 100)

    with pytest.raises(Refused, match="not_officer_for_area_of_body"):
        actions.correct_fact(row, value=1, by=manager(firm), at=now)
    with pytest.raises(Refused, match="not_officer_for_area_of_body"):
        actions.withdraw_fact(row, by=manager(firm), at=now)
    assert live() == [("revenue_fen", 2025, 100, "税务")]


def test_office_cannot_withdraw_what_a_firm_states(firm: Organization, now: datetime) -> None:
    with pytest.raises(Refused, match="not_editor_of_organization"):
        actions.withdraw_fact(declare(firm, now, 1), by=officer(firm.area), at=now)


def test_confirmed_declaration_says_who_checked_it(firm: Organization, now: datetime) -> None:
    row = actions.confirm_fact(declare(firm, now, 130), by=officer(firm.area), at=now)

    assert (row.status, row.confirmed_by, row.confirmed_at) == ("confirmed", officer("").key, now)
    with pytest.raises(Refused, match="fact_confirmed"):
        actions.confirm_fact(row, by=officer(firm.area), at=now)


def test_officer_confirms_nothing_of_a_body_of_their_own(firm: Organization, now: datetime) -> None:
    row = declare(firm, now, 130)
    both = person(None, *editor(firm).grants, *officer(firm.area).grants)

    with pytest.raises(Refused, match="own_fact"):
        actions.confirm_fact(row, by=both, at=now)


def test_contradicted_value_is_resolved_and_not_confirmed(firm: Organization, now: datetime) -> None:
    theirs, own = bring(firm, now, 100), declare(firm, now, 130)
    with pytest.raises(Refused, match="fact_in_conflict"):
        actions.confirm_fact(own, by=officer(firm.area), at=now)

    actions.resolve_fact(own, by=officer(firm.area), at=now, note="查阅了审计报告")

    theirs.refresh_from_db()
    own.refresh_from_db()
    assert (theirs.end_reason, own.status, own.ended_at) == ("resolved", "confirmed", None)


def test_values_that_agree_are_no_conflict(firm: Organization, now: datetime) -> None:
    bring(firm, now, 100)
    own = declare(firm, now, 100)

    with pytest.raises(Refused, match="fact_not_in_conflict"):
        actions.resolve_fact(own, by=officer(firm.area), at=now)


def test_statistical_value_contradicts_nothing(firm: Organization, now: datetime) -> None:
    survey = bring(firm, now, 90, register="统计/工信", purposes=["statistics"])
    own = declare(firm, now, 130)

    actions.confirm_fact(own, by=officer(firm.area), at=now)

    survey.refresh_from_db()
    assert (survey.ended_at, str(survey.privacy)) == (None, "P4")


def test_ended_value_can_be_neither_corrected_nor_withdrawn(firm: Organization, now: datetime) -> None:
    row = declare(firm, now, 130)
    stale = Fact.objects.get(pk=row.pk)
    actions.withdraw_fact(row, by=editor(firm), at=now, note="填错")

    for act in (actions.withdraw_fact, actions.confirm_fact, actions.resolve_fact):
        with pytest.raises(Refused, match="fact_ended"):
            act(stale, by=product(), at=now)


def test_consent_is_given_once_and_withdrawn_by_managers(firm: Organization, now: datetime) -> None:
    with pytest.raises(Refused, match="not_manager_of_organization"):
        actions.authorise(firm, purpose="support", by=editor(firm), at=now)
    actions.authorise(firm, purpose="support", by=manager(firm), at=now)
    with pytest.raises(Refused, match="authorised_already"):
        actions.authorise(firm, purpose="support", by=manager(firm), at=now)

    row = actions.end_authorisation(firm, purpose="support", by=manager(firm), at=now)

    assert (row.ended_at, FactConsent.objects.filter(ended_at=None).count()) == (now, 0)
    with pytest.raises(Refused, match="not_authorised"):
        actions.end_authorisation(firm, purpose="support", by=manager(firm), at=now)


def test_consent_to_an_unknown_purpose_is_refused(firm: Organization, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.authorise(firm, purpose="gossip", by=manager(firm), at=now)


def test_merged_bodies_keep_both_values_as_a_conflict(firm: Organization, now: datetime) -> None:
    gone = OrganizationFactory(area=firm.area)
    for body, value in ((firm, 30), (gone, 31)):
        FactFactory(organization=body, value=value)
        FactConsentFactory(organization=body)

    record = actions.merge(keep=firm, gone=gone, note="", by=officer(firm.area), at=now)

    assert sorted(firm.facts.values_list("value", flat=True)) == [30, 31]
    actions.split(record, by=officer(firm.area), at=now)
    assert [row.value for row in firm.facts.all()] == [30]


def test_facts_of_one_delivery_stand_or_fall_together(firm: Organization, now: datetime) -> None:
    good = actions.Statement(name="staff", year=2025, value=30, register="税务")
    who: dict[str, Any] = {"by": officer(firm.area), "at": now}

    with pytest.raises(ValidationError, match="换算后不是整数"):
        actions.bring_facts(firm, [good, replace(good, name="rd_fen", value="0.001", unit="元")], **who)
    assert live() == []

    actions.bring_facts(firm, [good, replace(good, name="rd_fen", value="2", unit="元")], **who)
    assert [row[2] for row in live()] == [30, 200]
    assert Entry.objects.get(outcome="done").facts["count"] == 2


def test_one_delivery_states_one_value_of_a_fact(firm: Organization, now: datetime) -> None:
    one = actions.Statement(name="staff", year=2025, value=30, register="税务")

    with pytest.raises(ValidationError, match="写了两个值"):
        actions.bring_facts(firm, [one, replace(one, value=31)], by=product(), at=now)
    assert live() == []
