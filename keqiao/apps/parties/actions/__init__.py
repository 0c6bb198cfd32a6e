from .accounts import add_user, erase_user, export_mine, set_active
from .certificates import add_certificate, confirm_certificate, edit_certificate
from .claims import approve_claim, claim_organization, reject_claim, withdraw_claim
from .duplicates import find_duplicates
from .fact_office import check_reason, look_at_facts, settle_certificates
from .facts import (
    Statement,
    authorise,
    bring_fact,
    bring_facts,
    confirm_fact,
    correct_fact,
    declare_fact,
    declare_facts,
    end_authorisation,
    read_statement,
    resolve_fact,
    says_same,
    withdraw_fact,
)
from .invitations import accept_invitation, invite, revoke_invitation
from .memberships import grant, revoke
from .merging import area_of, merge, split, tell_apart
from .organizations import (
    add_name,
    canonical_uscc,
    edit_organization,
    register_organization,
)
from .passwords import set_password
from .people import add_person, edit_person, erase_person
from .sessions import end_sessions, reset_factors
from .stations import add_station, edit_station
from .tokens import create_token, forget_answers, note_use, once, revoke_token

__all__ = [
    "Statement",
    "accept_invitation",
    "add_certificate",
    "add_name",
    "add_person",
    "add_station",
    "add_user",
    "approve_claim",
    "area_of",
    "authorise",
    "bring_fact",
    "bring_facts",
    "canonical_uscc",
    "check_reason",
    "claim_organization",
    "confirm_certificate",
    "confirm_fact",
    "correct_fact",
    "create_token",
    "declare_fact",
    "declare_facts",
    "edit_certificate",
    "edit_organization",
    "edit_person",
    "edit_station",
    "end_authorisation",
    "end_sessions",
    "erase_person",
    "erase_user",
    "export_mine",
    "find_duplicates",
    "forget_answers",
    "grant",
    "invite",
    "look_at_facts",
    "merge",
    "note_use",
    "once",
    "read_statement",
    "register_organization",
    "reject_claim",
    "reset_factors",
    "resolve_fact",
    "revoke",
    "revoke_invitation",
    "revoke_token",
    "says_same",
    "set_active",
    "set_password",
    "settle_certificates",
    "split",
    "tell_apart",
    "withdraw_claim",
    "withdraw_fact",
]
