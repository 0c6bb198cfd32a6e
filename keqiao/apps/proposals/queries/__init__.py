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

__all__ = [
    "UnitLoad",
    "assignments",
    "followed_proposals",
    "overdue",
    "proposal",
    "proposals",
    "public_proposals",
    "returned",
    "seen_by",
    "signed_by",
]
