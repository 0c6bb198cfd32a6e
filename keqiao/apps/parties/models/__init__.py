from .account import Membership, Role, User
from .fact import DECLARED, PLATFORM, Fact, FactConsent, FactEnd, FactStatus, Purpose
from .joining import ClaimReason, ClaimState, Invitation, OrganizationClaim
from .merging import DuplicatePair, MergeMove, MergeRecord, MoveKind, PairState
from .organization import Certificate, Organization, OrganizationKind, OrganizationName, Person, TitleBand
from .password import FormerPassword
from .station import Station, StationKind
from .token import ApiToken, KeptAnswer, Scope

__all__ = [
    "DECLARED",
    "PLATFORM",
    "ApiToken",
    "Certificate",
    "ClaimReason",
    "ClaimState",
    "DuplicatePair",
    "Fact",
    "FactConsent",
    "FactEnd",
    "FactStatus",
    "FormerPassword",
    "Invitation",
    "KeptAnswer",
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
    "Purpose",
    "Role",
    "Scope",
    "Station",
    "StationKind",
    "TitleBand",
    "User",
]
