"""Claims of a body: somebody who works for a body in the register asks to act for it."""

import secrets
from datetime import datetime

from django.db import IntegrityError
from django.utils.timezone import localdate

from keqiao.apps.files import actions as files
from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties import joining, permissions, queries
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import ClaimReason, ClaimState, Organization, OrganizationClaim, User

from .memberships import give


def claim_organization(
    organization: Organization,
    *,
    user: User,
    role: str,
    position: str,
    by: Actor,
    at: datetime,
    statement: str = "",
    evidence: tuple[str, bytes] | None = None,
) -> OrganizationClaim:
    """Ask to act for a body. `evidence` is a file by name and content, such as a letter with the body's seal.

    The file is kept with the claim or, when anything is wrong with either, neither is.
    """
    row = OrganizationClaim(
        key=secrets.token_urlsafe(12), organization=organization, user=user, role=role, position=position,
        statement=statement, created_at=at,
    )  # fmt: skip
    with ledger.action("organization.claim", by=by, at=at, subject=f"organization:{organization.key}") as entry:
        entry.require(permissions.can_claim(by, organization, user=user))
        row.full_clean(validate_unique=False, validate_constraints=False)
        if OrganizationClaim.objects.filter(organization=organization, user=user, state=ClaimState.OPEN).exists():
            raise ledger.Refused("claim_is_open")
        try:
            row.save(force_insert=True)
        except IntegrityError as error:  # the same button, pressed twice
            raise ledger.Refused("claim_is_open") from error
        if evidence is not None:
            name, content = evidence
            permit = permissions.can_act_for(by, user)
            files.attach(subject=subject_of(row), name=name, content=content, permit=permit, by=by, at=at)
        entry.change(claim=row.key, role=role, position=position)
    return row


def subject_of(claim: OrganizationClaim) -> str:
    return f"claim:{claim.key}"


def approve_claim(claim: OrganizationClaim, *, by: Actor, at: datetime, note: str = "") -> None:
    """Grant a claim: the person holds the role from today on."""
    with ledger.action("organization.approve_claim", by=by, at=at, subject=_subject(claim)) as entry:
        _open_again(claim)
        entry.require(permissions.can_decide_claim(by, claim, **_managed(claim, at)))
        if claim.user.is_erased or not claim.user.is_active:
            raise ledger.Refused("account_erased")
        _decide(claim, ClaimState.APPROVED, at=at, note=note)
        held = queries.memberships_in_force(claim.user, on=localdate(at))
        if not held.filter(role=claim.role, organization=claim.organization).exists():
            permit = permissions.ALLOWED  # decided above
            give(claim.user, role=claim.role, organization=claim.organization, permit=permit, why="claim", by=by, at=at)
        entry.change(claim=claim.key, user=str(claim.user.key), role=claim.role, note=note)


def reject_claim(claim: OrganizationClaim, *, reason: str, by: Actor, at: datetime, note: str = "") -> None:
    """Refuse a claim for a reason that the claimant reads."""
    with ledger.action("organization.reject_claim", by=by, at=at, subject=_subject(claim)) as entry:
        _open_again(claim)
        entry.require(permissions.can_decide_claim(by, claim, **_managed(claim, at)))
        if reason not in ClaimReason.values:
            raise ledger.Refused("choose_a_reason")
        _decide(claim, ClaimState.REJECTED, at=at, reason=reason, note=note)
        entry.reason = reason
        entry.change(claim=claim.key, user=str(claim.user.key), note=note)


def withdraw_claim(claim: OrganizationClaim, *, by: Actor, at: datetime) -> None:
    with ledger.action("organization.withdraw_claim", by=by, at=at, subject=_subject(claim)) as entry:
        _open_again(claim)
        entry.require(permissions.can_act_for(by, claim.user))
        _decide(claim, ClaimState.WITHDRAWN, at=at)
        entry.change(claim=claim.key)


def _subject(claim: OrganizationClaim) -> str:
    return f"organization:{claim.organization.key}"


def _managed(claim: OrganizationClaim, at: datetime) -> dict[str, bool]:
    waits = at < joining.managers_turn_ends(claim)
    return {"waits_for_manager": waits and joining.has_manager(claim.organization, on=localdate(at))}


def _open_again(claim: OrganizationClaim) -> None:
    """Read the state under a lock: of two who decide at once the second is told so."""
    rows = OrganizationClaim.objects.select_for_update(of=("self",)).select_related("organization", "user")
    claim.refresh_from_db(from_queryset=rows)
    if claim.state != ClaimState.OPEN:
        raise ledger.Refused("claim_is_decided")


def _decide(claim: OrganizationClaim, state: str, *, at: datetime, reason: str = "", note: str = "") -> None:
    claim.state, claim.reason, claim.note, claim.decided_at = state, reason, note, at
    claim.full_clean(validate_unique=False)
    claim.save(update_fields=["state", "reason", "note", "decided_at"])
