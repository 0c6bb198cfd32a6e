"""When something is delivered: what holds for every choice of hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from keqiao.apps.post.planning import Wishes, due_at

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = st.integers(0, 23)
QUIET = st.one_of(st.just((None, None)), st.tuples(HOURS, HOURS))
MOMENTS = st.integers(0, 700 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
MODES = st.sampled_from(["instant", "daily", "weekly"])


@st.composite
def wishes(draw: st.DrawFn) -> Wishes:
    quiet_from, quiet_to = draw(QUIET)
    return Wishes(draw(HOURS), draw(st.integers(0, 6)), quiet_from, quiet_to)


@given(MODES, wishes(), MOMENTS)
def test_due_at_is_never_before_and_never_in_quiet_hours(mode: str, chosen: Wishes, at: datetime) -> None:
    due = due_at(mode, chosen, at=at, zone=ZONE)

    assert due is not None
    assert due >= at
    assert not chosen.is_quiet(due.astimezone(ZONE).hour)


@given(wishes(), MOMENTS)
def test_due_at_at_once_waits_only_for_the_end_of_quiet_hours(chosen: Wishes, at: datetime) -> None:
    due = due_at("instant", chosen, at=at, zone=ZONE)

    if chosen.is_quiet(at.astimezone(ZONE).hour):
        assert due is not None
        assert (due.astimezone(ZONE).hour, due.minute, due - at <= timedelta(days=1)) == (chosen.quiet_to, 0, True)
    else:
        assert due == at


@given(wishes(), MOMENTS)
def test_due_at_of_digests_is_the_next_chosen_hour_unless_that_is_quiet(chosen: Wishes, at: datetime) -> None:
    daily, weekly = (due_at(mode, chosen, at=at, zone=ZONE) for mode in ("daily", "weekly"))

    assert daily is not None
    assert weekly is not None
    assert daily - at <= timedelta(days=2)
    assert weekly - at <= timedelta(days=8)
    if not chosen.is_quiet(chosen.digest_hour):
        assert (daily.hour, weekly.hour, weekly.weekday()) == (
            chosen.digest_hour, chosen.digest_hour, chosen.digest_weekday,
        )  # fmt: skip


@given(MODES, wishes(), MOMENTS, st.integers(0, 30_000))
def test_due_at_keeps_the_order_of_what_happens(mode: str, chosen: Wishes, at: datetime, seconds: int) -> None:
    earlier = due_at(mode, chosen, at=at, zone=ZONE)
    later = due_at(mode, chosen, at=at + timedelta(seconds=seconds), zone=ZONE)

    assert earlier is not None
    assert later is not None
    assert earlier <= later


def test_due_at_of_what_is_switched_off_is_never() -> None:
    assert due_at("off", Wishes(), at=datetime(2026, 11, 21, 2, tzinfo=UTC), zone=ZONE) is None
