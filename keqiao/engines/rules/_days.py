"""Days as policies count them."""

from __future__ import annotations

from datetime import date, timedelta

LENGTHS = ("days", "months", "years")


def back(day: date, count: int, unit: str) -> date:
    """Return the day so many days, months or years before (after, if negative); 29 February becomes 28 February.

    >>> back(date(2028, 2, 29), 3, "years"), back(date(2026, 3, 31), 1, "months")
    (datetime.date(2025, 2, 28), datetime.date(2026, 2, 28))
    """
    if unit == "days":
        return day - timedelta(days=count)
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "years" else 1)
    year, month = divmod(months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"no such month before {day}")


def year_start(day: date, offset: int) -> date:
    """Return 1 January of the year so many years from that of a day.

    >>> year_start(date(2026, 7, 1), -1)
    datetime.date(2025, 1, 1)
    """
    return date(day.year + offset, 1, 1)
