"""Numbers of Chinese standards: national, sector, local, group and enterprise."""

import re

from ._clean import normalize
from ._errors import IdentifierError

_PREFIX = r"GB(?:/[TZ])?|[A-Z]{2,3}(?:/[TZ])?|DB\d{2,4}(?:/T)?|T/[A-Z0-9]+?|Q/[A-Z0-9.]+?"
_YEAR = r"(?:19|20)\d{2}|[5-9]\d"
# A group's or firm's own mark may end in digits: where a space was typed, the number is what stands after it.
_STANDARD = re.compile(rf"({_PREFIX}) ?(\d+(?:\.\d+)*)-({_YEAR})")
_UNDATED = re.compile(rf"(?:{_PREFIX}) ?\d+(?:\.\d+)*")


def check_standard_number(text: str) -> str:
    """Return the canonical number of a Chinese standard: mark, one space, number, hyphen, year.

    Accepts full-width forms, any dash and missing or extra spaces. Raises :class:`IdentifierError` with the code
    ``year`` (no year of issue) or ``form``. Source: GB/T 1.1 and the measures on national, sector, local, group and
    enterprise standards; two-digit years belong to issues before 1996.

    >>> check_standard_number("GB/T44436-2024")
    'GB/T 44436-2024'
    >>> check_standard_number("t/cstm 00123—2020")
    'T/CSTM 00123-2020'
    """
    words = [normalize(word) for word in text.split()]
    plain = re.sub(r" ?([-/.]) ?", r"\1", " ".join(word for word in words if word))
    plain = re.sub(r"^DB (?=\d+/T)", "DB", plain)
    match = _STANDARD.fullmatch(plain)
    if match:
        mark, number, year = match.groups()
        return f"{mark} {number}-{year}"
    if _UNDATED.fullmatch(plain):
        raise IdentifierError("year", f"{plain!r} lacks the year of issue: add it, as in GB/T 44436-2024", len(plain))
    raise IdentifierError(
        "form", f"{plain!r} is no number of a Chinese standard: write mark, number and year, as in GB/T 44436-2024"
    )
