"""The office's statistics of contracts; what the public sees are published figures."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.market import OfficeFactory, RegistrationFactory
from tests.web.conftest import SignIn


@pytest.fixture
def office(sign_in: SignIn) -> Client:
    return sign_in("registrar")


def add(count: int) -> None:
    office = OfficeFactory()
    for _number in range(count):
        RegistrationFactory(office=office, registered=True, registered_date=timezone.localdate())


def test_old_address_leads_to_the_figures(visitor: Client) -> None:
    assert visitor.get("/contracts/")["Location"] == "/figures/?theme=contracts"


def test_office_sees_a_single_contract_and_the_figures_as_they_are_now(office: Client) -> None:
    page = office.get("/office/contracts/").content.decode()
    assert "技术服务" in page
    assert "登记技术合同数" in page


def test_table_chart_and_file_say_the_same(office: Client) -> None:
    add(4)
    page = office.get("/office/contracts/").content.decode()
    assert "<svg" in page
    year = timezone.localdate().year
    text = office.get(f"/office/contracts/?by=contract_type&year={year}&export=csv").content.decode("utf-8-sig")
    assert [line.split(",")[:2] for line in text.splitlines()[1:]] == [["技术开发", "4"], ["技术服务", "1"]]


def test_choice_that_is_not_offered_is_left_out(office: Client) -> None:
    assert office.get("/office/contracts/?by=luck&year=abc").status_code == 200


def test_htmx_gets_the_table_alone(office: Client) -> None:
    part = office.get("/office/contracts/?by=flow", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="contracts"')
