"""Signing in with an account from outside, against a real OpenID provider in this process."""

from collections.abc import Iterator

import pytest
import requests
from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client, override_settings

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.models import User
from keqiao.site._environment import Environment, SettingsError
from tests.web import oidc
from tests.web.html import text
from tests.web.world import World


@pytest.fixture
def provider() -> Iterator[oidc.Provider]:
    with oidc.running() as found, override_settings(SOCIALACCOUNT_PROVIDERS=found.settings()):
        yield found


def sign_in(client: Client) -> HttpResponse:
    """The way of a browser: our button, the provider's page, back to us."""
    sent = client.post("/account/oidc/oidc/login/?process=login")
    assert sent.status_code == 302
    back = requests.get(sent["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def test_known_person_with_a_confirmed_address_is_signed_in(
    provider: oidc.Provider, visitor: Client, world: World
) -> None:
    provider.person = {"sub": "1", "email": "editor@example.invalid", "email_verified": True, "name": "E"}

    answer = sign_in(visitor)

    assert answer["Location"] == "/desk/"
    page = visitor.get("/desk/account/")
    assert "editor@example.invalid" in page.content.decode()
    assert User.objects.filter(email="editor@example.invalid").count() == 1


def test_address_that_the_provider_has_not_confirmed_opens_no_account(
    provider: oidc.Provider, visitor: Client, world: World
) -> None:
    provider.person = {"sub": "2", "email": "editor@example.invalid", "email_verified": False, "name": "Mallory"}

    sign_in(visitor)

    assert visitor.get("/desk/").status_code == 302


def test_account_here_whose_address_was_never_confirmed_is_not_opened(
    provider: oidc.Provider, visitor: Client, world: World
) -> None:
    EmailAddress.objects.filter(email="editor@example.invalid").update(verified=False)
    provider.person = {"sub": "3", "email": "editor@example.invalid", "email_verified": True, "name": "E"}

    sign_in(visitor)

    assert visitor.get("/desk/").status_code == 302


def test_locked_account_is_not_opened_from_outside(provider: oidc.Provider, visitor: Client, world: World) -> None:
    User.objects.filter(email="editor@example.invalid").update(is_active=False)
    provider.person = {"sub": "4", "email": "editor@example.invalid", "email_verified": True, "name": "E"}

    sign_in(visitor)

    assert visitor.get("/desk/").status_code == 302


def test_unknown_person_gets_an_account_without_roles(provider: oidc.Provider, visitor: Client, world: World) -> None:
    provider.person = {"sub": "5", "email": "New@example.invalid", "email_verified": True, "name": "新人"}

    sign_in(visitor)

    user = User.objects.get(email="new@example.invalid")
    assert (user.name, user.has_usable_password(), user.memberships.count()) == ("新人", False, 0)
    entry = Entry.objects.get(kind="user.sign_up", subject=f"user:{user.key}")
    assert entry.reason == "openid_connect"
    assert visitor.get("/desk/").status_code == 200


def test_answer_with_a_forged_state_is_refused(provider: oidc.Provider, visitor: Client, world: World) -> None:
    provider.person = {"sub": "6", "email": "editor@example.invalid", "email_verified": True}

    answer = visitor.get("/account/oidc/oidc/login/callback/?code=x&state=forged")

    assert answer.status_code in (200, 401)
    assert visitor.get("/desk/").status_code == 302


def test_login_page_offers_the_provider_only_where_there_is_one(visitor: Client, world: World) -> None:
    assert "Province ID" not in text(visitor.get("/account/login/"))
    with oidc.running() as found, override_settings(SOCIALACCOUNT_PROVIDERS=found.settings()):
        assert "用 Province ID 登录" in text(visitor.get("/account/login/"))


def test_without_a_provider_its_addresses_are_not_found(visitor: Client, world: World) -> None:
    assert visitor.post("/account/oidc/oidc/login/").status_code == 404


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "KEQIAO_OIDC_ID is not set"),
        ({"KEQIAO_OIDC_ID": "x"}, "KEQIAO_OIDC_SECRET is not set"),
    ],
)
def test_provider_without_its_key_names_the_variable(variables: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Environment(variables).openid_connect("https://login.example.cn", must_be_secure=True)


@pytest.mark.parametrize("url", ["login.example.cn", "ftp://login.example.cn"])
def test_provider_address_that_is_none_is_named(url: str) -> None:
    with pytest.raises(SettingsError, match="KEQIAO_OIDC_URL"):
        Environment({}).openid_connect(url, must_be_secure=False)


def test_provider_without_encryption_is_refused_in_production() -> None:
    with pytest.raises(SettingsError, match="https://"):
        Environment({}).openid_connect("http://login.example.cn", must_be_secure=True)
