"""Signing up, in and out; locked accounts; forgotten passwords. allauth does the work, the settings make the rules."""

import re

import pytest
from django.core import mail
from django.test import Client

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.models import User
from tests.web import world as worlds
from tests.web.html import notices, text, texts
from tests.web.world import PASSWORD, World

EMAIL = "editor@example.invalid"
CHANGE = "/account/password/change/"


def sign_in_with(client: Client, password: str, email: str = EMAIL) -> int:
    return client.post("/account/login/", {"login": email, "password": password}).status_code


def last_entry() -> Entry:
    row = Entry.objects.order_by("-seq").first()
    assert row is not None
    return row


def test_right_password_opens_the_desk_and_is_recorded(visitor: Client, world: World) -> None:
    response = visitor.post("/account/login/", {"login": EMAIL.upper(), "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/desk/")
    entry = last_entry()
    assert (entry.kind, entry.subject, entry.outcome) == (
        "session.sign_in",
        f"user:{world.users['editor'].key}",
        "done",
    )


def test_sign_in_leads_back_to_the_page_wanted(visitor: Client) -> None:
    form = {"login": EMAIL, "password": PASSWORD, "next": "/desk/needs/new/"}

    assert visitor.post("/account/login/", form)["Location"] == "/desk/needs/new/"


@pytest.mark.parametrize("elsewhere", ["https://evil.invalid/", "//evil.invalid/", "javascript:alert(1)"])
def test_sign_in_leads_to_no_other_site(elsewhere: str, visitor: Client) -> None:
    form = {"login": EMAIL, "password": PASSWORD, "next": elsewhere}

    assert visitor.post("/account/login/", form)["Location"] == "/desk/"


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.invalid"])
def test_wrong_password_and_unknown_address_look_alike(email: str, visitor: Client) -> None:
    response = visitor.post("/account/login/", {"login": email, "password": "wrong"})

    assert notices(response) == ["您提供的电子邮件地址和/或密码不正确。"]
    assert last_entry().outcome == "refused"


def test_unknown_address_is_not_kept(visitor: Client) -> None:
    visitor.post("/account/login/", {"login": "private@example.invalid", "password": "wrong"})

    assert last_entry().subject == "user:unknown"
    assert "private@" not in str(list(Entry.objects.values_list("facts", "subject", "actor")))


def test_account_is_locked_after_five_failures(visitor: Client) -> None:
    for _ in range(5):
        assert sign_in_with(visitor, "wrong") == 200

    response = Client().post("/account/login/", {"login": EMAIL, "password": PASSWORD})

    assert response.status_code == 200
    assert notices(response) == ["登录失败次数过多，请稍后重试。"]
    assert sign_in_with(Client(), PASSWORD, "manager@example.invalid") == 302, "others are not locked out"


def test_deactivated_account_does_not_open(visitor: Client) -> None:
    User.objects.filter(email=EMAIL).update(is_active=False)

    visitor.post("/account/login/", {"login": EMAIL, "password": PASSWORD})

    assert visitor.get("/desk/").status_code == 302


def test_signing_out_is_recorded_and_ends_the_session(visitor: Client) -> None:
    sign_in_with(visitor, PASSWORD)

    response = visitor.post("/account/logout/")

    assert response["Location"] == "/"
    assert last_entry().kind == "session.sign_out"
    assert visitor.get("/desk/").status_code == 302


def test_reset_letter_leads_to_a_new_password(visitor: Client) -> None:
    visitor.post("/account/password/reset/", {"email": EMAIL})

    assert [message.to for message in mail.outbox] == [[EMAIL]]
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    page = visitor.get(link[1], follow=True)
    visitor.post(page.redirect_chain[-1][0], {"password1": "New-bridge-77", "password2": "New-bridge-77"})

    assert sign_in_with(Client(), PASSWORD) == 200
    assert sign_in_with(Client(), "New-bridge-77") == 302


def test_reset_of_an_unknown_address_looks_the_same(visitor: Client) -> None:
    known = visitor.post("/account/password/reset/", {"email": EMAIL})
    unknown = visitor.post("/account/password/reset/", {"email": "nobody@example.invalid"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def sign_up(client: Client, password: str, **values: str) -> list[str]:
    form = {"name": "新人", "email": "new@example.invalid", "password1": password, "password2": password} | values
    response = client.post("/account/signup/", form)
    return notices(response) if response.status_code == 200 else []


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Ab-1", "密码太短，至少要有 10 个字符。"),
        ("abcdefghijkl", "密码须包含小写字母、大写字母、数字、其他字符中的三类。"),
        ("abcdefgh1234", "密码须包含小写字母、大写字母、数字、其他字符中的三类。"),
        ("New@example.invalid", "密码跟 电子邮箱 太相似了。"),
        ("Wang-Xiaoming-1", "密码跟 姓名 太相似了。"),
        ("Password123", "这个密码太常见了。"),
    ],
)
def test_weak_password_is_refused_with_the_rule(password: str, sentence: str, visitor: Client) -> None:
    assert sentence in " ".join(sign_up(visitor, password, name="Wang Xiaoming"))
    assert not User.objects.filter(email="new@example.invalid").exists()


def test_new_account_goes_on_to_register_its_organization(visitor: Client) -> None:
    assert sign_up(visitor, "New-bridge-77") == []
    assert "您还不属于任何单位。" in text(visitor.get("/desk/"))
    assert Entry.objects.filter(kind="user.sign_up").count() == 1

    form = {"uscc": worlds.code(88), "name": "新公司", "kind": "enterprise", "area": worlds.AREA}
    response = visitor.post("/desk/organizations/new/", form, follow=True)

    assert notices(response)[0] == "单位已登记，您是它的管理员。"
    assert visitor.get(f"/desk/organizations/{worlds.code(88)}/members/").status_code == 200


def test_known_address_is_not_given_away_on_sign_up(visitor: Client) -> None:
    before = User.objects.count()

    sign_up(visitor, "New-bridge-77", email=EMAIL)

    assert User.objects.count() == before
    assert sign_in_with(Client(), "New-bridge-77") == 200


LATIN = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/account/login/", {}),
        ("/account/signup/", {"email": "x", "password1": "a", "password2": "b", "name": ""}),
        ("/account/password/reset/", {"email": "x"}),
        ("/account/password/reset/done/", None),
        ("/account/password/reset/key/1-set-password/", None),
        ("/account/confirm-email/", None),
        ("/account/inactive/", None),
    ],
)
def test_account_pages_are_chinese_throughout(path: str, form: dict[str, str] | None, visitor: Client) -> None:
    response = visitor.get(path) if form is None else visitor.post(path, form)

    assert response.status_code == 200
    assert [found for found in texts(response) if LATIN.search(found)] == []


def test_password_change_is_chinese_throughout(visitor: Client) -> None:
    sign_in_with(visitor, PASSWORD)

    response = visitor.post("/account/password/change/", {"oldpassword": "x", "password1": "a", "password2": "b"})

    assert [found for found in texts(response) if LATIN.search(found)] == []
    assert len(notices(response)) >= 2


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", "/account/password/reset/", CHANGE])
def test_boxes_of_sign_in_hold_no_greyed_words(path: str, visitor: Client) -> None:
    """They repeat the labels, and are gone as soon as one types."""
    if path == CHANGE:
        sign_in_with(visitor, PASSWORD)

    assert " placeholder=" not in visitor.get(path).content.decode()


def test_password_rules_stand_beside_the_box(visitor: Client) -> None:
    page = text(visitor.get("/account/signup/"))

    for rule in (
        "不能与姓名、邮箱或电话相似。",
        "至少 10 个字符。",
        "不能是常见的密码。",
        "不能使用最近 5 次用过的密码。",
    ):
        assert rule in page
