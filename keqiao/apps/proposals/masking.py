"""Contacts in a text, covered with stars of the same length so that every span still fits."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_MOBILE = re.compile(r"(?<![\d.])1[3-9]\d(?:[ \-]?\d){8}(?![\d.])")
_LINE = re.compile(r"(?<!\d)0\d{2,3}[-—－ ]?\d{7,8}(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_CITIZEN = re.compile(r"(?<![\dA-Z])\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\dA-Z])")
_DIGIT = re.compile(r"[0-9０-９]")
_STAR = "*"
_HEAD, _TAIL = 3, 4


def masked(text: str, *, contacts: Iterable[Mapping[str, Any]] = ()) -> str:
    """The text without telephone numbers, addresses, numbers of people, and the names of those to call.

    `contacts` are the spans that the parser found; whatever else looks like a contact is covered as well.
    """
    letters = list(text)
    for pattern in (_MOBILE, _LINE, _CITIZEN):
        for match in pattern.finditer(text):
            _cover_number(letters, text, *match.span())
    for match in _MAIL.finditer(text):
        start = match.start() + 1
        for place in range(start, max(start, text.index("@", match.start()))):
            letters[place] = _STAR
    for contact in contacts:
        if phone := contact.get("phone_span"):
            _cover_number(letters, text, phone[0], phone[1])
        if name := contact.get("name_span"):
            for place in range(name[0] + 1, name[1]):
                letters[place] = _STAR if not letters[place].isspace() else letters[place]
    return "".join(letters)


def _cover_number(letters: list[str], text: str, start: int, end: int) -> None:
    """138****1234: the first three and last four digits stay, fewer where there are not so many."""
    digits = [place for place in range(start, min(end, len(text))) if _DIGIT.match(text[place])]
    hidden = digits[_HEAD:-_TAIL] if len(digits) > _HEAD + _TAIL else digits[1:]
    for place in hidden:
        letters[place] = _STAR
