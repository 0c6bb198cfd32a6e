"""The real site in a real browser: one server, one Chromium and one small market for all journeys."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.site import Site
from tests.postgres import fresh_database

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT = 20_000
expect.set_options(timeout=TIMEOUT)
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", function (event) {
  window.violations.push([event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(" "));
});
"""


@dataclass
class Market:
    """The served site and the keys of what stands in it."""

    site: Site
    users: dict[str, str]
    organizations: dict[str, str]
    # Addresses with keys that only the built site knows, by the person who opens them.
    more: dict[str, list[str]]


@dataclass
class Window:
    """A page in a browser of its own, and what its console complained about."""

    page: Page
    market: Market
    complaints: list[str] = field(default_factory=list)

    def goto(self, path: str) -> None:
        self.page.goto(self.market.site.address + path)

    def sign_in(self, name: str) -> None:
        """Sign in the way the demo offers, with one click."""
        self.goto("/demo/")
        self.page.locator(f'form:has(input[value="{self.market.users[name]}"]) button').click()
        self.page.wait_for_url("**/desk/")

    def sign_out(self) -> None:
        self.page.context.clear_cookies()


Open = Callable[..., Window]


@dataclass(frozen=True)
class Built:
    """A site that was built and is only copied, and the keys of what stands in it."""

    home: Path
    users: dict[str, str]
    organizations: dict[str, str]
    more: dict[str, list[str]]

    def copy(self, home: Path) -> Site:
        """The same site in another folder; its indexes are where they are said to be."""
        shutil.copytree(self.home, home)
        for pointer in (home / "index").glob("*.json"):
            pointer.write_text(pointer.read_text(encoding="utf-8").replace(str(self.home), str(home)), encoding="utf-8")
        return Site(home)


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    site = Site(tmp_path_factory.mktemp("built"))
    answer = site.ask("build")
    return Built(site.home, answer["users"], answer["organizations"], answer["more"])


@pytest.fixture(scope="package")
def market(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    site = built.copy(tmp_path_factory.mktemp("served") / "site")
    site.serve()
    try:
        yield Market(site, built.users, built.organizations, built.more)
    finally:
        site.kill()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_window(browser: Browser, market: Market) -> Iterator[Open]:
    """Opens windows with a size, a language and a colour scheme; closes them afterwards."""
    contexts: list[BrowserContext] = []

    def opened(*, width: int = 1280, height: int = 800, language: str = "zh-hans", scheme: str = "light") -> Window:
        options: dict[str, Any] = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
        context = browser.new_context(locale="zh-CN", **options)
        contexts.append(context)
        context.set_default_timeout(TIMEOUT)
        context.add_init_script(WATCH)
        if language != "zh-hans":
            context.add_cookies([{"name": "django_language", "value": language, "url": market.site.address}])
        window = Window(context.new_page(), market)
        window.page.on(
            "console", lambda message: message.type in ("error", "warning") and window.complaints.append(message.text)
        )
        window.page.on("pageerror", lambda error: window.complaints.append(str(error)))
        return window

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def own_site(built: Built, tmp_path: Path) -> Iterator[Site]:
    """A site of this test alone, not yet served, to be killed at will."""
    site = built.copy(tmp_path / "site")
    try:
        yield site
    finally:
        site.kill()


@pytest.fixture(scope="package")
def built_on_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, str]:
    """The same small market on PostgreSQL, and the name of its database."""
    home, address = tmp_path_factory.mktemp("built-postgres"), fresh_database(postgres_url)
    answer = Site(home, variables={"KEQIAO_DATABASE_URL": address}).ask("build")
    name = address.partition("?")[0].rpartition("/")[2]
    return Built(home, answer["users"], answer["organizations"], answer["more"]), name


@pytest.fixture(params=["sqlite", "postgresql"])
def pair(request: pytest.FixtureRequest, built: Built, tmp_path: Path) -> Iterator[tuple[Site, Site, dict[str, str]]]:
    """A site with attached files and an empty place for its copy, on either database."""
    here, there, users = built.copy(tmp_path / "here"), Site(tmp_path / "there"), built.users
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres_url")
        market, name = request.getfixturevalue("built_on_postgres")
        here, users = market.copy(tmp_path / "here-postgres"), market.users
        here.variables["KEQIAO_DATABASE_URL"] = fresh_database(address, like=name)
        there.variables["KEQIAO_DATABASE_URL"] = fresh_database(address)
    there.home.mkdir()
    here.ask("attach", "3")
    yield here, there, users
    here.kill()
    there.kill()
