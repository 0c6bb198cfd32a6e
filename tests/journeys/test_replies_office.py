"""A reply brought by dropping files, corrected from the keyboard alone, and once more without any script."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Window
from tests.web.worlds.replies_office import text_of

pytestmark = [pytest.mark.journey, pytest.mark.slow]
CURRENT = "#desk .desk-row[aria-current]"


def files(folder: Path, *numbers: int) -> list[str]:
    found = []
    for number in numbers:
        path = folder / f"reply-{number}.txt"
        path.write_text(text_of(proposal=163, number=number), encoding="utf-8")
        found.append(str(path))
    return found


def bring(page: Page, paths: list[str]) -> None:
    page.locator("#files").set_input_files(paths)
    page.get_by_role("button", name="导入", exact=True).click()


@pytest.fixture
def window(open_window: Open) -> Window:
    window = open_window()
    window.sign_in("lead")
    return window


def test_files_are_brought_one_by_one_and_the_second_of_a_number_is_asked_about(window: Window, tmp_path: Path) -> None:
    page, paths = window.page, files(tmp_path, 51, 52)
    other = tmp_path / "other.txt"
    other.write_text(text_of(proposal=163, number=51).replace("596家", "600家"), encoding="utf-8")
    window.goto("/office/replies/")

    bring(page, [*paths, str(other)])
    expect(page.locator("#brought > li")).to_have_count(3)
    expect(page.locator("[data-said]")).to_have_text("完成：2 份已导入，1 份未导入")
    page.locator("#brought [data-again]").click()

    expect(page.locator("#brought > li .tag.pass")).to_have_count(3)
    expect(page.locator("#brought > li").last).to_contain_text("第 2 版")
    assert window.complaints == []


def select_words(page: Page, words: str) -> None:
    """As with the mouse: the words become the selection of the page."""
    page.evaluate(
        """words => {
          const box = document.querySelector(".desk-text");
          for (const line of box.querySelectorAll("p")) {
            const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
              const at = node.data.indexOf(words);
              if (at >= 0) {
                const range = document.createRange();
                range.setStart(node, at); range.setEnd(node, at + words.length);
                getSelection().removeAllRanges(); getSelection().addRange(range);
                return;
              }
            }
          }
        }""",
        words,
    )


def test_reply_is_corrected_by_keyboard_alone(window: Window, tmp_path: Path) -> None:
    page = window.page
    window.goto("/office/replies/")
    bring(page, files(tmp_path, 53))
    page.locator("#brought a").first.click()
    page.locator("#desk").wait_for()

    page.keyboard.press("j")
    expect(page.locator(CURRENT)).to_contain_text("53个")
    expect(page.locator(".t-figure.now")).to_have_text("53个")
    page.keyboard.press("j")
    expect(page.locator(CURRENT)).to_contain_text("280万元")
    page.keyboard.press("k")
    page.keyboard.press("e")
    expect(page.locator("#edit_value")).to_be_focused()
    page.keyboard.type("54")
    page.keyboard.press("Control+Enter")
    expect(page.locator(CURRENT)).to_contain_text("人工更正")
    expect(page.locator(CURRENT)).to_contain_text("54 个")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.locator(".t-figure", has_text="596家")).to_have_count(0)

    select_words(page, "不建议单独设立培训基地")
    page.keyboard.press("m")
    expect(page.locator("#mark_quote")).to_have_value("不建议单独设立培训基地")
    expect(page.locator("#mark_kind")).to_have_value("promise")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".t-promise", has_text="不建议单独设立培训基地")).to_have_count(1)

    page.locator(".corrections button").last.click()  # the edit of the first row, the oldest
    expect(page.locator(".desk-row").first).to_contain_text("53 个")
    assert window.complaints == []


def test_reply_is_corrected_without_script(open_window: Open, window: Window, tmp_path: Path) -> None:
    window.goto("/office/replies/")
    bring(window.page, files(tmp_path, 54))
    address = window.page.locator("#brought a").first.get_attribute("href")
    plain = window.page.context.browser.new_context(java_script_enabled=False, locale="zh-CN")  # type: ignore[union-attr]
    plain.add_cookies(window.page.context.cookies())
    page = plain.new_page()
    page.goto(f"{window.market.site.address}{address}")

    page.locator(".desk-row", has_text="280万元").get_by_role("link", name="编辑").click()
    page.locator("#edit_indicator").fill("专项资金")
    page.get_by_role("button", name="保存", exact=True).first.click()
    expect(page.locator(".desk-row", has_text="280万元")).to_contain_text("人工更正")
    page.locator(".desk-row", has_text="596家").get_by_role("button", name="不是数字").click()
    expect(page.locator(".desk-row", has_text="596家")).to_have_count(0)
    page.locator(".corrections button").first.click()
    expect(page.locator(".desk-row", has_text="596家")).to_have_count(1)
    assert re.search(r"/office/replies/R\w+/", page.url)
    plain.close()
