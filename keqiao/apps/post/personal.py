"""What this app keeps about a person: to take along, and to erase."""

from typing import Any

from keqiao.apps.parties.models import User

from . import channels
from .models import Delivery, Destination, Notification, Preference, Switch

HIDDEN = "***"


def data(user: User) -> dict[str, Any]:
    """Preferences, switches, destinations without their secrets, and every notification still kept."""
    chosen = ("language", "digest_hour", "digest_weekday", "quiet_from", "quiet_to", "is_mail_stopped")
    switches = Switch.objects.filter(user=user).order_by("topic", "channel")
    told = Notification.objects.filter(user=user).order_by("entry")
    return {
        "preference": Preference.objects.filter(user=user).values(*chosen).first(),
        "switches": list(switches.values("topic", "channel", "mode")),
        "destinations": [_destination(row) for row in Destination.objects.filter(user=user).order_by("channel")],
        "notifications": [
            {
                "entry": row.entry,
                "topic": row.topic,
                "title": row.title,
                "text": row.text,
                "at": row.at.isoformat(),
                "read_at": row.read_at.isoformat() if row.read_at else None,
            }
            for row in told
        ],
    }


def _destination(row: Destination) -> dict[str, Any]:
    channel = channels.channel(row.channel)
    secrets = {field.name for field in channel.fields if field.is_secret} if channel else set(row.values)
    values = {name: HIDDEN if name in secrets else value for name, value in row.values.items()}
    return {"channel": row.channel, "values": values}


def erase(user: User) -> None:
    """Everything of it; called inside the action that erases the account."""
    for model in (Delivery, Notification, Switch, Destination, Preference):
        model._default_manager.filter(user=user).delete()
