from .account import Membership, Role, User
from .organization import Certificate, Organization, OrganizationKind, OrganizationName, Person, TitleBand
from .station import Station, StationKind

__all__ = [
    "Certificate",
    "Membership",
    "Organization",
    "OrganizationKind",
    "OrganizationName",
    "Person",
    "Role",
    "Station",
    "StationKind",
    "TitleBand",
    "User",
]
