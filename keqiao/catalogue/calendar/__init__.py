"""The working days of the country: Monday to Friday, but for holidays and for the weekends worked in their place.

`holidays.csv` holds the days that the State Council's yearly notice changes. Add the lines of a year when its notice
is out; without them a day counts by its place in the week.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from keqiao.catalogue.files import read_table

KINDS = ("open", "closed")
_COLUMNS = ("day", "kind", "source")
_FRIDAY = 5


@cache
def changed_days() -> Mapping[date, bool]:
    """Return the days that are not what their place in the week says: True where offices are open.

    Raises :class:`~keqiao.catalogue.files.CatalogueError` for a malformed line.

    >>> changed_days()[date(2026, 10, 1)]
    False
    """
    found: dict[date, bool] = {}
    for row in read_table(Path(__file__).parent / "holidays.csv", columns=_COLUMNS):
        day, kind = row.day("day"), row.required("kind")
        if day is None or kind not in KINDS:
            raise row.error(what=f"day {day} is {kind!r}", remedy="write a date, and open or closed")
        found[day] = kind == "open"
    return found


def is_working_day(day: date) -> bool:
    """Return whether offices are open.

    >>> is_working_day(date(2026, 10, 1)), is_working_day(date(2026, 10, 10)), is_working_day(date(2026, 10, 11))
    (False, True, False)
    """
    return changed_days().get(day, day.isoweekday() <= _FRIDAY)


def working_days_after(day: date, count: int) -> date:
    """Return the day that lies so many working days after a day, which itself is not counted.

    >>> working_days_after(date(2026, 9, 30), 1), working_days_after(date(2026, 11, 27), 3)
    (datetime.date(2026, 10, 8), datetime.date(2026, 12, 2))
    """
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
