"""Numbers as replies write them, read exactly: 2.86万 · 二十三点七亿 · 百分之十八点六 · 四成二 · 三分之一."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_DIGITS |= {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
_POWERS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
NUMERALS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
MAX_DIGITS = 24

_ARABIC = re.compile(
    r"\d{1,3}(?: \d{3}){1,4}(?=[一-鿿%])|\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,6})?(?![\d,])|\d{1,24}(?:\.\d{1,8})?(?!\d)"
)
_SCALE = re.compile(r"(?:十|百|千)?(?:万亿|亿万|万|亿)|[百千](?![一-鿿]{0,1}[瓦克米])")
_CHINESE = re.compile(f"[{NUMERALS}]{{1,24}}(?![{NUMERALS}])")
_DECIMALS = re.compile(r"点([零〇一二三四五六七八九]{1,8})(万亿|千万|百万|万|亿)?")
_SHARE = re.compile(
    rf"(百分之|千分之|万分之)(?:([{NUMERALS}]{{1,8}})(?:点([零〇一二三四五六七八九]{{1,6}}))?|(\d{{1,6}}(?:\.\d{{1,4}})?))"
)
_FRACTION = re.compile(r"([二三四五六七八九十])分之([一二三四五六七八九两])")
_TENTHS = re.compile(
    r"([一二两三四五六七八九十]|\d(?:\.\d)?)成([一二三四五六七八九])?(?![员立为功熟果本长交效品绩就分都才套型])"
)
_MEASURED = re.compile(r"[万亿]?(?:[吨亩户家个人名位台件项场元所座]|公里|公斤)")
_PERCENT = {"百分之": Decimal(1), "千分之": Decimal("0.1"), "万分之": Decimal("0.01")}


@dataclass(frozen=True)
class Number:
    """A number in a text: its end and exact value, whether 余 or 多 stands inside, and a unit it tells by itself."""

    end: int
    value: Decimal
    vague: bool = False
    unit: str | None = None
    chinese: bool = False
    digits: int = 0  # how many characters of numeral: one alone is often a word, not a number
    scaled: bool = False  # 万, 亿 … stand in it


def chinese_value(text: str) -> Decimal | None:
    """The value of a Chinese numeral of whole numbers, None where it is not well formed.

    >>> chinese_value("一千二百零六"), chinese_value("十一亿八千万"), chinese_value("二〇二五"), chinese_value("五六")
    (Decimal('1206'), Decimal('1180000000'), Decimal('2025'), None)
    """
    if len(text) > 2 and all(character in _DIGITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    total = section = 0
    digit: int | None = None
    for character in text:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
        elif character in _POWERS:
            section += (1 if digit is None else digit) * _POWERS[character]
            digit = None
        else:
            group = _GROUPS[character]
            amount = section + (digit or 0)
            if group == 100_000_000 or not total:
                total = (total + amount or 1) * group
            else:
                total += (amount or 1) * group
            section, digit = 0, None
    return Decimal(total + section + (digit or 0))


def read_number(text: str, position: int) -> Number | None:
    """The unsigned number that begins at `position`, 万 and 亿 multiplied out, 余 and 多 taken in.

    >>> read_number("1500余万元", 0)
    Number(end=6, value=Decimal('15000000'), vague=True, unit=None, chinese=False, digits=4, scaled=True)
    """
    share = _share(text, position)
    if share is not None:
        return share
    found = _ARABIC.match(text, position)
    if found is not None:
        value = Decimal(re.sub("[, ]", "", found.group()))
        return _scaled(text, found.end(), value, chinese=False, digits=found.end() - position)
    return _chinese(text, position)


def _share(text: str, position: int) -> Number | None:
    found = _SHARE.match(text, position)
    if found:
        value = Decimal(found[4]) if found[4] else chinese_value(found[2])
        if value is None:
            return None
        if found[3]:
            value += _decimals(found[3])
        return Number(found.end(), value * _PERCENT[found[1]], unit="percent", chinese=True, digits=4)
    found = _FRACTION.match(text, position)
    if found:
        above, below = _DIGITS[found[2]], 10 if found[1] == "十" else _DIGITS[found[1]]
        value = round(Decimal(above * 100) / Decimal(below), 2)
        return Number(found.end(), value, unit="percent", chinese=True, digits=4)
    found = _TENTHS.match(text, position)
    if found:
        tenths = Decimal(found[1]) if found[1][0].isdigit() and found[1].isascii() else chinese_value(found[1])
        ones = _DIGITS[found[2]] if found[2] else 0
        return (
            None if tenths is None else Number(found.end(), tenths * 10 + ones, unit="percent", chinese=True, digits=3)
        )
    return None


def _chinese(text: str, position: int) -> Number | None:
    found = _CHINESE.match(text, position)
    if found is None:
        return None
    numeral, end = found.group(), found.end()
    decimals = _DECIMALS.match(text, end)
    value = chinese_value(numeral)
    if value is None:
        return None
    if decimals:
        value = (value + _decimals(decimals[1])) * (chinese_value(decimals[2] or "") if decimals[2] else 1)  # type: ignore[operator]
        end = decimals.end()
    scaled = numeral[-1] in _GROUPS or bool(decimals and decimals[2])
    return _scaled(text, end, value, chinese=True, digits=end - position, scaled=scaled)


def _decimals(digits: str) -> Decimal:
    return Decimal("0." + "".join(str(_DIGITS[character]) for character in digits))


def _scaled(text: str, end: int, value: Decimal, *, chinese: bool, digits: int, scaled: bool = False) -> Number:
    vague = _is_vague(text, end)
    end += vague
    if (not chinese or vague) and (scale := _SCALE.match(text, end)):
        factor = chinese_value(scale.group())
        if factor is not None:
            value, end, scaled = value * factor, scale.end(), True
    if not vague and _is_vague(text, end):
        vague, end = True, end + 1
    return Number(end, _plain(value), vague=vague, chinese=chinese, digits=digits, scaled=scaled)


def _is_vague(text: str, end: int) -> bool:
    """余 or 多 before a unit; 多种 and 多方 are words of their own. 来 only behind a round number: 三百来吨."""
    if text[end : end + 1] == "来" and end and text[end - 1] in "十百千万":
        return _MEASURED.match(text, end + 1) is not None
    return text[end : end + 1] in ("余", "多") and text[end + 1 : end + 2] not in ("", "，", "。", "、", "方")


def _plain(value: Decimal) -> Decimal:
    """28600, not 2.86E+4, and 2, not 2.00."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()
