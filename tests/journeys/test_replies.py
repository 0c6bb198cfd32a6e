"""A visitor's way through a reply: a sentence, its figure's card, its row; by mouse, keyboard and phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from keqiao.catalogue.replies.sample import sample_reply
from tests.journeys.conftest import Market, Open
from tests.journeys.test_pages import LANGUAGES, findings

pytestmark = [pytest.mark.journey, pytest.mark.slow]
FIGURE = "a.m.figure:has-text('3600万元')"


def drop(page: Page, button: str = "读一读") -> None:
    page.locator("#id_text").fill(sample_reply())
    page.get_by_role("button", name=button, exact=True).click()


@pytest.mark.parametrize(
    ("language", "menu", "button", "said", "table", "close"),
    [("zh-hans", "答复", "读一读", "原句写明", "在表里看", "关上"),
     ("en", "Replies", "Read it", "stated in the sentence", "See it in the table", "Close")],
)  # fmt: skip
def test_visitor_drops_a_reply_and_follows_a_figure(
    language: str, menu: str, button: str, said: str, table: str, close: str, open_window: Open
) -> None:
    window = open_window(language=language)
    page = window.page
    window.goto("/replies/read/")
    drop(page, button)

    page.locator(FIGURE).click()
    card = page.locator(".mark-card:popover-open")
    expect(card).to_contain_text(said)
    card.get_by_role("button", name=close).click()
    expect(card).to_have_count(0)
    page.locator(FIGURE).click()
    card.get_by_role("link", name=table).click()

    expect(page.locator("tr:target")).to_contain_text("3600万元")
    expect(card).to_have_count(0)
    page.locator("tr:target a").click()
    expect(page.locator(".reply-text :target")).to_have_text("3600万元")
    assert "3600" not in page.url
    assert findings(window) == []


def test_marks_are_reached_and_read_by_keyboard_alone(open_window: Open) -> None:
    window = open_window()
    page = window.page
    window.goto("/replies/read/?sample=1")
    page.locator(FIGURE).focus()
    page.keyboard.press("Enter")
    card = page.locator(".mark-card:popover-open")
    expect(card).to_be_focused()
    page.keyboard.press("Escape")

    expect(card).to_have_count(0)
    expect(page.locator(FIGURE)).to_be_focused()


def test_what_is_switched_off_looks_like_text(open_window: Open) -> None:
    window = open_window()
    page = window.page
    window.goto("/replies/read/?sample=1")
    flags = page.locator(".reply-text .flag.promise")
    expect(flags.first).to_be_visible()

    page.get_by_role("checkbox", name=re.compile("承诺事项")).uncheck()

    expect(flags.first).to_be_hidden()
    page.get_by_role("checkbox", name=re.compile("已完成")).uncheck()
    expect(page.locator("tr.is-done").first).to_be_hidden()
    expect(page.locator("tr.is-planned").first).to_be_visible()


def test_phone_shows_the_card_along_the_bottom(open_window: Open) -> None:
    window = open_window(width=390, height=844)
    page = window.page
    window.goto("/replies/read/?sample=1")
    page.locator(FIGURE).click()
    box = page.locator(".mark-card:popover-open").bounding_box()

    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_file_comes_without_the_text_being_sent_twice_by_hand(open_window: Open) -> None:
    window = open_window()
    page = window.page
    window.goto("/replies/read/")
    drop(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Excel").click()

    assert coming.value.suggested_filename == "答复解析.xlsx"


def test_reply_is_read_without_scripts(browser: object, market: Market) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{market.site.address}/replies/read/")
    drop(page)
    page.locator(FIGURE).click()

    expect(page.locator("tr:target")).to_contain_text("3600万元")
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_open_card_and_missing_text_are_sound(language: str, open_window: Open) -> None:
    window = open_window(language=language)
    page = window.page
    window.goto("/replies/read/?sample=1")
    page.locator(FIGURE).click()
    page.locator(".mark-card:popover-open").wait_for()
    assert findings(window) == []

    window.goto("/replies/read/")
    page.locator("main button.button").first.click()
    expect(page.locator(".field .error")).to_be_visible()
    assert [one for one in findings(window) if "422" not in one] == []


@pytest.mark.parametrize(
    ("language", "menu", "opens"),
    [("zh-hans", "答复", "打开这个数字"), ("en", "Replies", "Open this figure")],
)
def test_visitor_goes_from_a_sentence_to_the_rows_behind_its_figure(
    language: str, menu: str, opens: str, open_window: Open
) -> None:
    window = open_window(language=language)
    page = window.page
    window.goto("/")
    page.get_by_role("link", name=menu, exact=True).click()
    page.get_by_role("link", name="关于对省政协十三届四次会议W34号委员提案的答复").click()
    page.locator("a.m.figure", has_text="6个").click()
    page.locator(".mark-card:popover-open").get_by_role("link", name=opens).click()

    page.wait_for_url("**/figures/edition/register_labs-*/")
    expect(page.locator("main")).to_contain_text("Laboratory 1")
    assert findings(window) == []


@pytest.mark.parametrize(("language", "kept"), [("zh-hans", "已兑现（有依据）"), ("en", "kept (with evidence)")])
def test_visitor_goes_from_a_promise_to_the_sentence_that_shows_it_kept(
    language: str, kept: str, open_window: Open
) -> None:
    window = open_window(language=language)
    page = window.page
    window.goto("/promises/")
    page.locator(".promise-states a", has_text=kept).click()
    page.get_by_role("link", name="到2025年底前建成公共服务平台5个").click()
    expect(page.locator(".quote mark").first).to_have_text("到2025年底前建成公共服务平台5个")
    page.locator(".evidence .meta a").first.click()

    expect(page.locator(".reply-text :target").first).to_be_in_viewport()
    expect(page.locator(".reply-text :target").first).to_contain_text("建成公共服务平台5个")
    assert findings(window) == []


def test_somebody_signed_in_follows_a_promise_and_stops(open_window: Open) -> None:
    window = open_window(width=390, height=844)
    window.sign_in("outsider")
    page = window.page
    window.goto("/promises/?q=公共服务平台")
    page.locator(".promise-list a").first.click()
    page.get_by_role("button", name="关注进展").click()
    page.get_by_role("button", name="不再关注").click()

    expect(page.get_by_role("button", name="关注进展")).to_be_visible()


def test_number_over_the_years_leads_to_its_sentence(open_window: Open) -> None:
    window = open_window()
    page = window.page
    window.goto("/replies/series/")
    page.locator("#series h2 a").first.click()
    page.locator("td a[href*='?at=']").first.click()

    expect(page.locator(".reply-text :target").first).to_be_in_viewport()
