from .account import Membership, Role, User
from .merging import DuplicatePair, MergeMove, MergeRecord, MoveKind, PairState
from .organization import Certificate, Organization, OrganizationKind, OrganizationName, Person, TitleBand
from .station import Station, StationKind

__all__ = [
    "Certificate",
    "DuplicatePair",
    "Membership",
    "MergeMove",
    "MergeRecord",
    "MoveKind",
    "Organization",
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
