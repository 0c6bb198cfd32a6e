"""Keeping a search from a list, and seeing what is new."""

import re

import pytest
from django.test import Client

from keqiao.apps.market.models import SavedSearch
from tests.web import html
from tests.web.conftest import SignIn, english
from tests.web.world import World

WORDS = "/needs/?q=激光&area=229901"


def hidden(client: Client, path: str) -> dict[str, str]:
    """What the form on the list would send along."""
    page = client.get(path).content.decode()
    form = page.partition('action="/desk/searches/save/')[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_list_offers_to_keep_what_it_shows(sign_in: SignIn) -> None:
    assert hidden(sign_in("outsider"), WORDS) == {"q": "激光", "area": "229901"}
    assert hidden(sign_in("outsider"), "/needs/") == hidden(Client(), WORDS) == {}


def test_search_is_kept_and_leads_back_to_its_list(world: World, sign_in: SignIn) -> None:
    client = english(sign_in("outsider"))
    answer = client.post("/desk/searches/save/needs/", hidden(client, WORDS) | {"name": "Mine", "alert": "daily"})

    row = SavedSearch.objects.get(user=world.users["outsider"])
    assert answer["Location"] == f"/desk/searches/{row.key}/"
    assert row.values == {"q": "激光", "area": "229901"}
    assert f"/needs/?{'q=%E6%BF%80%E5%85%89&area=229901'.replace('&', '&amp;')}" in html.links(
        client.get(answer["Location"])
    )


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"q": "x", "name": ""}, "Not saved: give the search a name"),
        ({"q": "x", "name": "x" * 61}, "Not saved: give the search a name"),
        ({"area": "nowhere", "name": "a"}, "Not saved"),
        ({"name": "a"}, "Enter words or choose filters"),
        ({"q": "x", "name": "Lasers"}, "You have a search of this name already"),
    ],
)
def test_search_that_cannot_be_kept_says_why(sent: dict[str, str], said: str, sign_in: SignIn) -> None:
    client, before = english(sign_in("editor")), SavedSearch.objects.count()
    answer = client.post("/desk/searches/save/needs/", sent, follow=True)

    assert said in html.text(answer)
    assert SavedSearch.objects.count() == before


def test_new_results_are_marked_until_they_were_seen(world: World, sign_in: SignIn) -> None:
    client, row = english(sign_in("editor")), world.things["search editor"]
    path = f"/desk/searches/{row.key}/"
    assert "1 new" in html.text(client.get("/desk/searches/"))
    assert "Laser loses power public" in html.text(client.get(path))

    row.hits.update(at=world.at)
    client.post(path, {"do": "seen"})

    assert "1 new" not in html.text(client.get("/desk/searches/"))


def test_search_page_speaks_of_its_filters_in_words(world: World, sign_in: SignIn) -> None:
    shown = html.text(english(sign_in("editor")).get("/desk/searches/"))
    assert "laser" in shown
    assert "229901" not in shown
