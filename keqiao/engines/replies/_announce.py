"""Sentences outside the next steps that say what will be done: 我厅将…, 拟…, 年内新设…, 明年6月底前…."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keqiao.engines.replies._clauses import Clauses
from keqiao.engines.replies._dates import Periods
from keqiao.engines.replies._vocabulary import Vocabulary

_DATED = re.compile(
    r"(?:预计|预期|计划|力争|拟|目标(?:是)?|将(?=[于在]))(?:于|在|到)?"
    r"(?:20\d\d(?:[/—-]\d{2,4})?年|二[〇零○][一二三四五六七八九〇零○]{2}年|今年|明年|\d{1,2}月|年[内底])"
)
_ANNOUNCED = re.compile(
    r"(?:[我本](?:厅|局|委|办|省|市|区|县|们|部|署|院|会|行)|(?:省|市)[一-鿿]{1,6}(?:厅|局|委|办)|当局|署方|局方|下一步)(?:也|还|亦)?"
    r"(?:将|拟|会(?![同议商办见员展计]))(?!.{1,20}(?:作为|纳入了|列为了))[^，。]{4,}"
)
_PAST = re.compile(
    r"^(?:目前|近年来|截至|20\d\d年(?!底前|前|内|[上下]半年|[一二三四]季度|[^，]{0,8}前，)[^，]{0,6}，(?!.{0,12}[将拟])|[^，。将]{0,16}(?:已经|已(?!有)|均已)[^，。]|[^，。将拟]{2,16}了)"
)
_TO_COME = re.compile(
    r"(?:年内|年底前|今年内|今年底前|明年起?|明后两年|(?:从|自)?(?:今年|明年)?[春秋]季学期[起前]|(?:今年|明年|20\d\d年)?\d{1,2}月底?前?|(?:今年|明年|20\d\d年)(?:底前|年底前|内|下半年))，?"
)
_SURELY = re.compile(  # a day that only a plan can name
    r"(?:到|在|于)?(?:(20\d\d)年|今年|明年|\d{1,2}月)[^，。；已了]{0,8}?前(?![^，。；]{0,2}[，；])[^，。；]{4,}|明后两年|(?:今|明)年?[春秋]季学期[起前]|[春秋]季学期[起前]"
    r"|(?:今年|明年|年内)，?(?:[我全本][一-鿿])?(?:先|起|再|计划|拟|将)(?=[一-鿿])|明年(?!是|为|度)"
    r"|(?:到|在|于)?(?:(20\d\d)年|今年|明年|\d{1,2}月)[^，。；已了]{0,8}?前，[^，。；]{4,}"
)
_DONE = re.compile(r"已|了|共(?=\d)|累计|完成了")
_BARE_WILL = re.compile(r"(?<![即必可须而也])(?:将(?![军来近士领])|，拟|计划：)(?=[一-鿿])")
_WE_WILL = re.compile(
    r"(?:们|厅|局|委|办|府|署|方|部|部门|处|亦|也|还|均|都|则|^|，)(?:会(?![同议商办见员展])|拟(?![定任订]))(?=[一-鿿])|(?:们|厅|局|委|办|府|署)[也还]?(?:计划|打算|准备)(?=[一-鿿])"
)
_INTENDS = re.compile(r"(?:^|，)(?:拟(?![定任订议])|打算|计划(?=对|在|于|先|今|明))(?=[一-鿿])")
_TOLD = re.compile(r"《|提出|要求|明确|规定|指出|强调|已|建议")
_OFFICE_WILL = re.compile("[厅局委部署办府院们]将(?=[在对向与从按])")
_ON_A_DAY = re.compile(r"将[于在](?:(20\d\d)(?:[/—-]\d{2,4})?年|今年|明年|年[内底]|未来|[上下]半年|\d{1,2}月)")
_TOPIC = re.compile(r"(?:关于|对于|针对|至于)[^，。]{0,60}?(?:建议|提案|意见|问题|事项|诉求)，")
_CLAUSE = re.compile("[，：]")
_SAID = re.compile(r"(?:厅|局|委|办|省|市|区|县|们)(?:也|还)?(?:将|拟)")
_WORDS = re.compile("预计|预期|计划|力争|拟|将(?![军来近士领])|目标(?=是?[于在])")


class Announcements:
    """Says of the sentences of one flat text whether they promise, and from where on."""

    def __init__(
        self, flat: str, clauses: Clauses, periods: Periods, vocabulary: Vocabulary, *, year: int | None
    ) -> None:
        self._flat, self._clauses, self._periods, self._year = flat, clauses, periods, year
        self._lists = vocabulary.lists

    def is_past(self, text: str) -> bool:
        """Whether a sentence opens by telling what has been done."""
        return _PAST.match(text) is not None

    def is_done(self, start: int, end: int) -> bool:
        """Whether a sentence tells what has been done, by any of its words."""
        return _DONE.search(self._flat, start, end) is not None or self.is_past(self._flat[start:end])

    def announces(self, start: int, end: int) -> bool:
        """Whether flat[start:end] says what will be done."""
        text = self._flat[start:end]
        if self._lists["structure.closing"].at(text, 0):
            return False
        if _DATED.search(text) and self._later(start, end):
            return True
        if self._surely(start, end) is not None:
            return True
        if _PAST.match(text):
            return False
        return bool(_ANNOUNCED.search(text)) or self._dated(text) or self._wills(start, end)

    def begin(self, start: int, end: int) -> int:
        """Outside the next steps a promise begins with the clause that says 将, or by when."""
        sure = self._surely(start, end)
        found = self._will(start, end)
        if found is None:
            return start if sure is None else sure
        comma = max(self._flat.rfind("，", start, found), self._flat.rfind("：", start, found))
        begin = comma + 1 if comma >= 0 else start
        return begin if sure is None else min(begin, sure)

    def _will(self, start: int, end: int) -> int | None:
        said = _SAID.search(self._flat, start, end) or _WORDS.search(self._flat, start, end)
        told = _ANNOUNCED.search(self._flat, start, end)
        found = [one.start() for one in (said, told) if one]
        found += [start + one.end() for one in self._wanted(start, end)]
        return min(found, default=None)

    def _surely(self, start: int, end: int) -> int | None:
        """Where a clause begins that names a day only a plan can name: 9月底前形成…, 明后两年每年…."""
        flat, position = self._flat, start
        for stop in [*(found.start() for found in _CLAUSE.finditer(flat, start, end)), end]:
            found = _SURELY.match(flat, position, end)
            if found is not None and not _DONE.search(flat, position, stop):
                year = found[1] or found[2]
                if year is None or self._year is None or int(year) >= self._year:
                    return position
            position = stop + 1
        return None

    def _wanted(self, start: int, end: int) -> Iterator[re.Match[str]]:
        text = self._flat[start:end]
        for pattern in (_WE_WILL, _INTENDS):
            for found in pattern.finditer(text):
                if pattern is _INTENDS or self._clauses.opens(start + found.end(), end):
                    yield found

    def _dated(self, text: str) -> bool:
        """Whether a sentence opens with a day to come and a deed: 年内新设…, 8月底前出台…, 明年起…."""
        found = _TO_COME.match(text)
        return found is not None and bool(self._clauses.verb_of(text[found.end() :])) and not _DONE.search(text)

    def _wills(self, start: int, end: int) -> bool:
        """Whether 将 or 拟 stands before a deed, whoever does it, and the sentence does not tell what a paper says."""
        text = self._flat[start:end]
        if any(True for _ in self._wanted(start, end)):
            return True
        day = _ON_A_DAY.search(text)
        if day and (day[1] is None or self._year is None or int(day[1]) >= self._year):
            return True
        if _OFFICE_WILL.search(text):
            return True
        topic = _TOPIC.match(text)
        if _TOLD.search(text, topic.end() if topic else 0):
            return False
        return any(
            self._clauses.verb(start + found.end(), end) not in ("", "将", "把") for found in _BARE_WILL.finditer(text)
        )

    def _later(self, start: int, end: int) -> bool:
        return any(one.year and self._year and one.year >= self._year for one in self._periods.between(start, end))
