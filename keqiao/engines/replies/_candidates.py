"""Every numeral of the flat text judged once: a figure with value and unit, or a trap with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from keqiao.engines.replies._dates import Periods
from keqiao.engines.replies._numbers import NUMERALS, Number, read_number
from keqiao.engines.replies._view import View
from keqiao.engines.replies._vocabulary import UnitOf, Vocabulary

_START = re.compile(rf"[\d{NUMERALS}]")
_RUN = re.compile(rf"[\d{NUMERALS}]{{1,64}}")
_LATIN = re.compile(r"[A-Za-z/&+]{1,12}[ \-]?$")
_JOIN = "～—-至到"
_SIZE = re.compile(r"(?:以上)?的?(?:[大级]|企业|项目|园区|集群|产业)")  # 超亿元企业: which of them, not how much
_FORMAL = "壹贰叁肆伍陆柒捌玖"
_FORMAL_NEXT = tuple("壹贰叁肆伍陆柒捌玖拾佰仟万亿元")
_DURATIONS = ("year", "day", "week", "month")
_TERM = (
    "任期",
    "聘期",
    "为期",
    "有效期",
    "服务期",
    "期限",
    "兼任",
    "周期",
    "时间",
    "不超过",
    "至少",
    "满",
    "过渡期",
    "缩短",
    "试行",
    "不少于",
    "提前",
    "压缩",
    "用时",
    "平均",
    "约",
    "培养期",
    "建设期",
)


@dataclass(frozen=True)
class Candidate:
    """A figure in the flat text before its row is filled in."""

    start: int
    end: int
    value: Decimal
    value_max: Decimal | None
    unit: UnitOf
    unit_raw: str | None
    within: str | None  # 余 or 多 inside
    chinese: bool
    optional: bool = False


@dataclass(frozen=True)
class Trapped:
    """A numeral that is no figure."""

    start: int
    end: int
    reason: str


def judge(view: View, periods: Periods, vocabulary: Vocabulary) -> Iterator[Candidate | Trapped]:
    """Judge the numerals outside tables in the order of the text. One pass, bounded look-ahead at each numeral."""
    flat, position = view.flat, 0
    tables = iter([*view.tables, (len(flat), len(flat))])
    table = next(tables)
    while (found := _START.search(flat, position)) is not None:
        start = found.start()
        while start >= table[1] and table[1] < len(flat):
            table = next(tables)
        if start >= table[0]:
            position = max(table[1], start + 1)
            continue
        if flat[start] in _FORMAL and flat[start + 1 : start + 2] not in _FORMAL_NEXT:
            position = start + 1  # 食肆, 陆上: no numeral
            continue
        judged = _judge(flat, start, position, periods, vocabulary)
        if judged is None:
            position = _past(flat, start)
            continue
        yield judged
        position = max(judged.end, start + 1)


def _past(flat: str, start: int) -> int:
    """Behind the run of numerals at `start`: what could not be read from its head is not read from its middle."""
    end = start
    while (run := _RUN.match(flat, end)) is not None and (run.end() - end == 64):
        end = run.end()
    return run.end() if run else max(end, start + 1)


def _judge(flat: str, start: int, floor: int, periods: Periods, vocabulary: Vocabulary) -> Candidate | Trapped | None:
    trapped = _trap(flat, start, floor, periods, vocabulary)
    if trapped is not None:
        return trapped
    number = read_number(flat, start)
    if number is None:
        return None
    figure = _figure(flat, start, number, vocabulary)
    if figure is not None:
        return figure
    if not number.chinese:
        return Trapped(start, max(number.end, start + 1), "no_unit")
    return None


def _trap(flat: str, start: int, floor: int, periods: Periods, vocabulary: Vocabulary) -> Trapped | None:
    traps = vocabulary.traps
    before = flat[max(floor, start - 13) : start]
    latin = _LATIN.search(before)
    lead = start - len(latin.group()) if latin else start - 1
    if lead >= floor and (found := traps.lead[0].match(flat, lead)) is not None and found.end() > start:
        return Trapped(max(start, floor), found.end(), traps.lead[1][found.lastindex - 1 if found.lastindex else 0])
    if latin and start - 2 >= floor and flat[start - len(latin.group()) - 1 : start - len(latin.group())] == "第":
        found = traps.lead[0].match(flat, start - len(latin.group()) - 1)
        if found and found.end() > start:
            return Trapped(start, found.end(), "proposal_id")
    if (period := periods.covering(start)) is not None and period.start >= floor - 4:
        return Trapped(start, max(period.end, start + 1), "date")
    digit = "0" <= flat[start] <= "9"
    pattern, reasons = traps.digit if digit else traps.han
    if (found := pattern.match(flat, start)) is not None and found.end() > start:
        return Trapped(start, found.end(), reasons[(found.lastindex or 1) - 1])
    if latin and latin.group()[-1] not in "/+&" and digit and not latin.group().isspace():
        return Trapped(start, _past(flat, start), "name_digits")
    return None


def _figure(flat: str, start: int, number: Number, vocabulary: Vocabulary) -> Candidate | None:
    end, value, value_max = number.end, number.value, None
    if number.unit is not None:
        unit, unit_raw = UnitOf(number.unit, "percent"), None
        ranged = _second(flat, end, unit, vocabulary)
        if ranged is not None:
            value_max, end = ranged[0].value, ranged[1]
        return Candidate(start, end, value, value_max, unit, unit_raw, None, chinese=True)
    found = vocabulary.unit_at(flat, end)
    if found is None and flat[end : end + 1] in tuple(_JOIN):
        return _range(flat, start, number, vocabulary)
    if found is None:
        return _implied(flat, start, number, vocabulary)
    unit_end, unit = found
    if number.chinese and not _trusted(flat, start, number, unit_end, unit, vocabulary):
        return None
    if not number.chinese and _is_date_like(flat, start, number, unit_end, unit):
        return None
    raw = flat[end:unit_end]
    optional = _is_structural(flat, unit_end, unit, number, vocabulary)
    if optional and number.chinese:
        return None
    optional = optional or (number.chinese and number.digits == 1 and _SIZE.match(flat, unit_end) is not None)
    ranged = None if flat[start - 1 : start] in ("由", "从") else _second(flat, unit_end, unit, vocabulary)
    if ranged is not None:
        value_max, unit_end = ranged[0].value * unit.factor, ranged[1]
    within = _within(flat, start, unit_end) if number.vague else None
    return Candidate(
        start, unit_end, value * unit.factor, value_max, unit, raw, within, chinese=number.chinese, optional=optional
    )


def _within(flat: str, start: int, end: int) -> str:
    return next((word for word in "余来" if word in flat[start:end]), "多")


def _second(flat: str, end: int, unit: UnitOf, vocabulary: Vocabulary) -> tuple[Number, int] | None:
    """The upper end of 30%—50%: joined, a number, the same unit."""
    if flat[end : end + 1] not in tuple("～—-至") or not flat[end + 1 : end + 2]:
        return None
    number = read_number(flat, end + 1)
    if number is None:
        return None
    if number.unit is not None:
        return (number, number.end) if number.unit == unit.code else None
    found = vocabulary.unit_at(flat, number.end)
    return (number, found[0]) if found and found[1].code == unit.code else None


def _range(flat: str, start: int, first: Number, vocabulary: Vocabulary) -> Candidate | None:
    """7～8个月, 3至5亿元: the unit and the 万 of the second number are the first one's, too."""
    second = read_number(flat, first.end + 1)
    if (
        second is not None
        and second.unit == "percent"
        and first.chinese
        and first.value < 10
        and flat[second.end - 1] == "成"
    ):
        tenths = UnitOf("percent", "percent")  # 一至两成
        return Candidate(start, second.end, first.value * 10, second.value, tenths, None, None, chinese=True)
    if second is None or second.unit is not None or (first.chinese and flat[first.end] in "至到"):
        return None
    found = vocabulary.unit_at(flat, second.end)
    if found is None:
        return None
    end, unit = found
    low = first.value
    if second.scaled and not first.scaled:
        written = read_number(flat[first.end + 1 : first.end + 1 + second.digits], 0)
        if written is not None and written.value:
            low = low * (second.value / written.value)
    return Candidate(
        start,
        end,
        low * unit.factor,
        second.value * unit.factor,
        unit,
        flat[second.end : end],
        None,
        chinese=first.chinese,
    )


def _implied(flat: str, start: int, number: Number, vocabulary: Vocabulary) -> Candidate | None:
    if not number.scaled or (number.digits < 2 and number.chinese):
        return None
    after = flat[number.end : number.end + 1]
    if after not in ("，", "。", "、", "；", "（", "）", "\n", "以", "左", "的"):
        return None
    clause = flat[max(0, start - 16) : start]
    for noun, code in vocabulary.implied.items():
        if noun in clause and not re.search(r"[，。；\n]", clause[clause.rfind(noun) :]):
            kind = "amount" if code == "CNY" else "area" if code == "m2" else "count"
            within = _within(flat, start, number.end) if number.vague else None
            return Candidate(
                start, number.end, number.value, None, UnitOf(code, kind), None, within, chinese=number.chinese
            )
    return None


def _trusted(flat: str, start: int, number: Number, unit_end: int, unit: UnitOf, vocabulary: Vocabulary) -> bool:
    """Whether a Chinese numeral before a unit is a number and no phrase."""
    written = flat[number.end : unit_end]
    if flat[start - 1 : start] in ("第", "数", "几", "之", "唯", "统", "专"):
        return False
    if number.digits >= 2 and not (number.digits == 2 and number.vague):
        if unit.code in ("year", "day", "week"):
            return _is_term(flat, start, unit_end)
        return not (flat[start] in "百千万亿" and flat[start + 1 : start + 2] in "百千万亿")
    if flat[start] in "一零〇":
        return False
    if flat[start] in "百千万亿" and not number.vague:
        return flat[start - 1 : start] in ("近", "超", "过", "约", "达", "上") and written in vocabulary.single
    if unit.code in _DURATIONS:
        return _is_term(flat, start, unit_end)
    if written not in vocabulary.single and not number.vague:
        return False
    return (
        number.vague
        or written not in ("个", "次", "人", "项", "条")
        or _counts_things(flat, start, unit_end, written, vocabulary)
    )


def _counts_things(flat: str, start: int, end: int, written: str, vocabulary: Vocabulary) -> bool:
    """三个省实验室 counts, 三个方面 and 两人 (in a phrase) do not."""
    after = flat[end : end + 1]
    if written in ("人", "次"):
        return after in tuple("，。、；）")
    return bool(after) and vocabulary.structural.at(flat, end) is None


def _is_term(flat: str, start: int, end: int) -> bool:
    before = flat[max(0, start - 4) : start]
    return any(before.endswith(word) for word in _TERM) or (
        flat[end : end + 1] == "期" and flat[end + 1 : end + 2] not in ("行", "计", "滚")
    )


def _is_date_like(flat: str, start: int, number: Number, unit_end: int, unit: UnitOf) -> bool:
    if unit.code == "year":
        return (
            number.value >= 1900
            or flat[unit_end : unit_end + 1] in ("来", "间")
            or flat[start - 1 : start] in ("近", "第")
        )
    if flat[start - 1 : start] == "." or (
        unit.code == "day" and flat[unit_end - 1] == "日" and flat[unit_end - 2] not in "作然"
    ):
        return True
    return flat[start - 1 : start] == "第"


def _is_structural(flat: str, end: int, unit: UnitOf, number: Number, vocabulary: Vocabulary) -> bool:
    if unit.kind != "count" or number.value > 30:
        return False
    return vocabulary.structural.at(flat, end) is not None
