"""The price on notice: how long, who objects, who bids, and that nobody signs before."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from keqiao.apps.ledger.actions import Refused
from keqiao.apps.market.actions import agreements, pricing
from keqiao.apps.market.models import Agreement, PricingNotice
from keqiao.apps.parties.actors import VISITOR
from tests.apps.acting import editor, person
from tests.factories.market import AgreementFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

TODAY = date(2026, 11, 21)
PRICE = 80_000_000


def transfer(**values: Any) -> Agreement:
    defaults = {"contract_type": "transfer", "subtype": "patent_right"} | values
    seller = defaults.pop("seller", None) or OrganizationFactory(kind="university")
    return AgreementFactory(seller=seller, **defaults)


def publish(row: Agreement, now: datetime, **values: Any) -> PricingNotice:
    defaults = {"title": "t", "price_fen": PRICE, "place": "校内公告栏", "start_date": TODAY}
    return pricing.publish_notice(row, by=editor(row.seller), at=now, **(defaults | values))


def sign(row: Agreement, at: datetime) -> None:
    agreements.sign(row, signed_date=localdate(at), by=editor(row.seller), at=at)


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({}, True),
        ({"contract_type": "license", "subtype": "patent_license"}, True),
        ({"contract_type": "development", "subtype": "commissioned", "is_equity": True}, True),
        ({"contract_type": "service", "subtype": "training"}, False),
    ],
)
def test_public_sellers_sign_only_after_a_notice(values: dict[str, Any], needed: bool, now: datetime) -> None:
    row = transfer(**values)
    if needed:
        with pytest.raises(Refused, match="notice_needed"):
            sign(row, now)
    else:
        sign(row, now)
    assert row.state == ("draft" if needed else "signed")


def test_a_firm_needs_no_notice(now: datetime) -> None:
    row = transfer(seller=OrganizationFactory(kind="enterprise"))
    sign(row, now)
    assert row.state == "signed"


def test_a_laboratory_of_a_university_is_a_public_seller(now: datetime) -> None:
    row = transfer(seller=OrganizationFactory(kind="platform", parent=OrganizationFactory(kind="university")))
    with pytest.raises(Refused, match="notice_needed"):
        sign(row, now)


def test_notice_runs_its_days_before_anybody_signs(now: datetime) -> None:
    row = transfer()
    notice = publish(row, now)
    assert (notice.days, notice.end_date) == (15, date(2026, 12, 7))
    for day in (0, 15):
        with pytest.raises(Refused, match="notice_running"):
            sign(row, now + timedelta(days=day))
        with pytest.raises(Refused, match="notice_running"):
            pricing.close_notice(notice, by=editor(row.seller), at=now + timedelta(days=day))
    later = now + timedelta(days=16)
    with pytest.raises(Refused, match="notice_not_closed"):
        sign(row, later)

    pricing.close_notice(notice, by=editor(row.seller), at=later)
    sign(row, later)

    assert row.state == "signed"


def test_notice_names_what_is_wrong(now: datetime) -> None:
    row = transfer()
    with pytest.raises(ValidationError) as error:
        publish(row, now, days=14, start_date=TODAY - timedelta(days=1), price_fen=0)
    assert set(error.value.message_dict) == {"days", "start_date", "price_fen"}
    with pytest.raises(Refused, match="seller_only"):
        pricing.publish_notice(row, title="t", price_fen=1, place="p", start_date=TODAY, by=editor(row.buyer), at=now)
    publish(row, now)
    with pytest.raises(Refused, match="notice_exists"):
        publish(row, now)


def test_objection_must_be_answered_and_one_upheld_voids_the_notice(now: datetime) -> None:
    row = transfer()
    notice = publish(row, now)
    with pytest.raises(Refused, match="sign_in_first"):
        pricing.object_to(notice, text="价格过低了", by=VISITOR, at=now)
    objection = pricing.object_to(notice, text="价格过低了", by=person(UserFactory()), at=now)
    later = now + timedelta(days=16)
    with pytest.raises(Refused, match="objections_open"):
        pricing.close_notice(notice, by=editor(row.seller), at=later)
    with pytest.raises(Refused, match="notice_not_running"):
        pricing.object_to(notice, text="价格过低了", by=person(UserFactory()), at=later)

    pricing.handle_objection(objection, outcome="upheld", answer="重新评估", by=editor(row.seller), at=later)

    notice.refresh_from_db()
    assert notice.state == "void"
    with pytest.raises(Refused, match="notice_needed"):
        sign(row, later)
    assert publish(row, later, start_date=later.date()).state == "running"


def test_nobody_handles_their_own_objection(now: datetime) -> None:
    row = transfer()
    notice = publish(row, now)
    user = UserFactory()
    own = pricing.object_to(notice, text="价格过低了", by=person(user), at=now)
    with pytest.raises(Refused, match="own_objection"):
        pricing.handle_objection(own, outcome="dismissed", answer="x", by=editor(row.seller, user), at=now)
    pricing.handle_objection(own, outcome="dismissed", answer="x", by=editor(row.seller), at=now)
    with pytest.raises(Refused, match="objection_handled"):
        pricing.handle_objection(own, outcome="dismissed", answer="x", by=editor(row.seller), at=now)


def test_auction_is_won_by_the_highest_bid_and_signed_at_its_price(now: datetime) -> None:
    row = transfer()
    by = editor(row.seller)
    notice = publish(row, now, mode="auction")
    low, high = (
        pricing.record_bid(notice, bidder=name, price_fen=fen, bid_date=TODAY, by=by, at=now)
        for name, fen in (("甲", PRICE), ("乙", PRICE + 5))
    )
    later = now + timedelta(days=16)
    for winner in (None, low):
        with pytest.raises(ValidationError):
            pricing.close_notice(notice, winner=winner, by=by, at=later)
    pricing.close_notice(notice, winner=high, by=by, at=later)
    with pytest.raises(ValidationError, match="成交"):
        sign(row, later)

    agreements.edit_agreement(row, contract_amount_fen=PRICE + 5, by=by, at=later)
    sign(row, later)

    assert (row.state, row.pricing_mode) == ("signed", "auction")


def test_bids_are_for_listings_and_auctions(now: datetime) -> None:
    row = transfer()
    notice = publish(row, now)
    with pytest.raises(Refused, match="no_bids_at_agreement"):
        pricing.record_bid(notice, bidder="甲", price_fen=1, bid_date=TODAY, by=editor(row.seller), at=now)


def test_price_below_the_notice_is_not_signed(now: datetime) -> None:
    row = transfer(contract_amount_fen=PRICE - 1, technology_amount_fen=1)
    notice = publish(row, now)
    later = now + timedelta(days=20)
    pricing.close_notice(notice, by=editor(row.seller), at=later)
    with pytest.raises(ValidationError, match="重新公示"):
        sign(row, later)
    pricing.withdraw_notice(notice, result="改价", by=editor(row.seller), at=later)
    assert publish(row, later, start_date=later.date(), price_fen=PRICE - 1).state == "running"
