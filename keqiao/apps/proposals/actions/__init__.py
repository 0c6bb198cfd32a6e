from .handing import agree_broad, hand_over, mark_answered, return_assignment, take_up
from .proposals import (
    SignerInput,
    close_proposal,
    decide_publication,
    edit_proposal,
    register_proposal,
    set_signers,
    set_suggestions,
)

__all__ = [
    "SignerInput",
    "agree_broad",
    "close_proposal",
    "decide_publication",
    "edit_proposal",
    "hand_over",
    "mark_answered",
    "register_proposal",
    "return_assignment",
    "set_signers",
    "set_suggestions",
    "take_up",
]
