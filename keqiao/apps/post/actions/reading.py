"""Reading, and what is thrown away when it has been read long ago."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.apps.post import permissions
from keqiao.apps.post.models import WAITING, Delivery, DeliveryState, Notification

MOST_AT_ONCE = 2000


def mark_read(notification: Notification, *, by: Actor, at: datetime) -> None:
    """One that has been read already keeps its moment."""
    with ledger.action("notification.read", by=by, at=at, subject=f"notification:{notification.entry}") as entry:
        entry.require(permissions.can_choose(by, notification.user))
        rows = Notification.objects.filter(pk=notification.pk, read_at=None)
        entry.count = rows.update(read_at=at)
    notification.refresh_from_db()


def mark_all_read(user: User, *, by: Actor, at: datetime, topic: str = "") -> int:
    """All unread ones of a person, or those of one topic; returns how many there were."""
    with ledger.action("notification.read", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_choose(by, user))
        rows = Notification.objects.filter(user=user, read_at=None)
        entry.count = (rows.filter(topic=topic) if topic else rows).update(read_at=at)
    return entry.count


def tidy(*, by: Actor, at: datetime) -> int:
    """Delete notifications read long ago and deliveries that ended long ago; returns how many went."""
    before = at - timedelta(days=settings.POST_KEEP_DAYS)
    read = Notification.objects.filter(read_at__lt=before).exclude(
        deliveries__state__in=(*WAITING, DeliveryState.SENDING)
    )
    ended = Delivery.objects.filter(ended_at__lt=before, state__in=(DeliveryState.SENT, DeliveryState.DROPPED))
    if not (read.exists() or ended.exists()):
        return 0
    with ledger.action("notification.tidy", by=by, at=at, subject="post:notifications") as entry:
        entry.require(permissions.can_run_post(by))
        gone = _delete(Delivery.objects.filter(pk__in=_some(ended)))
        entry.count = gone + _delete(Notification.objects.filter(pk__in=_some(read)))
    return entry.count


def _some(rows: QuerySet) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct()[:MOST_AT_ONCE])


def _delete(rows: QuerySet) -> int:
    """How many of the rows themselves went; what hangs on them is not counted."""
    label = rows.model._meta.label
    return rows.delete()[1].get(label, 0)
