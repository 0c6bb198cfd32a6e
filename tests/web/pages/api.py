"""The page of the interface and the keys; the interface itself is tried by tests/web/api."""

from django.utils import timezone

from keqiao.apps.parties import actions
from keqiao.apps.parties.actors import actor_of
from tests.web.pages import SIGNED_IN, Act, Page
from tests.web.world import World


def pages(world: World) -> list[Page]:
    return [Page("/api/"), Page("/desk/account/tokens/", SIGNED_IN)]


def acts(world: World) -> list[Act]:
    form = {"name": "sync", "scopes": ["needs:read"], "days": "90"}
    return [
        Act("/desk/account/tokens/", form, SIGNED_IN),
        Act(f"/desk/account/tokens/{world.things['token']}/revoke/", {}, frozenset({"editor"})),
    ]


def grow(world: World) -> None:
    for name in world.users:
        user = world.users[name]
        by = actor_of(user, on=timezone.localdate())
        for number in (1, 2):
            actions.create_token(user, name=f"more {number}", scopes=["needs:read"], days=30, by=by, at=world.at)
