"""How firm a promise is: whether one can check it, and by when."""

from __future__ import annotations

import re
from dataclasses import replace

from keqiao.engines.replies._dates import Period, Periods
from keqiao.engines.replies._vocabulary import Vocabulary

_PARTNER = re.compile(
    r"(?:会同|联合|协同)[^，。]{1,24}?"
    r"(?:厅|局|委(?!托)|办(?![法理事公学])|部门|部(?![分署队])|单位|院|校|银行|企业|机构)"
)
_EVERY_YEAR = re.compile(r"每年度?(?!最高|不超过|给予|可|最多)|逐年")
_THIS_YEAR = re.compile(r"(?<![去上])年内|(?<![去上])年底|今年")
_YEAR_END = re.compile(r"[底末]|今年内|^年内")
_IN_QUARTER = re.compile(r"年第?([一二三四首])季")
_QUARTER = {"首": "03", "一": "03", "二": "06", "三": "09", "四": "12"}
_OPENING = 12  # characters of a sentence in which a date speaks for all of it


class Firmness:
    """Reads horizon and specificity of promises in one flat text."""

    def __init__(self, flat: str, periods: Periods, vocabulary: Vocabulary, *, year: int | None) -> None:
        self._flat, self._periods, self._year = flat, periods, year
        self._lists, self._plain = vocabulary.lists, vocabulary.plain

    def is_concrete(self, clause: str, verb: str, text: str, horizon: str | None) -> bool:
        """A deed one can check: dated, numbered, a titled document, or a deed with a thing as its object.

        `clause` holds the act, `text` all of the promise. 推动 and 将 steer: the deed they steer is looked at.
        """
        if horizon or re.search(r"\d|《", text):
            return True
        deed = self.deed(clause, verb)
        if deed in self._plain["soft_verbs"] and deed not in self._plain["steering"]:
            return False
        if not deed or deed in self._plain["steering"]:
            behind = clause[clause.find(deed) + len(deed) :]
            steered = self._lists["hard"].found(behind)
            firm = steered is not None and steered.group() not in self._plain["soft_verbs"]
            return firm and self._lists["things"].found(behind) is not None
        if deed in self._plain["certain"]:
            return True
        if deed in ("完善", "健全", "优化"):  # 完善平台考核机制 is no platform: the object stands at the end
            clause = clause[-6:]
        return deed in self._lists["hard"].all and bool(self._lists["things"].found(clause))

    def deed(self, clause: str, verb: str) -> str:
        """The verb that names the deed: behind 会同有关部门 and 研究 stands another one."""
        if verb not in self._plain["introducing"]:
            return verb
        partner = _PARTNER.search(clause)
        found = self._lists["acts"].found(clause, partner.end() if partner else clause.find(verb) + len(verb))
        return found.group() if found else verb

    def horizon(self, sentence: int, start: int, end: int) -> str | None:
        """By when: 2025-12, 2026, every_year; the office's own words 年内 and 明年 count from the reply's year.

        A date that opens the sentence is the date of all its promises: 2025年底前建成甲，并将乙接入丙.
        """
        if _EVERY_YEAR.search(self._flat, start, end):
            return "every_year"
        dates = self._due_dates(start, end) or self._opening(sentence, start)
        if dates:
            return self._due(self._exact(dates))
        return f"{self._year}-12" if self._year and _THIS_YEAR.search(self._flat, start, end) else None

    @staticmethod
    def _exact(dates: list[Period]) -> Period:
        """The first date, or the month that says when in its year: 明年6月底前, 今年先修18公里…10月底完工."""
        first = dates[0]
        if first.month or first.kind == "range":
            return first
        for one in dates[1:]:
            if one.month and one.start == first.end:
                return replace(one, year=first.year)
            if one.month and one.year == first.year:
                return one
        return first

    def _opening(self, sentence: int, start: int) -> list[Period]:
        dates = self._due_dates(sentence, min(start, sentence + _OPENING))
        joined = self._flat[start - 2 : start].rstrip("将").endswith("并")
        return [one for one in dates if joined or start - one.end <= _OPENING]

    def _due_dates(self, start: int, end: int) -> list[Period]:
        dates = [one for one in self._periods.between(start, end) if one.year and not one.base]
        return [one for one in dates if self._year is None or (one.year or 0) >= self._year]

    def _due(self, period: Period) -> str:
        text = self._flat[period.start : period.end]
        if period.kind == "range":
            return str(period.year)
        if period.month:
            return f"{period.year}-{period.month:02d}"
        quarter = _IN_QUARTER.search(self._flat, period.start, period.end + 4)
        if quarter:
            return f"{period.year}-{_QUARTER[quarter[1]]}"
        return f"{period.year}-12" if _YEAR_END.search(text) else str(period.year)
