from .accounts import add_user, erase_user, export_mine, set_active
from .memberships import grant, revoke
from .organizations import (
    add_certificate,
    add_name,
    canonical_uscc,
    edit_certificate,
    edit_organization,
    register_organization,
)
from .people import add_person, edit_person, erase_person
from .stations import add_station, edit_station

__all__ = [
    "add_certificate",
    "add_name",
    "add_person",
    "add_station",
    "add_user",
    "canonical_uscc",
    "edit_certificate",
    "edit_organization",
    "edit_person",
    "edit_station",
    "erase_person",
    "erase_user",
    "export_mine",
    "grant",
    "register_organization",
    "revoke",
    "set_active",
]
