"""What people write in a cell, read as what they mean: days, money, numbers, yes and no, one of a list.

A value that cannot be read raises `CellError` with a stable code; the sentence for it is made where it is shown.
"""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

FEN_PER_YUAN = 100
_UNITS = {"亿元": 100_000_000, "亿": 100_000_000, "万元": 10_000, "万": 10_000, "元": 1, "": 1}
_EPOCH = datetime.date(1899, 12, 30)  # the day before the first, as spreadsheets count with their wrong leap year
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?$")
_MONTH = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?(?:底|末|前)?$")
_YEAR = re.compile(r"^(\d{4})\s*年?(?:度|底|末|前)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_MONTHS = re.compile(r"^(\d+(?:\.\d+)?)\s*个?(月|年)(?:内|以内|左右)?$")
_MONEY = re.compile(r"^(?:人民币|[¥￥])?(\d[\d,]*(?:\.\d+)?)(亿元|亿|万元|万|元)?(?:左右|以内|以上)?$")
_RANGE = re.compile(r"^(.+?)(?:[-~—–－]+|至|到)(.+)$")
_OPEN_PRICE = frozenset({"open", "negotiable", "面议", "面谈", "待定", "协商", "双方协商", "无", "/", "-", "—"})
_YES = frozenset({"是", "有", "对", "√", "✓", "y", "yes", "true", "1"})
_NO = frozenset({"否", "无", "没有", "×", "n", "no", "false", "0", ""})
_SPLIT = re.compile(r"[;；,，、|/\n]+")
_EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number than these


class CellError(ValueError):
    """A cell that cannot be read. `code` is stable; `given` is what stood there."""

    def __init__(self, code: str, given: str) -> None:
        super().__init__(f"{code}: {given}")
        self.code = code
        self.given = given


def as_text(value: object) -> str:
    """A cell as text: 12.0 is 12, a moment at midnight is a day, spaces at the ends do not count.

    >>> as_text(12.0), as_text(datetime.datetime(2026, 5, 1)), as_text("  甲 ")
    ('12', '2026-05-01', '甲')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value).strip()


def as_code(value: object) -> str:
    """A number that is a name: digits and letters. A number cell that is too long has lost its last digits.

    >>> as_code(13800000000.0)
    '13800000000'
    """
    if isinstance(value, float | int) and not isinstance(value, bool) and abs(value) >= 10**_EXACT_DIGITS:
        raise CellError("lost_digits", as_text(value))
    return unicodedata.normalize("NFKC", as_text(value)).strip("'’ ")


def as_date(value: object, *, whole: str = "last") -> datetime.date | None:
    """A day, however it was written; of a month or year alone its `whole` says which day is meant, "first" or "last".

    >>> as_date(46022.0), as_date("2026年3月5日"), as_date("2026.2")
    (datetime.date(2025, 12, 31), datetime.date(2026, 3, 5), datetime.date(2026, 2, 28))
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, float | int) and not isinstance(value, bool) and int(value) in _SERIALS:
        return _EPOCH + datetime.timedelta(days=int(value))
    text = unicodedata.normalize("NFKC", as_text(value))
    if not text or text in ("/", "-", "长期", "长期有效", "无"):
        return None
    if text.isdecimal() and int(text) in _SERIALS:
        return _EPOCH + datetime.timedelta(days=int(text))
    if found := _DAY.match(text) or _COMPACT.match(text):
        return _date(*(int(part) for part in found.groups()), given=text)
    if found := _MONTH.match(text):
        year, month = int(found[1]), int(found[2])
        _date(year, month, 1, given=text)
        return datetime.date(year, month, calendar.monthrange(year, month)[1] if whole == "last" else 1)
    if found := _YEAR.match(text):
        return datetime.date(int(found[1]), 12, 31) if whole == "last" else datetime.date(int(found[1]), 1, 1)
    raise CellError("date", text)


def as_deadline(value: object, *, on: datetime.date) -> datetime.date | None:
    """A day, or the months or years from `on` that were asked for.

    >>> as_deadline("18个月", on=datetime.date(2026, 8, 31))
    datetime.date(2028, 2, 29)
    """
    text = unicodedata.normalize("NFKC", as_text(value)).replace("半年", "6个月")
    if found := _MONTHS.match(text):
        months = round(float(found[1]) * (12 if found[2] == "年" else 1))
        year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
        if year > datetime.MAXYEAR - 1:
            raise CellError("date", text)
        return datetime.date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))
    return as_date(value)


def as_money(value: object, *, unit: str) -> tuple[int, int] | None:
    """Fen, from and to; a bare number counts in `unit` (元, 万元, 亿元). None if the price is open.

    >>> as_money("30-50万", unit="元"), as_money(12.5, unit="万元"), as_money("面议", unit="万元")
    ((30000000, 50000000), (12500000, 12500000), None)
    """
    text = "".join(unicodedata.normalize("NFKC", as_text(value)).split())
    if not text or text.casefold() in _OPEN_PRICE:
        return None
    if (found := _RANGE.match(text)) and (upper := _MONEY.match(found[2])):
        lower = _MONEY.match(found[1])
        if lower is None:
            raise CellError("money", text)
        low = _fen(lower[1], lower[2] or upper[2] or unit, given=text)
        high = _fen(upper[1], upper[2] or unit, given=text)
        if low > high:
            raise CellError("money_order", text)
        return low, high
    single = _MONEY.match(text)
    if single is None:
        raise CellError("money", text)
    fen = _fen(single[1], single[2] or unit, given=text)
    return fen, fen


def unit_of(heading: str, *, default: str) -> str:
    """The unit a heading names for its money.

    >>> unit_of("拟投入资金（万元）", default="元"), unit_of("金额", default="元")
    ('万元', '元')
    """
    found = re.search(r"[(（\[【]\s*(亿元|万元|元)\s*[)）\]】]", heading)
    return found[1] if found else default


def as_number(value: object) -> int | None:
    """A whole number, as a number or in words such as 6级.

    >>> as_number(6.0), as_number("TRL 7"), as_number("")
    (6, 7, None)
    """
    text = unicodedata.normalize("NFKC", as_text(value))
    if not text or text in ("/", "-"):
        return None
    found = re.fullmatch(r"\D{0,6}?(\d{1,9})\D{0,3}", text)
    if found is None:
        raise CellError("number", text)
    return int(found[1])


def as_flag(value: object) -> bool:
    """Yes or no.

    >>> as_flag("是"), as_flag("√"), as_flag("")
    (True, True, False)
    """
    text = unicodedata.normalize("NFKC", as_text(value)).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError("flag", text)


def as_choice(value: object, names: Mapping[str, str]) -> str:
    """The code of a choice; `names` leads from everything it may be called to its code, codes included.

    >>> as_choice(" 一般 ", {"紧急": "high", "一般": "normal"})
    'normal'
    """
    text = "".join(unicodedata.normalize("NFKC", as_text(value)).split())
    if not text:
        return ""
    wanted = text.casefold()
    plain = {"".join(unicodedata.normalize("NFKC", name).split()).casefold(): code for name, code in names.items()}
    if wanted in plain:
        return plain[wanted]
    near = {code for name, code in plain.items() if len(name) > 1 and (name in wanted or wanted in name)}
    if len(near) == 1:
        return near.pop()
    raise CellError("choice", text)


def as_choices(value: object, names: Mapping[str, str]) -> list[str]:
    """The codes of several choices in one cell."""
    found = [as_choice(part, names) for part in as_words(value)]
    return list(dict.fromkeys(code for code in found if code))


def as_words(value: object) -> list[str]:
    """Words parted by any of the usual marks.

    >>> as_words("激光；熔覆、 涂层")
    ['激光', '熔覆', '涂层']
    """
    return [part.strip() for part in _SPLIT.split(as_text(value)) if part.strip()]


def _date(year: int, month: int, day: int, *, given: str) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise CellError("date", given) from error


def _fen(number: str, unit: str, *, given: str) -> int:
    try:
        fen = Decimal(number.replace(",", "")) * _UNITS[unit] * FEN_PER_YUAN
    except InvalidOperation as error:
        raise CellError("money", given) from error
    if fen != int(fen):
        raise CellError("money_fraction", given)
    if fen >= 10**17:
        raise CellError("money_too_large", given)
    return int(fen)
