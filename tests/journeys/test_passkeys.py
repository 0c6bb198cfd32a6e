"""A passkey in a real browser with a virtual authenticator: added, used to sign in, confirmed with, removed."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open
from tests.journeys.test_pages import findings

pytestmark = [pytest.mark.journey, pytest.mark.slow]

KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
       "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


def test_passkey_signs_in_without_a_password(open_window: Open) -> None:
    window = open_window()
    page = window.page
    # Browsers give passkeys to names only, never to addresses of numbers.
    site = window.market.site.address.replace("127.0.0.1", "localhost")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto(f"{site}/demo/")
    page.locator(f'form:has(input[value="{window.market.users["expert"]}"]) button').click()
    page.wait_for_url("**/desk/")

    page.goto(f"{site}/account/2fa/")
    assert findings(window) == []
    page.get_by_role("link", name="添加通行密钥").click()
    assert findings(window) == []
    page.get_by_label("以后不输密码，只用它登录").check()
    page.get_by_role("button", name="添加").click()
    # Who has no password confirms with the new key before the codes are shown.
    page.get_by_role("link", name="使用安全密钥").click()
    page.get_by_role("button", name="使用通行密钥").click()
    page.wait_for_url("**/recovery-codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    assert findings(window) == []

    window.sign_out()
    page.goto(f"{site}/account/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/desk/")

    page.goto(f"{site}/desk/account/sessions/")
    expect(page.get_by_text("Chrome · Linux").first).to_be_visible()
    assert findings(window) == []
    page.goto(f"{site}/account/2fa/webauthn/")
    assert findings(window) == []
    page.get_by_role("link", name="移除").click()
    page.get_by_role("link", name="使用安全密钥").click()
    page.get_by_role("button", name="使用通行密钥").click()
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_text("还没有通行密钥。")).to_be_visible()
