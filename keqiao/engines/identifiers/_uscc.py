"""Unified social credit code 统一社会信用代码, GB 32100-2015 with amendment 1 (2016).

Layout of the 18 characters: [1] registering authority, [2] category, [3–8] area of the registrar, [9–17] organisation
code of GB 11714 (8 characters and its own check), [18] check character. Both checks are verified. The area digits say
where a body was first registered, not where it is now, so nothing is derived from them.
"""

from ._clean import normalize, require_length
from ._errors import IdentifierError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, index, 31) for index in range(17))
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANIZATION_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# First character (registering authority) → the second characters (category) that the standard gives it.
CATEGORIES: dict[str, str] = {
    "1": "1239",  # establishment office: organ, public institution, mass organisation, other
    "2": "19",  # foreign affairs
    "3": "123459",  # justice
    "4": "19",  # culture
    "5": "1239",  # civil affairs: association, private non-enterprise, foundation, other
    "6": "129",  # tourism
    "7": "129",  # religion
    "8": "19",  # trade unions
    "9": "123",  # market regulation: enterprise, sole trader, farmers' co-operative
    "A": "19",  # military
    "N": "1239",  # agriculture: collective of group, village, township, other
    "Y": "1",  # other
}


def check_uscc(text: str) -> str:
    """Return the canonical 18 characters of a unified social credit code.

    Spaces, dashes, lower case and full-width forms are accepted. Raises :class:`IdentifierError` with the code
    ``length``, ``alphabet``, ``authority``, ``category``, ``area``, ``organization_check`` or ``check`` (the first
    that applies in this order) and the position in the cleaned text. Method: GB 32100-2015, Σ value·3^(i−1) mod 31,
    which catches every wrong character and every swap of two neighbours.

    >>> check_uscc("１１２２0000 013544429k")
    '11220000013544429K'
    >>> check_uscc("11220000412760962A")
    Traceback (most recent call last):
    keqiao.engines.identifiers._errors.IdentifierError: the check character [18] is 'A' but does not follow from ...
    """
    code = normalize(text).replace("-", "")
    require_length(code, expected=18, what="a unified social credit code")
    _require_alphabet(code)
    _require_head(code)
    if code[16] != _organization_check(code[8:16]):
        raise IdentifierError(
            "organization_check",
            f"character [17] {code[16]!r} does not follow from the organisation code {code[8:16]} in [9–16]: "
            "compare characters 9 to 17 with the certificate",
            17,
        )
    if code[17] != _check_character(code[:17]):
        raise IdentifierError(
            "check",
            f"the check character [18] is {code[17]!r} but does not follow from the 17 before it: "
            "one or more characters are wrong, compare the whole code with the certificate",
            18,
        )
    return code


def organization_code(uscc: str) -> str:
    """Return the organisation code of GB 11714 inside a valid unified social credit code, written ``XXXXXXXX-C``.

    Raises what :func:`check_uscc` raises.

    >>> organization_code("91110000600037341L")
    '60003734-1'
    """
    code = check_uscc(uscc)
    return f"{code[8:16]}-{code[16]}"


def make_uscc(*, authority: str, category: str, area: str, serial: str | int) -> str:
    """Build a valid unified social credit code from its parts, both checks computed; for demo and test data.

    ``area`` has six digits; ``serial`` is the body of the organisation code: eight characters of the alphabet, or an
    integer that is padded to eight digits. Use an area that no registrar has (such as 229999), so that the result
    cannot hit a real body. Raises what :func:`check_uscc` raises.

    >>> make_uscc(authority="9", category="1", area="229999", serial=42)
    '91229999000000422K'
    """
    body = f"{serial:08d}" if isinstance(serial, int) else serial
    require_length(body, expected=8, what="the serial of an organisation code")
    head = f"{authority}{category}{area}"
    require_length(head, expected=8, what="authority, category and area together")
    _require_alphabet(head + body)
    stem = head + body + _organization_check(body)
    return check_uscc(stem + _check_character(stem))


def _require_alphabet(code: str) -> None:
    for position, character in enumerate(code, start=1):
        if character not in _VALUES:
            raise IdentifierError(
                "alphabet",
                f"character [{position}] {character!r} never occurs in a unified social credit code (digits and "
                "capital letters without I, O, S, V, Z): check whether 1, 0, 5 or 2 was meant",
                position,
            )


def _require_head(code: str) -> None:
    categories = CATEGORIES.get(code[0])
    if categories is None:
        raise IdentifierError(
            "authority",
            f"character [1] {code[0]!r} names no registering authority ({', '.join(CATEGORIES)}): correct it",
            1,
        )
    if code[1] not in categories:
        raise IdentifierError(
            "category",
            f"character [2] {code[1]!r} is no category of authority {code[0]} ({', '.join(categories)}): correct it",
            2,
        )
    for position, character in enumerate(code[2:8], start=3):
        if not character.isdigit():
            raise IdentifierError(
                "area",
                f"character [{position}] {character!r} must be a digit of the area [3–8]: correct it",
                position,
            )


def _check_character(stem: str) -> str:
    total = sum(_VALUES[character] * weight for character, weight in zip(stem, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def _organization_check(body: str) -> str:
    values = (_ORGANIZATION_CHARACTERS.index(character) for character in body)
    total = sum(value * weight for value, weight in zip(values, _ORGANIZATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]
