"""Who is asked to an event, who comes, who waits, who was there."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.market import permissions
from keqiao.apps.market.models import (
    DeclineReason,
    Event,
    EventInvitation,
    EventItem,
    EventRegistration,
    EventState,
    InvitationState,
    Need,
    Offer,
    PlaceState,
)
from keqiao.apps.parties import permissions as parties_permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Organization, User


def _subject(event: Event) -> str:
    return f"event:{event.key}"


def _lock(event: Event) -> None:
    event.refresh_from_db(from_queryset=Event.objects.select_for_update())


def _require(event: Event, *states: str) -> None:
    if event.state not in states:
        raise ledger.Refused(f"event_is_{event.state}")


def invite(
    event: Event,
    *,
    organization: Organization,
    by: Actor,
    at: datetime,
    item: EventItem | None = None,
    need: Need | None = None,
    offer: Offer | None = None,
    score: float | None = None,
) -> EventInvitation:
    """Ask a body to come; `item` is what it is asked for, `need` or `offer` what of its own fits that."""
    with ledger.action("event.invite", by=by, at=at, subject=_subject(event)) as entry:
        _lock(event)
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.DRAFT, EventState.PUBLISHED)
        if event.invitations.filter(organization=organization).exists():
            raise ledger.Refused("invited_already")
        coming = event.registrations.filter(organization=organization).exclude(state=PlaceState.WITHDRAWN)
        row = EventInvitation.objects.create(
            event=event, organization=organization, item=item, need=need, offer=offer, score=score, invited_at=at,
            state=InvitationState.ACCEPTED if coming.exists() else InvitationState.SENT,
        )  # fmt: skip
        entry.change(organization=organization.key, score=score)
    return row


def decline_invitation(invitation: EventInvitation, *, reason: str, by: Actor, at: datetime, note: str = "") -> None:
    """Say no to an invitation, with a classified reason."""
    event = invitation.event
    with ledger.action("event.decline", by=by, at=at, subject=_subject(event)) as entry:
        _lock(event)
        invitation.refresh_from_db()
        entry.require(permissions.can_answer_invitation(by, event, invitation.organization.key))
        _require(event, EventState.PUBLISHED, EventState.DRAFT)
        if invitation.state != InvitationState.SENT:
            raise ledger.Refused("invitation_answered")
        if reason not in DeclineReason.values:
            raise ValidationError({"reason": _("请选择原因。")})
        if reason == DeclineReason.OTHER and not note.strip():
            raise ValidationError({"note": _("选择“其他”时，请用一句话说明原因。")})
        invitation.state, invitation.reason, invitation.note = InvitationState.DECLINED, reason, note.strip()[:300]
        invitation.answered_at = at
        invitation.save()
        entry.reason = reason
        entry.change(organization=invitation.organization.key)


def register(event: Event, *, user: User, organization: Organization, by: Actor, at: datetime) -> EventRegistration:
    """Take a place for oneself; when all are taken, one waits. Coming accepts the body's invitation."""
    with ledger.action("event.register", by=by, at=at, subject=_subject(event)) as entry:
        if not by.is_product:
            entry.require(parties_permissions.can_act_for(by, user))
            entry.require(permissions.can_attend(by, organization.key))
        # The event's row is held until the end, so that of many who press at once each sees the others before.
        _lock(event)
        _require(event, EventState.PUBLISHED)
        if at >= event.closes_at:
            raise ledger.Refused("registration_closed")
        row = event.registrations.filter(user=user).first()
        if row is not None and row.state != PlaceState.WITHDRAWN:
            raise ledger.Refused("registered_already")
        row = row or EventRegistration(event=event, user=user)
        row.organization, row.registered_at, row.busy = organization, at, []
        has_place = _free_places(event) > 0
        row.state, row.placed_at = (PlaceState.IN, at) if has_place else (PlaceState.WAITING, None)
        row.save()
        event.invitations.filter(organization=organization).exclude(state=InvitationState.ACCEPTED).update(
            state=InvitationState.ACCEPTED, reason="", note="", answered_at=at
        )
        entry.change(organization=organization.key, state=str(row.state))
    return row


def _free_places(event: Event) -> int:
    return event.capacity - event.registrations.filter(state=PlaceState.IN).count()


def fill_places(event: Event, *, moment: datetime) -> int:
    """Give free places to those who wait, the first first. The event's row is held by the caller."""
    waiting = event.registrations.filter(state=PlaceState.WAITING).order_by("registered_at", "pk")
    lucky = list(waiting.values_list("pk", flat=True)[: max(0, _free_places(event))])
    return event.registrations.filter(pk__in=lucky).update(state=PlaceState.IN, placed_at=moment)


def withdraw(registration: EventRegistration, *, by: Actor, at: datetime) -> None:
    """Give a place back. The first who waits gets it; meetings of a body nobody comes for are struck."""
    event = registration.event
    with ledger.action("event.withdraw", by=by, at=at, subject=_subject(event)) as entry:
        _lock(event)
        registration.refresh_from_db()
        entry.require(permissions.can_give_place_back(by, registration))
        _require(event, EventState.PUBLISHED)
        if registration.state == PlaceState.WITHDRAWN:
            raise ledger.Refused("not_registered_for_event")
        registration.state, registration.checked_in_at, registration.placed_at = PlaceState.WITHDRAWN, None, None
        registration.save()
        promoted = fill_places(event, moment=at)
        body = registration.organization
        struck = 0
        if not event.registrations.filter(organization=body, state=PlaceState.IN).exists():
            struck = event.meetings.filter(seats__organization=body).count()
            event.meetings.filter(seats__organization=body).delete()
            event.wishes.filter(seeker=body).delete()
            event.wishes.filter(provider=body).delete()
        entry.change(organization=body.key, promoted=promoted, struck=struck)


def set_busy(registration: EventRegistration, *, slots: Iterable[int], by: Actor, at: datetime) -> None:
    """Say in which slots one has no time for a meeting."""
    event = registration.event
    with ledger.action("event.set_busy", by=by, at=at, subject=_subject(event)) as entry:
        _lock(event)
        entry.require(permissions.can_give_place_back(by, registration))
        _require(event, EventState.PUBLISHED)
        chosen = sorted(set(slots))
        if [slot for slot in chosen if not 0 <= slot < event.slots]:
            raise ValidationError({"busy": _("没有这个时段，请从列表中选择。")})
        registration.busy = chosen
        registration.save(update_fields=["busy"])
        entry.change(busy=chosen)


def check_in(registration: EventRegistration, *, here: bool, by: Actor, at: datetime) -> None:
    """Note at the door that somebody has come, or that it was noted by mistake."""
    event = registration.event
    with ledger.action("event.check_in", by=by, at=at, subject=_subject(event)) as entry:
        _lock(event)
        registration.refresh_from_db()
        entry.require(permissions.can_run_event(by, event))
        _require(event, EventState.PUBLISHED, EventState.RUNNING)
        if registration.state != PlaceState.IN:
            raise ledger.Refused("not_registered_for_event")
        registration.checked_in_at = at if here else None
        registration.save(update_fields=["checked_in_at"])
        entry.change(user=str(registration.user.key), here=here)
