"""What people choose: by which channel they are told of what, when, in which language, and where to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keqiao.apps.ledger import actions as ledger
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import User
from keqiao.apps.post import channels, permissions
from keqiao.apps.post.models import Destination, Mode, Preference, Switch
from keqiao.apps.post.notices import topics

CHOSEN = ("language", "digest_hour", "digest_weekday", "quiet_from", "quiet_to")


def set_preference(user: User, *, by: Actor, at: datetime, **values: Any) -> Preference:
    """Language, the hour of digests, quiet hours: the fields named in CHOSEN; the others stay."""
    if unknown := set(values) - set(CHOSEN):
        raise TypeError(f"not a preference: {', '.join(sorted(unknown))}")
    with ledger.action("preference.set", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_choose(by, user))
        row = _preference(user)
        for name, value in values.items():
            setattr(row, name, value)
        if (row.quiet_from is None) != (row.quiet_to is None):
            raise ValidationError({"quiet_to": _("免打扰时间要同时填写开始和结束，或都不填。")})
        row.full_clean(validate_unique=False)
        row.save()
        entry.change(**values)
    return row


def _preference(user: User) -> Preference:
    return Preference.objects.select_for_update().filter(user=user).first() or Preference(user=user)


def choose_modes(user: User, modes: Mapping[tuple[str, str], str], *, by: Actor, at: datetime) -> None:
    """Set the way for each (topic, channel); one that is the default again leaves no row."""
    for (topic, channel), mode in modes.items():
        if topic not in topics() or channels.channel(channel) is None or mode not in Mode.values:
            raise ValidationError(_("没有这种通知、渠道或方式：%(what)s") % {"what": f"{topic} · {channel} · {mode}"})
    with ledger.action("preference.choose", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_choose(by, user))
        entry.count = sum(_choose(user, topic, channel, mode) for (topic, channel), mode in modes.items())
        entry.change(modes={f"{topic} {channel}": str(mode) for (topic, channel), mode in sorted(modes.items())})


def _choose(user: User, topic: str, channel: str, mode: str) -> bool:
    """Whether anything changed."""
    same = Switch.objects.filter(user=user, topic=topic, channel=channel)
    if mode == topics()[topic].default(channel):
        return same.delete()[0] > 0
    before = same.values_list("mode", flat=True).first()
    Switch.objects.update_or_create(user=user, topic=topic, channel=channel, defaults={"mode": mode})
    return before != mode


def stop_mail(user: User, *, by: Actor, at: datetime) -> None:
    """No e-mail at all, whatever the switches say, until it is resumed."""
    _set_mail(user, by=by, at=at, is_stopped=True)


def resume_mail(user: User, *, by: Actor, at: datetime) -> None:
    _set_mail(user, by=by, at=at, is_stopped=False)


def _set_mail(user: User, *, by: Actor, at: datetime, is_stopped: bool) -> None:
    kind = "preference.stop_mail" if is_stopped else "preference.resume_mail"
    with ledger.action(kind, by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_choose(by, user))
        row = _preference(user)
        row.is_mail_stopped = is_stopped
        row.save()


def stop_topics(user: User, chosen: tuple[str, ...], *, by: Actor, at: datetime) -> None:
    """No e-mail of these topics any more; topics that are gone are passed over."""
    choose_modes(user, {(topic, "email"): Mode.OFF for topic in chosen if topic in topics()}, by=by, at=at)


def set_destination(user: User, channel: str, values: Mapping[str, str], *, by: Actor, at: datetime) -> Destination:
    """Where a channel leads for this person. The ledger notes which channel, not the address or the secret."""
    one = channels.channel(channel)
    if one is None or not one.is_offered() or not one.fields:
        raise ValidationError(_("没有这个渠道：%(channel)s") % {"channel": channel})
    given = {field.name: str(values.get(field.name, "")).strip() for field in one.fields}
    if wrong := one.check(given):
        raise ValidationError(wrong)
    with ledger.action("destination.set", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_choose(by, user))
        row, _created = Destination.objects.update_or_create(
            user=user, channel=channel, defaults={"values": given, "created_at": at}
        )
        entry.change(channel=channel)
    return row


def remove_destination(user: User, channel: str, *, by: Actor, at: datetime) -> None:
    """The channel is not used for this person any more; what was still to go out by it is dropped when it is due."""
    with ledger.action("destination.remove", by=by, at=at, subject=f"user:{user.key}") as entry:
        entry.require(permissions.can_choose(by, user))
        entry.count = Destination.objects.filter(user=user, channel=channel).delete()[0]
        entry.change(channel=channel)
