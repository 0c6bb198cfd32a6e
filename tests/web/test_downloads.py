"""Everything that leaves the site as a file or on paper: who gets it, and that nobody finds in it what is kept back."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from keqiao.apps.parties.models import User
from tests.web.conftest import SignIn
from tests.web.downloads import PHONES, Download, all_downloads
from tests.web.html import content
from tests.web.pages import EVERYBODY, all_acts, all_pages
from tests.web.test_permissions import OWN
from tests.web.world import HIDDEN, World

# What nobody may find whom it is not mapped for: words that are kept back, mobile telephones, addresses, and the
# eighteen signs of an identity number with a day of birth in them.
PERSONAL = (r"1[3-9]\d{9}", r"[\w.+-]+@example\.invalid", r"[1-9]\d{5}(?:19|20)\d{9}[\dX]")
WHOLE = rf"(?<![0-9A-Za-z])(?:{'|'.join(PERSONAL)})(?![0-9A-Za-z])"
KEPT = re.compile("|".join((r"HIDDEN[A-Z]+", *map(re.escape, HIDDEN), WHOLE)))
# Routes that are files or made for paper, whatever their views answer with.
FILES = re.compile(r"(?<![a-z])files?[/\\]|\.(ics|csv|xlsx|pdf|docx|zip|jsonld)\b|export|certificate|share|print")


@pytest.fixture
def phones(world: World) -> None:
    for name, number in PHONES.items():
        User.objects.filter(pk=world.users[name].pk).update(phone=number)


def fetch(client: Client, place: Download) -> HttpResponse:
    """The file; a download that is a POST leaves an entry, which is taken back."""
    if not place.posted:
        return client.get(place.path)
    with transaction.atomic():
        answer = client.post(place.path, place.data)
        transaction.set_rollback(True)
    return answer


def said(response: HttpResponse) -> str:
    """All that a file says; calendars break their lines anywhere."""
    return content(response).replace("\r\n ", "")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_files_open_for_those_they_are_meant_for(name: str, world: World, sign_in: SignIn) -> None:
    client, places = sign_in(name), all_downloads(world)

    assert {place.path: fetch(client, place).status_code for place in places} == {
        place.path: place.status_for(name) for place in places
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_files_hold_what_is_kept_back_for_nobody_else(name: str, world: World, phones: None, sign_in: SignIn) -> None:
    client, places = sign_in(name), all_downloads(world)
    meant = {word for place in places for word in place.kept}

    found = {}
    for place in places:
        text = said(fetch(client, place))
        found[place.path] = {*KEPT.findall(text), *(word for word in meant if word in text)}

    assert found == {place.path: {word for word, people in place.kept.items() if name in people} for place in places}


def test_files_for_everybody_have_public_columns_only(world: World, visitor: Client) -> None:
    tables = [place for place in all_downloads(world) if "" in place.readers and "export=csv" in place.path]

    heads = {}
    for place in tables:
        rows = csv.reader(io.StringIO(visitor.get(place.path).content.decode("utf-8-sig")))
        heads[place.path] = tuple(next(rows))

    assert heads == {place.path: place.columns for place in tables}
    assert all(heads.values())


def test_workbooks_say_no_more_than_tables(world: World, visitor: Client) -> None:
    """The same rows in both formats, so that what holds of one holds of the other."""
    pairs = {
        place.path: place.path.replace("export=csv", "export=xlsx")
        for place in all_downloads(world)
        if "" in place.readers and "export=csv" in place.path
    }
    for table, workbook in pairs.items():
        rows = list(csv.reader(io.StringIO(visitor.get(table).content.decode("utf-8-sig"))))
        book = content(visitor.get(workbook))
        assert book.count("], [") + 1 == len(rows), table
        assert all(cell in book for row in rows for cell in row if cell and not cell[0].isdigit()), table


def is_file(response: HttpResponse) -> bool:
    """A download, or a page with a button that prints it."""
    printed = b'data-action="print"' in response.content
    return printed or "attachment" in response.get("Content-Disposition", "")


def found_files(world: World, sign_in: SignIn) -> Iterator[str]:
    """The views of all mapped addresses that answer with a file or print: as they stand, asked for one, or posted."""
    clients = {name: sign_in(name) for name in ("", *world.users)}
    for page in all_pages(world):
        # Pages that none of the market's people may open are for the officer of the whole region.
        client = clients[min(page.readers, default="region")]
        sign = "&" if "?" in page.path else "?"
        if any(is_file(client.get(path)) for path in (page.path, f"{page.path}{sign}export=csv")):
            yield resolve(page.path.partition("?")[0]).view_name
    for act in all_acts(world):
        if act.doers:
            with transaction.atomic():
                answer = clients[min(act.doers)].post(act.path, act.data)
                transaction.set_rollback(True)
            if is_file(answer):
                yield resolve(act.path.partition("?")[0]).view_name


def named_files(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The views whose address says that they answer with a file or a sheet for the printer."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_files(pattern, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern) and namespace in OWN and FILES.search(str(pattern.pattern)):
            yield f"{namespace}:{pattern.name}"


@pytest.mark.slow
def test_every_file_is_mapped(world: World, sign_in: SignIn) -> None:
    mapped = {resolve(place.path.partition("?")[0]).view_name for place in all_downloads(world)}

    assert {*found_files(world, sign_in), *named_files(get_resolver())} == mapped
