"""认定登记: who files where, the clock, what the office decides, changes and cancellations."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market import registration_rules as rules
from keqiao.apps.market.actions import offices, registering, registrations
from keqiao.apps.market.models import Counterparty, Registration, RegistrationOffice
from keqiao.apps.parties.actors import Actor, Grant
from keqiao.apps.parties.models import Role
from tests.apps.acting import administrator, editor, last_entry, officer, person, registrar
from tests.factories.base import MOMENT
from tests.factories.market import AgreementFactory, OfficeFactory, RegistrationFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
REST = {"ip_type": "know_how", "objective": "industry", "handler": "Lin"}


def filed(now: datetime, **values: Any) -> Registration:
    agreement = AgreementFactory(signed=True, **values)
    office = RegistrationOffice.objects.first() or OfficeFactory()
    return registrations.file_registration(agreement, office=office, by=editor(agreement.seller), at=now, **REST)


def by_office(row: Registration) -> Actor:
    return registrar(row.office.organization, UserFactory())


def pass_checks(row: Registration, by: Actor, now: datetime, *kinds: str) -> None:
    for kind in kinds or ("form", "type", "amount"):
        registering.check(row, kind=kind, passed=True, opinion="符合", by=by, at=now)


def test_form_is_drawn_from_the_agreement(now: datetime) -> None:
    row = filed(now)
    assert (row.seller_name, row.seller_nature, row.seller_country, row.contract_amount_fen, row.state, row.flow) == (
        row.agreement.seller.name, "other_enterprise", "142", 80_000_000, "draft", "local",
    )  # fmt: skip


def test_the_seller_files_once(now: datetime) -> None:
    row = filed(now)
    agreement, office = row.agreement, row.office
    with pytest.raises(Refused, match="already_filed"):
        registrations.file_registration(agreement, office=office, by=editor(agreement.seller), at=now)
    other = AgreementFactory(signed=True)
    with pytest.raises(Refused, match="filed_by_seller"):
        registrations.file_registration(other, office=office, by=editor(other.buyer), at=now)
    draft = AgreementFactory()
    with pytest.raises(Refused, match="agreement_is_draft"):
        registrations.file_registration(draft, office=office, by=editor(draft.seller), at=now)
    over = AgreementFactory(signed=True, from_date=TODAY - timedelta(days=99), to_date=TODAY)
    with pytest.raises(Refused, match="contract_expired"):
        registrations.file_registration(over, office=office, by=editor(over.seller), at=now)


def test_an_import_is_filed_by_the_buyer(now: datetime) -> None:
    abroad = Counterparty.objects.create(name="Meier GmbH", country="304", nature="abroad", created_at=now)
    agreement = AgreementFactory(signed=True, seller=None, seller_other=abroad)
    row = registrations.file_registration(agreement, office=OfficeFactory(), by=editor(agreement.buyer), at=now, **REST)
    assert (row.flow, row.seller_country) == ("in_abroad", "304")


def test_a_seller_of_another_province_files_there(now: datetime) -> None:
    other = Counterparty.objects.create(name="外省院所", area="110000", nature="research", created_at=now)
    agreement = AgreementFactory(signed=True, seller=None, seller_other=other)
    with pytest.raises(Refused, match="files_elsewhere"):
        registrations.file_registration(agreement, office=OfficeFactory(), by=editor(agreement.buyer), at=now)


def test_offices_are_those_of_the_sellers_place_and_never_a_sides_own(now: datetime) -> None:
    wide, near = OfficeFactory(), OfficeFactory(areas=["229901"])
    OfficeFactory(areas=["229902"]), OfficeFactory(is_active=False)
    own = OfficeFactory(areas=["229901"])
    agreement = AgreementFactory(signed=True, seller=own.organization)

    assert registrations.offices_for(agreement) == [near, wide]
    with pytest.raises(Refused, match="office_does_not_serve"):
        registrations.file_registration(agreement, office=own, by=editor(agreement.seller), at=now)


def test_submit_names_what_is_missing_and_starts_the_clock(now: datetime) -> None:
    row = filed(now)
    by = editor(row.agreement.seller)
    with pytest.raises(ValidationError) as error:
        registrations.edit_form(row, by=by, at=now, handler="", objective="x", buyer_area="12")
    assert set(error.value.message_dict) == {"handler", "objective", "buyer_area"}
    row.refresh_from_db()

    registrations.submit(row, by=by, at=now)

    # Fifteen working days after Saturday the 21st: Friday the 11th.
    assert (row.state, row.filed_date, row.due_date) == ("submitted", TODAY, date(2026, 12, 11))
    assert list(ledger.verify()) == []


@override_settings(REGION="22")
def test_clock_of_the_national_rule_begins_with_acceptance(now: datetime) -> None:
    row = RegistrationFactory(due_date=None)
    registering.accept(row, by=by_office(row), at=now)
    assert (row.state, row.due_date) == ("accepted", TODAY + timedelta(days=30))


def test_supplement_stops_the_clock_and_begins_it_anew(now: datetime) -> None:
    row = filed(now)
    seller = editor(row.agreement.seller)
    registrations.submit(row, by=seller, at=now)
    with pytest.raises(ValidationError) as error:
        registering.ask_supplement(row, reason="", text="", deadline_date=TODAY, by=by_office(row), at=now)
    assert set(error.value.message_dict) == {"reason", "text", "deadline_date"}
    row.refresh_from_db()
    registering.ask_supplement(
        row, reason="costs", text="缺少费用构成", deadline_date=TODAY + timedelta(days=9), by=by_office(row), at=now
    )
    assert (row.state, row.due_date) == ("supplement_required", None)
    with pytest.raises(ValidationError):
        registrations.submit(row, by=seller, at=now)
    row.refresh_from_db()

    registrations.submit(row, answer="已补", by=seller, at=now + timedelta(days=5))

    assert (row.state, row.filed_date, row.due_date) == ("submitted", TODAY, date(2026, 12, 17))
    assert row.supplements.get().answer == "已补"


def test_register_needs_every_check_and_a_number_of_its_own(now: datetime) -> None:
    office = OfficeFactory()
    RegistrationFactory(office=office, registered=True, number="1" * 14)
    row = RegistrationFactory(office=office)
    by = by_office(row)
    with pytest.raises(Refused, match="registration_is_submitted"):
        registering.register(row, number="2" * 14, by=by, at=now)
    registering.accept(row, by=by, at=now)
    pass_checks(row, by, now, "form", "type")
    assert row.state == "under_review"
    with pytest.raises(Refused, match="checks_missing"):
        registering.register(row, number="2" * 14, by=by, at=now)
    registering.check(row, kind="amount", passed=False, opinion="设备未扣除", by=by, at=now)
    with pytest.raises(Refused, match="check_not_passed"):
        registering.register(row, number="2" * 14, by=by, at=now)
    pass_checks(row, by, now, "amount")
    for number in ("", "1" * 14):
        with pytest.raises(ValidationError):
            registering.register(row, number=number, by=by, at=now)
        row.refresh_from_db()

    registering.register(row, number=" 2222 2222222222 ", technology_amount_fen=50_000_000, by=by, at=now)

    assert (row.state, row.number, row.technology_amount_fen, row.registered_date) == (
        "registered", "2" * 14, 50_000_000, TODAY,
    )  # fmt: skip
    assert last_entry()[0] == "registration.register"


def test_number_of_another_length_is_kept_with_a_word() -> None:
    assert [bool(rules.number_notice(number)) for number in ("1" * 14, "1" * 16, "1" * 15, "A1")] == [
        False, False, True, True,
    ]  # fmt: skip


def test_nobody_decides_on_a_contract_of_their_own_body(now: datetime) -> None:
    row = RegistrationFactory()
    office = row.office.organization.key
    refusals = {}
    who = {
        "own": person(UserFactory(), Grant(Role.REGISTRAR, office), Grant(Role.MEMBER, row.agreement.buyer.key)),
        "other office": registrar(OrganizationFactory()),
        "administrator": administrator(),
        "seller": editor(row.agreement.seller),
        "officer": officer("229999"),
    }
    for name, actor in who.items():
        with pytest.raises(Refused) as refusal:
            registering.accept(row, by=actor, at=now)
        refusals[name] = refusal.value.reason
    assert refusals == {"own": "own_contract"} | dict.fromkeys(list(who)[1:], "registrars_only")


def test_experts_are_called_for_what_is_large_or_disputed(now: datetime) -> None:
    small, disputed = RegistrationFactory(), RegistrationFactory()
    large = RegistrationFactory(contract_amount_fen=500_000_000, technology_amount_fen=500_000_000)
    for row in (small, disputed, large):
        registering.accept(row, by=by_office(row), at=now)
    with pytest.raises(Refused, match="not_large_or_disputed"):
        registering.call_experts(small, is_disputed=False, by=by_office(small), at=now)
    registering.call_experts(disputed, is_disputed=True, by=by_office(disputed), at=now)

    registering.call_experts(large, is_disputed=False, by=by_office(large), at=now)

    assert (large.state, large.due_date) == ("expert_review", date(2027, 1, 1))
    pass_checks(large, by_office(large), now)
    with pytest.raises(Refused, match="checks_missing"):
        registering.register(large, number="3" * 16, by=by_office(large), at=now)
    pass_checks(large, by_office(large), now, "experts")
    registering.register(large, number="3" * 16, by=by_office(large), at=now)
    assert large.state == "registered"


def test_what_is_rejected_can_be_filed_again(now: datetime) -> None:
    row = RegistrationFactory()
    registering.reject(row, reason="incomplete", note="缺签章页", by=by_office(row), at=now)
    assert (row.state, row.due_date) == ("rejected", None)
    registrations.refile(row, by=editor(row.agreement.seller), at=now)
    registrations.submit(row, by=editor(row.agreement.seller), at=now)
    assert (row.state, row.reason) == ("submitted", "")


def test_change_keeps_the_form_as_it_stood(now: datetime) -> None:
    row = RegistrationFactory(registered=True)
    with pytest.raises(ValidationError):
        registering.change_registration(row, note="无变化", by=by_office(row), at=now)
    row.refresh_from_db()

    registering.change_registration(
        row, note="补充协议", technology_amount_fen=70_000_000, buyer_area="110000", by=by_office(row), at=now
    )

    assert (row.state, row.version, row.technology_amount_fen, row.flow) == ("changed", 2, 70_000_000, "out")
    kept = row.versions.get()
    assert (kept.version, kept.form["technology_amount_fen"], kept.form["buyer_area"]) == (1, 60_000_000, "229902")


def test_deregister_says_whether_the_tax_office_is_told(now: datetime) -> None:
    row = RegistrationFactory(registered=True)
    registering.deregister(row, reason="terminated", note="合同解除", tax_report_needed=True, by=by_office(row), at=now)
    assert (row.state, row.tax_report_needed) == ("deregistered", True)
    with pytest.raises(Refused, match="registration_is_deregistered"):
        registering.deregister(row, reason="void", note="x", tax_report_needed=False, by=by_office(row), at=now)


@pytest.mark.parametrize(
    ("seller", "buyer", "flow"),
    [
        (("142", "229901"), ("142", "229902"), "local"),
        (("142", "229901"), ("142", "110000"), "out"),
        (("142", "229901"), ("502", ""), "out_abroad"),
        (("142", "310000"), ("142", "229902"), "in"),
        (("116", ""), ("142", "229902"), "in_abroad"),
        (("142", "310000"), ("142", "110000"), "elsewhere"),
    ],
)
def test_flow_is_seen_from_the_region(seller: tuple[str, str], buyer: tuple[str, str], flow: str) -> None:
    row = Registration(seller_country=seller[0], seller_area=seller[1], buyer_country=buyer[0], buyer_area=buyer[1])
    assert rules.flow_of(row) == flow


def test_offices_are_named_by_the_department_of_the_region() -> None:
    body = OrganizationFactory()
    with pytest.raises(Refused, match="not_officer_for_offices"):
        offices.add_office(body, areas=["229901"], by=officer("229901"), at=MOMENT)
    with pytest.raises(ValidationError):
        offices.add_office(body, areas=["999"], by=officer("229999"), at=MOMENT)
    row = offices.add_office(body, areas=["229901"], by=officer("229999"), at=MOMENT)
    with pytest.raises(Refused, match="office_exists"):
        offices.add_office(body, areas=["229901"], by=officer("229999"), at=MOMENT)
    offices.change_office(row, areas=["229999"], is_active=False, by=officer("229999"), at=MOMENT)
    assert (row.areas, row.is_active) == (["229999"], False)
