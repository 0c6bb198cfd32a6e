"""From given values to clean ones, one function a type."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from keqiao.engines.identifiers import IdentifierError, check_identifier

if TYPE_CHECKING:
    from keqiao.catalogue.offers._model import Field

_SEPARATORS = re.compile(r"[;；,，、|\n]")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# Far above any price, and small enough for a 64-bit column in fen.
_MOST_FEN = 10**15
# Decimal arithmetic is exact up to 28 digits; a unit of money adds six.
_MOST_DIGITS = 20


class ValueProblem(ValueError):
    """A given value cannot be used; ``code`` says why.

    >>> ValueProblem("type", "no number").code
    'type'
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class MoneyUnit:
    """A unit of entered money: the suffix of its field names, its fen, its Chinese name and short name.

    >>> MONEY_UNITS["money_yuan"].text(42_000)
    '420 元'
    """

    suffix: str
    fen: int
    name: str
    short: str = ""

    def entered(self, fen: int) -> Decimal:
        """Return an amount of fen in this unit, without trailing zeros.

        >>> MONEY_UNITS["money_wan"].entered(1_805_000_00)
        Decimal('180.5')
        """
        amount = Decimal(fen) / self.fen
        return Decimal(int(amount)) if amount == int(amount) else amount.normalize()

    def text(self, fen: int, *, unit: str = "") -> str:
        """Return an amount of fen as people read it in Chinese, with this unit or a composed one.

        >>> MONEY_UNITS["money_wan"].text(3_000_000_000), MONEY_UNITS["money_yuan"].text(42_000, unit="元/小时")
        ('3,000 万元', '420 元/小时')
        """
        return f"{self.entered(fen):,} {unit or self.name}"

    def english_text(self, fen: int, *, unit: str = "") -> str:
        """Return an amount of fen as people read it in English: in yuan, with an addition such as ``per hour``.

        >>> MONEY_UNITS["money_yuan"].english_text(42_000, unit="per hour")
        'CNY 420 per hour'
        """
        return f"CNY {MONEY_UNITS['money_yuan'].entered(fen):,} {unit}".rstrip()


MONEY_UNITS: Mapping[str, MoneyUnit] = {
    "money_wan": MoneyUnit("_wan", 1_000_000, "万元", "万"),
    "money_yuan": MoneyUnit("_yuan", 100, "元"),
}


def clean_value(field: "Field", value: Any, *, is_fen: bool) -> Any:
    """Return the clean value of a field, None where nothing was given; raise :class:`ValueProblem` otherwise.

    ``is_fen``: the value is money in stored form.

    >>> from keqiao.catalogue.offers import Field
    >>> clean_value(Field(id="months", type="integer", name="月", name_en="Months"), " 36 ", is_fen=False)
    36
    """
    if field.type in ("text", "long_text"):
        value = _joined(value)
    if isinstance(value, str):
        value = value.strip()
    if value is None or value in ("", [], ()) or (isinstance(value, str) and value in field.empty_words):
        return None
    if is_fen:
        return _stored_fen(value)
    return _CLEANERS[field.type](field, value)


def _joined(value: Any) -> Any:
    """A list of texts as one text; its empty parts say nothing."""
    if isinstance(value, list | tuple) and value and all(isinstance(part, str) for part in value):
        return "、".join(filter(None, (part.strip() for part in value)))
    return value


def _text(field: "Field", value: Any) -> str:
    if not isinstance(value, str):
        raise ValueProblem("type", f"{value!r} is not text: write text")
    if len(value) > field.max_length:
        raise ValueProblem("length", f"it has {len(value)} characters, {field.max_length} fit: shorten it")
    return value


def _decimal(field: "Field", value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueProblem("type", f"{value!r} is not a number: write a number")
    text = str(value)
    for unit in (field.unit, field.unit_en):
        text = text.removesuffix(unit).rstrip()
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueProblem("type", f"{value!r} is not a number: write a number") from None
    if not number.is_finite():
        raise ValueProblem("type", f"{value!r} is not a finite number: write a number")
    if len(number.as_tuple().digits) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueProblem("range", f"{value} is too long to be exact: correct it")
    if field.minimum is not None and number < field.minimum:
        raise ValueProblem("range", f"{value} is below {field.minimum}: correct it")
    if field.maximum is not None and number > field.maximum:
        raise ValueProblem("range", f"{value} is above {field.maximum}: correct it")
    return number


def _number(field: "Field", value: Any) -> int | float:
    number = _decimal(field, value)
    if abs(number) >= 10**15:
        raise ValueProblem("range", f"{value} is too large: correct it")
    return int(number) if number == number.to_integral_value() else float(number)


def _integer(field: "Field", value: Any) -> int:
    number = _number(field, value)
    if not isinstance(number, int):
        raise ValueProblem("type", f"{value} is not a whole number: round it")
    return number


def _percent(field: "Field", value: Any) -> int | float:
    return _number(field, value.rstrip("%％ ") if isinstance(value, str) else value)


def _money(field: "Field", value: Any) -> int:
    unit = MONEY_UNITS[field.type]
    if isinstance(value, str):
        value = value.removesuffix(unit.name).removesuffix(unit.short or unit.name).strip()
    number = _decimal(field, value)
    if number < 0:
        raise ValueProblem("range", f"{value} is below 0: an amount cannot be negative")
    if number * unit.fen > _MOST_FEN:
        raise ValueProblem("range", f"{value} {unit.name} is more than can be stored: correct it")
    fen = number * unit.fen
    if fen != fen.to_integral_value():
        raise ValueProblem("precision", f"{value} {unit.name} is not a whole number of fen: give fewer decimals")
    return int(fen)


def _stored_fen(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueProblem("type", f"{value!r} is not an integer amount of fen: store integers only")
    if not 0 <= value <= _MOST_FEN:
        raise ValueProblem("range", f"{value} fen lies outside 0 to {_MOST_FEN}: correct it")
    return value


def _date(field: "Field", value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    match = _DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        if match:
            return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        pass
    raise ValueProblem("date", f"{value!r} is no day: write it as 2026-11-21")


def _choice(field: "Field", value: Any) -> str:
    for choice in field.choices:
        if value in (choice.code, choice.name, choice.name_en, *choice.also):
            return choice.code
    codes = ", ".join(choice.code for choice in field.choices)
    raise ValueProblem("choice", f"{value!r} is none of {codes}: choose one")


def _multi_choice(field: "Field", value: Any) -> list[str]:
    parts = [part for part in _SEPARATORS.split(value) if part.strip()] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple | set | frozenset):
        raise ValueProblem("type", f"{value!r} is not a list: give a list of codes")
    chosen = {_choice(field, part.strip() if isinstance(part, str) else part) for part in parts}
    return [choice.code for choice in field.choices if choice.code in chosen]


def _identifier(field: "Field", value: Any) -> str:
    if not isinstance(value, str):
        raise ValueProblem("type", f"{value!r} is not text: write the identifier as text")
    try:
        return check_identifier(value, kind=field.identifier)
    except IdentifierError as error:
        raise ValueProblem(f"identifier_{error.code}", error.message) from None


_CLEANERS: Mapping[str, Callable[["Field", Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "integer": _integer,
    "money_wan": _money,
    "money_yuan": _money,
    "percent": _percent,
    "date": _date,
    "choice": _choice,
    "multi_choice": _multi_choice,
    "identifier": _identifier,
}
