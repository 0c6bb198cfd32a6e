"""Every change of state of a need or offer goes through `_step`."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import disclosure, permissions
from keqiao.apps.market.models import Listing, Need, Offer, State
from keqiao.apps.market.names import kind_of, subject_of
from keqiao.apps.market.states import REASONS, STEPS
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.permissions import ALLOWED, Decision

Permit = Callable[[Actor, Listing], Decision]


def submit(listing: Listing, *, by: Actor, at: datetime) -> None:
    """Hand a draft to the office. What will be public must not give away what is kept back."""
    if problems := disclosure.problems(listing):
        raise ValidationError(problems)
    _step(listing, "submit", by=by, at=at, permit=permissions.can_submit)


def screen(listing: Listing, *, by: Actor, at: datetime) -> None:
    _step(listing, "screen", by=by, at=at, permit=permissions.can_screen)


def return_to_author(listing: Listing, *, reason: str, by: Actor, at: datetime) -> None:
    _step(listing, "return", by=by, at=at, permit=permissions.can_screen, reason=reason)


def publish(listing: Listing, *, by: Actor, at: datetime) -> None:
    """Show a screened listing to the public until it expires; the index takes it up from the ledger."""
    if listing.expires_date is None or listing.expires_date <= localdate(at):
        listing.expires_date = localdate(at) + timedelta(days=30 * places.region().defaults.need_validity_months)
    listing.published_at = at
    _step(listing, "publish", by=by, at=at, permit=permissions.can_screen, fields=("published_at", "expires_date"))


def withdraw(listing: Listing, *, reason: str, by: Actor, at: datetime) -> None:
    _step(listing, "withdraw", by=by, at=at, permit=permissions.can_withdraw, reason=reason)


def reopen(listing: Listing, *, by: Actor, at: datetime) -> None:
    _step(listing, "reopen", by=by, at=at, permit=permissions.can_withdraw)


def expire_due(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Expire published listings whose last day has passed; returns how many. Run by the worker."""
    done = 0
    for model in (Need, Offer):
        due = model.objects.filter(state=State.PUBLISHED, expires_date__lte=localdate(at))
        for listing in due.select_related("organization")[:limit]:
            _step(listing, "expire", by=by, at=at, permit=lambda actor, row: ALLOWED)
            done += 1
    return done


def _step(
    listing: Listing,
    name: str,
    *,
    by: Actor,
    at: datetime,
    permit: Permit,
    reason: str = "",
    fields: tuple[str, ...] = (),
) -> None:
    step = STEPS[name]
    if step.needs_reason and reason not in REASONS[name].values:
        raise ValidationError(f"{reason!r} is no reason for this step", code="reason")
    with ledger.action(f"{kind_of(listing)}.{name}", by=by, at=at, subject=subject_of(listing)) as entry:
        # The state is read again under the lock: two officers may press at once.
        stored = type(listing)._default_manager.select_for_update().get(pk=listing.pk)
        entry.require(permit(by, _with_state(listing, stored.state)))
        if stored.state not in step.sources:
            raise ledger.Refused(f"not_from_{stored.state}")
        listing.state, listing.updated_at = step.target, at
        listing.save(update_fields=["state", "updated_at", *fields])
        entry.reason = reason
        entry.change(state=listing.state)


def _with_state(listing: Listing, state: str) -> Listing:
    listing.state = state
    return listing
