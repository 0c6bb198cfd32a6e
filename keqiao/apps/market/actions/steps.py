"""Every change of state of a need or offer goes through `_step`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import disclosure, permissions
from keqiao.apps.market.models import Listing, Need, Offer, State
from keqiao.apps.market.names import kind_of, subject_of
from keqiao.apps.market.states import REASONS, STEPS
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.permissions import Decision

from .inputs import lock

DAYS_PER_YEAR = 365.25
Permit = Callable[[Actor, Listing], Decision]


def submit(listing: Listing, *, by: Actor, at: datetime) -> None:
    """Hand a draft to the office. What will be public must not give away what is kept back."""
    with _step(listing, "submit", by=by, at=at, permit=permissions.can_submit):
        if problems := disclosure.problems(listing):
            raise ValidationError(problems)


def screen(listing: Listing, *, by: Actor, at: datetime) -> None:
    with _step(listing, "screen", by=by, at=at, permit=permissions.can_screen):
        pass


def return_to_author(listing: Listing, *, reason: str, by: Actor, at: datetime) -> None:
    with _step(listing, "return", by=by, at=at, permit=permissions.can_screen, reason=reason):
        pass


def publish(listing: Listing, *, by: Actor, at: datetime) -> None:
    """Show a screened listing to the public until it expires; the index takes it up from the ledger."""
    with _step(listing, "publish", by=by, at=at, permit=permissions.can_screen):
        if listing.expires_date is None or listing.expires_date <= localdate(at):
            listing.expires_date = localdate(at) + _validity()
        listing.published_at = at


def withdraw(listing: Listing, *, reason: str, by: Actor, at: datetime) -> None:
    with _step(listing, "withdraw", by=by, at=at, permit=permissions.can_withdraw, reason=reason):
        pass


def reopen(listing: Listing, *, by: Actor, at: datetime) -> None:
    with _step(listing, "reopen", by=by, at=at, permit=permissions.can_reopen):
        pass


def expire_due(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Expire published listings whose last day has passed; returns how many. Run by the worker."""
    done = 0
    for model in (Need, Offer):
        due = model.objects.filter(state=State.PUBLISHED, expires_date__lte=localdate(at)).order_by(
            "expires_date", "pk"
        )
        for listing in due.select_related("organization")[:limit]:
            # One that was withdrawn in this moment is refused, noted, and does not stop the others.
            with suppress(ledger.Refused), _step(listing, "expire", by=by, at=at, permit=permissions.can_expire):
                done += 1
    return done


def _validity() -> timedelta:
    return timedelta(days=round(places.region().defaults.need_validity_months * DAYS_PER_YEAR / 12))


@contextmanager
def _step(listing: Listing, name: str, *, by: Actor, at: datetime, permit: Permit, reason: str = "") -> Iterator[None]:
    """Take one step; what else it sets or checks is done inside, under the lock and before the row is written."""
    step = STEPS[name]
    if step.needs_reason and reason not in REASONS[name].values:
        raise ValidationError(_("请选择原因。"), code="reason")
    with ledger.action(f"{kind_of(listing)}.{name}", by=by, at=at, subject=subject_of(listing)) as entry:
        lock(listing)
        entry.require(permit(by, listing))
        if listing.state not in step.sources:
            raise ledger.Refused(f"not_from_{listing.state}")
        yield
        listing.state, listing.updated_at = step.target, at
        listing.save(update_fields=["state", "updated_at", "published_at", "expires_date"])
        entry.reason = reason
        entry.change(state=str(listing.state))
