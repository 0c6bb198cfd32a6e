"""The share card shows the same public things to everybody; the short link forgives what hands and eyes mistake."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.html import texts
from tests.web.world import HIDDEN, World


def shown(client: Client, path: str) -> list[str]:
    page = client.get(path).content.decode()
    found = re.search(r'<article class="card share">.*</article>', page, re.S)
    assert found is not None
    return texts(HttpResponse(found[0]))


@pytest.mark.parametrize("name", ["owner", "stranger", "officer"])
def test_card_is_the_same_for_those_who_may_read_more(name: str, visitor: Client, sign_in: SignIn) -> None:
    path = "/needs/N-introduction/share/"

    mine = shown(sign_in(name), path)

    assert mine == shown(visitor, path)
    assert [word for word in HIDDEN if word in " ".join(mine)] == []


def test_card_of_a_draft_does_not_exist_even_for_its_writer(sign_in: SignIn) -> None:
    assert sign_in("editor").get("/needs/N-draft/share/").status_code == 404


def test_card_shows_indicators_terms_and_the_desk_of_the_place(visitor: Client) -> None:
    found = " ".join(shown(visitor, "/needs/N-public/share/"))

    assert [
        word for word in ("≥ 2 kW", "100 万元", "高新区工作站", "http://testserver/s/N-public/") if word not in found
    ] == []


def test_code_holds_the_short_link(visitor: Client, world: World) -> None:
    page = visitor.get("/needs/N-public/share/").content.decode()
    drawing = re.search(r'<svg viewBox="0 0 (\d+) \1" role="img".*?<path d="([^"]+)"', page)
    assert drawing is not None
    size, dark = int(drawing[1]), {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawing[2])}

    assert decode(size, dark) == "http://testserver/s/N-public/"


def test_short_link_leads_to_the_listing(visitor: Client) -> None:
    answer = visitor.get("/s/N-public/")

    assert (answer.status_code, answer["Location"]) == (302, "/needs/N-public/")


@pytest.mark.parametrize("typed", ["n0a1z9kq7x", "NOA1Z9KQ7X", "NoAlZ9KQ7X", "N0AIZ9KQ7X"])
def test_short_link_forgives_letters_that_look_like_digits(typed: str, visitor: Client, world: World) -> None:
    world.needs["public"].__class__.objects.filter(key="N-public").update(key="N0A1Z9KQ7X")

    assert visitor.get(f"/s/{typed}/")["Location"] == "/needs/N0A1Z9KQ7X/"


def decode(size: int, dark: set[tuple[int, int]]) -> str:
    """Read a QR code's bytes back: unmask, walk the columns, take byte mode. Versions with one block of data only."""
    n = size - 8
    at = lambda x, y: (x + 4, y + 4) in dark  # noqa: E731 - a name for what is asked everywhere below
    mask = sum(at(x, 8) << (2 - i) for i, x in enumerate((2, 3, 4))) ^ 0b101
    version = (n - 17) // 4
    centres = [] if version == 1 else [6, n - 7]
    rules = [
        lambda x, y: (x + y) % 2, lambda x, y: y % 2, lambda x, y: x % 3, lambda x, y: (x + y) % 3,
        lambda x, y: (y // 2 + x // 3) % 2, lambda x, y: x * y % 2 + x * y % 3,
        lambda x, y: (x * y % 2 + x * y % 3) % 2, lambda x, y: ((x + y) % 2 + x * y % 3) % 2,
    ]  # fmt: skip

    def is_data(x: int, y: int) -> bool:
        finder = (x < 9 and y < 9) or (x >= n - 8 and y < 9) or (x < 9 and y >= n - 8)
        aligned = any(
            abs(x - a) < 3 and abs(y - b) < 3
            for a in centres for b in centres if (a, b) not in ((6, 6), (6, n - 7), (n - 7, 6))
        )  # fmt: skip
        return not (finder or aligned or x == 6 or y == 6)

    bits, up = [], True
    for right in [*range(n - 1, 6, -2), 5, 3, 1]:
        for y in range(n - 1, -1, -1) if up else range(n):
            bits += [int(at(x, y)) ^ int(rules[mask](x, y) == 0) for x in (right, right - 1) if is_data(x, y)]
        up = not up
    number = lambda start, count: int("".join(map(str, bits[start : start + count])), 2)  # noqa: E731
    assert number(0, 4) == 0b0100
    return bytes(number(12 + 8 * i, 8) for i in range(number(4, 8))).decode()
