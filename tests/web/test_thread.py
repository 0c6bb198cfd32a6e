"""The thread of a matter: everything on it for those in it, and for others not even how much there is."""

import pytest
from django.test import Client

from keqiao.apps.market.models import Introduction
from tests.factories.base import MOMENT
from tests.factories.market import IntroductionFactory, OfferFactory
from tests.web.conftest import SignIn
from tests.web.html import links, text
from tests.web.world import World


@pytest.fixture
def introduction(world: World) -> Introduction:
    offer = OfferFactory(organization=world.organizations["school"], title="THREAD-OFFER", created_at=MOMENT)
    return IntroductionFactory(
        key="D-thread", need=world.needs["public"], offer=offer, station=world.stations["station"],
        owner=world.users["broker"], created_at=MOMENT,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["editor", "member", "scholar", "broker", "coordinator", "officer"])
def test_those_in_the_matter_see_its_introduction(name: str, introduction: Introduction, sign_in: SignIn) -> None:
    page = sign_in(name).get("/thread/need/N-public/")

    assert "/desk/introductions/D-thread/" in links(page)
    assert "THREAD-OFFER" in text(page)


@pytest.mark.parametrize("name", ["", "outsider", "owner", "stranger", "administrator", "auditor", "security"])
def test_others_see_the_need_alone(name: str, introduction: Introduction, sign_in: SignIn) -> None:
    page = sign_in(name).get("/thread/need/N-public/")

    assert "/needs/N-public/" in links(page)
    assert [word for word in ("D-thread", "THREAD-OFFER", "待联系") if word in page.content.decode()] == []


def test_introduction_leads_to_the_thread_it_lies_on(introduction: Introduction, sign_in: SignIn) -> None:
    answer = sign_in("broker").get("/thread/introduction/D-thread/")

    assert (answer.status_code, answer["Location"]) == (302, "/thread/need/N-public/")


def test_introduction_of_others_has_no_thread(introduction: Introduction, visitor: Client) -> None:
    assert visitor.get("/thread/introduction/D-thread/").status_code == 404


@pytest.mark.parametrize("path", ["need/nothing", "password/x", "need/N-draft"])
def test_what_is_not_there_or_not_public_has_no_thread(path: str, visitor: Client) -> None:
    assert visitor.get(f"/thread/{path}/").status_code == 404


def test_events_that_showed_the_need_lie_on_the_thread(visitor: Client, sign_in: SignIn) -> None:
    seen = links(visitor.get("/thread/need/N-public/"))

    assert "/events/E-open/" in seen
    assert "/events/E-draft/" not in seen | links(sign_in("stranger").get("/thread/need/N-public/"))
    assert "/events/E-draft/" in links(sign_in("broker").get("/thread/need/N-public/"))


def test_thread_without_an_event_names_no_such_step(visitor: Client) -> None:
    page = visitor.get("/thread/need/N-registered/")

    assert [name for name in ("对接", "合同", "认定登记") if name not in text(page)] == []
    assert 'id="stage-event"' not in page.content.decode()
    assert "<li>活动</li>" not in page.content.decode()
