"""Who may see what the policies mean for a firm, and who may reckon it."""

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization, Role
from keqiao.apps.parties.permissions import ALLOWED, Decision, refused


def can_see_standings(actor: Actor, organization: Organization) -> Decision:
    """The firm's own people: standings rest on facts that nobody else may see."""
    if organization.key in actor.organizations(Role.MEMBER, Role.EDITOR, Role.MANAGER):
        return ALLOWED
    return refused("not_of_organization" if actor.is_registered else "sign_in_first")


def can_reckon(actor: Actor) -> Decision:
    """Only the product itself, by the clock and when facts change."""
    return ALLOWED if actor.is_product else refused("product_only")


def can_simulate(actor: Actor) -> Decision:
    """Officers try what a change of a rule would do; they see counts and amounts, firms only where they may."""
    if actor.has(Role.OFFICER) or actor.is_product:
        return ALLOWED
    return refused("officers_only" if actor.is_registered else "sign_in_first")
