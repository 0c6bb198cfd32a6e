"""One loaded market for all page tests: built once, and every test's writes are rolled back to it."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from keqiao.apps.market import indexing
from keqiao.apps.market.names import MODELS
from keqiao.web.parts import rates
from tests.web import world as worlds
from tests.web.world import World

SignIn = Callable[[str], Client]


@pytest.fixture(scope="package")
def loaded(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The market with both indexes. An outer transaction holds it; the tests' own are savepoints inside."""
    folder = tmp_path_factory.mktemp("web-index")
    with django_db_blocker.unblock(), override_settings(INDEX_ROOT=folder, STATIC_ROOT=folder):  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase marks its transaction
        outer.__enter__()
        try:
            world = worlds.build(at=timezone.now())
            for listing in MODELS:
                indexing.rebuild(listing, at=timezone.now())
            yield world
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def fresh_minute() -> None:
    """What a visitor asked in other tests does not count."""
    rates.reset()


@pytest.fixture
def world(loaded: World, db: None) -> World:
    return loaded


@pytest.fixture
def own_index(tmp_path: Path) -> Iterator[None]:
    """An index folder of this test alone, for tests that let the worker catch up."""
    with override_settings(INDEX_ROOT=tmp_path / "index"):
        yield


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def visitor(world: World) -> Client:
    return Client()


@pytest.fixture
def sign_in(world: World) -> SignIn:
    """A browser in which one of the market's people is signed in; an empty name gives a visitor's."""

    def signed_in(name: str) -> Client:
        client = Client()
        if name:
            client.force_login(world.users[name])
        return client

    return signed_in


def english(client: Client) -> Client:
    """The same browser, set to English."""
    client.cookies["django_language"] = "en"
    return client
