"""Published replies: found, read with their marks, rows and versions; never more than may be seen."""

import json
import re

import pytest
from django.test import Client

from keqiao.apps.proposals.models import Reply
from tests.web.conftest import SignIn, english
from tests.web.html import HAN, links, text, texts
from tests.web.world import World


def reply(world: World, name: str) -> Reply:
    found = world.things[f"reply-{name}"]
    assert isinstance(found, Reply)
    return found


def page(client: Client, world: World, name: str, more: str = "") -> str:
    answer = client.get(f"/replies/{reply(world, name).key}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"first", "second", "abstract", "new"}), ("?year=2025", {"first"}), ("?unit=science&year=2025", {"first"}),
        ("?result_class=B", {"second"}), ("?q=科创专员 1012", {"second"}), ("?q=HIDDENABSTRACT", set()),
        ("?q=演科议案〔2026〕31号", {"abstract"}), ("?body=npc", set()),
    ],
)  # fmt: skip
def test_list_finds_what_is_public(query: str, found: set[str], world: World, visitor: Client) -> None:
    seen = links(visitor.get(f"/replies/{query}"))

    names = ("first", "second", "abstract", "draft", "old", "new")
    assert {name for name in names if f"/replies/{reply(world, name).key}/" in seen} == found


def test_figure_leads_to_its_published_edition_and_promise_to_its_page(world: World, visitor: Client) -> None:
    found = page(visitor, world, "first")

    figure = reply(world, "first").figures.exclude(figure_key="")[0]
    assert f'href="/figures/edition/{figure.figure_key}/"' in found
    assert f'href="/promises/{world.things["promise-kept"].key}/"' in found
    assert f'id="s{figure.start}-{figure.end}"' in found


def test_figure_leads_back_to_its_sentence(world: World, visitor: Client) -> None:
    row = reply(world, "first").figures.exclude(figure_key="")[0]
    address = next(one for one in links(visitor.get(f"/figures/edition/{row.figure_key}/")) if "?at=" in one)

    assert address.endswith(f"?at={row.start}-{row.end}#s{row.start}-{row.end}")
    assert f'id="s{row.start}-{row.end}"' in visitor.get(address).content.decode()


def test_passage_somebody_was_sent_to_is_marked(world: World, visitor: Client) -> None:
    start = reply(world, "second").text.index("入驻企业")

    assert f'<span class="m cited " id="s{start}-{start + 4}">入驻企业</span>' in page(
        visitor, world, "second", f"?at={start}-{start + 4}"
    )
    for odd in ("?at=5-2", "?at=1-9999999", "?at=x", "?at=1-2-3"):
        assert 'class="m cited' not in page(visitor, world, "second", odd)


def test_contacts_are_masked_on_page_and_in_files(world: World, visitor: Client) -> None:
    for more in ("", "?file=json", "?file=csv", "?file=promises"):
        found = page(visitor, world, "first", more)
        assert [word for word in ("13800138000", "王小明") if word in found] == [], more
    assert "138****8000" in page(visitor, world, "first")


def test_correction_is_shown_as_such_with_its_reason(world: World, visitor: Client) -> None:
    found = " ".join(page(visitor, world, "second").split())

    assert "Wrong words" in found
    assert re.search(r"科创专员人数.*?人工更正", found)


def test_abstract_alone_shows_no_text_and_no_file(world: World, visitor: Client) -> None:
    found = page(visitor, world, "abstract")

    assert "Pilot projects." in found
    assert "HIDDENABSTRACT" not in found
    assert visitor.get(f"/replies/{reply(world, 'abstract').key}/?file=json").status_code == 404


def test_unpublished_reply_is_for_its_unit_alone(world: World, visitor: Client, sign_in: SignIn) -> None:
    path = f"/replies/{reply(world, 'draft').key}/"

    assert visitor.get(path).status_code == 404
    assert sign_in("officer").get(path).status_code == 404


def test_versions_lead_to_each_other(world: World, visitor: Client) -> None:
    old, new = (f"/replies/{reply(world, name).key}/" for name in ("old", "new"))

    assert new in links(visitor.get(old))
    assert old in links(visitor.get(new))
    assert "这是旧版。" in text(visitor.get(old))


def test_json_is_the_corrected_reply(world: World, visitor: Client) -> None:
    record = json.loads(page(visitor, world, "second", "?file=json"))

    figure = next(one for one in record["figures"] if one["raw"] == "1012名")
    assert figure["indicator"] == "科创专员人数"
    assert record["meta"]["doc_number"] == "演科议案〔2026〕8号"
    assert record["meta"]["contacts"] == []


@pytest.mark.parametrize("name", ["first", "second", "abstract", "old"])
def test_english_page_marks_what_stays_chinese(name: str, world: World, visitor: Client) -> None:
    answer = english(visitor).get(f"/replies/{reply(world, name).key}/")

    assert [one for one in texts(answer)[1:] if HAN.search(one)] == []
