from .corrections import correct, withdraw_correction
from .handing import agree_broad, hand_over, mark_answered, return_assignment, take_up
from .linking import link_due
from .promises import accept_indicator, add_evidence, edit_promise, follow, reject_evidence, speak, unfollow
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
from .reminding import remind_due, report_quarter
from .replies import Document, decide_reply_publication, edit_reply, import_reply, link_proposal
from .together import correct_fields, move_correction
from .tracking import follow_due
from .uploading import NOTES, PROBLEMS, Imported, import_replies

__all__ = [
    "NOTES",
    "PROBLEMS",
    "Document",
    "Imported",
    "SignerInput",
    "accept_indicator",
    "add_evidence",
    "agree_broad",
    "check_reply",
    "close_proposal",
    "correct",
    "correct_fields",
    "decide_publication",
    "decide_reply_publication",
    "edit_promise",
    "edit_proposal",
    "edit_reply",
    "follow",
    "follow_due",
    "hand_over",
    "import_replies",
    "import_reply",
    "link_due",
    "link_proposal",
    "mark_answered",
    "move_correction",
    "publish_reply",
    "read_again",
    "read_again_due",
    "record_feedback",
    "record_look_back",
    "register_proposal",
    "reject_evidence",
    "remind_due",
    "report_quarter",
    "return_assignment",
    "return_reply",
    "set_signers",
    "set_suggestions",
    "speak",
    "take_up",
    "unfollow",
    "withdraw_correction",
    "withdraw_reply",
]  # fmt: skip
