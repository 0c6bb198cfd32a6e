"""The thread so far, walked in a browser: a problem asked, a need written, published, found and accounted for."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Market, Open
from tests.journeys.site import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PASTED = (
    "我们车间用光纤激光器切割厚板，光纤激光器连续工作两小时后功率逐渐下降，切口发毛，每班要停机三次。"
    "换过电源和冷却水，没有改善。输出功率不低于 2 kW，功率波动不超过 1%。"
)


def test_visitor_with_a_phone_asks_and_reads_an_explained_answer(open_window: Open) -> None:
    window = open_window(width=390, height=844)
    page = window.page
    window.goto("/")

    page.get_by_label("说说您的难题").fill("切割机的光纤激光器老是掉功率，想要 2 kW 以上的")
    page.get_by_role("button", name="找答案").click()

    first = page.locator("#answers .result").first
    expect(first).to_contain_text("光纤激光器 public")
    first.get_by_text("为什么推荐").click()
    expect(first.locator("details.why")).to_contain_text("共有的词：")
    expect(first.locator("details.why td").first).to_have_text("≥ 2 kW")
    first.get_by_role("link", name="光纤激光器 public").click()
    expect(page.locator("h1")).to_have_text("光纤激光器 public")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert window.complaints == []


def test_example_asks_with_one_press(open_window: Open) -> None:
    window = open_window()
    window.goto("/")

    window.page.get_by_role("button", name=re.compile("玉米秸秆")).click()

    expect(window.page.locator("#answers .result").first).to_contain_text("玉米秸秆")


def test_box_works_without_scripts(browser: object, market: Market) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(market.site.address)

    page.get_by_label("说说您的难题").fill("光纤激光器老是掉功率")
    page.get_by_role("button", name="找答案").click()

    expect(page.locator(".result").first).to_contain_text("光纤激光器 public")
    context.close()


def test_problem_is_asked_with_the_keyboard_alone(open_window: Open) -> None:
    window = open_window()
    page = window.page
    window.goto("/")

    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    box = page.get_by_label("说说您的难题")
    expect(box).to_be_focused()
    page.keyboard.type("光纤激光器老是掉功率")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#answers .result").first).to_contain_text("光纤激光器 public")


def test_need_from_pasted_text_to_the_auditor(open_window: Open) -> None:
    window = open_window()
    page = window.page

    window.sign_in("editor")
    page.get_by_role("link", name="发布需求").first.click()
    page.get_by_label("标题").first.fill("厚板切割用光纤激光器功率下降")
    page.get_by_label("遇到的问题").fill(PASTED)
    page.get_by_role("button", name="从文字中读取指标").click()
    names = page.locator('[name^="indicators-"][name$="-name"]')
    expect(names.first).to_have_value("输出功率")
    expect(page.locator('[name="indicators-0-low"]')).to_have_value("2")
    expect(page.locator('[name="indicators-0-unit"]')).to_have_value("kW")
    page.get_by_label("摘要", exact=False).first.fill("光纤激光器连续工作后功率下降。")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator(".notice").first).to_contain_text("已保存为草稿。")
    key = page.url.rstrip("/").split("/")[-2]
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator(".notice").first).to_contain_text("已提交，等待审核。")

    window.sign_out()
    window.sign_in("officer")
    window.goto("/office/")
    page.get_by_role("link", name="厚板切割用光纤激光器功率下降").click()
    page.get_by_role("button", name="审核通过").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator(".notice").first).to_contain_text("已发布")

    window.sign_out()
    window.sign_in("scholar")

    def found() -> bool:
        window.goto("/offers/F-public/")
        page.wait_for_load_state("networkidle")
        return page.get_by_role("link", name="厚板切割用光纤激光器功率下降").count() > 0

    wait_until(found, "the worker has taken the need up")
    page.get_by_role("link", name="厚板切割用光纤激光器功率下降").click()
    expect(page.locator("article")).to_contain_text("每班要停机三次")

    window.sign_out()
    window.sign_in("auditor")
    window.goto(f"/office/ledger/?subject=need:{key}")
    kinds = page.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert kinds == ["need.publish", "need.screen", "need.submit", "need.create"]
    assert window.complaints == []
