from .proposals import (
    UnitLoad,
    assignments,
    followed_proposals,
    overdue,
    proposal,
    proposals,
    public_proposals,
    returned,
    seen_by,
    signed_by,
)
from .replies import (
    Answered,
    Asked,
    Corrected,
    Piece,
    corrected,
    figures_of,
    look_backs,
    lost_corrections,
    pieces,
    public_replies,
    replies,
    reply,
    shown_text,
    suggestion_matrix,
    versions,
)

__all__ = [
    "Answered", "Asked", "Corrected", "Piece", "UnitLoad", "assignments", "corrected", "figures_of",
    "followed_proposals", "look_backs", "lost_corrections", "overdue", "pieces", "proposal", "proposals",
    "public_proposals", "public_replies", "replies", "reply", "returned", "seen_by", "shown_text", "signed_by",
    "suggestion_matrix", "versions",
]  # fmt: skip
