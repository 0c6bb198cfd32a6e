"""Who may see and do what on the market. Reason codes are turned into sentences by the web."""

from datetime import date

from keqiao.apps.market.models import Listing, Need, Secrecy, State
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User
from keqiao.apps.parties.permissions import ALLOWED, Decision, can_act_for, refused

EDITABLE = frozenset({State.DRAFT})


def _is_own(actor: Actor, listing: Listing) -> bool:
    return listing.organization.key in actor.organizations()


def _may_edit_for(actor: Actor, organization: str) -> bool:
    return organization in actor.organizations(Role.EDITOR, Role.MANAGER) or actor.is_product


def _is_officer_for(actor: Actor, area: str) -> bool:
    """Officers serve their place and all inside it; those of the whole region serve also what lies nowhere in it."""
    if actor.is_product:
        return True
    return bool(actor.areas() & {places.region().root.code, *places.lineage(area)})


# Who may write down what a body told them, and keeps a hand on it.
COLLECTORS = (Role.BROKER, Role.COORDINATOR, Role.OFFICER)


def can_create(actor: Actor, organization: str, *, listing: str, area: str | None = None) -> Decision:
    """Editors write for their own body; brokers and coordinators write down a need for a firm that told it to them.

    An officer may do so for the bodies of the place they serve; the place of the body is `area`.
    """
    if _may_edit_for(actor, organization):
        return ALLOWED
    if listing == "need" and actor.has(Role.BROKER, Role.COORDINATOR):
        return ALLOWED
    if area is not None and actor.areas() and _is_officer_for(actor, area):
        return ALLOWED
    return refused("not_editor_of_organization" if actor.is_registered else "sign_in_first")


def can_sign(actor: Actor, author: User | None) -> Decision:
    """The author of a listing is the person who writes it; only the product itself may name another."""
    return ALLOWED if author is None or actor.is_product else can_act_for(actor, author)


def can_edit(actor: Actor, listing: Listing) -> Decision:
    if not _writes(actor, listing):
        return refused("not_editor_of_organization")
    return ALLOWED if listing.state in EDITABLE else refused("not_a_draft")


def _writes(actor: Actor, listing: Listing) -> bool:
    return _may_edit_for(actor, listing.organization.key) or _is_author(actor, listing)


def _is_author(actor: Actor, listing: Listing) -> bool:
    """Who collects for others keeps a hand on what they wrote for a firm; who left a firm keeps nothing."""
    return actor.has(*COLLECTORS) and listing.author is not None and actor.key == f"user:{listing.author.key}"


def is_insider(actor: Actor, listing: Listing) -> bool:
    """Those who may read all: the body itself, the broker who wrote it, officers of the place once it was handed in."""
    if _is_own(actor, listing) or _is_author(actor, listing) or actor.is_product:
        return True
    return listing.state != State.DRAFT and _is_officer_for(actor, listing.area)


def can_submit(actor: Actor, listing: Listing) -> Decision:
    """Those who write it; whether it is a draft still, the step itself asks."""
    return ALLOWED if _writes(actor, listing) else refused("not_editor_of_organization")


def can_screen(actor: Actor, listing: Listing) -> Decision:
    """Officers of the place screen, return and publish; nobody decides on a listing of their own body."""
    if not _is_officer_for(actor, listing.area):
        return refused("not_officer_for_area")
    if _is_own(actor, listing):
        return refused("own_organization")
    return refused("own_listing") if _is_author(actor, listing) else ALLOWED


def can_withdraw(actor: Actor, listing: Listing) -> Decision:
    """Those who write it, and the office once it was handed in."""
    if _writes(actor, listing):
        return ALLOWED
    return refused("not_editor_of_organization") if listing.state == State.DRAFT else can_screen(actor, listing)


def can_reopen(actor: Actor, listing: Listing) -> Decision:
    """Back to a draft: only those who will write on it."""
    return can_submit(actor, listing)


def can_expire(actor: Actor, listing: Listing) -> Decision:
    """Only the product itself, by the clock."""
    return ALLOWED if actor.is_product else refused("product_only")


def can_remind(actor: Actor) -> Decision:
    """Only the product itself, by the clock."""
    return ALLOWED if actor.is_product else refused("product_only")


def can_look(actor: Actor) -> Decision:
    """Only the product itself goes through the searches that people keep."""
    return ALLOWED if actor.is_product else refused("product_only")


def can_see(actor: Actor, listing: Listing, *, on: date) -> Decision:
    """Whether the actor may know that the listing exists."""
    if listing.state == State.PUBLISHED and (listing.expires_date is None or on < listing.expires_date):
        return ALLOWED
    return ALLOWED if is_insider(actor, listing) else refused("not_public")


def can_read_full(actor: Actor, listing: Listing, *, disclosed: bool, introduced: bool = False) -> Decision:
    """Whether the actor may read more than title and abstract. The reason says what would open it.

    `introduced`: an introduction has opened to the actor what the listing keeps back until one.
    """
    if is_insider(actor, listing):
        return ALLOWED
    if introduced and listing.secrecy == Secrecy.INTRODUCTION:
        return ALLOWED if disclosed else refused("disclose_first")
    if listing.state != State.PUBLISHED:
        return refused("not_public")
    if listing.secrecy == Secrecy.PUBLIC:
        return ALLOWED
    if listing.secrecy == Secrecy.REGISTERED:
        if not actor.is_registered:
            return refused("sign_in_first")
        return ALLOWED if disclosed else refused("disclose_first")
    return refused("introduction_needed" if listing.secrecy == Secrecy.INTRODUCTION else "abstract_only")


def can_know_organization(actor: Actor, listing: Listing, *, full: bool) -> bool:
    """A need that is kept back hides whose it is; an offer always shows who makes it."""
    return full or not isinstance(listing, Need) or listing.secrecy in (Secrecy.PUBLIC, Secrecy.REGISTERED)
