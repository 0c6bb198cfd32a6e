"""ORCID, the international identifier of a researcher: 16 characters, ISO/IEC 7064 MOD 11-2."""

from ._clean import normalize, require_length
from ._errors import IdentifierError

_ADDRESSES = ("HTTPS://ORCID.ORG/", "HTTP://ORCID.ORG/", "ORCID.ORG/", "ORCID:")


def check_orcid(text: str) -> str:
    """Return the canonical ORCID ``0000-0002-1825-0097``; its web address is accepted too.

    Raises :class:`IdentifierError` with the code ``length``, ``alphabet`` or ``check``. Method: ISO/IEC 7064 MOD 11-2,
    which catches every wrong character.

    >>> check_orcid("https://orcid.org/0000-0002-1825-0097")
    '0000-0002-1825-0097'
    """
    plain = normalize(text)
    for address in _ADDRESSES:
        plain = plain.removeprefix(address)
    digits = plain.rstrip("/").replace("-", "")
    require_length(digits, expected=16, what="an ORCID")
    for position, character in enumerate(digits, start=1):
        if character not in ("0123456789X" if position == 16 else "0123456789"):
            raise IdentifierError(
                "alphabet",
                f"character [{position}] {character!r} must be a digit (X only at the end): correct it",
                position,
            )
    if digits[15] != _check_character(digits[:15]):
        raise IdentifierError(
            "check",
            f"the check character {digits[15]!r} does not follow from the 15 digits before it: compare with the "
            "person's own record",
            16,
        )
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def _check_character(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2 % 11
    return "0123456789X"[(12 - total) % 11]
