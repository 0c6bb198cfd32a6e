"""Reads: what one person is told, and how the deliveries fare."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from keqiao.apps.parties.models import User

from .models import IN_TROUBLE, Delivery, DeliveryState, Notification

MOST_COUNTED = 100


def notifications(user: User, *, topic: str = "", unread: bool = False) -> QuerySet[Notification]:
    """What somebody is told, newest first."""
    rows = Notification.objects.filter(user=user).order_by("-entry")
    rows = rows.filter(topic=topic) if topic else rows
    return rows.filter(read_at=None) if unread else rows


def unread_count(user: User) -> int:
    """How many are unread, counted to a hundred and no further."""
    return Notification.objects.filter(user=user, read_at=None).order_by()[:MOST_COUNTED].count()


@dataclass(frozen=True)
class StateCount:
    state: str
    label: str
    count: int


def delivery_counts() -> list[StateCount]:
    """How many deliveries stand in each state, all states in their order."""
    found = dict(Delivery.objects.values_list("state").annotate(n=Count("pk")).order_by())
    return [StateCount(state.value, str(state.label), found.get(state.value, 0)) for state in DeliveryState]


def deliveries(*, state: str = "", channel: str = "") -> QuerySet[Delivery]:
    """Deliveries with whose they are, newest first; never what they say."""
    rows = Delivery.objects.select_related("user").order_by("-pk")
    rows = rows.filter(state=state) if state else rows
    return rows.filter(channel=channel) if channel else rows


def in_trouble() -> QuerySet[Delivery]:
    return deliveries().filter(state__in=IN_TROUBLE)


def delivery(key: str) -> Delivery:
    """One delivery; Delivery.DoesNotExist if there is none."""
    return Delivery.objects.select_related("user").get(key=key)
