"""Who judges what the matching finds, measures it and keeps the office's trade language."""

from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role, User
from keqiao.apps.parties.permissions import ALLOWED, Decision, can_act_for, refused

JUDGES = (Role.OFFICER, Role.BROKER, Role.COORDINATOR)


def can_judge(actor: Actor, judge: User | None = None) -> Decision:
    """Officers, brokers and coordinators, each in their own name; only the product itself brings a list without one."""
    if actor.is_product:
        return ALLOWED
    if not actor.has(*JUDGES):
        return refused("not_a_judge" if actor.is_registered else "sign_in_first")
    return ALLOWED if judge is None else can_act_for(actor, judge)


def can_keep_words(actor: Actor) -> Decision:
    """What the thesaurus says changes every answer, so officers alone keep it."""
    if actor.has(Role.OFFICER) or actor.is_product:
        return ALLOWED
    return refused("officers_only" if actor.is_registered else "sign_in_first")


def can_measure(actor: Actor) -> Decision:
    return can_judge(actor)
