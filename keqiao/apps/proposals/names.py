"""Stable names, as the ledger and addresses write them."""

from keqiao.apps.market.names import new_key

from .models import Assignment, LookBack, Promise, Proposal, Reply

Thing = Proposal | Reply | Promise | Assignment | LookBack


def proposal_key() -> str:
    return new_key("P")


def reply_key() -> str:
    return new_key("R")


def promise_key() -> str:
    return new_key("C")


def subject_of(thing: Thing) -> str:
    """`proposal:<key>`, `reply:<key>`, `promise:<key>`; assignments and look-backs by their row."""
    if isinstance(thing, Proposal):
        return f"proposal:{thing.key}"
    if isinstance(thing, Reply):
        return f"reply:{thing.key}"
    if isinstance(thing, Promise):
        return f"promise:{thing.key}"
    return f"{'assignment' if isinstance(thing, Assignment) else 'look_back'}:{thing.pk}"
