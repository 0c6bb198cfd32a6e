"""Sending: claim some deliveries, write the letters, hand them to their channels, note how it went."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keqiao.apps.ledger.models import Entry
from keqiao.apps.parties.actors import Actor, actor_of

from . import actions, channels, unsubscribing
from .actions.deliveries import Outcome, pause_after
from .channels import Item, Letter, SendingFailed
from .models import Delivery, DeliveryState, Language, Mode, Notification
from .notices import notice_for
from .readers import Reader, readers

log = logging.getLogger("keqiao.post")


def deliver(*, by: Actor, at: datetime) -> int:
    """Send what is due, a few at a time; returns how many were tried. Run by the worker.

    If it is told to stop, what it has not begun is given back; what it was just sending stays claimed until the claim
    is over.
    """
    actions.recover(by=by, at=at)
    token, taken = actions.claim(by=by, at=at)
    outcomes: list[Outcome] = []
    waiting = set(taken)
    try:
        for row, reader in _rows(taken):
            waiting.discard(row.pk)
            outcomes.append(attempt(row, reader, at=at))
    finally:
        given_back = [Outcome(pk, DeliveryState.PENDING) for pk in sorted(waiting)]
        actions.finish(token, [*outcomes, *given_back], by=by, at=at)
    return len(outcomes)


def _rows(taken: Iterable[int]) -> list[tuple[Delivery, Reader]]:
    rows = list(
        Delivery.objects.filter(pk__in=list(taken))
        .select_related("user")
        .prefetch_related("notifications")
        .order_by("due_at", "pk")
    )
    people = readers({row.user_id: row.user for row in rows}.values())
    return [(row, people[row.user_id]) for row in rows]


def attempt(row: Delivery, reader: Reader, *, at: datetime) -> Outcome:
    """Try one delivery. Whatever a channel does, the others go on."""
    channel, address = channels.channel(row.channel), reader.address(row.channel)
    if channel is None or address is None:
        return Outcome(row.pk, DeliveryState.DROPPED, "no_address")
    letter = letter_of(row, reader, at=at)
    if letter is None:
        return Outcome(row.pk, DeliveryState.DROPPED, "nothing_to_say")
    try:
        channel.send(letter, address)
    except SendingFailed as error:
        return _after_failure(row, error, repeats_safely=channel.repeats_safely, at=at)
    except Exception:
        # A mistake in a channel; whether something went out by then, nobody knows.
        log.exception("the channel %s failed", row.channel)
        unknown = SendingFailed("channel_failed", permanent=False, may_be_out=True)
        return _after_failure(row, unknown, repeats_safely=channel.repeats_safely, at=at)
    return Outcome(row.pk, DeliveryState.SENT)


def _after_failure(row: Delivery, failure: SendingFailed, *, repeats_safely: bool, at: datetime) -> Outcome:
    if failure.permanent:
        return Outcome(row.pk, DeliveryState.FAILED, failure.code[:40])
    if failure.may_be_out and not repeats_safely:
        return Outcome(row.pk, DeliveryState.UNCERTAIN, failure.code[:40])
    pause = pause_after(row.attempts + 1)
    if pause is None:
        return Outcome(row.pk, DeliveryState.FAILED, failure.code[:40])
    return Outcome(row.pk, DeliveryState.RETRY, failure.code[:40], due_at=at + pause)


def letter_of(row: Delivery, reader: Reader, *, at: datetime) -> Letter | None:
    """The letter as it may be sent today: what the reader may no longer see, or has switched off, is left out."""
    if not reader.user.is_active:
        return None
    actor = actor_of(reader.user, on=localdate(at))
    kept = [
        told
        for told in sorted(row.notifications.all(), key=lambda told: told.entry)
        if reader.mode(told.topic, row.channel) != Mode.OFF and _may_still(actor, told)
    ]
    if not kept:
        return None
    language = reader.preference.language
    topics = tuple(sorted({told.topic for told in kept}))
    with translation.override(language):
        return Letter(
            key=row.key,
            language=language,
            subject=_subject(kept, language=language),
            items=tuple(_item(told, language=language) for told in kept),
            at=at,
            name=reader.user.name,
            settings_url=absolute(reverse("desk:notification-settings")),
            unsubscribe_url=absolute(reverse("public:unsubscribe", args=[unsubscribing.token(reader.user, topics)])),
        )


def _may_still(actor: Actor, told: Notification) -> bool:
    entry = Entry.objects.filter(seq=told.entry).first()
    notice = notice_for(entry.kind, told.topic) if entry else None
    try:
        return entry is not None and notice is not None and notice.may(actor, entry)
    except Exception:
        log.exception("the notice %s failed at entry %d", told.topic, told.entry)
        return False


def _subject(kept: list[Notification], *, language: str) -> str:
    if len(kept) == 1:
        return in_language(kept[0], "title", language)
    return _("科桥：%(count)d 条新通知") % {"count": len(kept)}


def _item(told: Notification, *, language: str) -> Item:
    return Item(
        entry=told.entry,
        topic=told.topic,
        title=in_language(told, "title", language),
        text=in_language(told, "text", language),
        link=absolute(told.link) if told.link else "",
        at=told.at,
    )


def in_language(told: Notification, name: str, language: str) -> str:
    return str(getattr(told, f"{name}_en" if language == Language.ENGLISH else name))


def absolute(path: str) -> str:
    """The whole address of a page of this site, as a letter needs it."""
    return settings.SITE_ADDRESS.rstrip("/") + path
