"""Who may do what to organisations, people, users and memberships. Every answer carries a reason code."""

from dataclasses import dataclass

from .actors import Actor
from .models import Role


@dataclass(frozen=True)
class Decision:
    """Allowed or not; if not, a stable reason code that the web turns into a sentence."""

    allowed: bool
    reason: str = ""


ALLOWED = Decision(allowed=True)


def refused(reason: str) -> Decision:
    return Decision(allowed=False, reason=reason)


def can_register_organization(actor: Actor) -> Decision:
    """Anyone signed in may register the body they work for; its facts are checked, not trusted."""
    return ALLOWED if actor.is_registered else refused("sign_in_first")


def can_edit_organization(actor: Actor, organization: str) -> Decision:
    if actor.has(Role.ADMINISTRATOR) or organization in actor.organizations(Role.MANAGER, Role.EDITOR):
        return ALLOWED
    return refused("not_editor_of_organization" if actor.is_registered else "sign_in_first")


def can_manage_members(actor: Actor, organization: str) -> Decision:
    if actor.has(Role.ADMINISTRATOR) or organization in actor.organizations(Role.MANAGER):
        return ALLOWED
    return refused("not_manager_of_organization")


def can_manage_users(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.ADMINISTRATOR) else refused("administrators_only")


def can_read_ledger(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.AUDITOR, Role.ADMINISTRATOR) else refused("auditors_only")
