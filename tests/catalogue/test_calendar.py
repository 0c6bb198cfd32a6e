"""Working days: holidays and the weekends worked in their place are what the yearly notice says."""

from datetime import date, timedelta

from keqiao.catalogue import calendar


def test_days_of_the_notice_are_those_that_change_something() -> None:
    """Each working weekend is a weekend; what is closed makes the runs of days that were announced."""
    days = calendar.changed_days()

    assert {day for day, is_open in days.items() if is_open and day.isoweekday() <= 5} == set()
    assert len([day for day, is_open in days.items() if day.year == 2026 and not is_open]) == 33
    assert len([day for day, is_open in days.items() if day.year == 2026 and is_open]) == 6


def test_working_days_after_skips_what_is_closed() -> None:
    assert calendar.working_days_after(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert calendar.working_days_after(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert calendar.working_days_after(date(2027, 1, 1), 1) == date(2027, 1, 4)


def test_working_days_after_none_is_the_day_itself() -> None:
    assert calendar.working_days_after(date(2026, 10, 1), 0) == date(2026, 10, 1)


def test_year_has_as_many_working_days_as_the_calendar_says() -> None:
    first = date(2026, 1, 1)
    assert sum(calendar.is_working_day(first + timedelta(days=n)) for n in range(365)) == 248
