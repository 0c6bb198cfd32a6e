"""Dates and words of time in the flat text: where they stand, and the period each of them names."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from keqiao.engines.replies._numbers import chinese_value

_MONTHS = r"(\d{1,2})(?:月?[—\-～至到](\d{1,2}))?月"
_TAIL = (
    r"(年?[底末初]|以来|以后|起|上半年|下半年|第?[一二三四1-4]季度|前[一二三1-3]季度|全年|期间|春季|秋季|[上中下]旬)?"
)
_PATTERN = re.compile(
    r"(?P<range>(?<!\d)(\d{4})年?[—\-～至到](\d{4})年?(?:度|期间|间)?)"
    rf"|(?P<date>(?<!\d)(?P<year>(?:19|20)\d\d)学?年(?P<degree>度)?(?:{_MONTHS}(份)?(?:(\d{{1,2}})日)?)?{_TAIL})"
    r"|(?P<han>[二一][〇○零一二三四五六七八九]{3}年(?:([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})日)?)?)"
    rf"|(?P<month>(?<![\d个])(?<!\d年){_MONTHS}(?:份|(\d{{1,2}})日)?(底|末|初|以来)?)"
    r"|(?P<five>“?十[三四五六]五”?(?:以来|期间|时期|末|开局之年)?)"
    r"|(?P<recent>(?:近|过去|最近|前|未来|今后|连续|近期)(?:\d{1,2}|[一两二三四五六七八九十])(?:个)?(?:财政)?年度?(?:来|以来|间|内)?|(?:\d{1,2}|[一两二三四五六七八九十])年来|(?<![第\d十近])(?:\d|[两三四五六七八九十])年(?=合计|共计|累计|总计|间累计|共[安投下争落获支新完]|获得|投入))"
    r"|(?P<spoken>(?P<whose>本|今|去|明)年(?P<spoken_month>[一二三四五六七八九十]{1,2})月(?:底|末|初|中)?)"
    r"|(?P<relative>上年度末?|上年末|上年底|上年同期|上年|去年同期|去年底|去年末|去年以来|去年|上一年度?|前年|今年以来|今年年底|今年底|今年内|今年|本年度?|明年年底|明年底|明年|下年度|年底前|(?<![一二两三四五六七八九十\d])年底|(?<![一二两三四五六七八九十\d])年内|年初|上半年|下半年|[一二三四]季度)"
    r"|(?P<word>截至目前|截止目前|到目前为止|目前|现已|累计|(?<![人生户家名位亩所村])每年|近年来|近几年来?|现有(?!资金|政策|基础|条件|规定|渠道|体制|机制)|(?<=[，；。、])年(?=惠及|减排|服务|接待|可|处理|培训|发电|节约|节水)|年均|(?<![人生户家名位亩所村])每月|历年|至今(?!年)|迄今)"
    r"|(?P<fiscal>(?<!\d)(?P<from>20\d\d)[—\-～至/](?P<to>\d\d)(?!\d)(?:财政|课税|学)?年度?)"
    r"|“(?P<named>20\d\d)年?(?=[一-鿿])"
)
_AS_OF = ("截至", "截止", "截止到", "截至到", "到", "至")


@dataclass(frozen=True)
class Period:
    """A word of time: where it stands, the period it names, its year if it has one, and how it is used."""

    start: int
    end: int
    label: str | None  # None: only a date to be kept from the numbers
    year: int | None = None
    month: int | None = None
    kind: str = "year"  # year, range, month, word, cumulative, relative
    base: bool = False  # the base of a comparison: 较上年度, 比2023年
    until: bool = False  # 截至, 到 … 底前
    only_date: bool = False  # never the period of a figure: inside a title or an edition


class Periods:
    """All words of time of a text, in order, found by position."""

    def __init__(self, flat: str, *, year: int | None) -> None:
        self._flat, self._year = flat, year
        self.all = tuple(self._read(found) for found in _PATTERN.finditer(flat))
        self._starts = [period.start for period in self.all]

    def covering(self, position: int) -> Period | None:
        """The word of time a position lies in."""
        at = bisect_right(self._starts, position) - 1
        if at >= 0 and position < self.all[at].end:
            return self.all[at]
        return None

    def between(self, start: int, end: int) -> tuple[Period, ...]:
        """The words of time that begin in flat[start:end] and may date a figure."""
        first = bisect_right(self._starts, start - 1)
        last = bisect_right(self._starts, end - 1)
        return tuple(period for period in self.all[first:last] if not period.only_date and period.label)

    def _read(self, found: re.Match[str]) -> Period:
        flat, start, end = self._flat, found.start(), found.end()
        base = flat[max(0, start - 2) : start].endswith(("较", "比", "同比", "由", "从", "与"))
        as_of = flat[max(0, start - 2) : start] in ("截至", "截止") or flat[max(0, start - 3) : start] in (
            "截至到",
            "截止到",
        )
        until = (
            as_of
            or flat[start - 1 : start] in ("到", "至")
            or flat[end : end + 1] == "前"
            or flat[end : end + 2] == "之前"
        )
        closed = self._in_title(start, end)
        label, year, month, kind = self._label(found, as_of=as_of)
        if flat[end : end + 1] == "的" and flat[max(0, start - 3) : start] in ("恢复至", "恢复到", "相当于"):
            label = None  # 恢复至2019年的八成: what it is measured by, not when
        if kind == "cumulative" and base:
            base = False
        return Period(start, end, label, year, month, kind, base, until, closed)

    def _label(self, found: re.Match[str], *, as_of: bool) -> tuple[str | None, int | None, int | None, str]:
        """Label, year, month and kind; the outermost group that matched tells how it is written."""
        prefix = "截至" if as_of else ""
        text, written = found.group(), found.lastgroup
        if written == "range":
            return f"{found[2]}-{found[3]}", int(found[3]), None, "range"
        if written in ("fiscal", "named"):
            label = found["named"] or f"{found['from']}-{found['to']}"
            return label, int(label[:4]), None, "year"
        if written == "han":
            year = int(chinese_value(found["han"][:4].replace("○", "〇")) or 0)
            return prefix + str(year), year, None, "year"
        reader = {"date": self._dated, "spoken": self._spoken, "month": self._month, "relative": self._relative}
        if written in reader:
            return reader[written](found, prefix)
        return _word(text, self._flat[found.end() : found.end() + 2], written)

    def _dated(self, found: re.Match[str], prefix: str) -> tuple[str | None, int | None, int | None, str]:
        text, year = found.group(), int(found["year"])
        digits = re.search(r"年度?(\d{1,2})(?:月?([—\-～至到])(\d{1,2}))?月", text)
        if digits and digits[2]:
            return f"{year}年{digits[1]}-{digits[3]}月", year, int(digits[3]), "month"
        if digits:
            return f"{prefix}{year}-{int(digits[1]):02d}", year, int(digits[1]), "month"
        if text.endswith("以来"):
            return f"{year}年以来", year, None, "range"
        if text.endswith(("半年", "季度")):
            return text.replace("第", ""), year, _end_month(text), "month"
        return prefix + str(year), year, None, "year"

    def _month(self, found: re.Match[str], prefix: str) -> tuple[str | None, int | None, int | None, str]:
        text = found.group()
        year = self._year
        if year and self._flat[max(0, found.start() - 2) : found.start()] in ("去年", "上年"):
            year -= 1
        months = re.findall(r"\d{1,2}", text.split("月")[0])
        if year is None or not 1 <= int(months[-1]) <= 12:
            return None, None, None, "month"
        if len(months) > 1:
            return f"{year}年{months[0]}-{months[1]}月", year, int(months[1]), "month"
        return f"{prefix}{year}-{int(months[0]):02d}", year, int(months[0]), "month"

    def _spoken(self, found: re.Match[str], prefix: str) -> tuple[str | None, int | None, int | None, str]:
        month = chinese_value(found["spoken_month"])
        if self._year is None or month is None or not 1 <= month <= 12:
            return None, None, None, "month"
        year = self._year + {"去": -1, "明": 1}.get(found["whose"], 0)
        return f"{prefix}{year}-{int(month):02d}", year, int(month), "month"

    def _relative(self, found: re.Match[str], prefix: str) -> tuple[str | None, int | None, int | None, str]:
        text = found.group()
        if self._year is None:
            return (None, None, None, "relative")
        if text.startswith(("上年", "去年", "上一年")):
            year = self._year - 1
        elif text.startswith(("明年", "下年")):
            year = self._year + 1
        elif text.startswith("前年"):
            year = self._year - 2
        elif text == "年初":
            return None, None, None, "relative"
        else:
            year = self._year
        if text.endswith("以来"):
            return f"{year}年以来", year, None, "range"
        if text.endswith(("半年", "季度")):
            return f"{year}年{text[-3:]}", year, _end_month(text), "month"
        return prefix + str(year), year, None, "relative"

    def _in_title(self, start: int, end: int) -> bool:
        flat = self._flat
        if flat[start - 1 : start] == "（" and flat[end : end + 1] in ("版", "）", "修", "本", "年", "试"):
            return True
        opened = flat.rfind("《", max(0, start - 60), start)
        return opened >= 0 and flat.find("》", opened, start) < 0 and "\n" not in flat[opened:start]


def _word(text: str, after: str, written: str | None) -> tuple[str | None, int | None, int | None, str]:
    """Words of time without a year: 十四五期间, 近三年, 目前, 现有, 每年."""
    label: str | None = text
    if written == "five":
        label = text.replace("“", "").replace("”", "") if text[-1] in "来间期末" else None
    elif written == "recent" and text.startswith("连续"):
        label = None
    elif written == "recent" and text[0] in "近过最前" and text[1:2] != "年":
        label = re.sub("(?<=年)以?来$", "", text)
    elif text == "年":
        label = "每年"
    elif text == "年均":
        label = None if after in ("增长", "增速", "复合", "递增") else "每年"
    elif text in ("截至目前", "截止目前", "到目前为止", "现已"):
        label = "目前"
    return label, None, None, {"累计": "cumulative", "现有": "stock"}.get(text, "word")


def _end_month(text: str) -> int:
    if "上半年" in text:
        return 6
    if "下半年" in text:
        return 12
    found = re.search(r"([一二三四1-4])季度", text)
    return (
        3 * {"一": 1, "二": 2, "三": 3, "四": 4}.get(found[1], 0)
        if found and not found[1].isdigit()
        else 3 * int(found[1])
        if found
        else 12
    )
