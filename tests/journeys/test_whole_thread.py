"""The whole thread, walked in a browser in both languages: from the front page's box to the published figure.

Buttons are found by what they do, not by what they say, so that one walk serves both languages.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Window
from tests.journeys.site import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PROBLEM = "厚板切割用光纤激光器功率下降，输出功率不低于 2 kW"


def press(page: Page, what: str) -> None:
    page.locator(f'button[name="do"][value="{what}"]').first.click()


def become(window: Window, name: str) -> None:
    window.sign_out()
    window.sign_in(name)


def ask(window: Window) -> None:
    """A visitor tells the problem and finds the offer."""
    window.goto("/")
    window.page.locator("form.ask textarea, .ask textarea").first.fill(PROBLEM)
    window.page.keyboard.press("Control+Enter")
    window.page.locator('#answers a[href="/offers/F-public/"]').first.wait_for()


def publish(window: Window, title: str) -> str:
    """The firm writes the need down, the officer of the place publishes it; its key."""
    page = window.page
    window.sign_in("editor")
    window.goto("/desk/needs/new/")
    page.locator('[name="title"]').fill(title)
    page.locator('[name="text"]').fill(PROBLEM)
    page.locator('[name="abstract"]').fill("光纤激光器功率下降。")
    page.locator('button[name="read"]').click()
    page.locator("form.stack button.button:not(.quiet)").last.click()
    page.wait_for_url(re.compile("/desk/needs/[^/]+/edit/$"))
    key = page.url.rstrip("/").split("/")[-2]
    page.locator(f'form[action="/desk/needs/{key}/submit/"] button').click()
    become(window, "officer")
    window.goto(f"/office/queue/needs/{key}/")
    page.locator('button[name="step"][value="screen"]').click()
    page.locator('button[name="step"][value="publish"]').click()
    page.wait_for_url("**/office/queue/needs/")
    return key


def introduce(window: Window, need: str) -> str:
    """The broker presses one button beside the match; the key of the introduction."""
    page = window.page
    become(window, "broker")
    form = page.locator('form[action="/desk/introduce/"]:has(input[value="F-public"])')

    def matched() -> bool:
        window.goto(f"/needs/{need}/")
        page.wait_for_load_state("networkidle")
        return form.count() > 0

    wait_until(matched, "the need is matched with the offer")
    form.first.locator("button").click()
    page.wait_for_url(re.compile("/desk/introductions/[^/]+/$"))
    return page.url.rstrip("/").split("/")[-1]


def agree_to_talk(window: Window, introduction: str) -> None:
    """Both sides say yes, the broker notes that they talk."""
    for name in ("editor", "scholar"):
        become(window, name)
        window.goto(f"/desk/introductions/{introduction}/")
        window.page.locator(
            'form:has(input[name="answer"][value="yes"]) button, button[name="answer"][value="yes"]'
        ).first.click()
        window.page.wait_for_load_state("networkidle")
    become(window, "broker")
    window.goto(f"/desk/introductions/{introduction}/")
    press(window.page, "talk")


def sign(window: Window, introduction: str) -> str:
    """The broker drafts the contract from the introduction and notes the signature; the key of the contract."""
    page, today = window.page, timezone.localdate()
    window.goto(f"/desk/agreements/new/?introduction={introduction}")
    page.locator("main form button.button").first.click()
    page.wait_for_url(re.compile("/desk/agreements/[^/]+/"))
    key = next(part for part in page.url.split("/") if part.startswith("A"))
    window.goto(f"/desk/agreements/{key}/edit/")
    page.locator('[name="contract_type"]').select_option("development")
    page.locator('[name="subtype"]').select_option("commissioned")
    page.locator('[name="field"]').select_option("advanced_manufacturing")
    page.locator('[name="contract_amount_fen"]').fill("120")
    page.locator('[name="technology_amount_fen"]').fill("100")
    page.locator('[name="payment_mode"]').select_option("lump_sum")
    page.locator('[name="from_date"]').fill(today.isoformat())
    page.locator('[name="to_date"]').fill((today + timedelta(days=400)).isoformat())
    page.locator("form.stack > .row button.button").last.click()
    page.wait_for_url(f"**/desk/agreements/{key}/")
    page.locator('[name="signed_date"]').fill(today.isoformat())
    press(page, "sign")
    page.locator('button[name="do"][value="perform"]').wait_for()
    return key


def file_it(window: Window, agreement: str) -> str:
    """The seller's side files the contract; the key of the registration."""
    page = window.page
    become(window, "scholar")
    window.goto(f"/desk/agreements/{agreement}/register/")
    page.locator("main form button.button").click()
    page.wait_for_url(re.compile("/desk/registrations/[^/]+/$"))
    for name, value in (("ip_type", "know_how"), ("objective", "industry"), ("plan_source", "none")):
        page.locator(f'[name="{name}"]').select_option(value)
    page.locator('[name="handler"]').fill("Lin Xia")
    press(page, "submit")
    page.locator('button[name="do"][value="submit"]').wait_for(state="detached")
    return page.url.rstrip("/").split("/")[-1]


def register(window: Window, registration: str, number: str) -> None:
    """The office takes it on, checks form, type and amount, and enters it in the register."""
    page = window.page
    become(window, "clerk")
    window.goto(f"/office/registrations/{registration}/")
    press(page, "accept")
    for kind in ("form", "type", "amount"):
        box = page.locator(f'form:has(input[name$="kind"][value="{kind}"])')
        box.locator("select").select_option("yes")
        box.locator('[name$="opinion"]').fill("OK")
        box.locator("button").click()
        page.wait_for_load_state("networkidle")
    page.locator('[name$="number"]').fill(number)
    press(page, "register")
    page.locator('a[href$="/certificate/"]').first.wait_for()


def publish_figure(window: Window) -> str:
    """One officer of the region freezes the number of needs, another publishes it; the address of the edition."""
    page = window.page
    become(window, "region")
    window.goto("/office/figures/")
    page.locator('input[name="codes"][value="needs_published"]').check()
    page.locator("form:has(input[name='codes']) button.button").click()
    page.wait_for_load_state("networkidle")
    become(window, "region-two")
    window.goto("/office/figures/")
    page.locator('main td a[href*="/office/figures/needs_published"]').first.click()
    page.locator('form:has(input[name="do"][value="publish"]) button').click()
    page.wait_for_url("**/figures/edition/needs_published-*/")
    return page.url.removeprefix(window.market.site.address)


@pytest.mark.parametrize(("language", "number"), [("zh-hans", "2026229010000001"), ("en", "2026229010000002")])
def test_need_becomes_a_registered_contract_on_one_thread(language: str, number: str, open_window: Open) -> None:
    window = open_window(language=language)
    ask(window)
    need = publish(window, f"厚板切割光源 {number[-1]}")
    introduction = introduce(window, need)
    agree_to_talk(window, introduction)
    agreement = sign(window, introduction)
    registration = file_it(window, agreement)
    register(window, registration, number)
    figure = publish_figure(window)

    become(window, "scholar")
    window.goto(f"/thread/registration/{registration}/")
    expect(window.page.locator("ol.steps li.done")).to_have_count(5)
    for path in (
        f"/needs/{need}/",
        f"/desk/introductions/{introduction}/",
        f"/desk/agreements/{agreement}/",
        f"/desk/registrations/{registration}/",
        figure,
    ):
        window.page.locator(f'.thread a[href="{path}"]').click()
        window.page.wait_for_url(f"**{path}")
        window.page.go_back()

    window.sign_out()
    window.goto(f"/thread/need/{need}/")
    expect(window.page.locator(".thread li")).to_have_count(2)
    assert window.complaints == []
