"""Chinese patent numbers: application numbers (ZC 0006-2003 and the scheme before it) and publication numbers."""

import re

from ._clean import normalize
from ._errors import IdentifierError

_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
# 1 invention, 2 utility model, 3 design, 8 PCT invention, 9 PCT utility model
_TYPES = "12389"
_PUBLICATION = re.compile(r"CN([1-9]\d{5,8})([A-Z]\d?)")


def check_patent_number(text: str) -> str:
    """Return the canonical application number ``YYYYTSSSSSSS.C``, or ``YYTSSSSS.C`` before October 2003.

    Accepts the prefix ``ZL`` or ``CN``, spaces, full-width forms and a missing dot; the check digit is required.
    Raises :class:`IdentifierError` with the code ``alphabet``, ``length``, ``year``, ``type`` or ``check``. Method: ZC
    0006-2003, weights 2…9,2…5, sum mod 11 with 10 written X, which catches every wrong character.

    >>> check_patent_number("ZL 2017 1 0601862.3")
    '201710601862.3'
    >>> check_patent_number("95115608x")
    '95115608.X'
    """
    plain = normalize(text).replace("-", "")
    prefix = 2 if plain.startswith(("ZL", "CN")) else 0
    number = plain[prefix:]
    body, check = _split(number, offset=prefix)
    _require_year_and_type(body, offset=prefix)
    if check != _check_digit(body):
        raise IdentifierError(
            "check",
            f"the check digit {check!r} does not follow from {body}: one or more characters are wrong, compare the "
            "number with the filing receipt or the certificate",
            len(plain),
        )
    return f"{body}.{check}"


def make_patent_number(*, year: int, kind: int, serial: int) -> str:
    """Build a valid application number of the scheme since 2003 from year, type digit and serial; for demo data.

    Raises what :func:`check_patent_number` raises.

    >>> make_patent_number(year=2017, kind=1, serial=601862)
    '201710601862.3'
    """
    body = f"{year:04d}{kind}{serial:07d}"
    if len(body) != 12:
        raise IdentifierError("length", f"year {year}, type {kind} and serial {serial} do not give 4 + 1 + 7 digits")
    return check_patent_number(f"{body}.{_check_digit(body)}")


def check_publication_number(text: str) -> str:
    """Return the canonical publication or grant number: ``CN``, six to nine digits and a kind code.

    Raises :class:`IdentifierError` with the code ``form``. Publication numbers carry no check digit.

    >>> check_publication_number("cn 107390376 b")
    'CN107390376B'
    """
    plain = normalize(text)
    if not _PUBLICATION.fullmatch(plain):
        raise IdentifierError(
            "form",
            f"{plain!r} is no Chinese publication number: write CN, digits and the kind letter, as in CN107390376B",
        )
    return plain


def _split(number: str, *, offset: int) -> tuple[str, str]:
    body, dot, check = number.partition(".")
    if not dot and len(number) in (9, 13):
        body, check = number[:-1], number[-1]
    for position, character in enumerate(body, start=offset + 1):
        if character not in "0123456789":
            raise IdentifierError(
                "alphabet", f"character [{position}] {character!r} must be a digit: correct it", position
            )
    if len(body) in (8, 12) and not check:
        raise IdentifierError(
            "length", f"the check digit after {body} is missing: write it after a dot as on the filing receipt"
        )
    if len(body) not in (8, 12) or len(check) != 1:
        raise IdentifierError(
            "length",
            f"an application number has 12 digits (8 before October 2003), a dot and a check digit; {number!r} "
            "has not: compare it with the filing receipt",
        )
    if check not in "0123456789X":
        position = offset + len(number)
        raise IdentifierError("alphabet", f"the check digit {check!r} must be a digit or X: correct it", position)
    return body, check


def _require_year_and_type(body: str, *, offset: int) -> None:
    modern = len(body) == 12
    year = int(body[:4]) if modern else _century(int(body[:2]))
    earliest, latest = (2003, 2099) if modern else (1985, 2003)
    if not earliest <= year <= latest:
        raise IdentifierError(
            "year",
            f"the year {year} lies outside {earliest}–{latest}, where numbers of this form exist: correct it",
            offset + 1,
        )
    position = 4 if modern else 2
    if body[position] not in _TYPES:
        raise IdentifierError(
            "type",
            f"the type digit {body[position]!r} is none of {', '.join(_TYPES)} (invention, utility model, "
            "design, PCT): correct it",
            offset + position + 1,
        )


def _century(two_digits: int) -> int:
    return 1900 + two_digits if two_digits >= 50 else 2000 + two_digits


def _check_digit(body: str) -> str:
    return "0123456789X"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=False)) % 11]
