"""Who may do what with proposals, replies and promises. What is asked of many rows stands in queries as well."""

from collections.abc import Iterable

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role
from keqiao.apps.parties.permissions import ALLOWED, Decision, refused

from . import units
from .models import (
    ANSWERING_ROLES,
    Assignment,
    LookBack,
    Promise,
    Proposal,
    Reply,
    ReplyState,
    VoiceRole,
)


def _no(actor: Actor, reason: str) -> Decision:
    return refused(reason if actor.is_registered else "sign_in_first")


def is_signer(actor: Actor, proposal: Proposal | None) -> bool:
    """Whether the actor's account stands among those who brought the proposal."""
    if proposal is None or not actor.key.startswith("user:"):
        return False
    known: dict[str, bool] = proposal.__dict__.setdefault("_signed_by", {})  # asked several times for one page
    if actor.key not in known:
        known[actor.key] = proposal.signers.filter(user__key=actor.key.removeprefix("user:")).exists()
    return known[actor.key]


def units_handling(proposal: Proposal) -> frozenset[str]:
    """The units it is with now; who gave it back has it no more."""
    return frozenset(proposal.assignments.filter(returned_date=None).values_list("unit", flat=True))


def units_answering(proposal: Proposal) -> frozenset[str]:
    rows = proposal.assignments.filter(returned_date=None, role__in=ANSWERING_ROLES)
    return frozenset(rows.values_list("unit", flat=True))


def can_register_proposal(actor: Actor, *, handed_to: Iterable[str]) -> Decision:
    """The office that hands over; a unit enters what was handed to it elsewhere."""
    if units.is_hand_over(actor) or units.of(actor) & set(handed_to):
        return ALLOWED
    return _no(actor, "not_hand_over_office")


def can_keep_proposal(actor: Actor, proposal: Proposal) -> Decision:
    """The office that hands over, and the units that answer."""
    if units.is_hand_over(actor) or units.of(actor) & units_answering(proposal):
        return ALLOWED
    return _no(actor, "not_hand_over_office")


def can_hand_over(actor: Actor) -> Decision:
    return ALLOWED if units.is_hand_over(actor) else _no(actor, "not_hand_over_office")


def can_handle(actor: Actor, assignment: Assignment) -> Decision:
    """The unit's own officers; the product stands in for them when files are loaded."""
    if actor.is_product or assignment.unit in units.of(actor):
        return ALLOWED
    return _no(actor, "not_unit_officer")


def can_mark_answered(actor: Actor, assignment: Assignment) -> Decision:
    return ALLOWED if units.is_hand_over(actor) else can_handle(actor, assignment)


def can_see_proposal(actor: Actor, proposal: Proposal) -> Decision:
    """Everybody what is public; else who hands over, who handles, who signed."""
    if proposal.is_public or units.is_hand_over(actor) or units.of(actor) & units_handling(proposal):
        return ALLOWED
    return ALLOWED if is_signer(actor, proposal) else _no(actor, "not_public_proposal")


def can_list_proposals(actor: Actor) -> Decision:
    """The office's lists: for officers of a unit."""
    return ALLOWED if actor.is_product or units.of(actor) else _no(actor, "not_unit_officer")


def can_import_reply(actor: Actor, *, issuer: str, proposal: Proposal | None) -> Decision:
    """Officers of the unit that replies; where its name is not known, of one that answers the proposal."""
    mine = units.of(actor)
    if units.is_hand_over(actor) or (issuer and issuer in mine):
        return ALLOWED
    if not issuer and proposal is not None and mine & units_answering(proposal):
        return ALLOWED
    return _no(actor, "not_issuer")


def can_keep_reply(actor: Actor, reply: Reply) -> Decision:
    """Correct it, check it, say what came back."""
    return can_import_reply(actor, issuer=reply.issuer, proposal=reply.proposal)


def can_publish_reply(actor: Actor, reply: Reply) -> Decision:
    """Four eyes: who checked it does not publish it."""
    if actor.key == reply.checked_by and not actor.is_product:
        return refused("own_check")
    return can_keep_reply(actor, reply)


def can_record_feedback(actor: Actor, reply: Reply) -> Decision:
    """Who signed says it themselves, or tells those who keep the reply."""
    return ALLOWED if is_signer(actor, reply.proposal) else can_keep_reply(actor, reply)


def can_see_reply(actor: Actor, reply: Reply) -> Decision:
    """Everybody what is published; its keepers and whom it is with always; who signed, once it was given to them."""
    if reply.is_public or can_keep_reply(actor, reply).allowed:
        return ALLOWED
    if reply.proposal is not None:
        if units.of(actor) & units_handling(reply.proposal):
            return ALLOWED
        if reply.answered_date is not None and is_signer(actor, reply.proposal):
            return ALLOWED
    return _no(actor, "not_public_reply")


def can_see_whole_reply(actor: Actor, reply: Reply) -> Decision:
    """Of a reply whose abstract alone is public, the public reads no text."""
    if reply.is_public and reply.publication == "full":
        return ALLOWED
    hidden = Reply(pk=reply.pk, proposal=reply.proposal, issuer=reply.issuer, answered_date=reply.answered_date)
    return can_see_reply(actor, hidden)


def can_see_promise(actor: Actor, promise: Promise) -> Decision:
    if not promise.is_live:
        return can_keep_reply(actor, promise.reply)
    if promise.unit and promise.unit in units.of(actor):
        return ALLOWED
    return can_see_whole_reply(actor, promise.reply)


def can_keep_promise(actor: Actor, promise: Promise) -> Decision:
    """The unit that has to keep it, and those who keep the reply: indicator, target, day, evidence."""
    if promise.unit and promise.unit in units.of(actor):
        return ALLOWED
    return ALLOWED if can_keep_reply(actor, promise.reply).allowed else _no(actor, "not_owner_unit")


def can_speak(actor: Actor, promise: Promise, *, role: str) -> Decision:
    """Each role has its own people; a third reading comes from somebody who has no part in the promise."""
    if promise.reply.state != ReplyState.PUBLISHED or not promise.is_live:
        return refused("not_public_reply")
    if role == VoiceRole.DEPARTMENT:
        mine = units.of(actor)
        owner = promise.unit or promise.reply.issuer
        return ALLOWED if actor.is_product or (owner and owner in mine) else _no(actor, "not_owner_unit")
    if role == VoiceRole.PROPOSER:
        signed = actor.is_product or is_signer(actor, promise.reply.proposal)
        return ALLOWED if signed else _no(actor, "not_signer")
    return _can_read_third(actor, promise)


def _can_read_third(actor: Actor, promise: Promise) -> Decision:
    if actor.is_product:
        return ALLOWED
    if not (actor.has(Role.EXPERT, Role.AUDITOR) or units.is_hand_over(actor)):
        return _no(actor, "not_third_reader")
    reply = promise.reply
    owners = {promise.unit, reply.issuer} - {""}
    took_part = {reply.imported_by, reply.checked_by, reply.published_by}
    took_part |= set(reply.corrections.values_list("by", flat=True))
    if units.of(actor) & owners or actor.key in took_part or is_signer(actor, reply.proposal):
        return refused("own_promise")
    others = promise.voices.exclude(role=VoiceRole.THIRD).filter(by=actor.key)
    return refused("has_spoken") if others.exists() else ALLOWED


def can_follow(actor: Actor, thing: Proposal | Promise) -> Decision:
    if not actor.key.startswith("user:"):
        return refused("sign_in_first")
    return can_see_promise(actor, thing) if isinstance(thing, Promise) else can_see_proposal(actor, thing)


def can_look_back(actor: Actor, look_back: LookBack) -> Decision:
    return can_keep_reply(actor, look_back.reply)


def can_run(actor: Actor) -> Decision:
    """Links, states and reminders come from the product itself, by the clock."""
    return ALLOWED if actor.is_product else refused("product_only")
