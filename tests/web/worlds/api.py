"""A key of the editor's."""

from django.utils import timezone

from keqiao.apps.parties import actions
from keqiao.apps.parties.actors import actor_of
from tests.web.world import World


def extend(world: World) -> None:
    user = world.users["editor"]
    by = actor_of(user, on=timezone.localdate())
    row, _ = actions.create_token(user, name="sync", scopes=["needs:read"], days=30, by=by, at=world.at)
    world.things["token"] = row.prefix
