"""Technology contracts: drafting, what must be right before the signature, payments, the end."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import agreement_rules as rules
from keqiao.apps.market.actions import agreements, payments
from keqiao.apps.market.actions.agreements import PartyInput
from keqiao.apps.market.actions.payments import PaymentInput
from keqiao.apps.market.models import Agreement, Counterparty, Introduction, TerminationReason
from keqiao.apps.parties.actors import VISITOR
from tests.apps.acting import administrator, broker, editor, last_entry, officer, person
from tests.factories.market import (
    AgreementFactory,
    IntroductionFactory,
    NeedFactory,
    NeedIndicatorFactory,
    OfferIndicatorFactory,
    RegistrationFactory,
)
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)


def messages(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict


def test_draft_from_an_introduction_takes_both_sides_and_what_was_promised(now: datetime) -> None:
    need = NeedFactory(coop_modes=["license"], ip_policy="joint")
    NeedIndicatorFactory(need=need, name="强度", low=20, must=True)
    NeedIndicatorFactory(need=need, name="颜色", position=1, low=1, must=True)
    NeedIndicatorFactory(need=need, name="香味", position=2, must=False)
    user = UserFactory()
    matter = IntroductionFactory(need=need, willing=True, owner=user)
    OfferIndicatorFactory(offer=matter.offer, name="强度", low=25)

    row = agreements.draft_from_introduction(matter, by=broker(user), at=now)

    assert (row.seller, row.buyer, row.need, row.offer) == (
        matter.offer.organization, need.organization, need, matter.offer,
    )  # fmt: skip
    assert (row.contract_type, row.ip_policy, row.broker, row.state) == ("license", "joint", user, "draft")
    assert [(line.name, line.low) for line in row.indicators.all()] == [("强度", 25), ("颜色", 1)]
    assert last_entry()[0] == "agreement.create"
    assert list(ledger.verify()) == []


def test_draft_is_refused_before_both_sides_are_willing(now: datetime) -> None:
    matter = IntroductionFactory()
    with pytest.raises(Refused, match="not_both_willing"):
        agreements.draft_from_introduction(matter, by=editor(matter.need.organization), at=now)
    assert Agreement.objects.count() == 0


def test_draft_from_an_introduction_is_made_once_until_it_falls_through(now: datetime) -> None:
    matter = IntroductionFactory(willing=True)
    by = editor(matter.need.organization)
    first = agreements.draft_from_introduction(matter, by=by, at=now)
    with pytest.raises(Refused, match="agreement_exists"):
        agreements.draft_from_introduction(matter, by=by, at=now)

    agreements.terminate(first, reason="not_signed", ended_date=TODAY, by=by, at=now)

    assert agreements.draft_from_introduction(matter, by=by, at=now).state == "draft"


def test_draft_is_for_the_sides_and_brokers(now: datetime) -> None:
    seller, buyer = OrganizationFactory(), OrganizationFactory()
    refusals = {}
    who = {"visitor": VISITOR, "other firm": editor(OrganizationFactory()), "officer": officer("229901"),
           "administrator": administrator(), "person": person()}  # fmt: skip
    for name, actor in who.items():
        with pytest.raises(Refused) as refusal:
            agreements.create_agreement(
                seller=seller, buyer=buyer, title="t", contract_type="service", by=actor, at=now
            )
        refusals[name] = refusal.value.reason
    assert refusals == {"visitor": "sign_in_first"} | dict.fromkeys(list(who)[1:], "not_side_of_agreement")


def test_a_side_abroad_stands_as_a_row_of_its_own(now: datetime) -> None:
    buyer = OrganizationFactory()
    other = PartyInput(name="Meier GmbH", nature="abroad", country="304")

    row = agreements.create_agreement(
        seller=other, buyer=buyer, title="t", contract_type="license", by=editor(buyer), at=now
    )

    assert (row.seller, row.seller_party.name, rules.country_of(row.seller_party)) == (None, "Meier GmbH", "304")


def test_a_side_with_faults_names_each_and_leaves_nothing(now: datetime) -> None:
    buyer = OrganizationFactory()
    with pytest.raises(ValidationError) as error:
        agreements.create_agreement(
            seller=PartyInput(name=" ", nature="x", country="142", area="99"), buyer=buyer, title="t",
            contract_type="license", by=editor(buyer), at=now,
        )  # fmt: skip
    assert set(messages(error.value)) == {"seller_name", "seller_nature", "seller_area"}
    assert Counterparty.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subtype": "patent_right"}, "subtype"),
        ({"technology_amount_fen": 90_000_000}, "technology_amount_fen"),
        ({"contract_amount_fen": None}, "contract_amount_fen"),
        ({"license_kind": "plain"}, "license_kind"),
        ({"to_date": date(2020, 1, 1)}, "to_date"),
        ({"payment_mode": "royalty"}, "royalty_base"),
        ({"royalty_rate": 250}, "payment_mode"),
        ({"payment_mode": "royalty", "royalty_base": "sales", "royalty_rate": 10_001}, "royalty_rate"),
        ({"field": "magic"}, "field"),
    ],
)
def test_a_draft_may_not_contradict_itself(values: dict[str, Any], field: str, now: datetime) -> None:
    row = AgreementFactory()
    with pytest.raises(ValidationError) as error:
        agreements.edit_agreement(row, by=editor(row.buyer), at=now, **values)
    assert field in messages(error.value)
    row.refresh_from_db()
    assert row.technology_amount_fen == 60_000_000


def test_sign_moves_the_introduction_to_agreed(now: datetime) -> None:
    matter = IntroductionFactory(willing=True)
    row = AgreementFactory(introduction=matter, seller=matter.offer.organization, buyer=matter.need.organization)

    agreements.sign(row, signed_date=TODAY, by=editor(row.buyer), at=now)

    assert (row.state, row.pricing_mode, Introduction.objects.get().state) == ("signed", "agreement", "agreed")
    kinds = list(Entry.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds[-2:] == ["introduction.agree", "agreement.sign"]


def test_sign_names_everything_that_is_missing(now: datetime) -> None:
    row = AgreementFactory(contract_amount_fen=None, technology_amount_fen=None, subtype="", payment_mode="")
    with pytest.raises(ValidationError) as error:
        agreements.sign(row, signed_date=TODAY + timedelta(days=1), by=editor(row.buyer), at=now)
    assert set(messages(error.value)) == {
        "contract_amount_fen", "technology_amount_fen", "subtype", "payment_mode", "signed_date",
    }  # fmt: skip


def test_what_is_signed_is_not_edited(now: datetime) -> None:
    row = AgreementFactory(signed=True)
    for change in (
        lambda: agreements.edit_agreement(row, title="x", by=editor(row.seller), at=now),
        lambda: payments.set_payments(row, [], by=editor(row.seller), at=now),
        lambda: agreements.sign(row, signed_date=TODAY, by=editor(row.seller), at=now),
    ):
        with pytest.raises(Refused, match="agreement_is_signed"):
            change()


def test_payments_add_up_to_the_amount(now: datetime) -> None:
    row = AgreementFactory(payment_mode="instalments")
    by = editor(row.seller)
    for amounts in ([30_000_000, 40_000_000], [80_000_000, 1]):
        with pytest.raises(ValidationError):
            payments.set_payments(row, [PaymentInput("c", amount_fen=fen) for fen in amounts], by=by, at=now)

    payments.set_payments(
        row, [PaymentInput("a", TODAY, 30_000_000), PaymentInput("b", None, 50_000_000)], by=by, at=now
    )

    assert list(row.payments.values_list("position", "amount_fen")) == [(0, 30_000_000), (1, 50_000_000)]


def test_payments_of_a_royalty_may_stay_open(now: datetime) -> None:
    row = AgreementFactory(payment_mode="entry_royalty", royalty_base="sales", royalty_rate=300)
    plan = [PaymentInput("入门费", TODAY, 20_000_000), PaymentInput("提成")]
    payments.set_payments(row, plan, by=editor(row.seller), at=now)
    agreements.sign(row, signed_date=TODAY, by=editor(row.seller), at=now)
    assert row.state == "signed"


def test_payment_is_recorded_once(now: datetime) -> None:
    row = AgreementFactory()
    by = editor(row.buyer)
    payments.set_payments(row, [PaymentInput("a", TODAY, 80_000_000)], by=by, at=now)
    payment = row.payments.get()
    with pytest.raises(Refused, match="agreement_is_draft"):
        payments.record_payment(payment, paid_fen=1, paid_date=TODAY, by=by, at=now)
    agreements.sign(row, signed_date=TODAY, by=by, at=now)
    with pytest.raises(ValidationError):
        payments.record_payment(payment, paid_fen=0, paid_date=TODAY, by=by, at=now)

    payments.record_payment(payment, paid_fen=80_000_000, paid_date=TODAY, by=by, at=now)

    with pytest.raises(Refused, match="already_paid"):
        payments.record_payment(payment, paid_fen=5, paid_date=TODAY, by=by, at=now)
    payment.refresh_from_db()
    assert payment.paid_fen == 80_000_000


def test_perform_says_so_on_the_register(now: datetime) -> None:
    filed = RegistrationFactory(registered=True)
    agreements.perform(filed.agreement, ended_date=TODAY, by=editor(filed.agreement.seller), at=now)
    filed.refresh_from_db()
    assert (filed.state, filed.agreement.state) == ("performed", "performed")


def test_terminate_wants_the_reason_that_fits(now: datetime) -> None:
    row, draft = AgreementFactory(signed=True), AgreementFactory()
    for agreement, reason in ((row, "not_signed"), (draft, "mutual"), (row, "x"), (row, TerminationReason.OTHER)):
        with pytest.raises(ValidationError):
            agreements.terminate(agreement, reason=reason, ended_date=TODAY, by=editor(agreement.seller), at=now)

    agreements.terminate(row, reason="technical_failure", ended_date=TODAY, by=editor(row.seller), at=now)

    assert (row.state, row.reason) == ("terminated", "technical_failure")
    with pytest.raises(Refused, match="agreement_is_terminated"):
        agreements.perform(row, ended_date=TODAY, by=editor(row.seller), at=now)


def test_default_ip_is_that_of_the_type() -> None:
    assert "859" in rules.default_ip("development", "commissioned")
    assert "860" in rules.default_ip("development", "cooperative")
    assert "865" in rules.default_ip("license", "open_license")
    assert rules.default_ip("consulting") == rules.default_ip("service") != ""
