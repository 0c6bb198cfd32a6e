"""Who may do what with notifications and deliveries."""

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User
from keqiao.apps.parties.permissions import ALLOWED, Decision, can_act_for, refused


def can_run_post(actor: Actor) -> Decision:
    """Only the product itself takes up entries, sends, and throws away what is old."""
    return ALLOWED if actor.is_product else refused("product_only")


def can_choose(actor: Actor, user: User) -> Decision:
    """Everybody decides for themselves what they read and how they are told."""
    return can_act_for(actor, user)


def can_manage_deliveries(actor: Actor) -> Decision:
    """Operation of the system: how many went out and which did not, never what they say."""
    return ALLOWED if actor.has(Role.ADMINISTRATOR) else refused("administrators_only")
