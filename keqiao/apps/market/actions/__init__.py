"""Writes to the market. Introductions have two modules whose names are part of their words: `introductions.introduce`,
`contacts.hand_over`.
"""

from . import contacts, introductions
from .disclosures import disclose
from .needs import create_need, edit_need
from .offers import create_offer, edit_offer
from .projects import add_project, edit_project
from .steps import expire_due, publish, remind_due, reopen, return_to_author, screen, submit, withdraw

__all__ = [
    "add_project",
    "contacts",
    "create_need",
    "create_offer",
    "disclose",
    "edit_need",
    "edit_offer",
    "edit_project",
    "expire_due",
    "introductions",
    "publish",
    "remind_due",
    "reopen",
    "return_to_author",
    "screen",
    "submit",
    "withdraw",
]
