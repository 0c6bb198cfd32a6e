"""Registering one's organisation, its facts and its members."""

import pytest
from django.utils.translation import override

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.models import Membership, Organization
from keqiao.web.desk.forms import USCC_PROBLEMS
from tests.web import world as worlds
from tests.web.conftest import SignIn
from tests.web.html import notices, text
from tests.web.world import World

GOOD = worlds.code(77)


def changed(place: int, character: str) -> str:
    return GOOD[:place] + character + GOOD[place + 1 :]


def other(character: str) -> str:
    return "1" if character != "1" else "2"


# One wrong code for each check, in the order of the checks.
WRONG = {
    "length": GOOD[:-1],
    "alphabet": changed(9, "I"),
    "authority": changed(0, "0"),
    "category": changed(1, "8"),
    "area": changed(4, "A"),
    "organization_check": changed(16, other(GOOD[16])),
    "check": changed(17, other(GOOD[17])),
}


def typed(code: str, **values: str) -> dict[str, str]:
    return {"uscc": code, "name": "松江新公司", "kind": "enterprise", "area": worlds.AREA, "industry": "C4040"} | values


@pytest.mark.parametrize("check", USCC_PROBLEMS)
def test_wrong_code_is_explained_check_by_check(check: str, sign_in: SignIn) -> None:
    response = sign_in("outsider").post("/desk/organizations/new/", typed(WRONG[check]))

    assert response.status_code == 422
    with override("zh-hans"):
        assert notices(response)[-1] == str(USCC_PROBLEMS[check])
    assert not Organization.objects.filter(name="松江新公司").exists()


def test_registering_makes_the_person_its_manager(sign_in: SignIn, world: World) -> None:
    response = sign_in("outsider").post("/desk/organizations/new/", typed(GOOD), follow=True)

    assert notices(response)[0] == "单位已登记，您是它的管理员。"
    assert "松江新公司" in text(response)
    membership = Membership.objects.get(organization__uscc=GOOD)
    assert (membership.user, membership.role) == (world.users["outsider"], "manager")


def test_code_with_spaces_and_small_letters_is_accepted(sign_in: SignIn) -> None:
    sign_in("outsider").post("/desk/organizations/new/", typed(f" {GOOD.lower()} "))

    assert Organization.objects.get(name="松江新公司").uscc == GOOD


def test_organization_in_the_register_is_claimed_instead(sign_in: SignIn, world: World) -> None:
    response = sign_in("outsider").post("/desk/organizations/new/", typed(worlds.code(1)))

    assert response["Location"] == f"/desk/organizations/{worlds.code(1)}/claim/"
    assert Entry.objects.filter(kind="organization.register", outcome="refused").count() == 1
    assert Organization.objects.filter(name="松江新公司").count() == 0


def test_industry_outside_the_table_is_named(sign_in: SignIn) -> None:
    response = sign_in("outsider").post("/desk/organizations/new/", typed(GOOD, industry="X9999"))

    assert notices(response)[-1] == "行业代码不在 GB/T 4754-2017 的表中，例如光学仪器制造是 C4040。"


def test_editing_changes_facts_and_keeps_the_old_name(sign_in: SignIn, world: World, visitor: object) -> None:
    firm = world.organizations["firm"]
    client = sign_in("manager")
    values = {"name": "松江光电有限公司", "kind": "enterprise", "area": worlds.AREA, "industry": "C4040"}

    response = client.post(f"/desk/organizations/{firm.key}/edit/", values, follow=True)

    assert notices(response)[0] == "已保存。"
    assert f'href="/organizations/{firm.key}/"' in client.get("/organizations/?q=松江激光设备").content.decode()


def members(world: World) -> str:
    return f"/desk/organizations/{world.organizations['firm'].key}/members/"


def test_members_page_masks_addresses(sign_in: SignIn, world: World) -> None:
    page = text(sign_in("manager").get(members(world)))

    assert "m***@example.invalid" in page
    assert "member@example.invalid" not in page


def test_manager_ends_a_membership(sign_in: SignIn, world: World) -> None:
    row = Membership.objects.get(user=world.users["member"])

    sign_in("manager").post(f"{members(world)}{row.pk}/end/")

    assert sign_in("member").get(f"/needs/{world.needs['draft'].key}/").status_code == 404


def test_editor_does_not_end_memberships(sign_in: SignIn, world: World) -> None:
    row = Membership.objects.get(user=world.users["member"])

    response = sign_in("editor").post(f"{members(world)}{row.pk}/end/", follow=True)

    assert Membership.objects.filter(pk=row.pk).exists()
    assert response.status_code == 404
