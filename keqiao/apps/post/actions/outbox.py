"""From entries of the ledger to notifications, and from those to what has to leave the house."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.utils import translation
from django.utils.timezone import localdate

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.ledger import queries as entries
from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.actors import Actor, actor_of
from keqiao.apps.parties.models import User
from keqiao.apps.post import permissions
from keqiao.apps.post.models import Delivery, DeliveryState, Language, Mode, Notification, Pointer
from keqiao.apps.post.notices import Notice, notices_by_kind
from keqiao.apps.post.planning import due_at
from keqiao.apps.post.readers import Reader, readers

log = logging.getLogger("keqiao.post")
POINTER = "outbox"
BATCH = 100
# What is older is no news any more: after a long stop nobody gets a heap of letters about what has long been settled.
NEWS_FOR = timedelta(days=7)
MOST_TITLE, MOST_LINK = 300, 300


def take_up(*, by: Actor, at: datetime, limit: int = BATCH) -> int:
    """Write the notifications of the next entries and plan their deliveries; returns how many entries were taken up.

    Everything a run writes, the pointer too, is one transaction under the pointer's row: whoever is killed has done
    nothing, and nobody is told twice.
    """
    kinds = tuple(notices_by_kind())
    here = Pointer.objects.filter(name=POINTER).values_list("seq", flat=True).first() or 0
    if not entries.entries_after(here, kinds=kinds).exists():
        return 0
    with ledger.action("post.take_up", by=by, at=at, subject=f"post:{POINTER}") as entry:
        entry.require(permissions.can_run_post(by))
        Pointer.objects.get_or_create(name=POINTER)
        pointer = Pointer.objects.select_for_update().get(name=POINTER)
        found = list(entries.entries_after(pointer.seq, kinds=kinds)[:limit])
        notifications = _written(found, at=at)
        _plan(notifications, at=at)
        if found:
            pointer.seq = found[-1].seq
            pointer.save(update_fields=["seq"])
        entry.count = len(notifications)
        entry.change(seq=pointer.seq)
    return len(found)


@dataclass
class _People:
    """The actors of one run, each read once."""

    at: datetime
    actors: dict[int, Actor]

    def actor(self, user: User) -> Actor:
        if user.pk not in self.actors:
            self.actors[user.pk] = actor_of(user, on=localdate(self.at))
        return self.actors[user.pk]


def _written(found: Iterable[Entry], *, at: datetime) -> list[Notification]:
    people = _People(at, {})
    fresh: dict[tuple[int, int], Notification] = {}
    for entry in found:
        if entry.at < at - NEWS_FOR:
            continue
        for notification in _told(entry, people):
            fresh.setdefault((notification.user_id, notification.entry), notification)
    known = Notification.objects.filter(entry__in={seq for _, seq in fresh}).values_list("user_id", "entry")
    for pair in known:
        fresh.pop(pair, None)
    return Notification.objects.bulk_create(fresh.values())


def _told(entry: Entry, people: _People) -> Iterator[Notification]:
    """Whom one entry tells what; of several notices for one person the first of the app's list counts.

    A notice that fails is written to the log and tells nobody: a mistake in one must not hold up all others.
    """
    for notice in notices_by_kind()[entry.kind]:
        try:
            yield from list(_by_notice(notice, entry, people))
        except ObjectDoesNotExist:  # what the entry speaks of has been taken away since
            continue
        except DatabaseError:
            raise
        except Exception:
            log.exception("the notice %s failed at entry %d", notice.topic, entry.seq)


def _by_notice(notice: Notice, entry: Entry, people: _People) -> Iterator[Notification]:
    for user in notice.recipients(entry):
        has_acted = entry.actor == f"user:{user.key}" and not notice.tells_who_acted
        if not user.is_active or has_acted:
            continue
        actor = people.actor(user)
        if notice.may(actor, entry) and (row := _notification(notice, entry, user, actor)) is not None:
            yield row


def _notification(notice: Notice, entry: Entry, user: User, actor: Actor) -> Notification | None:
    with translation.override(Language.CHINESE):
        chinese = notice.text(entry, actor)
    with translation.override(Language.ENGLISH):
        english = notice.text(entry, actor)
    if chinese is None or english is None:
        return None
    return Notification(
        user=user, entry=entry.seq, topic=notice.topic, title=chinese.title[:MOST_TITLE],
        title_en=english.title[:MOST_TITLE], text=chinese.text, text_en=english.text, link=chinese.link[:MOST_LINK],
        is_urgent=notice.is_urgent, at=entry.at,
    )  # fmt: skip


def _plan(notifications: list[Notification], *, at: datetime) -> None:
    """Put each notification into a delivery of each channel that its reader wants it by.

    What a reader gets by one channel at one moment goes into one letter: a burst as well as a digest.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    wanted = readers({row.user_id: row.user for row in notifications}.values())
    planned: dict[tuple[int, str, datetime], list[Notification]] = {}
    digests = set()
    for row in notifications:
        for channel, mode, due in _ways(wanted[row.user_id], row, at=at, zone=zone):
            key = (row.user_id, channel, due)
            planned.setdefault(key, []).append(row)
            if mode != Mode.INSTANT:
                digests.add(key)
    for key, rows in planned.items():
        user, channel, due = key
        delivery = Delivery.objects.filter(
            user_id=user, channel=channel, due_at=due, state=DeliveryState.PENDING, attempts=0
        ).first() or Delivery.objects.create(
            user_id=user, channel=channel, due_at=due, is_digest=key in digests, created_at=at
        )
        delivery.notifications.add(*rows)


def _ways(reader: Reader, row: Notification, *, at: datetime, zone: ZoneInfo) -> Iterator[tuple[str, str, datetime]]:
    for channel in reader.channels():
        mode = reader.mode(row.topic, channel)
        due = due_at(mode, reader.wishes, at=at, zone=zone)
        if due is not None:
            yield channel, mode, due
