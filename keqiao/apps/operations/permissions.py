"""Who may see how the installation fares."""

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role
from keqiao.apps.parties.permissions import ALLOWED, Decision, refused


def can_see_system(actor: Actor) -> Decision:
    return ALLOWED if actor.is_product or actor.has(Role.ADMINISTRATOR) else refused("administrators_only")
