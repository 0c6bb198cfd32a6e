"""Numbers as people write them: digits with thousands, powers of ten, 万/亿, Chinese numerals, 半, 百分之五."""

from __future__ import annotations

import re

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
_SUPERSCRIPTS = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
MAX_DIGITS = 24

_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?")
_TEN = (
    r"10(?:\^\(?([-+]?\d{1,3})\)?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|的(负?[\d一二三四五六七八九十]{1,3})次方|([-+]\d{1,2})(?![\d.]))"
)
_SCIENTIFIC = re.compile(r"\s?[×xX*·]\s?" + _TEN + r"|[eE]([-+]?\d{1,3})(?!\d)")
_POWER = re.compile(_TEN)
_MULTIPLIER = re.compile(r"(?:十|百|千)?[万亿]+|[百千](?=[^瓦克米帕伏安赫牛焦字卡升乏巴电])")
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?")
_SHARE = re.compile(
    r"(百分之|千分之|万分之|([一二两三四五六七八九十])分之)([零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?|\d+(?:\.\d+)?)"
)
_SHARES = {"百分之": ("%", 1.0), "千分之": ("‰", 1.0), "万分之": ("%", 0.01)}


def chinese_number(text: str) -> float | None:
    """The value of a Chinese numeral, or None when it is not well formed.

    >>> chinese_number("一百二十"), chinese_number("两千"), chinese_number("零点五"), chinese_number("二五")
    (120.0, 2000.0, 0.5, None)
    """
    whole, _, decimals = text.partition("点")
    total = section = 0
    digit: int | None = None
    for character in whole:
        if character in _DIGITS:
            if digit not in (None, 0):
                return None
            digit = _DIGITS[character]
        elif character in _POWERS:
            section += (1 if digit is None else digit) * _POWERS[character]
            digit = None
        else:
            total = (total + section + (digit or 0) or 1) * _GROUPS[character]
            section, digit = 0, None
    value = float(total + section + (digit or 0))
    if decimals:
        value += float("0." + "".join(str(_DIGITS[character]) for character in decimals))
    return value


def read_share(text: str, position: int) -> tuple[int, float, str] | None:
    """百分之五 → (end, 5.0, "%"); 三分之一 → (end, 0.333…, "1")."""
    found = _SHARE.match(text, position)
    if found is None:
        return None
    number = float(found[3]) if found[3][0].isascii() else chinese_number(found[3])
    if number is None:
        return None
    if found[1] in _SHARES:
        unit, factor = _SHARES[found[1]]
        return found.end(), number * factor, unit
    whole = chinese_number(found[2])
    return (found.end(), number / whole, "1") if whole else None


def read_number(text: str, position: int) -> tuple[int, float] | None:
    """The unsigned number that begins at `position`: its end and value, powers of ten and 万/亿 resolved."""
    if text.startswith("10", position) and (power := _POWER.match(text, position)):
        return power.end(), _exponent(power)
    found = _ARABIC.match(text, position)
    if found is None:
        return _read_chinese(text, position)
    end, literal = found.end(), found[0].replace(",", "")
    if len(literal) > MAX_DIGITS:
        return end, float("inf")
    value = float(literal)
    if scientific := _SCIENTIFIC.match(text, end):
        end, value = scientific.end(), _scaled(literal, scientific)
    if multiplier := _MULTIPLIER.match(text, end):
        factor = chinese_number(multiplier[0])
        if factor is not None:
            end, value = multiplier.end(), _clean(value * factor)
    return end, value


def _read_chinese(text: str, position: int) -> tuple[int, float] | None:
    if text.startswith("半", position):
        return position + 1, 0.5
    found = _CHINESE.match(text, position, position + MAX_DIGITS)
    if found is None:
        return None
    end, numeral = found.end(), found[0]
    if numeral[-1] == "千" and len(numeral) > 1 and text[end : end + 1] in tuple("瓦克米帕伏安赫牛焦"):
        end, numeral = end - 1, numeral[:-1]
    value = chinese_number(numeral)
    return None if value is None else (end, value)


def _exponent(found: re.Match[str]) -> float:
    return float(f"1e{_power_text(found)}")


def _scaled(literal: str, found: re.Match[str]) -> float:
    return float(f"{literal}e{_power_text(found)}")


def _power_text(found: re.Match[str]) -> str:
    digits = next(group for group in found.groups() if group).translate(_SUPERSCRIPTS)
    if digits.lstrip("-+").isdigit():
        return digits[:5]
    sign, rest = ("-", digits[1:]) if digits[0] == "负" else ("", digits)
    number = float(rest) if rest.isdigit() else chinese_number(rest)
    return f"{sign}{int(number or 0)}"


def _clean(value: float) -> float:
    """2.3万 is 23000, not 22999.999…"""
    return float(f"{value:.12g}")
