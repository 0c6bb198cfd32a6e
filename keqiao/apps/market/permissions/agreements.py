"""Who may do what with an agreement: its two sides, the broker of it, the coordinators above.

What a contract says is a business secret: officers and administrators see it only as figures, a registrar once it was
filed with the registrar's office.
"""

from keqiao.apps.market.models import WILLING_STATES, Agreement, Introduction, Objection
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role
from keqiao.apps.parties.permissions import ALLOWED, Decision, refused

from .introductions import coordinates, is_handler, sides_of

WRITERS = (Role.EDITOR, Role.MANAGER)


def bodies_of(agreement: Agreement) -> frozenset[str]:
    """The keys of the registered bodies on the two sides."""
    return frozenset(body.key for body in (agreement.seller, agreement.buyer) if body is not None)


def is_agreement_party(actor: Actor, agreement: Agreement, *, writing: bool = False) -> bool:
    mine = actor.organizations(*WRITERS) if writing else actor.organizations()
    return bool(mine & bodies_of(agreement))


def is_seller(actor: Actor, agreement: Agreement) -> bool:
    """Writes for the side that gives the technology."""
    return agreement.seller is not None and agreement.seller.key in actor.organizations(*WRITERS)


def handles_agreement(actor: Actor, agreement: Agreement) -> bool:
    broker = agreement.broker
    is_broker = broker is not None and actor.key == f"user:{broker.key}" and actor.has(Role.BROKER, Role.COORDINATOR)
    return actor.is_product or is_broker or coordinates(actor, agreement.station)


def can_draft_agreement(actor: Actor, *, bodies: frozenset[str], introduction: Introduction | None = None) -> Decision:
    """Either side for itself, whoever is in charge of the introduction, brokers for whom they serve."""
    if not actor.is_registered:
        return refused("sign_in_first")
    if introduction is not None:
        if not (sides_of(actor, introduction, writing=True) or is_handler(actor, introduction)):
            return refused("not_party")
        return ALLOWED if introduction.state in WILLING_STATES else refused("not_both_willing")
    if actor.is_product or actor.has(Role.BROKER) or actor.organizations(*WRITERS) & bodies:
        return ALLOWED
    return refused("not_side_of_agreement")


def can_see_agreement(actor: Actor, agreement: Agreement) -> Decision:
    if is_agreement_party(actor, agreement) or handles_agreement(actor, agreement):
        return ALLOWED
    return refused("not_side_of_agreement")


def can_write_agreement(actor: Actor, agreement: Agreement) -> Decision:
    """Write the draft, note the signature, payments, the end: either side's editors and the broker of it."""
    if is_agreement_party(actor, agreement, writing=True) or handles_agreement(actor, agreement):
        return ALLOWED
    return refused("not_side_of_agreement")


def can_price(actor: Actor, agreement: Agreement) -> Decision:
    """The notice of a price and what follows from it are the seller's."""
    return ALLOWED if actor.is_product or is_seller(actor, agreement) else refused("seller_only")


def can_object(actor: Actor) -> Decision:
    return ALLOWED if actor.is_registered else refused("sign_in_first")


def can_handle_objection(actor: Actor, agreement: Agreement, objection: Objection) -> Decision:
    """The seller's editors, but nobody their own objection."""
    if objection.author is not None and actor.key == f"user:{objection.author.key}":
        return refused("own_objection")
    return can_price(actor, agreement)


def can_report_trial(actor: Actor, agreement: Agreement) -> Decision:
    """The side that uses the technology reports, or the broker notes what it said."""
    is_buyer = agreement.buyer is not None and agreement.buyer.key in actor.organizations(*WRITERS)
    return ALLOWED if is_buyer or handles_agreement(actor, agreement) else refused("buyer_only")


def can_remove_annex(actor: Actor, agreement: Agreement, *, uploader: str) -> Decision:
    if actor.key == uploader and can_write_agreement(actor, agreement).allowed:
        return ALLOWED
    return ALLOWED if handles_agreement(actor, agreement) else refused("not_own_file")
