"""Which contracts, notices and registrations an actor may know of."""

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from keqiao.apps.market import permissions
from keqiao.apps.market.models import (
    WAITING_STATES,
    Agreement,
    AgreementState,
    NoticeState,
    Objection,
    PricingNotice,
    Registration,
    RegistrationOffice,
    RegistrationState,
)
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Role

SIDES = ("seller", "buyer", "seller_other", "buyer_other", "seller__parent", "broker", "station", "station__parent")
OFFICE_STATES = tuple(state for state in RegistrationState if state != RegistrationState.DRAFT)


def agreements_for(actor: Actor) -> QuerySet[Agreement]:
    """All that the actor may know of, the newest change first: the same rule as `can_see_agreement`."""
    rows = Agreement.objects.select_related(*SIDES, "registration")
    if actor.is_product:
        return rows
    bodies = actor.organizations()
    seen = Q(seller__key__in=bodies) | Q(buyer__key__in=bodies)
    above = actor.stations(Role.COORDINATOR)
    seen |= Q(station__key__in=above) | Q(station__parent__key__in=above)
    if actor.key.startswith("user:") and actor.has(Role.BROKER, Role.COORDINATOR):
        seen |= Q(broker__key=actor.key.removeprefix("user:"))
    return rows.filter(seen)


def agreement(key: str, actor: Actor) -> Agreement:
    """One agreement; DoesNotExist for one the actor may not know of, so that it looks like none."""
    row = Agreement.objects.select_related(
        *SIDES,
        "introduction__need__organization",
        "introduction__offer__organization",
        "need",
        "offer",
        "trial",
        "registration__office",
    ).get(key=key)
    if not permissions.can_see_agreement(actor, row).allowed:
        raise Agreement.DoesNotExist(f"no agreement {key}")
    return row


def notices(*, on: date) -> QuerySet[PricingNotice]:
    """The notices that the public sees: running ones first, with what was closed in the last ninety days behind."""
    rows = PricingNotice.objects.select_related("agreement__seller", "agreement__seller_other")
    return rows.filter(start_date__lte=on).order_by(F("closed_at").asc(nulls_first=True), "end_date", "id")


def running_notices(*, on: date) -> QuerySet[PricingNotice]:
    return notices(on=on).filter(state=NoticeState.RUNNING, end_date__gt=on)


def notice(key: str, *, on: date) -> PricingNotice:
    """One notice as the public may see it; PricingNotice.DoesNotExist before its first day."""
    return notices(on=on).get(key=key)


def registrations_for(actor: Actor) -> QuerySet[Registration]:
    """What was handed in at the actor's offices, the most urgent first."""
    rows = Registration.objects.select_related(
        "agreement__seller",
        "agreement__buyer",
        "agreement__seller_other",
        "agreement__buyer_other",
        "office__organization",
    ).order_by(F("due_date").asc(nulls_last=True), "-updated_at", "id")
    rows = rows.filter(state__in=OFFICE_STATES, filed_date__isnull=False)
    return rows if actor.is_product else rows.filter(office__organization__key__in=permissions.registrar_bodies(actor))


def registration(key: str, actor: Actor) -> Registration:
    """One registration; DoesNotExist for one the actor may not know of."""
    row = Registration.objects.select_related(
        "agreement__seller", "agreement__buyer", "agreement__seller_other", "agreement__buyer_other",
        "agreement__introduction", "office__organization", "decided_by",
    ).get(key=key)  # fmt: skip
    if not permissions.can_see_registration(actor, row).allowed:
        raise Registration.DoesNotExist(f"no registration {key}")
    return row


def queue_counts(actor: Actor, *, on: date) -> dict[str, int]:
    """How many wait for the office, how many of them are overdue, and how many wait for the other side."""
    waiting = Q(state__in=WAITING_STATES)
    found: dict[str, Any] = (
        registrations_for(actor)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=waiting),
            overdue=Count("pk", filter=waiting & Q(due_date__lt=on)),
            supplement=Count("pk", filter=Q(state=RegistrationState.SUPPLEMENT_REQUIRED)),
        )
    )
    return found


def offices() -> QuerySet[RegistrationOffice]:
    return RegistrationOffice.objects.select_related("organization").order_by("organization__name")


def unfiled(actor: Actor) -> QuerySet[Agreement]:
    """Signed contracts that the actor's bodies could file and have not."""
    own = actor.organizations(Role.EDITOR, Role.MANAGER)
    return agreements_for(actor).filter(state=AgreementState.SIGNED, seller__key__in=own, registration__isnull=True)


def own_objections(row: PricingNotice, actor: Actor) -> QuerySet[Objection]:
    """What the actor objected, with what came of it; nobody else's."""
    if not actor.key.startswith("user:"):
        return row.objections.none()
    return row.objections.filter(author__key=actor.key.removeprefix("user:"))
