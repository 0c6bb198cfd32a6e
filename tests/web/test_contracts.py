"""The public statistics of contracts: nothing that tells of one, the same table as a file."""

from django.test import Client
from django.utils import timezone

from tests.factories.market import OfficeFactory, RegistrationFactory
from tests.web.conftest import SignIn


def add(count: int) -> None:
    office = OfficeFactory()
    for _number in range(count):
        RegistrationFactory(office=office, registered=True, registered_date=timezone.localdate())


def test_a_single_contract_is_not_shown_in_public_but_to_the_office(visitor: Client, sign_in: SignIn) -> None:
    page = visitor.get("/contracts/").content.decode()
    assert "没有可以公开的数字" in page
    assert "登记技术合同数" not in page
    assert "技术服务" in sign_in("registrar").get("/office/contracts/").content.decode()


def test_table_chart_and_file_say_the_same(visitor: Client) -> None:
    add(4)
    page = visitor.get("/contracts/").content.decode()
    assert "其他（合并）" in page
    assert "<svg" in page
    year = timezone.localdate().year
    file = visitor.get(f"/contracts/?by=contract_type&year={year}&export=csv")
    text = file.content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("其他（合并）,5,")


def test_choice_that_is_not_offered_is_left_out(visitor: Client) -> None:
    assert visitor.get("/contracts/?by=luck&year=abc").status_code == 200


def test_htmx_gets_the_table_alone(visitor: Client) -> None:
    part = visitor.get("/contracts/?by=flow", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="contracts"')
