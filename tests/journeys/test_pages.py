"""Every page in light and dark, Chinese and English: axe, the console, the content policy, the width."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from tests.journeys.conftest import Market, Open, Window

pytestmark = [pytest.mark.journey, pytest.mark.slow]

WIDTHS = (360, 1280)
SERIOUS = ("serious", "critical")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
LANGUAGES = ("zh-hans", "en")


@cache
def axe() -> str:
    return (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")


def paths(market: Market, name: str) -> list[str]:
    firm = market.organizations["firm"]
    user = market.users["editor"]
    return {
        "": ["/", "/demo/", "/needs/", "/needs/?q=zzzz&need_kind=software", "/offers/?q=激光", "/organizations/",
             "/organizations/?q=nothing", f"/organizations/{firm}/", "/needs/N-public/", "/needs/N-registered/",
             "/needs/N-introduction/", "/offers/F-public/",
             "/needs/N-public/share/", "/needs/N-introduction/share/", "/thread/need/N-public/",
             "/funnel/", "/funnel/?by=month", "/api/",
             "/offers/F-public/matches/", "/offers/F-corn/", "/account/login/", "/account/signup/",
             "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/", "/nothing/",
             "/events/", "/events/E-open/", "/events/E-over/", "/events/E-open/items/1/",
             "/policies/", "/policies/?q=zzzz", "/policies/tech-sme-2017/", "/policies/demo-rd-grant/",
             "/policies/high-tech-enterprise-2016/check/", "/policies/changes/?month=2026-04",
             "/replies/read/", "/replies/read/?sample=1",
             "/figures/", "/figures/?theme=registers&area=229901", "/figures/?q=zzzz", "/registers/",
             "/registers/labs/", "/registers/entry/lab-1/"],
        "outsider": ["/desk/", "/desk/needs/new/", "/desk/account/", "/desk/account/tokens/",
                     "/account/password/change/", "/office/users/"],
        "manager": ["/desk/", "/desk/notifications/", "/desk/notifications/?show=unread&topic=listing.expiring",
                    "/desk/settings/notifications/", "/desk/searches/",
                    "/desk/needs/new/", "/desk/needs/N-draft/edit/", f"/desk/organizations/{firm}/edit/",
                    f"/desk/organizations/{firm}/members/", f"/desk/organizations/{firm}/records/",
                    "/desk/organizations/new/", "/needs/N-draft/", "/desk/imports/",
                    "/desk/policies/", f"/desk/organizations/{firm}/policies/tech-sme-2017/",
                    f"/desk/organizations/{firm}/policies/demo-rd-grant/", f"/desk/organizations/{firm}/facts/",
                    f"/desk/organizations/{firm}/facts/certificates/"],
        "scholar": ["/desk/", "/desk/events/", "/desk/events/E-open/", "/desk/events/E-show/",
                    "/desk/events/E-show/scores/",
                    "/desk/offers/new/", "/desk/offers/new/achievement/", "/desk/offers/F-draft/edit/",
                    "/needs/N-registered/"],
        "broker": ["/office/events/", "/office/events/new/?theme=激光", "/office/events/E-open/",
                   "/office/events/E-open/edit/", "/office/events/E-open/items/?theme=激光",
                   "/office/events/E-open/guests/", "/office/events/E-open/meetings/",
                   "/office/events/E-show/meetings/M-show/", "/office/events/E-show/scores/",
                   "/office/events/E-draft/",
                   "/desk/", "/desk/introductions/", "/desk/introductions/?q=zzzz", "/desk/introductions/board/",
                   "/desk/introductions/board/?show=late", "/desk/introductions/calendar/",
                   "/desk/introductions/calendar/?month=2020-01", "/desk/introductions/D-new/",
                   "/desk/introductions/D-talking/", "/desk/introductions/D-declined/", "/desk/stations/station/",
                   "/needs/N-public/matches/"],
        "coordinator": ["/desk/stations/", "/desk/stations/branch/?show=ownerless", "/desk/introductions/D-free/",
                        "/desk/introductions/D-kept/"],
        "owner": ["/desk/introductions/", "/desk/introductions/D-kept/"],
        "region": ["/office/registration-offices/", "/office/contracts/?by=flow",
                   "/office/stations/", "/office/stations/new/", "/office/stations/station/",
                   "/office/figures/", "/office/figures/stated/", "/office/registers/",
                   "/office/registers/incubators/new/", "/office/registers/entry/lab-1/"],
        "stranger": ["/office/queue/needs/", "/office/queue/offers/"],
        "officer": ["/office/queue/needs/", "/office/queue/needs/N-submitted/", "/office/queue/offers/F-submitted/",
                    "/office/judging/", "/office/judging/N-public/?offer=F-public", "/office/thesaurus/",
                    "/office/thesaurus/new/", "/office/policies/", "/office/policies/tech-sme-2017/?staff_most=100",
                    "/office/policies/demo-rd-grant/?budget=10", "/office/policies/tech-sme-2017/difference/",
                    "/office/facts/", f"/office/organizations/{firm}/facts/"],
        "dispatcher": [],
        "lead": [],
        "deputy": [],
        "expert": [],
        "auditor": ["/office/ledger/", "/office/ledger/?kind=nothing"],
        "registrar": ["/office/registrations/R-filed/"],
        "security": ["/office/claims/", "/office/invitations/", "/office/users/", f"/office/users/{user}/"],
        "administrator": ["/office/system/", "/office/users/", "/office/users/new/", f"/office/users/{user}/",
                          "/office/deliveries/", "/office/deliveries/?state=sent"],
    }[name] + market.more.get(name, [])  # fmt: skip


def findings(window: Window) -> list[str]:
    """What is wrong with the page as it stands now."""
    page = window.page
    page.wait_for_load_state()  # a click that leads on may have been all that came before
    found = list(window.complaints) + list(page.evaluate("window.violations"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        if wide > 0:
            found.append(f"{wide} px too wide at {width}")
    page.evaluate(axe())
    # Dark differs from light in colours alone, so nothing else is asked twice.
    for scheme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        result: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", rules)
        for violation in result["violations"]:
            if violation["impact"] in SERIOUS:
                where = "; ".join(str(node["target"][0]) for node in violation["nodes"][:3])
                found.append(f"axe {violation['id']} ({scheme}): {violation['help']} at {where}")
    page.emulate_media(color_scheme="light")
    window.complaints.clear()
    return found


def refusals(complaint: str) -> bool:
    """The browser notes that a page which must not open did not open."""
    return re.search(r"status of (403|404|422)", complaint) is not None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "outsider",
        "manager",
        "scholar",
        "broker",
        "coordinator",
        "owner",
        "region",
        "stranger",
        "officer",
        "dispatcher",
        "lead",
        "deputy",
        "expert",
        "auditor",
        "registrar",
        "security",
        "administrator",
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_sound(language: str, name: str, open_window: Open, market: Market) -> None:
    window = open_window(language=language)
    if name:
        window.sign_in(name)
    found = {}
    for path in paths(market, name):
        window.goto(path)
        if wrong := [text for text in findings(window) if not refusals(text)]:
            found[path] = wrong

    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_sound(language: str, open_window: Open) -> None:
    window = open_window(language=language)
    window.goto("/")
    window.page.locator("textarea").fill("光纤激光器掉功率，输出功率要 2 kW 以上")
    window.page.keyboard.press("Control+Enter")
    window.page.locator("#answers .result").first.wait_for()
    for summary in window.page.locator("details.why > summary").all():
        summary.click()

    assert findings(window) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_with_errors_are_sound(language: str, open_window: Open) -> None:
    window = open_window(language=language)
    window.sign_in("manager")
    window.goto("/desk/needs/new/")
    window.page.locator('[data-action="add-row"]').click()
    window.page.locator('[name="indicators-0-name"]').fill("功率")
    window.page.locator("form.stack button.button:not(.quiet)").last.click()
    window.page.locator(".notice.bad").wait_for()

    assert [text for text in findings(window) if not refusals(text)] == []


def test_planted_faults_are_found(open_window: Open) -> None:
    """The checks above can fail: a missing text, a script in the page, a wide box and a colour lost in the dark."""
    window = open_window()
    window.goto("/")
    window.page.evaluate(
        """() => {
          const box = document.createElement("div");
          box.innerHTML = '<img src="/static/x.svg"><button></button>';
          document.querySelector("main").append(box);
          document.querySelector("main").append(Object.assign(document.createElement("script"), {text: "1"}));
          document.querySelector("h1").style.width = "3000px";
          document.querySelector("h1").style.color = "#222";
        }"""
    )

    found = " ".join(findings(window))

    planted = ("image-alt", "button-name", "script-src", "too wide at 360", "contrast (dark)")
    assert [word for word in planted if word not in found] == []
