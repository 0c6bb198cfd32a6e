from .account import Membership, Role, User
from .organization import Certificate, Organization, OrganizationKind, OrganizationName, Person, TitleBand

__all__ = [
    "Certificate",
    "Membership",
    "Organization",
    "OrganizationKind",
    "OrganizationName",
    "Person",
    "Role",
    "TitleBand",
    "User",
]
