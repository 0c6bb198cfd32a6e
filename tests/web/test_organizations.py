"""The register of organisations as everybody sees it."""

import re

import pytest
from django.test import Client

from keqiao.apps.parties import queries as parties
from tests.web import world as worlds
from tests.web.conftest import english
from tests.web.html import text
from tests.web.test_listings import downloaded
from tests.web.world import World


def listed(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/organizations/?{query}").content.decode()
    return re.findall(r'<td class="wrap"><a href="/organizations/([\w-]+)/">', page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"firm", "school", "hidden"}),
        ("q=Songjiang", {"firm"}),
        ("q=演示理工", {"school"}),
        ("kind=university", {"school"}),
        (f"area={worlds.OTHER_AREA}", {"hidden"}),
        ("q=nothing", set()),
        ("kind=nonsense", {"firm", "school", "hidden"}),
    ],
)
def test_register_finds_by_name_kind_and_area(query: str, expected: set[str], world: World, visitor: Client) -> None:
    known = {world.organizations[name].key for name in ("firm", "school", "hidden")}
    assert set(listed(visitor, query)) & known == {world.organizations[name].key for name in expected}


def test_register_finds_by_code(world: World, visitor: Client) -> None:
    assert listed(visitor, f"q={worlds.code(1)}") == [world.organizations["firm"].key]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_download_of_the_register_holds_what_it_shows(kind: str, world: World, visitor: Client) -> None:
    rows = downloaded(visitor.get(f"/organizations/?kind=enterprise&export={kind}"), kind)

    assert [row["统一社会信用代码"] for row in rows] == listed(visitor, "kind=enterprise")
    assert len(rows) == parties.organizations().filter(kind="enterprise").count() > 0


def test_organization_page_shows_facts_and_entries(world: World, visitor: Client) -> None:
    firm = world.organizations["firm"]
    response = visitor.get(f"/organizations/{firm.key}/")

    assert f"统一社会信用代码 {firm.uscc}" in text(response)
    assert "Songjiang 简称" in text(response)
    assert set(re.findall(r'<li><a href="/needs/([\w-]+)/"', response.content.decode())) == {"N-public", "N-registered"}


def test_organization_page_in_english(world: World, visitor: Client) -> None:
    page = text(english(visitor).get(f"/organizations/{world.organizations['firm'].key}/"))

    assert "Firm Ltd" in page
    assert "Laser cutters." in page


def test_organization_page_keeps_contact_data_of_experts(world: World, visitor: Client) -> None:
    page = text(visitor.get(f"/organizations/{world.organizations['school'].key}/"))

    assert "Lin Xia 教授 激光" in page
    assert "13800000000" not in page
    assert "lin@example.invalid" not in page


def test_organization_page_hides_needs_that_hide_whose_they_are(world: World, visitor: Client) -> None:
    page = visitor.get(f"/organizations/{world.organizations['hidden'].key}/").content.decode()

    assert re.findall(r'href="/needs/[\w-]+/"', page) == []


def test_unknown_organization_is_not_found(visitor: Client) -> None:
    assert visitor.get("/organizations/nothing/").status_code == 404
