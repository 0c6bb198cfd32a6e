"""Who files a contract, who decides on it. Nobody decides on a contract of a body they belong to."""

from keqiao.apps.market.models import Agreement, Registration, RegistrationOffice
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role
from keqiao.apps.parties.permissions import ALLOWED, Decision, refused

from .agreements import bodies_of

WRITERS = (Role.EDITOR, Role.MANAGER)


def files_for(agreement: Agreement) -> str:
    """The key of the body that files: the seller; of an import the buyer. Empty if neither is registered here."""
    if agreement.seller is not None:
        return agreement.seller.key
    is_import = agreement.seller_other is not None and agreement.seller_other.country != "142"
    return agreement.buyer.key if is_import and agreement.buyer is not None else ""


def registrar_bodies(actor: Actor) -> frozenset[str]:
    return actor.organizations(Role.REGISTRAR)


def is_registrar_of(actor: Actor, office: RegistrationOffice) -> bool:
    return office.organization.key in registrar_bodies(actor)


def can_file(actor: Actor, agreement: Agreement) -> Decision:
    """The seller side files once; of an import the buyer."""
    body = files_for(agreement)
    if not body:
        return refused("files_elsewhere")
    if actor.is_product or body in actor.organizations(*WRITERS):
        return ALLOWED
    return refused("filed_by_seller")


def can_see_registration(actor: Actor, row: Registration) -> Decision:
    """Both sides, and from its submission on the office."""
    if actor.is_product or actor.organizations() & bodies_of(row.agreement):
        return ALLOWED
    if is_registrar_of(actor, row.office) and row.filed_date is not None:
        return ALLOWED
    return refused("not_side_of_agreement")


def can_register(actor: Actor, row: Registration) -> Decision:
    """Registrars of the office, but not on a contract of a body they belong to in any role."""
    if actor.is_product:
        return ALLOWED
    if not is_registrar_of(actor, row.office):
        return refused("registrars_only")
    own = actor.organizations() | (registrar_bodies(actor))
    return refused("own_contract") if own & bodies_of(row.agreement) else ALLOWED


def can_manage_offices(actor: Actor) -> Decision:
    """Registration offices are named by the department that serves the whole region."""
    serves_all = places.region().root.code in actor.areas()
    return ALLOWED if actor.is_product or serves_all else refused("not_officer_for_offices")


def can_see_statistics(actor: Actor) -> Decision:
    """Figures without anything hidden: registrars, and officers of the whole region."""
    if actor.is_product or actor.has(Role.REGISTRAR) or places.region().root.code in actor.areas():
        return ALLOWED
    return refused("registrars_only")
