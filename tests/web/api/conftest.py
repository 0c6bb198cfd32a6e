"""The interface as programs use it: keys of the market's people, requests as JSON."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from keqiao.apps.parties import actions
from keqiao.apps.parties.actors import actor_of
from keqiao.apps.parties.models import Scope
from keqiao.web.parts.rates import reset as reset_counters
from tests.web.world import World

Call = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    reset_counters()


@pytest.fixture
def key_of(world: World) -> Callable[..., str]:
    """A key of one of the market's people, with all scopes or those named; an empty name gives none."""

    def made(name: str, *scopes: str) -> str:
        if not name:
            return ""
        user, at = world.users[name], timezone.now()
        by = actor_of(user, on=timezone.localdate())
        _row, secret = actions.create_token(user, name="t", scopes=list(scopes or Scope.values), days=9, by=by, at=at)
        return secret

    return made


@pytest.fixture
def call(key_of: Callable[..., str]) -> Call:
    """One request as somebody: `call("editor", "post", "/needs", {...})`."""
    keys: dict[str, str] = {}

    def called(name: str, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        if name not in keys:
            keys[name] = key_of(name)
        if keys[name]:
            headers = {"Authorization": f"Bearer {keys[name]}"} | headers
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(f"/api/v1{path}", headers=headers, **more)

    return called
