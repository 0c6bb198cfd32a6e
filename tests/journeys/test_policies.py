"""A visitor's way: from the library to a policy, through the self-check to its explanation and the nearest way."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Market, Open
from tests.journeys.test_pages import LANGUAGES, findings

pytestmark = [pytest.mark.journey, pytest.mark.slow]

# What a small firm knows of itself; it has no right of either class, and too little R&D.
NUMBERS = {
    "staff_t1": "120", "sales_fen_t1": "8000", "assets_fen_t1": "9000", "tech_staff_t1": "36", "rd_fen_t1": "240",
    "cost_fen_t1": "7000", "ip-class_1": "0", "ip-class_2": "0",
}  # fmt: skip
NO = re.compile(r"clause-direct\.")


def answer(page: Page) -> None:
    """Answer what is asked now, as the firm would, and go on."""
    asked = page.locator("#check form").first.locator("> .card").first
    for name in asked.locator("input[name=asked]").evaluate_all("all => all.map(one => one.value)"):
        if name in NUMBERS:
            asked.locator(f"[id='q-{name}']").fill(NUMBERS[name])
        elif asked.locator(f"select[id='q-{name}']").count():
            asked.locator(f"select[id='q-{name}']").select_option(index=1)
        else:
            value = "no" if NO.match(name) else asked.locator(f"[name='q-{name}']").first.get_attribute("value")
            asked.locator(f"[name='q-{name}'][value='{value}']").check()
    asked.locator("button[value=next]").click()


def walk(page: Page) -> None:
    """Answer until nothing more is asked."""
    first = page.locator("#check form").first.locator("> .card").first
    for _step in range(8):
        if not first.locator("input[name=asked]").count():
            return
        page.evaluate("document.getElementById('check').dataset.old = ''")
        answer(page)
        page.wait_for_selector("#check:not([data-old])")


@pytest.mark.parametrize(
    ("language", "menu", "policy", "check", "verdict", "way"),
    [
        ("zh-hans", "政策", "科技型中小企业评价", "自测：我符合吗", "按现有回答：不符合条件", "最近的路"),
        ("en", "Policies", "Recognition of technology-based SMEs", "Self-check: do we qualify?",
         "By these answers: not eligible", "The nearest ways"),
    ],
)  # fmt: skip
def test_visitor_goes_from_the_library_to_the_nearest_way(
    language: str, menu: str, policy: str, check: str, verdict: str, way: str, open_window: Open
) -> None:
    window = open_window(language=language)
    page = window.page
    window.goto("/")
    page.get_by_role("link", name=menu, exact=True).click()
    page.get_by_role("link", name=policy, exact=True).click()
    expect(page.locator("h1")).to_have_text(policy)
    page.get_by_text("base.staff").click()
    expect(page.locator("[id='base.staff'] pre")).to_have_text("test = staff_t1 <= staff_most")
    page.get_by_role("link", name=check).click()

    walk(page)

    expect(page.locator("#result")).to_have_text(verdict)
    expect(page.get_by_role("heading", name=way)).to_be_visible()
    expect(page.locator(".verdicts li").nth(1)).to_contain_text("120")
    assert "120" not in page.url
    assert findings(window) == []


def test_wrong_answer_is_mended_beside_its_field_and_the_rest_is_kept(open_window: Open) -> None:
    window = open_window(width=390, height=844)
    page = window.page
    window.goto("/policies/tech-sme-2017/check/")
    page.locator("[id='q-staff_t1']").fill("120万元")
    page.locator("[id='q-sales_fen_t1']").fill("8000")
    page.get_by_role("button", name="下一步").click()

    expect(page.locator("[id='error-staff_t1']")).to_have_text("这里要填人，收到的单位是“万元”。")
    page.locator("[id='q-staff_t1']").fill("120")
    page.get_by_role("button", name="重新计算").click()

    expect(page.locator(".verdicts li").nth(1)).to_contain_text("120 人")
    expect(page.locator(".verdicts li").nth(2)).to_contain_text("8000 万元")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_check_works_without_scripts(browser: object, market: Market) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{market.site.address}/policies/tech-sme-2017/check/")
    page.locator("[id='q-staff_t1']").fill("501")
    page.get_by_role("button", name="下一步").click()

    expect(page.locator("#result")).to_have_text("按现有回答：不符合条件")
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_result_of_a_check_is_sound(language: str, open_window: Open) -> None:
    window = open_window(language=language)
    page = window.page
    window.goto("/policies/demo-rd-grant/check/")
    page.locator("[id='q-rd_fen_t1']").fill("-1")
    page.locator("#check form").first.locator("button[value=next]").click()
    expect(page.locator("[id='error-rd_fen_t1']")).to_be_visible()

    assert findings(window) == []
