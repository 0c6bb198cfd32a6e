"""How each reader wants to be told, read for many at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from keqiao.apps.parties.models import User

from . import channels
from .models import Destination, Mode, Preference, Switch
from .notices import topics
from .planning import Wishes


@dataclass(frozen=True)
class Reader:
    """One person with all their choices. `modes` hold only what differs from the defaults."""

    user: User
    preference: Preference
    modes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    destinations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def wishes(self) -> Wishes:
        row = self.preference
        return Wishes(row.digest_hour, row.digest_weekday, row.quiet_from, row.quiet_to)

    def mode(self, topic: str, channel: str) -> str:
        if channel == "email" and self.preference.is_mail_stopped:
            return str(Mode.OFF)
        known = topics().get(topic)
        return self.modes.get((topic, channel), known.default(channel) if known else str(Mode.OFF))

    def address(self, channel: str) -> Mapping[str, Any] | None:
        """What the channel needs to reach this person; None if it cannot."""
        one = channels.channel(channel)
        if one is None or not one.is_offered():
            return None
        return one.address(self.user, self.destinations.get(channel))

    def channels(self) -> list[str]:
        """The channels that reach this person."""
        return [slug for slug in channels.channels() if self.address(slug) is not None]


def readers(users: Iterable[User]) -> dict[int, Reader]:
    """The readers by the primary keys of their accounts: three queries, however many there are."""
    people = {user.pk: user for user in users}
    preferences = {row.user_id: row for row in Preference.objects.filter(user__in=people)}
    modes: dict[int, dict[tuple[str, str], str]] = {}
    for pk, topic, channel, mode in Switch.objects.filter(user__in=people).values_list(
        "user_id", "topic", "channel", "mode"
    ):
        modes.setdefault(pk, {})[topic, channel] = mode
    places: dict[int, dict[str, Mapping[str, Any]]] = {}
    for row in Destination.objects.filter(user__in=people):
        places.setdefault(row.user_id, {})[row.channel] = row.values
    return {
        pk: Reader(user, preferences.get(pk) or Preference(user=user), modes.get(pk, {}), places.get(pk, {}))
        for pk, user in people.items()
    }


def reader(user: User) -> Reader:
    return readers([user])[user.pk]
