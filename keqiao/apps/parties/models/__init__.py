from .account import Membership, Role, User
from .joining import ClaimReason, ClaimState, Invitation, OrganizationClaim
from .merging import DuplicatePair, MergeMove, MergeRecord, MoveKind, PairState
from .organization import Certificate, Organization, OrganizationKind, OrganizationName, Person, TitleBand
from .station import Station, StationKind

__all__ = [
    "Certificate",
    "ClaimReason",
    "ClaimState",
    "DuplicatePair",
    "Invitation",
    "Membership",
    "MergeMove",
    "MergeRecord",
    "MoveKind",
    "Organization",
    "OrganizationClaim",
    "OrganizationKind",
    "OrganizationName",
    "PairState",
    "Person",
    "Role",
    "Station",
    "StationKind",
    "TitleBand",
    "User",
]
