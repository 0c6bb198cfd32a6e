"""The office's menu: everybody is offered what they may open, in groups, and sees where they are."""

import re

import pytest

from keqiao.web.parts.office_menu import GROUPS, menu
from tests.apps.acting import administrator, officer, person
from tests.web.conftest import SignIn
from tests.web.world import World


@pytest.mark.slow
@pytest.mark.parametrize("name", ["officer", "registrar", "security", "administrator", "auditor"])
def test_every_page_that_is_offered_opens_and_shows_where_one_is(name: str, world: World, sign_in: SignIn) -> None:
    client = sign_in(name)
    start = client.get("/office/", follow=True).content.decode()
    nav = re.search(r'<nav class="side-nav office-nav".*?</nav>', start, re.DOTALL)
    groups = re.findall(r'href="([^"]+)"', nav[0]) if nav else []
    for address in groups:
        page = client.get(address)
        assert page.status_code == 200
        shown = re.search(r'<nav class="side-nav office-nav".*?</nav>', page.content.decode(), re.DOTALL)
        assert shown is not None
        for inner in re.findall(r'href="([^"]+)"', shown[0]):
            assert client.get(inner).status_code == 200
        assert shown[0].count('aria-current="page"') == 1


def test_officer_has_few_groups_and_few_pages_in_each() -> None:
    """What fits on one line of 1280 pixels in both languages."""
    found = menu(officer("229999"), "facts")

    assert len(found.groups) <= 7
    assert max(len(group.pages) for group in found.groups) <= 5
    assert [page.tab for page in found.pages] == ["facts", "duplicates", "merges"]


def test_group_of_one_page_has_no_second_row_and_nobody_is_offered_what_is_not_theirs() -> None:
    assert menu(officer("229901"), "policies").pages == ()
    tabs = {page.tab for group in menu(administrator(), "users").groups for page in group.pages}
    assert tabs == {"users", "deliveries", "system"}
    assert menu(person(), "users").groups == ()


def test_tabs_are_named_once() -> None:
    tabs = [page.tab for group in GROUPS for page in group.pages]
    assert len(tabs) == len(set(tabs))
