"""Claims with their evidence and invitations with their letters, as people go through them."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from keqiao.apps.parties.models import Invitation, Membership, OrganizationClaim, User
from tests.web.conftest import SignIn
from tests.web.html import notices, text
from tests.web.world import World

PDF = b"%PDF-1.7\n%letter"


def members(world: World) -> str:
    return f"/desk/organizations/{world.organizations['firm'].key}/members/"


def link() -> str:
    found = re.search(r"http://testserver(/invitations/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_invited_person_signs_up_and_joins_without_a_second_letter(
    sign_in: SignIn, visitor: Client, world: World
) -> None:
    response = sign_in("manager").post(members(world), {"email": "NEW@example.invalid", "role": "editor"}, follow=True)
    assert notices(response)[0] == "邀请信已发出，七天内有效。"
    assert (mail.outbox[-1].to, "松江激光设备有限公司" in mail.outbox[-1].subject) == (["new@example.invalid"], True)
    address = link()

    page = visitor.get(address)
    assert "加入 松江激光设备有限公司" in text(page)
    with override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory"):
        form = {"name": "新人", "email": "new@example.invalid", "next": address}
        signed_up = visitor.post("/account/signup/", form | dict.fromkeys(("password1", "password2"), "New-bridge-77"))
    assert signed_up["Location"] == address
    joined = visitor.post(address, follow=True)

    assert notices(joined)[-1] == "已加入，新的角色马上生效。"
    row = Membership.objects.get(user__email="new@example.invalid")
    assert (row.role, row.organization) == ("editor", world.organizations["firm"])
    assert "该邀请已被接受。" in text(visitor.get(address))


def test_link_of_somebody_else_says_whose_it_is(sign_in: SignIn, world: World) -> None:
    sign_in("manager").post(members(world), {"email": "new@example.invalid", "role": "editor"})
    client = sign_in("scholar")

    page = client.get(link())
    client.post(link())

    assert "您现在登录的是 s***@example.invalid，邀请发给另一个邮箱。" in text(page)
    assert "new@example.invalid" not in page.content.decode()
    assert Invitation.objects.get(email="new@example.invalid").accepted_at is None


def test_link_with_a_changed_signature_opens_nothing(sign_in: SignIn, visitor: Client, world: World) -> None:
    sign_in("manager").post(members(world), {"email": "new@example.invalid", "role": "editor"})

    assert visitor.get(link()[:-2] + "x/").status_code == 404
    key = Invitation.objects.get(email="new@example.invalid").key
    assert visitor.get(f"/invitations/{key}/").status_code == 404


def test_member_invited_again_is_explained(sign_in: SignIn, world: World) -> None:
    response = sign_in("manager").post(members(world), {"email": "member@example.invalid", "role": "member"})

    assert response.status_code == 422
    assert "此人已有这个角色。" in text(response)


def test_invitation_does_not_tell_whether_an_address_has_an_account(sign_in: SignIn, world: World) -> None:
    client = sign_in("manager")
    known = client.post(members(world), {"email": "scholar@example.invalid", "role": "member"}, follow=True)
    unknown = client.post(members(world), {"email": "nobody@example.invalid", "role": "member"}, follow=True)

    assert notices(known)[0] == notices(unknown)[0]


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=9)
def test_letter_that_cannot_be_sent_leaves_the_link_to_hand_over(sign_in: SignIn, world: World) -> None:
    response = sign_in("manager").post(members(world), {"email": "new@example.invalid", "role": "editor"}, follow=True)

    assert "邮件服务器没有接受邀请信" in notices(response)[0]
    assert 'data-text="http://testserver/invitations/' in response.content.decode()


def claim(client: Client, world: World, content: bytes = PDF, name: str = "letter.pdf") -> list[str]:
    path = f"/desk/organizations/{world.organizations['hidden'].key}/claim/"
    form = {"role": "manager", "position": "厂长", "evidence": SimpleUploadedFile(name, content)}
    return notices(client.post(path, form, follow=True))


def test_claim_is_followed_by_its_claimant_and_granted_by_security(sign_in: SignIn, world: World) -> None:
    claimant, security = sign_in("scholar"), sign_in("security")
    assert claim(claimant, world) == ["申请已提交，审核结果会显示在这里。"]
    key = OrganizationClaim.objects.get(user=world.users["scholar"]).key
    assert f"/desk/claims/{key}/" in security.get("/office/claims/").content.decode()

    security.post(f"/desk/claims/{key}/", {"do": "approve", "note": "核对无误"})

    assert "核对无误" in text(claimant.get(f"/desk/claims/{key}/"))
    assert Membership.objects.filter(user=world.users["scholar"], role="manager").count() == 1
    assert claimant.get(f"/desk/organizations/{world.organizations['hidden'].key}/members/").status_code == 200


@pytest.mark.parametrize(("name", "content"), [("letter.exe", b"MZ"), ("letter.pdf", b"not a pdf"), ("a.pdf", b"")])
def test_evidence_that_is_no_document_is_refused(name: str, content: bytes, sign_in: SignIn, world: World) -> None:
    assert len(claim(sign_in("scholar"), world, content, name)) == 1
    assert not OrganizationClaim.objects.filter(user=world.users["scholar"]).exists()


def test_manager_of_the_body_is_told_and_asked_first(sign_in: SignIn, world: World) -> None:
    path = f"/desk/organizations/{world.organizations['firm'].key}/claim/"
    form = {"role": "editor", "position": "技术员", "evidence": SimpleUploadedFile("letter.pdf", PDF)}
    sign_in("scholar").post(path, form)
    key = OrganizationClaim.objects.get(user=world.users["scholar"]).key

    office = sign_in("security").post(f"/desk/claims/{key}/", {"do": "approve"}, follow=True)
    assert "scholar 申请成为单位编辑。" in text(sign_in("manager").get(members(world)))
    sign_in("manager").post(f"/desk/claims/{key}/", {"do": "approve"})

    assert notices(office)[0] == "该单位已有管理员，五天内先由其审核。"
    assert OrganizationClaim.objects.get(key=key).state == "approved"


def test_evidence_is_for_those_who_decide(sign_in: SignIn, world: World) -> None:
    claim(sign_in("scholar"), world)
    key = OrganizationClaim.objects.get(user=world.users["scholar"]).key
    page = sign_in("stranger").get(f"/desk/claims/{key}/").content.decode()
    found = re.search(rf"/desk/claims/{key}/files/[\w-]+/", page)
    assert found is not None

    assert b"".join(sign_in("stranger").get(found[0])) == PDF
    assert [sign_in(name).get(found[0]).status_code for name in ("officer", "broker", "administrator", "owner")] == [
        404
    ] * 4


def test_locked_account_accepts_nothing(sign_in: SignIn, world: World) -> None:
    sign_in("manager").post(members(world), {"email": "scholar@example.invalid", "role": "editor"})
    client = sign_in("scholar")
    User.objects.filter(email="scholar@example.invalid").update(is_active=False)

    client.post(link())

    assert Invitation.objects.get(email="scholar@example.invalid").accepted_at is None


def test_sign_up_with_another_address_than_the_invited_one_is_confirmed_by_letter(
    sign_in: SignIn, visitor: Client, world: World
) -> None:
    sign_in("manager").post(members(world), {"email": "new@example.invalid", "role": "editor"})
    form = {"name": "新人", "email": "other@example.invalid", "next": link()}

    with override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory"):
        response = visitor.post("/account/signup/", form | dict.fromkeys(("password1", "password2"), "New-bridge-77"))

    assert response["Location"] == "/account/confirm-email/"
