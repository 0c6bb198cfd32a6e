from .corrections import correct, withdraw_correction
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
from .publishing import (
    check_reply,
    publish_reply,
    record_feedback,
    record_look_back,
    return_reply,
    withdraw_reply,
)
from .reading import read_again, read_again_due
from .replies import Document, decide_reply_publication, edit_reply, import_reply, link_proposal

__all__ = [
    "Document", "SignerInput", "agree_broad", "check_reply", "close_proposal", "correct", "decide_publication",
    "decide_reply_publication", "edit_proposal", "edit_reply", "hand_over", "import_reply", "link_proposal",
    "mark_answered", "publish_reply", "read_again", "read_again_due", "record_feedback", "record_look_back",
    "register_proposal", "return_assignment", "return_reply", "set_signers", "set_suggestions", "take_up",
    "withdraw_correction", "withdraw_reply",
]  # fmt: skip
