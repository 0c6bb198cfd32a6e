"""Who may do what with an introduction: its two sides, the broker in charge, the coordinators above.

The administrator of the system has no part in it.
"""

from keqiao.apps.market.models import WILLING_STATES, Introduction, Listing, Need, Offer, Secrecy, Side
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, Station, User
from keqiao.apps.parties.permissions import ALLOWED, Decision, refused

HANDLERS = (Role.BROKER, Role.COORDINATOR, Role.OFFICER)


def is_officer_of(actor: Actor, area: str) -> bool:
    """Officers serve their place and all inside it."""
    return bool(actor.areas() & {places.region().root.code, *places.lineage(area)})


def sides_of(actor: Actor, introduction: Introduction, *, writing: bool = False) -> frozenset[Side]:
    """The sides that the actor belongs to; with `writing` only those the actor may speak for."""
    mine = actor.organizations(Role.EDITOR, Role.MANAGER) if writing else actor.organizations()
    bodies = {Side.SEEKER: introduction.need.organization.key, Side.PROVIDER: introduction.offer.organization.key}
    return frozenset(side for side, body in bodies.items() if body in mine)


def is_owner(actor: Actor, introduction: Introduction) -> bool:
    """In charge, as long as the role lasts that this needs."""
    owner = introduction.owner
    return owner is not None and actor.key == f"user:{owner.key}" and actor.has(*HANDLERS)


def coordinates(actor: Actor, station: Station | None) -> bool:
    """Coordinators see to their own station and, of a branch market, to all its stations."""
    if station is None:
        return False
    own = actor.stations(Role.COORDINATOR)
    return station.key in own or (station.parent is not None and station.parent.key in own)


def is_handler(actor: Actor, introduction: Introduction) -> bool:
    """Whoever is in charge: the owner, the coordinators above, the product itself."""
    return actor.is_product or is_owner(actor, introduction) or coordinates(actor, introduction.station)


def is_colleague(actor: Actor, introduction: Introduction) -> bool:
    """Those beside the owner who may know how it stands: the station's brokers, officers of the need's place, and the
    broker who wrote the need down. What is kept back stays hidden from them."""
    station = introduction.station
    if station is None:
        if actor.has(Role.BROKER) and introduction.owner is None:
            return True
    elif station.key in actor.stations(Role.BROKER):
        return True
    author = introduction.need.author
    wrote = author is not None and actor.has(Role.BROKER) and actor.key == f"user:{author.key}"
    return wrote or is_officer_of(actor, introduction.need.area)


def can_introduce(actor: Actor, need: Need, offer: Offer) -> Decision:
    """Brokers and coordinators any pair, officers those of their place, editors what touches their own body."""
    if need.organization_id == offer.organization_id:
        return refused("same_organization")
    if actor.is_product or actor.has(Role.BROKER, Role.COORDINATOR):
        return ALLOWED
    if is_officer_of(actor, need.area) or is_officer_of(actor, offer.area):
        return ALLOWED
    own = actor.organizations(Role.EDITOR, Role.MANAGER)
    if own & {need.organization.key, offer.organization.key}:
        return ALLOWED
    return refused("not_introducer" if actor.is_registered else "sign_in_first")


def may_introduce_for(actor: Actor, listing: Listing) -> bool:
    """Whether one can bring this listing together with any other; the pair itself is asked by `can_introduce`."""
    if actor.has(Role.BROKER, Role.COORDINATOR) or is_officer_of(actor, listing.area):
        return True
    return listing.organization.key in actor.organizations(Role.EDITOR, Role.MANAGER)


def can_see_introduction(actor: Actor, introduction: Introduction) -> Decision:
    if is_handler(actor, introduction) or sides_of(actor, introduction) or is_colleague(actor, introduction):
        return ALLOWED
    return refused("not_party")


def can_handle(actor: Actor, introduction: Introduction) -> Decision:
    """Keep the contact log, plan the next action, note an answer given by telephone, move on from state to state."""
    return ALLOWED if is_handler(actor, introduction) else refused("not_in_charge")


def can_answer(actor: Actor, introduction: Introduction, side: str) -> Decision:
    """Each side for itself; whoever is in charge notes what a side said by telephone."""
    if side in sides_of(actor, introduction, writing=True):
        return ALLOWED
    return can_handle(actor, introduction) if is_handler(actor, introduction) else refused("not_editor_of_side")


def can_promise_secrecy(actor: Actor, introduction: Introduction, side: str) -> Decision:
    """A promise of secrecy binds a body: only its own editors give it, never somebody for them."""
    return ALLOWED if side in sides_of(actor, introduction, writing=True) else refused("not_editor_of_side")


def can_write_message(actor: Actor, introduction: Introduction) -> Decision:
    if is_handler(actor, introduction) or sides_of(actor, introduction, writing=True):
        return ALLOWED
    return refused("not_party")


def can_read_messages(actor: Actor, introduction: Introduction) -> Decision:
    """What the sides write and attach is for them and for whoever is in charge."""
    if is_handler(actor, introduction) or sides_of(actor, introduction):
        return ALLOWED
    return refused("not_party")


def can_remove_file(actor: Actor, introduction: Introduction, *, uploader: str) -> Decision:
    """A file is taken off by who put it there, or by whoever is in charge."""
    if actor.key == uploader and can_write_message(actor, introduction).allowed:
        return ALLOWED
    return ALLOWED if is_handler(actor, introduction) else refused("not_own_file")


def can_end(actor: Actor, introduction: Introduction, side: str) -> Decision:
    """Say no for a side, or as the broker for whom it came to nothing."""
    if side == Side.BROKER:
        return can_handle(actor, introduction)
    return can_answer(actor, introduction, side)


def can_reopen_introduction(actor: Actor, introduction: Introduction) -> Decision:
    """Whoever is in charge, or the side that had said no."""
    if introduction.closed_side in sides_of(actor, introduction, writing=True):
        return ALLOWED
    return can_handle(actor, introduction)


def can_move_on(actor: Actor, introduction: Introduction) -> Decision:
    """From willing to talking, from talking to agreed: whoever is in charge, or either side's editors."""
    if sides_of(actor, introduction, writing=True):
        return ALLOWED
    return can_handle(actor, introduction)


def can_take(actor: Actor, introduction: Introduction) -> Decision:
    """Take charge of what nobody is in charge of: brokers of its station, and those above."""
    if coordinates(actor, introduction.station) or is_officer_of(actor, introduction.need.area):
        return ALLOWED
    station = introduction.station
    at_station = station is None or station.key in actor.stations(Role.BROKER)
    return ALLOWED if actor.has(Role.BROKER) and at_station else refused("not_at_station")


def can_hand_over(actor: Actor, introduction: Introduction) -> Decision:
    return can_handle(actor, introduction)


def can_escalate(actor: Actor) -> Decision:
    """Only the product itself, by the clock."""
    return ALLOWED if actor.is_product else refused("product_only")


def asks_for_secrecy(introduction: Introduction) -> bool:
    """Whether both sides must promise secrecy before what is kept back is opened."""
    return Secrecy.INTRODUCTION in (introduction.need.secrecy, introduction.offer.secrecy)


def is_open_to_sides(introduction: Introduction) -> bool:
    """Both sides are willing and, where it is asked for, have promised secrecy."""
    if introduction.state not in WILLING_STATES:
        return False
    promised = introduction.seeker_nda_at is not None and introduction.provider_nda_at is not None
    return promised or not asks_for_secrecy(introduction)


def knows_counterpart(actor: Actor, introduction: Introduction, side: str) -> bool:
    """Whether the actor may know whose side it is: one's own, all once both are willing, whoever is in charge."""
    if side == Side.PROVIDER or introduction.need.secrecy in (Secrecy.PUBLIC, Secrecy.REGISTERED):
        return True
    if side in sides_of(actor, introduction) or is_handler(actor, introduction):
        return True
    if is_officer_of(actor, introduction.need.area):
        return True
    return introduction.state in WILLING_STATES and bool(sides_of(actor, introduction))


def can_open(actor: Actor, introduction: Introduction, listing: Listing) -> Decision:
    """Read what a listing keeps back: the other side and whoever is in charge, once the introduction has opened it."""
    if listing.secrecy != Secrecy.INTRODUCTION:
        return refused("nothing_to_open")
    if not (sides_of(actor, introduction) or is_owner(actor, introduction)):
        return refused("not_reader")
    if introduction.state not in WILLING_STATES:
        return refused("not_both_willing")
    return ALLOWED if is_open_to_sides(introduction) else refused("secrecy_not_promised")


def may_be_in_charge(user_roles: frozenset[str]) -> bool:
    return bool(user_roles & {str(role) for role in HANDLERS})


def can_receive(by: Actor, introduction: Introduction, to: User, *, as_actor: Actor) -> Decision:
    """Whether a person can be given the matter: one whose role allows it, other than the one who has it."""
    if introduction.owner_id == to.pk:
        return refused("already_in_charge")
    return ALLOWED if as_actor.has(*HANDLERS) else refused("cannot_be_in_charge")
