"""Who may do what to organisations, people, users and memberships. Every answer carries a reason code."""

from dataclasses import dataclass

from . import places
from .actors import Actor
from .models import Certificate, Fact, Organization, OrganizationClaim, Role, User
from .models.account import ORGANIZATION_ROLES, SEPARATED_ROLES

SEPARATED = frozenset(str(role) for role in SEPARATED_ROLES)


@dataclass(frozen=True)
class Decision:
    """Allowed or not; if not, a stable reason code that the web turns into a sentence."""

    allowed: bool
    reason: str = ""


ALLOWED = Decision(allowed=True)


def refused(reason: str) -> Decision:
    return Decision(allowed=False, reason=reason)


def can_register_organization(actor: Actor, *, parent: Organization | None, has_code: bool) -> Decision:
    """Anyone signed in may register the body they work for under its code; a part of a body only its editors."""
    if not actor.is_registered:
        return refused("sign_in_first")
    if parent is not None:
        return can_keep_organization(actor, parent)
    return ALLOWED if has_code or actor.is_product else refused("code_needed")


def can_choose_key(actor: Actor, *, key: str, code: str | None) -> Decision:
    """Keys other than the code come with imports only, so that nobody takes the key of a body still to come."""
    return ALLOWED if key in ("", code) or actor.is_product else refused("product_only")


def can_edit_organization(actor: Actor, organization: str) -> Decision:
    if actor.is_product or organization in actor.organizations(Role.MANAGER, Role.EDITOR):
        return ALLOWED
    return refused("not_editor_of_organization" if actor.is_registered else "sign_in_first")


def can_keep_organization(actor: Actor, organization: Organization) -> Decision:
    """Who keeps the register's facts of a body: its own editors, and the officers of the place it is in."""
    if can_edit_organization(actor, organization.key).allowed or is_officer_for(actor, organization.area):
        return ALLOWED
    return refused("not_editor_of_organization" if actor.is_registered else "sign_in_first")


def is_officer_for(actor: Actor, area: str) -> bool:
    """Officers serve their place and all inside it; those of the whole region serve also what lies nowhere in it."""
    return actor.is_product or bool(actor.areas() & {places.region().root.code, *places.lineage(area)})


def can_see_facts(actor: Actor, organization: Organization) -> Decision:
    """A firm's own people; officers of the place, who find there what the firm and its sources allow them."""
    if actor.is_product or organization.key in actor.organizations() or is_officer_for(actor, organization.area):
        return ALLOWED
    return refused("not_facts_reader" if actor.is_registered else "sign_in_first")


def can_declare_fact(actor: Actor, organization: str) -> Decision:
    return can_edit_organization(actor, organization)


def can_bring_fact(actor: Actor, organization: Organization) -> Decision:
    """What registers state is brought by the office of the place, never by the firm itself."""
    return ALLOWED if is_officer_for(actor, organization.area) else refused("not_officer_for_area_of_body")


def can_correct_fact(actor: Actor, fact: Fact) -> Decision:
    """A firm's statement, confirmed or not, is its own; a register's value belongs to the office."""
    if fact.is_declared:
        return can_edit_organization(actor, fact.organization.key)
    return can_bring_fact(actor, fact.organization)


def can_confirm_fact(actor: Actor, fact: Fact) -> Decision:
    """An officer of the place, but not for a body of their own."""
    return can_settle_facts(actor, fact.organization)


def can_look_at_facts(actor: Actor, organization: Organization) -> Decision:
    """Officers of the place, each time for a purpose; what the purpose opens is for `queries.fact_sheet` to say."""
    if is_officer_for(actor, organization.area):
        return ALLOWED
    return refused("not_officer_for_area_of_body" if actor.is_registered else "sign_in_first")


def can_settle_facts(actor: Actor, organization: Organization) -> Decision:
    """Which of several values is right: an officer of the place, but not for a body of their own."""
    if organization.key in actor.organizations():
        return refused("own_fact")
    return can_bring_fact(actor, organization)


def can_confirm_certificate(actor: Actor, certificate: Certificate) -> Decision:
    """An officer of the place, but not for a body of their own."""
    return can_settle_facts(actor, certificate.organization)


def can_edit_certificate(actor: Actor, certificate: Certificate) -> Decision:
    """Whoever keeps the body's record; what an office has confirmed only an office that could have."""
    if not certificate.is_confirmed:
        return can_keep_organization(actor, certificate.organization)
    verdict = can_confirm_certificate(actor, certificate)
    return refused("certificate_of_office") if verdict.reason == "own_fact" else verdict


def can_authorise_facts(actor: Actor, organization: str) -> Decision:
    """What the firm's values may be used for is for its managers to say."""
    return can_manage_members(actor, organization)


def can_merge(actor: Actor, *areas: str) -> Decision:
    """Two records of one body or person are merged, and split again, by an officer who serves the places of both."""
    if all(is_officer_for(actor, area) for area in areas):
        return ALLOWED
    return refused("not_officer_for_both" if actor.is_registered else "sign_in_first")


def can_manage_members(actor: Actor, organization: str) -> Decision:
    if actor.is_product or organization in actor.organizations(Role.MANAGER):
        return ALLOWED
    return refused("not_manager_of_organization")


def can_manage_users(actor: Actor) -> Decision:
    """Open, lock and unlock accounts: the system administrator."""
    return ALLOWED if actor.is_product or actor.has(Role.ADMINISTRATOR) else refused("administrators_only")


def can_manage_roles(actor: Actor) -> Decision:
    """Give and end roles: the security administrator."""
    return ALLOWED if actor.is_product or actor.has(Role.SECURITY) else refused("security_only")


def can_see_users(actor: Actor) -> Decision:
    """The list of accounts is for those who open them and those who give them roles."""
    return ALLOWED if actor.has(Role.ADMINISTRATOR, Role.SECURITY) else refused("administrators_only")


def can_grant(actor: Actor, role: str, organization: Organization | None, *, user: User | None = None) -> Decision:
    """A manager gives the roles of their own body; every other role comes from the security administrator."""
    if organization is not None and role in ORGANIZATION_ROLES:
        mine = can_manage_members(actor, organization.key)
        if mine.allowed or not actor.has(Role.SECURITY):
            return mine
    decision = can_manage_roles(actor)
    if decision.allowed and user is not None and actor.key == f"user:{user.key}":
        return refused("not_own_role")
    return decision


def can_claim(actor: Actor, organization: Organization, *, user: User) -> Decision:
    """Everybody for themselves, unless they belong to the body already."""
    if organization.key in actor.organizations(Role.MANAGER):
        return refused("manager_already")
    return can_act_for(actor, user)


def can_see_claim(actor: Actor, claim: OrganizationClaim) -> Decision:
    if actor.key == f"user:{claim.user.key}" or _decides(actor, claim.organization):
        return ALLOWED
    return refused("not_claim_officer")


def can_decide_claim(actor: Actor, claim: OrganizationClaim, *, waits_for_manager: bool = False) -> Decision:
    """The body's own manager first; then the office of the place or the security administrator; never oneself."""
    if actor.key == f"user:{claim.user.key}":
        return refused("own_claim")
    if actor.is_product or claim.organization.key in actor.organizations(Role.MANAGER):
        return ALLOWED
    if not _decides(actor, claim.organization):
        return refused("not_claim_officer")
    return refused("manager_first") if waits_for_manager else ALLOWED


def _decides(actor: Actor, organization: Organization) -> bool:
    if organization.key in actor.organizations(Role.MANAGER) or actor.has(Role.SECURITY):
        return True
    return is_officer_for(actor, organization.area)


def can_see_claims(actor: Actor) -> Decision:
    """The office's list of claims."""
    return ALLOWED if actor.has(Role.SECURITY, Role.OFFICER) else refused("not_claim_officer")


def can_hold(role: str, *, held: frozenset[str]) -> Decision:
    """System, security and audit are kept apart: nobody holds two of the three."""
    if role in SEPARATED and held & (SEPARATED - {role}):
        return refused("roles_kept_apart")
    return ALLOWED


def can_manage_stations(actor: Actor) -> Decision:
    """Branch markets and stations are set up by the office that serves the whole region."""
    serves_all = places.region().root.code in actor.areas()
    return ALLOWED if actor.is_product or serves_all else refused("not_officer_for_region")


def can_keep_figures(actor: Actor, duty: str) -> Decision:
    """Officers of the whole region, of the department with this duty; of any, where the region has no such one."""
    if actor.is_product:
        return ALLOWED
    region = places.region()
    mine = {grant.department for grant in actor.grants if grant.role == Role.OFFICER and grant.area == region.root.code}
    if not mine:
        return refused("not_officer_for_figures")
    answers = {code for code, row in region.departments.items() if row.kind == duty}
    return ALLOWED if not answers or mine & answers else refused("figure_of_another_department")


def can_read_ledger(actor: Actor) -> Decision:
    return ALLOWED if actor.has(Role.AUDITOR) else refused("auditors_only")


def can_forget(actor: Actor) -> Decision:
    """Only the product itself, by the clock."""
    return ALLOWED if actor.is_product else refused("product_only")


def can_end_sessions(actor: Actor, user: User) -> Decision:
    """One's own; of others, those who lock accounts and who reset factors."""
    if actor.is_product or actor.has(Role.ADMINISTRATOR, Role.SECURITY):
        return ALLOWED
    return can_act_for(actor, user)


def can_reset_factors(actor: Actor, user: User) -> Decision:
    """The security administrator, for others: who has lost their own asks a colleague."""
    if actor.key == f"user:{user.key}":
        return refused("not_own_factors")
    return ALLOWED if actor.is_product or actor.has(Role.SECURITY) else refused("security_only")


def can_act_for(actor: Actor, user: User) -> Decision:
    """Some things a person does only for themselves."""
    return ALLOWED if actor.key == f"user:{user.key}" else refused("only_yourself")


def can_export(actor: Actor, user: User) -> Decision:
    return can_act_for(actor, user)


def can_erase(actor: Actor, user: User) -> Decision:
    """A person erases their own account; an administrator does it for somebody who asks."""
    return ALLOWED if can_manage_users(actor).allowed else can_act_for(actor, user)
