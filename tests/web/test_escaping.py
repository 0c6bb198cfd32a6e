"""A title full of HTML is shown as it was typed, on every page that shows it."""

import pytest

from tests.web import world as worlds
from tests.web.conftest import SignIn
from tests.web.pages import all_pages
from tests.web.world import World

EVIL = "<script>alert(1)</script>\"'&"
SAFE = "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture
def evil(world: World) -> World:
    """The market with the same evil text wherever somebody may type one."""
    worlds.Need.objects.update(title=EVIL, abstract=EVIL, text=EVIL, background=EVIL, keywords=[EVIL])
    worlds.Offer.objects.update(title=EVIL, abstract=EVIL, text=EVIL, keywords=[EVIL])
    worlds.Organization.objects.update(name=EVIL, summary=EVIL)
    worlds.User.objects.update(name=EVIL)
    for row in (world.needs["public"], world.offers["public"]):
        row.indicators.update(name=EVIL, condition=EVIL, unit="<b>")
    return world


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "manager", "scholar", "officer", "security"])
def test_html_is_escaped_on_every_page(name: str, evil: World, sign_in: SignIn) -> None:
    client = sign_in(name)
    answers = {page.path: client.get(page.path) for page in all_pages(evil)}
    # Files are not shown by browsers: their texts stand as they were typed.
    pages = {path: answer.content.decode() for path, answer in answers.items() if "html" in answer["Content-Type"]}

    assert [path for path, content in pages.items() if "<script>alert" in content or "unit <b>" in content] == []
    assert SAFE in pages["/needs/"]
    assert SAFE in pages["/needs/N-public/"]
    assert SAFE in pages["/organizations/"]


def test_html_is_escaped_in_answers(evil: World, sign_in: SignIn) -> None:
    page = sign_in("").post("/ask/", {"problem": "光纤激光器功率下降"}).content.decode()

    assert "<script>alert" not in page
    assert SAFE in page
