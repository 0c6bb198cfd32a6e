"""Lists and pages read the database a fixed, small number of times, however many rows they show."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keqiao.web.middleware import LAST_SEEN
from tests.web.conftest import SignIn
from tests.web.pages import all_pages, parts
from tests.web.world import World

MOST = 12
BELL = 1  # the count in the frame of every page of somebody who has signed in
ROLES = [
    "",
    "manager",
    "scholar",
    "broker",
    "coordinator",
    "officer",
    "registrar",
    "auditor",
    "security",
    "administrator",
]
# Who reads public pages as well; for the others these differ in nothing but the frame.
AT_HOME_EVERYWHERE = ("", "manager", "officer")


def counted(client: Client, path: str) -> int:
    client.get(path)  # what is read once a process is read now
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def active(client: Client, world: World) -> Client:
    """The browser of somebody whose last use need not be written: that is done once a minute, not in a test."""
    session = client.session
    session[LAST_SEEN] = int(world.at.timestamp()) + 7 * 86_400
    session.save()
    return client


@pytest.fixture
def growing(world: World) -> World:
    """A copy of the market's names, so that what a test adds is forgotten with its rows."""
    return replace(
        world,
        organizations=dict(world.organizations),
        users=dict(world.users),
        needs=dict(world.needs),
        offers=dict(world.offers),
        things=dict(world.things),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ROLES)
def test_query_counts_do_not_grow_with_rows(name: str, growing: World, sign_in: SignIn) -> None:
    client = sign_in(name)
    if name:
        active(client, growing)
    pages = [page for page in all_pages(growing) if page.status_for(name) == 200]
    if name not in AT_HOME_EVERYWHERE:
        pages = [page for page in pages if page.status_for("") != 200]
    paths = [page.path for page in pages]
    paths = [path for path in paths if not (name and path.startswith("/account/"))]
    before = {path: counted(client, path) for path in paths}

    for part in parts():
        part.grow(growing)
    after = {path: counted(client, path) for path in paths}

    # Fewer are fine: somebody with one organisation alone is offered its experts at once.
    assert {path: (before[path], count) for path, count in after.items() if count > before[path]} == {}
    assert {path: count for path, count in before.items() if count > MOST + (BELL if name else 0)} == {}
