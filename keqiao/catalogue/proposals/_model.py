"""What the rule book of proposals is once its files are read."""

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta

from keqiao.catalogue import calendar
from keqiao.catalogue.labels import Labelled

BODIES = ("npc", "cppcc")
UNITS = ("days", "working_days", "months")
ROLLS = ("none", "next", "previous")


class NoRuleError(LookupError):
    """No rule of this name holds on a day.

    >>> str(NoRuleError("no rule"))
    'no rule'
    """


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A period with the days it holds for, half-open, counted from the day after it begins.

    `body` is npc, cppcc or empty for both; `roll` says what happens if the last day is no working day; `version` names
    the file, the rule and its first day, so that a stored day says what it was reckoned by.

    >>> rule = Rule(name="answer", body="npc", value=3, unit="months", roll="next", valid_from=date(2025, 3, 12),
    ...             valid_to=None, needs_confirmation=False, source="", note="", note_en="", origin="national")
    >>> rule.version, rule.last_day(date(2026, 2, 5)), rule.last_day(date(2026, 11, 30))
    ('national/answer/npc/2025-03-12', datetime.date(2026, 5, 6), datetime.date(2027, 3, 1))
    """

    name: str
    body: str
    value: int
    unit: str
    roll: str
    valid_from: date
    valid_to: date | None
    needs_confirmation: bool
    source: str
    note: str
    note_en: str
    origin: str

    @property
    def version(self) -> str:
        """Which rule this is, and since when.

        >>> from keqiao.catalogue.proposals import rule
        >>> rule("answer", body="cppcc", region="229999", on=date(2026, 1, 1)).version
        'r229999/answer/cppcc/2020-01-01'
        """
        return "/".join(filter(None, (self.origin, self.name, self.body, self.valid_from.isoformat())))

    def holds(self, *, body: str, on: date) -> bool:
        """Return whether the rule is in force for a body on a day.

        >>> from keqiao.catalogue.proposals import rule
        >>> rule("return", body="npc", region="22", on=date(2026, 1, 1)).holds(body="npc", on=date(2014, 1, 1))
        False
        """
        if self.body not in ("", body):
            return False
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def last_day(self, start: date) -> date:
        """Return the last day of the period that begins the day after `start`.

        Months end on the day of the same number, or on the month's last day where it has none such.

        >>> from keqiao.catalogue.proposals import rule
        >>> rule("return", body="npc", region="229999", on=date(2026, 1, 1)).last_day(date(2026, 9, 30))
        datetime.date(2026, 10, 13)
        """
        if self.unit == "working_days":
            return calendar.working_days_after(start, self.value)
        last = add_months(start, self.value) if self.unit == "months" else start + timedelta(days=self.value)
        step = {"none": 0, "next": 1, "previous": -1}[self.roll]
        while step and not calendar.is_working_day(last):
            last += timedelta(days=step)
        return last


@dataclass(frozen=True, kw_only=True)
class ProposalClass(Labelled):
    """Who a proposal comes from; `letters` stand before its number, `words` name it in texts.

    >>> ProposalClass(code="member", body="cppcc", name="委员提案", name_en="", letters=("W",), words=()).label()
    '委员提案'
    """

    code: str
    body: str
    letters: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ResultClass(Labelled):
    """How far what was asked for is solved, as this jurisdiction words it; `look_back`: it is looked at again later.

    >>> ResultClass(code="B", name="正在解决", name_en="", look_back=True).look_back
    True
    """

    code: str
    look_back: bool


@dataclass(frozen=True, kw_only=True)
class WithheldReason(Labelled):
    """A lawful ground for not publishing, with the article that gives it.

    >>> WithheldReason(code="privacy", name="涉及个人隐私", name_en="", source="第十五条").source
    '第十五条'
    """

    code: str
    source: str


def add_months(day: date, count: int) -> date:
    """Return the day of the same number so many months later, or the last of that month where it has none.

    >>> add_months(date(2026, 11, 30), 3), add_months(date(2026, 1, 31), 13)
    (datetime.date(2027, 2, 28), datetime.date(2027, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
