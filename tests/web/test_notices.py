"""Prices on notice in public: what is shown, who objects, who reads objections."""

import pytest
from django.test import Client

from keqiao.apps.market.models import Objection
from tests.web.conftest import SignIn
from tests.web.world import World


@pytest.fixture
def address(world: World) -> str:
    return f"/notices/{world.things['notice'].key}/"


def test_notice_shows_seller_and_price_but_neither_buyer_nor_bids(address: str, visitor: Client) -> None:
    page = visitor.get(address).content.decode()
    for shown in ("演示理工大学", "Fibre laser", "80 万元", "Notice board"):
        assert shown in page
    for kept in ("松江激光", "Bidder Ltd", "Too cheap", "A-priced"):
        assert kept not in page


def test_visitor_is_led_to_sign_in_and_nothing_is_written(address: str, visitor: Client) -> None:
    answer = visitor.post(address, {"text": "The price is too low"})
    assert answer["Location"].startswith("/account/login/")
    assert Objection.objects.filter(text="The price is too low").count() == 0


def test_objection_is_seen_by_its_author_and_the_seller_only(address: str, sign_in: SignIn) -> None:
    author = sign_in("outsider")
    assert author.post(address, {"text": "The price is too low"}).status_code == 302
    assert "The price is too low" in author.get(address).content.decode()
    assert "The price is too low" in sign_in("scholar").get("/desk/agreements/A-priced/").content.decode()
    assert "The price is too low" not in sign_in("expert").get(address).content.decode()


def test_objection_without_a_reason_comes_back_as_typed(address: str, sign_in: SignIn) -> None:
    answer = sign_in("outsider").post(address, {"text": "no"})
    assert answer.status_code == 422
    assert "请写明异议的理由" in answer.content.decode()


def test_outcome_is_told_to_the_author(address: str, world: World, sign_in: SignIn) -> None:
    row = world.things["objection"].pk
    data = {"do": "answer", "row": row, "outcome": "dismissed", "answer": "Valued by an office"}
    assert sign_in("scholar").post("/desk/agreements/A-priced/", data).status_code == 302
    page = sign_in("expert").get(address).content.decode()
    assert "Valued by an office" in page
    assert "异议不成立" in page


def test_notices_are_listed(visitor: Client) -> None:
    page = visitor.get("/notices/").content.decode()
    assert "Fibre laser" in page
    assert "还有" in page
