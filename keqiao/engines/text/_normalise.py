"""One spelling for every text before it is compared: width, script, case, white space."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Protocol

# Private-use glyphs, controls, zero-width characters, byte order mark, variation selectors.
_DROPPED = re.compile(
    "[\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_SPACE = re.compile(r"\s+")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


def normalise(text: str) -> str:
    """Return `text` in the one spelling the engines compare.

    NFKC, dashes and minus signs as `-`, traditional to simplified characters, private-use, control and zero-width
    characters dropped, lower case, runs of white space collapsed to one space. Idempotent. Method: Unicode NFKC;
    OpenCC `t2s`, loaded only when a text holds a Han character outside GB 2312. Offsets are not kept.

    >>> normalise("ＬＦ－２０００ 積體電路\\u200b  Ｍ²")
    'lf-2000 积体电路 m2'
    """
    if not text.isascii():
        text = _simplified(unicodedata.normalize("NFKC", _DROPPED.sub("", text)))
        text = unicodedata.normalize("NFKC", text.lower()).translate(_DASHES)
    return _SPACE.sub(" ", _DROPPED.sub("", text.lower())).strip()


def _simplified(text: str) -> str:
    unusual = set(text) - _plain()
    if any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in unusual):
        return _converter().convert(text)
    return text


@cache
def _plain() -> frozenset[str]:
    """The characters of GB 2312: none of its Han characters needs conversion by itself."""
    rows = range(0xA1, 0xF8)
    pairs = bytes(byte for row in rows for cell in range(0xA1, 0xFF) for byte in (row, cell))
    return frozenset(pairs.decode("gb2312", errors="ignore")) | frozenset(map(chr, range(0x3400)))


@cache
def _converter() -> _Converter:
    import opencc  # noqa: PLC0415 - 15 ms and a native library: only for texts in traditional characters

    converter: _Converter = opencc.OpenCC("t2s")
    return converter
