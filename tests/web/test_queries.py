"""Lists and pages read the database a fixed, small number of times, however many rows they show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keqiao.web.middleware import LAST_SEEN
from tests.web import world as worlds
from tests.web.conftest import SignIn
from tests.web.pages import all_pages
from tests.web.world import World

MOST = 12


def counted(client: Client, path: str) -> int:
    client.get(path)  # what is read once a process is read now
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def grow(world: World) -> None:
    """Two more of everything that a list shows."""
    for number in (1, 2):
        for state in ("published", "submitted", "draft"):
            worlds.need(world, f"more-{state}-{number}", state=state)
            worlds.offer(world, f"more-{state}-{number}", state=state)
        firm = worlds.organization(world, f"more{number}", 40 + number)
        worlds.user(world, f"more{number}", role="editor", organization=world.organizations["firm"])
        for name in ("editor", "manager"):
            worlds.parties.grant(world.users[name], role="manager" if name == "editor" else "editor", organization=firm,
                                 by=worlds.BY, at=world.at + timedelta(seconds=number))  # fmt: skip


@pytest.fixture
def growing(world: World) -> World:
    """A copy of the market's names, so that what a test adds is forgotten with its rows."""
    return World(world.at, False, dict(world.organizations), dict(world.users), dict(world.needs), dict(world.offers))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "manager", "scholar", "officer", "auditor", "administrator"])
def test_query_counts_do_not_grow_with_rows(name: str, growing: World, sign_in: SignIn) -> None:
    client = sign_in(name)
    if name:  # the moment of last use is written once a minute: not in the middle of this test
        session = client.session
        session[LAST_SEEN] = int(growing.at.timestamp()) + 7 * 86_400
        session.save()
    paths = [page.path for page in all_pages(growing) if page.status_for(name) == 200]
    paths = [path for path in paths if not (name and path.startswith("/account/"))]
    before = {path: counted(client, path) for path in paths}

    grow(growing)
    after = {path: counted(client, path) for path in paths}

    # Fewer are fine: somebody with one organisation alone is offered its experts at once.
    assert {path: (before[path], count) for path, count in after.items() if count > before[path]} == {}
    assert {path: count for path, count in before.items() if count > MOST} == {}
