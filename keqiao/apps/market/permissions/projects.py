"""Who may keep and read past contracts and projects: the body itself and the office of its place."""

from keqiao.apps.parties import permissions as parties
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization
from keqiao.apps.parties.permissions import ALLOWED, Decision, refused


def can_keep_project(actor: Actor, organization: Organization) -> Decision:
    return parties.can_keep_organization(actor, organization)


def can_list_projects(actor: Actor) -> Decision:
    """The list shows officers what their place did and people what their body did."""
    if actor.areas() or actor.organizations():
        return ALLOWED
    return refused("no_body_or_place" if actor.is_registered else "sign_in_first")
