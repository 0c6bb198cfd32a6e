"""Writes to the market. Introductions have two modules whose names are part of their words: `introductions.introduce`,
`contacts.hand_over`.
"""

from . import contacts, introductions
from .disclosures import disclose
from .needs import create_need, edit_need
from .offers import create_offer, edit_offer
from .steps import expire_due, publish, reopen, return_to_author, screen, submit, withdraw

__all__ = [
    "contacts",
    "create_need",
    "create_offer",
    "disclose",
    "edit_need",
    "edit_offer",
    "expire_due",
    "introductions",
    "publish",
    "reopen",
    "return_to_author",
    "screen",
    "submit",
    "withdraw",
]
