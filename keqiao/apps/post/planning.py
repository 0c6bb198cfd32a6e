"""When something is delivered: a pure function of how one wants to be told and of when it happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .models import Mode

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wishes:
    """Hours count from 0 to 23 in the zone; quiet hours run from `quiet_from` until just before `quiet_to`."""

    digest_hour: int = 8
    digest_weekday: int = 0
    quiet_from: int | None = None
    quiet_to: int | None = None

    def is_quiet(self, hour: int) -> bool:
        start, end = self.quiet_from, self.quiet_to
        if start is None or end is None or start == end:
            return False
        return start <= hour < end if start < end else hour >= start or hour < end


def due_at(mode: str, wishes: Wishes, *, at: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment from which it may go out; None if it never shall.

    A digest goes out at the next digest hour after `at`. What would fall into quiet hours waits for their end, a
    digest as well.

    >>> from datetime import UTC
    >>> zone, night = ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 29, 15, 30, tzinfo=UTC)  # 23:30 there
    >>> due_at("instant", Wishes(quiet_from=22, quiet_to=7), at=night, zone=zone).isoformat()
    '2026-11-30T07:00:00+08:00'
    >>> due_at("weekly", Wishes(), at=night, zone=zone).isoformat()
    '2026-11-30T08:00:00+08:00'
    """
    if mode == Mode.OFF:
        return None
    moment = at.astimezone(zone)
    if mode == Mode.DAILY:
        moment = _next_hour(moment, wishes.digest_hour)
    elif mode == Mode.WEEKLY:
        moment = _next_hour(moment, wishes.digest_hour)
        moment += ONE_DAY * ((wishes.digest_weekday - moment.weekday()) % 7)
    return _after_quiet(moment, wishes)


def _next_hour(moment: datetime, hour: int) -> datetime:
    """The next full `hour` strictly after the moment."""
    found = moment.replace(hour=hour, minute=0, second=0, microsecond=0)
    return found if found > moment else found + ONE_DAY


def _after_quiet(moment: datetime, wishes: Wishes) -> datetime:
    if wishes.quiet_to is None or not wishes.is_quiet(moment.hour):
        return moment
    return _next_hour(moment, wishes.quiet_to)
