"""Telephones, e-mails, identity numbers and names in a text: what others see of them, letter for letter as long.

A masked text may travel back to us (the downloads of a dropped reply) and has to be read as the given one was. So there
are three steps that all keep the length, and every span into the text stays right: `conceal` writes zeros over the
secret digits, `mask` shows asterisks in their places, `opened` makes a masked text a concealed one again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Span = tuple[int, int]
_PERSONAL = re.compile(
    r"(?<![\dA-Za-z.])(?:"
    r"(?P<id>[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx])"
    r"|(?P<mobile>1[3-9]\d(?:[- ]?\d){8})"
    r"|(?P<phone>[(（]?0\d{2,3}[)）]?[- —－]?\d{3,4}[- ]?\d{4})"
    r"|(?P<email>[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,})"
    r")(?![\dA-Za-z]|\.\d)"
)
_DIGITS = re.compile(r"\d")
_MASKED_NUMBER = re.compile(r"(?<!\d)\d{1,3}[*)） —－-]{4,20}(?:\d{4})?(?!\d)")
_MASKED_NAME = re.compile(r"(?<=[一-鿿])\*{1,3}(?!\*)")
KEPT_BEFORE, KEPT_BEHIND = 3, 4
SHORTEST = 11  # a local number is short: of it the first digit alone may be seen


def masked(text: str, *, contacts: Iterable[Mapping[str, Any]] = ()) -> str:
    """What is shown of a text: `contacts` are the spans the parser found; what else looks like one is covered as well.

    >>> masked("电话（0431）88001234")
    '电话（043*）****1234'
    """
    rows = list(contacts)
    names = [(start, end) for row in rows if row.get("name_span") for start, end in [row["name_span"]]]
    phones = [(start, end) for row in rows if row.get("phone_span") for start, end in [row["phone_span"]]]
    return mask(text, names=names, numbers=[*personal(text), *phones])


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
    return _covered(text, names, numbers, name="某", digit="0", letter="x")


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
    return _covered(text, names, numbers, name="*", digit="*", letter="*")


def _covered(text: str, names: Sequence[Span], numbers: Sequence[Span], *, name: str, digit: str, letter: str) -> str:
    letters = list(text)
    for start, end in names:
        for place in _kept_apart([place for place in range(start, end) if not text[place].isspace()], before=1):
            letters[place] = name
    for start, end in numbers:
        at = text.find("@", start, end)
        if at >= 0:
            letters[start + 1 : at] = letter * (at - start - 1)
            continue
        digits = [start + match.start() for match in _DIGITS.finditer(text[start:end])]
        is_long = len(digits) >= SHORTEST
        hidden = _kept_apart(digits, before=KEPT_BEFORE if is_long else 1, behind=KEPT_BEHIND if is_long else 0)
        for place in hidden:
            letters[place] = digit
    return "".join(letters)


def _kept_apart(places: list[int], *, before: int, behind: int = 0) -> list[int]:
    return places[before : len(places) - behind]
