"""Which introductions an actor may know of, and what stands out among them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from keqiao.apps.market import permissions
from keqiao.apps.market.models import OPEN_STATES, WILLING_STATES, Introduction, Listing, Need, Secrecy
from keqiao.apps.market.permissions.introductions import HANDLERS
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import Membership, Role, Station

JOINED = (
    "need", "need__organization", "need__author", "offer", "offer__organization", "offer__author", "station",
    "station__parent", "owner",
)  # fmt: skip
IS_OPEN = Q(state__in=OPEN_STATES)
_UNREAD = (
    "need__text", "need__text_en", "need__background", "need__background_en", "need__benchmark", "need__ip_note",
    "offer__text", "offer__text_en", "offer__details",
)  # fmt: skip


def _user_key(actor: Actor) -> str | None:
    return actor.key.removeprefix("user:") if actor.key.startswith("user:") else None


def introductions_for(actor: Actor) -> QuerySet[Introduction]:
    """All that the actor may know of, the newest change first: the same rule as `can_see_introduction`."""
    rows = Introduction.objects.select_related(*JOINED).defer(*_UNREAD)
    return rows if actor.is_product else rows.filter(_visible(actor))


def _visible(actor: Actor) -> Q:
    bodies, user = actor.organizations(), _user_key(actor)
    seen = Q(need__organization__key__in=bodies) | Q(offer__organization__key__in=bodies)
    above, beside = actor.stations(Role.COORDINATOR), actor.stations(Role.BROKER)
    seen |= Q(station__key__in=above | beside) | Q(station__parent__key__in=above)
    if user is not None and actor.has(*HANDLERS):
        seen |= Q(owner__key=user)
    if user is not None and actor.has(Role.BROKER):
        seen |= Q(need__author__key=user) | Q(station=None, owner=None)
    if actor.areas():
        served = places.served_by(actor.areas())
        seen |= Q() if served is None else Q(need__area__in=served)
        if served is None:
            return Q()
    return seen


def mine(actor: Actor) -> QuerySet[Introduction]:
    """Those the actor is in charge of."""
    user = _user_key(actor)
    rows = introductions_for(actor)
    return rows.filter(owner__key=user) if user and actor.has(*HANDLERS) else rows.none()


def of_sides(actor: Actor) -> QuerySet[Introduction]:
    """Those in which a body of the actor's is one of the sides."""
    bodies = actor.organizations()
    return introductions_for(actor).filter(
        Q(need__organization__key__in=bodies) | Q(offer__organization__key__in=bodies)
    )


def introduction(key: str, actor: Actor) -> Introduction:
    """One introduction; DoesNotExist for one the actor may not know of, so that it looks like none."""
    rows = Introduction.objects.select_related(*JOINED).prefetch_related("need__indicators", "offer__indicators")
    row = rows.get(key=key)
    if not permissions.can_see_introduction(actor, row).allowed:
        raise Introduction.DoesNotExist(f"no introduction {key}")
    return row


def _in_force(on: date) -> QuerySet[Membership]:
    rows = Membership.objects.filter(user=OuterRef("owner"), role__in=HANDLERS, user__is_active=True)
    return rows.filter(from_date__lte=on).exclude(to_date__lte=on)


def ownerless(rows: QuerySet[Introduction], *, on: date) -> QuerySet[Introduction]:
    """Open matters that nobody is in charge of, or somebody whose role has ended."""
    return rows.filter(IS_OPEN, is_ownerless(on))


def is_ownerless(on: date) -> Any:
    """Nobody is in charge whose role is in force, as a condition."""
    return ~Exists(_in_force(on))


def is_late(at: datetime) -> Q:
    """An answer or a next action is overdue, as a condition."""
    return Q(due_at__lte=at) | Q(next_action_date__lt=localdate(at))


def is_in_charge(row: Introduction, *, on: date) -> bool:
    """Whether somebody is in charge whose role is in force."""
    if row.owner_id is None:
        return False
    return not ownerless(Introduction.objects.filter(pk=row.pk), on=on).exists() if row.state in OPEN_STATES else True


def late(rows: QuerySet[Introduction], *, at: datetime) -> QuerySet[Introduction]:
    """Open matters whose answer or next action is overdue."""
    return rows.filter(IS_OPEN, is_late(at))


def waiting_for(actor: Actor, *, at: datetime) -> QuerySet[Introduction]:
    """What waits for the actor, the most urgent first: an answer of their side, or as the one in charge an answer to
    both sides or a next action that is due today."""
    speaks = actor.organizations(Role.EDITOR, Role.MANAGER)
    asked = Q(need__organization__key__in=speaks, seeker_answer="")
    asked |= Q(offer__organization__key__in=speaks, provider_answer="")
    user = _user_key(actor)
    if user is not None and actor.has(*HANDLERS):
        asked |= Q(owner__key=user) & (Q(due_at__isnull=False) | Q(next_action_date__lte=localdate(at)))
    rows = introductions_for(actor).filter(asked, state__in=OPEN_STATES)
    return by_urgency(rows)


def by_urgency(rows: QuerySet[Introduction]) -> QuerySet[Introduction]:
    """Answers that are due first, then next actions by their day, then what has lain longest."""
    due, action = F("due_at").asc(nulls_last=True), F("next_action_date").asc(nulls_last=True)
    return rows.order_by(due, action, "updated_at", "pk")


def of_station(station: Station, *, actor: Actor) -> QuerySet[Introduction]:
    """The matters of a station, of a branch market with those of its stations; empty for who may not see them."""
    rows = introductions_for(actor)
    return rows.filter(Q(station=station) | Q(station__parent=station))


def is_introduced(listing: Listing, actor: Actor) -> bool:
    """Whether an introduction has opened to the actor what the listing keeps back until one."""
    if listing.secrecy != Secrecy.INTRODUCTION or not actor.is_registered:
        return False
    is_need = isinstance(listing, Need)
    other = "offer" if is_need else "need"
    who = Q(**{f"{other}__organization__key__in": actor.organizations()})
    if (user := _user_key(actor)) is not None and actor.has(*HANDLERS):
        who |= Q(owner__key=user)
    rows = Introduction.objects.filter(who, **{"need" if is_need else "offer": listing})
    promised = {"seeker_nda_at__isnull": False, "provider_nda_at__isnull": False}
    return rows.filter(state__in=WILLING_STATES, **promised).exists()


def introduced_keys(listing: Listing, *, actor: Actor) -> dict[str, str]:
    """For one listing: the other side's listing key of each introduction the actor may know of, with its key."""
    is_need = isinstance(listing, Need)
    rows: QuerySet[Any] = introductions_for(actor).filter(**{"need" if is_need else "offer": listing})
    pairs = rows.order_by("created_at").values_list("offer__key" if is_need else "need__key", "key")
    return dict(pairs)
