"""Second factors and sessions: setting up, signing in with them, who must have one, taking them away."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings
from django.utils.translation import override

from keqiao.apps.ledger.models import Entry
from keqiao.web.parts import browsers
from tests.web.conftest import SignIn
from tests.web.html import notices, text, texts
from tests.web.test_account import LATIN
from tests.web.world import PASSWORD, World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def code(secret: str, *, steps: int = 0) -> str:
    """The six digits of RFC 6238 now, or some steps of 30 seconds away."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in_by_password(name: str, **headers: str) -> Client:
    client = Client(headers=headers)
    client.post("/account/login/", {"login": f"{name}@example.invalid", "password": PASSWORD})
    return client


def set_up(client: Client) -> str:
    """Confirm that it is oneself, turn on the authenticator app; gives its secret."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/", follow=True).content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret is not None
    client.post("/account/2fa/totp/activate/", {"code": code(secret[1])})
    return secret[1]


def kinds() -> list[tuple[str, str, str]]:
    rows = Entry.objects.filter(kind__regex="^(factor|session)").order_by("seq")
    return list(rows.values_list("kind", "outcome", "reason"))


def test_password_alone_no_longer_opens_the_desk(
    world: World, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(sign_in_by_password("editor"))

    client = sign_in_by_password("editor")
    assert client.get("/desk/").status_code == 302
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    right = client.post("/account/2fa/authenticate/", {"code": code(secret, steps=1)})

    assert "错误代码。" in " ".join(notices(wrong))
    assert (right.status_code, right["Location"], client.get("/desk/").status_code) == (302, "/desk/", 200)
    assert ("factor.add", "done", "totp") in kinds()
    assert ("session.second_factor", "refused", "second_factor") in kinds()


def test_recovery_code_opens_once(world: World) -> None:
    client = sign_in_by_password("editor")
    set_up(client)
    shown = re.findall(r"<li><code>(\d+)</code>", client.get("/account/2fa/recovery-codes/").content.decode())

    answers = []
    for _ in range(2):
        visitor = sign_in_by_password("editor")
        visitor.post("/account/2fa/authenticate/", {"code": shown[0]})
        answers.append(visitor.get("/desk/").status_code)

    assert (len(shown), answers) == (10, [200, 302])


def test_secret_is_not_readable_in_the_database(world: World) -> None:
    secret = set_up(sign_in_by_password("editor"))

    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept


@override_settings(REQUIRE_MFA=True)
@pytest.mark.parametrize("name", ["administrator", "security", "auditor", "officer"])
def test_roles_that_need_a_factor_set_it_up_first(name: str, world: World) -> None:
    client = sign_in_by_password(name)

    first = client.get("/office/")
    assert (first.status_code, first["Location"]) == (302, "/account/2fa/")
    assert "您的角色要求第二因素。" in text(client.get("/account/2fa/"))
    set_up(client)

    assert client.get("/office/", follow=True).status_code == 200


@override_settings(REQUIRE_MFA=True)
@pytest.mark.parametrize("name", ["", "editor", "broker"])
def test_others_go_on_without(name: str, sign_in: SignIn) -> None:
    assert sign_in(name).get("/needs/").status_code == 200


@override_settings(REQUIRE_MFA=True)
def test_last_factor_of_somebody_who_needs_one_stays(world: World) -> None:
    client = sign_in_by_password("officer")
    set_up(client)

    page = client.get("/account/2fa/totp/deactivate/")
    client.post("/account/2fa/totp/deactivate/")

    assert "这是最后一个，不能停用" in text(page)
    assert Authenticator.objects.filter(user=world.users["officer"], type="totp").exists()


def test_security_administrator_resets_lost_factors_and_ends_sessions(sign_in: SignIn, world: World) -> None:
    client = sign_in_by_password("editor")
    set_up(client)
    path = f"/office/users/{world.users['editor'].key}/"

    assert "重置第二因素" not in text(sign_in("administrator").get(path))
    sign_in("administrator").post(path, {"do": "reset_factors"})
    assert Authenticator.objects.filter(user=world.users["editor"]).count() == 2
    sign_in("security").post(path, {"do": "reset_factors"})

    assert not Authenticator.objects.filter(user=world.users["editor"]).exists()
    assert client.get("/desk/").status_code == 302
    assert ("factor.reset", "done", "") in kinds()


def test_nobody_resets_the_own_factors(world: World) -> None:
    client = sign_in_by_password("security")
    set_up(client)

    answer = client.post(f"/office/users/{world.users['security'].key}/", {"do": "reset_factors"}, follow=True)

    assert notices(answer)[-1] == "不能重置自己的第二因素，请由另一位安全管理员办理。"


def test_sessions_are_listed_and_ended_one_by_one(world: World) -> None:
    mine, other = sign_in_by_password("editor"), sign_in_by_password("editor", user_agent=FIREFOX)
    page = mine.get("/desk/account/sessions/")
    (pk,) = re.findall(r'name="session" value="(\d+)"', page.content.decode())
    assert "Firefox · Linux" in text(page)

    mine.post("/desk/account/sessions/", {"session": pk})

    assert (mine.get("/desk/").status_code, other.get("/desk/").status_code) == (200, 302)
    assert ("session.end", "done", "") in kinds()


def test_all_other_sessions_end_at_once(world: World) -> None:
    mine, others = sign_in_by_password("editor"), [sign_in_by_password("editor") for _ in range(2)]

    answer = mine.post("/desk/account/sessions/", {"session": "others"}, follow=True)

    assert notices(answer)[-1] == "已退出其他 2 处登录。"
    assert [client.get("/desk/").status_code for client in (mine, *others)] == [200, 302, 302]


def test_session_of_somebody_else_is_not_ended(world: World) -> None:
    other = sign_in_by_password("manager")
    mine = sign_in_by_password("editor")
    from allauth.usersessions.models import UserSession  # noqa: PLC0415 - settings are not loaded before

    pk = UserSession.objects.get(user=world.users["manager"]).pk
    answer = mine.post("/desk/account/sessions/", {"session": str(pk)}, follow=True)

    assert notices(answer)[-1] == "该处登录已经退出。"
    assert other.get("/desk/").status_code == 200


@pytest.mark.parametrize("name", ["administrator", "security", "auditor"])
def test_administrators_are_signed_in_at_one_place(name: str, world: World) -> None:
    first = sign_in_by_password(name)
    second = sign_in_by_password(name)

    assert [client.get("/desk/").status_code for client in (first, second)] == [302, 200]
    assert ("session.end", "done", "one_session") in kinds()


PAGES = [
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/totp/deactivate/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/reauthenticate/",
    "/account/2fa/reauthenticate/",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_factors_are_chinese_and_without_inline_code(path: str, world: World) -> None:
    client = sign_in_by_password("editor")
    if path == "/account/2fa/totp/activate/":
        client.post("/account/reauthenticate/", {"password": PASSWORD})
    else:
        set_up(client)

    page = client.get(path)

    assert page.status_code == 200
    assert [found for found in texts(page) if LATIN.search(found)] == []
    assert re.findall(r"<script(?![^>]*\bsrc=)|\sstyle=", page.content.decode()) == []


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (FIREFOX, "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1 MicroMessenger/8.0", "WeChat · iPhone"),
        ("", "其他客户端"),
    ],
)
def test_browsers_are_named_in_a_few_words(agent: str, expected: str) -> None:
    with override("zh-hans"):
        assert browsers.name(agent) == expected
