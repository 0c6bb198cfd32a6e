"""The period a figure speaks of: the last word of time that reaches it, through comparisons, lists and turns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keqiao.engines.replies._candidates import Candidate
from keqiao.engines.replies._dates import Period, Periods
from keqiao.engines.replies._places import Place

_MOVED = re.compile("增|提高|提升|上升|扩|下降|降至|降到|缩|减")
_NEW_SUBJECT = re.compile(r"^(?:\d|[一-鿿]{2,12}?(?:总量|总规模|余额|总额|增至))")
_TURN = re.compile(
    r"(?<=[。；：\n”）])(?:[一-鿿]{2,10}方面[，：。]|关于[^，。\n]{2,30}[，。]|对(?:您|代表|委员|提案|贵)[^。]{0,4}(?:提出|建议)|第[一二三四五六七八九十](?:件|条|点)|(?:首先|其次|再次|最后)，)"
)
_OUT_OF = re.compile(r"(?:由|从)(?=[^，。；]{0,16}$)|(?:由|从)(?=[^，。；]{0,16}\d)")
ENTRY = re.compile(
    "[；，：](?:\\d{1,2}[.．、](?!\\d)|（[一二三四五六七八九十\\d]{1,2}）|[①-⑳]|[一二三四五六七八九十]是)"
)
_YEAR_BEFORE = re.compile("上年|上一年")
_SEVERALLY = re.compile("分别|依次|各")
_WRITTEN = re.compile(r"(?<![\d.,])\d[\d,]{0,16}(?:\.\d{1,6})?(?![\d年])")


@dataclass(frozen=True)
class Dated:
    """The period of a figure and where it comes from: stated in its sentence, inherited from one before, or none."""

    label: str | None
    source: str
    period: Period | None = None
    is_base: bool = False


class Dating:
    """Reads the period of candidates; `year` and `month` are those of the letter."""

    def __init__(self, flat: str, periods: Periods, *, year: int | None, month: int | None) -> None:
        self._flat, self._periods, self._year, self._month = flat, periods, year, month

    def dated(self, figure: Candidate, place: Place, modality: str) -> Dated:
        """The period: the last word of time before the figure in its sentence, one right behind it, else inherited."""
        here = self._periods.between(self._entry(place, figure), figure.start)
        base = self.base(here, figure)
        if base is not None:
            return Dated(self._year_before(base, place), "stated", base, is_base=True)
        shared = self._shared(here, figure, place)
        if shared is not None:
            return Dated(shared.label, "stated", shared)
        if modality == "previous" and (opened := _OUT_OF.search(self._flat, place.clause[0], figure.start)):
            own = [one for one in here if one.start >= opened.start()]
            return Dated(self._year_before(own[-1], place), "stated", own[-1]) if own else Dated(None, "none")
        main = [one for one in here if not one.base and self._reaches(one, figure, place)]
        chosen = self._chosen(main, figure)
        if modality == "rule" and not (chosen and chosen.start >= place.clause[0]):
            return Dated(None, "none")
        if chosen is not None:
            return Dated(chosen.label, "stated", chosen)
        if modality in ("requested", "rule"):
            return Dated(None, "none")
        behind = self._behind(figure, place)
        if behind is not None:
            return Dated(behind.label, "stated", behind)
        if place.is_next or modality == "planned":
            return Dated(None, "none")
        if _OUT_OF.search(self._flat, place.clause[0], figure.start) and _MOVED.search(
            self._flat, place.clause[0], figure.start
        ):
            return Dated(None, "none")
        floor = self._topic(place)
        before = [one for one in self._periods.between(floor, place.sentence[0]) if self._carries(one)]
        return Dated(before[-1].label, "inherited", before[-1]) if before else Dated(None, "none")

    def _carries(self, period: Period) -> bool:
        """Whether a word of time dates the sentences behind it: 十三五期间 does; 目前, 其中2024年 and a plan do not."""
        if period.base or self._is_plan(period) or self._flat[period.start - 2 : period.start] == "其中":
            return False
        if self._flat[max(0, period.start - 3) : period.start].endswith(("将于", "将在", "拟于", "划于", "预计")):
            return False
        if period.kind == "word":
            return (period.label or "").endswith(("期间", "时期"))
        return period.year is not None and period.kind in ("year", "relative", "range", "month")

    def _is_plan(self, period: Period) -> bool:
        if self._year is None or period.year is None:
            return False
        if period.year == self._year and period.month and self._month:
            return period.month > self._month
        return period.year > self._year

    def base(self, here: tuple[Period, ...], figure: Candidate) -> Period | None:
        """较上年度（9090万元） and 比2023年的4,050万元: the figure right behind the base of a comparison."""
        if not here or not (here[-1].base or here[-1].kind == "relative"):
            return None
        between = self._flat[here[-1].end : figure.start]
        if _MOVED.search(between):
            return None
        if len(between) <= 8 and (between[:1] in ("（", "的") or (here[-1].label and between == "")) and here[-1].base:
            return here[-1]
        if here[-1].base and between.startswith("的") and len(between) <= 14:
            return here[-1]
        return None

    def _chosen(self, main: list[Period], figure: Candidate) -> Period | None:
        if not main:
            return None
        last = main[-1]
        if last.kind == "stock" and len(main) > 1 and last.start - main[-2].end <= 8:
            return main[-2]  # 截至2024年底，全省现有
        if (
            last.kind == "cumulative"
            and len(main) > 1
            and last.start - main[-2].end <= 8
            and (main[-2].year or main[-2].label != "目前")
        ):
            return main[-2]
        if last.label == "累计" and self._left(last, figure):
            return main[-2] if len(main) > 1 and main[-2].year and not self._left(main[-2], figure) else None
        return last

    def _left(self, period: Period, figure: Candidate) -> bool:
        """Whether the sentence has gone on to another subject since 累计: 9家…通过重组, R&D投入总量已增至."""
        between = self._flat[period.end : figure.start]
        clauses = (between + self._flat[figure.start : figure.end + 1]).split("，")[1:]
        return any(_NEW_SUBJECT.match(one) or one.startswith(("我省", "我市", "全省", "全市")) for one in clauses)

    def _behind(self, figure: Candidate, place: Place) -> Period | None:
        after = self._periods.between(figure.end, min(place.sentence[1], figure.end + 24))
        stop = re.compile("[，、。；\n]").search(self._flat, figure.end, figure.end + 24)
        for one in after:
            if one.year and not one.base and (stop is None or one.start < stop.start()) and not self._is_plan(one):
                return one
        return None

    def _reaches(self, period: Period, figure: Candidate, place: Place) -> bool:
        """A deadline and 每年 reach as far as their group of clauses, 年均 only the clause it stands in."""
        flat = self._flat
        if flat.startswith(("年均", "每月"), period.start) or period.end == period.start + 1:
            return period.start >= place.clause[0]
        bound = flat.startswith("每年", period.start) or "前" in flat[period.end - 1 : period.end + 1]
        return not (bound and "；" in flat[period.end : figure.start])

    def _entry(self, place: Place, figure: Candidate) -> int:
        """The start of the sentence, or of the numbered entry in it: 1.…；2.…"""
        start = place.sentence[0]
        for entry in ENTRY.finditer(self._flat, place.sentence[0], figure.start):
            start = entry.end()
        return start

    def _year_before(self, base: Period, place: Place) -> str | None:
        """上年度 behind 2024年 is 2023, whatever the year of the letter."""
        if base.kind != "relative" or base.year is None or not _YEAR_BEFORE.match(self._flat, base.start):
            return base.label
        main = [one for one in self._periods.between(place.block, base.start) if one.kind == "year" and not one.base]
        main = [one for one in main if one.year and not self._is_plan(one)]
        return str(main[-1].year - 1) if main and main[-1].year else base.label

    def _shared(self, here: tuple[Period, ...], figure: Candidate, place: Place) -> Period | None:
        """2022年、2023年分别认定12个、15个: years and numbers in the same order."""
        if len(here) < 2 or not _SEVERALLY.search(self._flat, here[1].end, figure.start):
            return None
        row = [here[-1]]
        for one in reversed(here[:-1]):
            if self._flat[one.end : row[0].start] not in ("、", "和", "与", "及"):
                break
            row.insert(0, one)
        start = max(row[-1].end, place.clause[0])
        numbers = [found.start() for found in _WRITTEN.finditer(self._flat, start, place.clause[1])]
        if len(row) < 2 or len(numbers) != len(row) or figure.start not in numbers:
            return None
        return row[numbers.index(figure.start)]

    def _topic(self, place: Place) -> int:
        """Where the text last turned to another matter before the sentence: no word of time carries across."""
        start = place.block
        for turn in _TURN.finditer(self._flat, place.block, place.sentence[0] + 24):
            if turn.start() <= place.sentence[0]:
                start = turn.start()
        return start
