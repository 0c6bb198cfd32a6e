"""Writes to the market. Modules whose names are part of their words are used by name: `introductions.introduce`,
`contacts.hand_over`, `agreements.sign`, `registering.accept`.
"""

from . import (
    agreements,
    contacts,
    event_guests,
    event_meetings,
    event_scores,
    events,
    introductions,
    judgements,
    offices,
    payments,
    pricing,
    registering,
    registrations,
    searches,
    thesaurus,
    trials,
)
from .disclosures import disclose
from .inputs import lock
from .needs import create_need, edit_need
from .offers import create_offer, edit_offer
from .projects import add_project, edit_project
from .reminders import remind_due
from .steps import expire_due, publish, reopen, return_to_author, screen, submit, withdraw

__all__ = [
    "add_project",
    "agreements",
    "contacts",
    "create_need",
    "create_offer",
    "disclose",
    "edit_need",
    "edit_offer",
    "edit_project",
    "event_guests",
    "event_meetings",
    "event_scores",
    "events",
    "expire_due",
    "introductions",
    "judgements",
    "lock",
    "offices",
    "payments",
    "pricing",
    "publish",
    "registering",
    "registrations",
    "remind_due",
    "reopen",
    "return_to_author",
    "screen",
    "searches",
    "submit",
    "thesaurus",
    "trials",
    "withdraw",
]
