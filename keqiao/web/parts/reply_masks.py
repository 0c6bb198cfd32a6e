"""Telephones, e-mail addresses and identity numbers in a text: what others see of them, letter for letter as long.

A masked text travels back to us for the downloads and has to be read as the given one was. So there are three steps
that all keep the length, and every span into the text stays right: `conceal` writes zeros over the secret digits,
`mask` shows asterisks in their places, `opened` makes a masked text a concealed one again.
"""

import re
from collections.abc import Iterable, Sequence

Span = tuple[int, int]
_PERSONAL = re.compile(
    r"(?<![\dA-Za-z.])(?:"
    r"(?P<id>[1-9]\d{5}(?:19|20)\d{9}[\dXx])"
    r"|(?P<mobile>1[3-9]\d(?:[- ]?\d{4}){2})"
    r"|(?P<phone>[(（]?0\d{2,3}[)）]?[- —－]?\d{7,8})"
    r"|(?P<email>[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,})"
    r")(?![\dA-Za-z])"
)
_DIGITS = re.compile(r"\d")
_MASKED_NUMBER = re.compile(r"(?<!\d)\d{3}[*)） —－-]{4,16}\d{4}(?!\d)")
_MASKED_NAME = re.compile(r"(?<=[一-鿿])\*{1,3}(?!\*)")
KEPT_BEFORE, KEPT_BEHIND = 3, 4


def personal(text: str, *, figures: Iterable[Span] = ()) -> list[Span]:
    """Where the text holds a telephone, an e-mail address or an identity number; not inside one of the figures."""
    taken = list(figures)
    found = (match.span() for match in _PERSONAL.finditer(text))
    return [span for span in found if not any(span[0] < end and start < span[1] for start, end in taken)]


def conceal(text: str, *, names: Sequence[Span], numbers: Sequence[Span]) -> str:
    """The text with the middle of its personal numbers set to zeros and given names to 某; twice changes no more.

    >>> conceal("联系人：王晓明 13512345678", names=[(4, 7)], numbers=[(8, 19)])
    '联系人：王某某 13500005678'
    """
    for start, end in names:
        text = text[:start] + _covered(text[start:end], keep=1, cover="某") + text[end:]
    for start, end in numbers:
        text = text[:start] + _zeroed(text[start:end]) + text[end:]
    return text


def opened(text: str) -> str:
    """A masked text as its concealed one: with digits and letters where the asterisks stand.

    >>> opened("联系人：王** 135****5678")
    '联系人：王某某 13500005678'
    """
    text = _MASKED_NUMBER.sub(lambda match: match[0].replace("*", "0") if "***" in match[0] else match[0], text)
    return _MASKED_NAME.sub(lambda match: "某" * len(match[0]), text)


def mask(text: str, *, names: Sequence[Span], numbers: Sequence[Span]) -> str:
    """What is shown: 135****5678, 王**, a***@x.cn.

    >>> mask("联系人：王晓明 13512345678", names=[(4, 7)], numbers=[(8, 19)])
    '联系人：王** 135****5678'
    """
    for start, end in names:
        text = text[:start] + _covered(text[start:end], keep=1, cover="*") + text[end:]
    for start, end in numbers:
        text = text[:start] + _zeroed(text[start:end], zero="*") + text[end:]
    return text


def _covered(name: str, *, keep: int, cover: str) -> str:
    letters = [place for place, letter in enumerate(name) if not letter.isspace()]
    hidden = set(letters[keep:])
    return "".join(cover if place in hidden else letter for place, letter in enumerate(name))


def _zeroed(number: str, *, zero: str = "0") -> str:
    before, at, host = number.partition("@")
    if at:
        return before[:1] + ("*" if zero == "*" else "x") * (len(before) - 1) + at + host
    places = [match.start() for match in _DIGITS.finditer(number)]
    inner = set(places[KEPT_BEFORE : max(KEPT_BEFORE, len(places) - KEPT_BEHIND)])
    return "".join(zero if place in inner else letter for place, letter in enumerate(number))
