"""Registration offices are set up by the department of the whole region."""

import pytest
from django.test import Client

from keqiao.apps.market.models import RegistrationOffice
from keqiao.apps.parties.models import Role
from tests.web import world as worlds
from tests.web.world import World


@pytest.fixture
def department(world: World) -> Client:
    client = Client()
    client.force_login(worlds.user(world, "department", role=Role.OFFICER, department="science", area="229999"))
    return client


def test_office_is_set_up_changed_and_closed(world: World, department: Client) -> None:
    code = world.organizations["mill"].uscc
    data = {"organization": code, "code": "02", "areas": ["229901"]}
    assert department.post("/office/registration-offices/", data).status_code == 302
    address = f"/office/registration-offices/{code}/"
    assert "mill公司" in department.get("/office/registration-offices/").content.decode()
    assert department.get(address).status_code == 200
    assert department.post(address, {"code": "03", "areas": ["229999"]}).status_code == 302
    row = RegistrationOffice.objects.get(organization__key=code)
    assert (row.code, row.areas, row.is_active) == ("03", ["229999"], False)


def test_faults_are_said(world: World, department: Client) -> None:
    registry = world.organizations["registry"].uscc
    for data, said in (
        ({"organization": "1", "areas": ["229901"]}, "没有登记过这个代码的单位"),
        ({"organization": registry, "areas": ["229901"]}, "该单位已经是登记机构"),
    ):
        answer = department.post("/office/registration-offices/", data)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert department.post(f"/office/registration-offices/{registry}/", {"code": ""}).status_code == 422


def test_department_sees_the_statistics_whole(department: Client) -> None:
    page = department.get("/office/contracts/").content.decode()
    assert "登记技术合同数" in page
