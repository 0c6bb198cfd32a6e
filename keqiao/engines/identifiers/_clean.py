"""What people type around an identifier: full-width forms, spaces, hyphens, lower case."""

from ._errors import IdentifierError

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ASCII_UPPER = {ord(letter): ord(letter.upper()) for letter in "abcdefghijklmnopqrstuvwxyz"}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
# A byte order mark and zero-width characters arrive with text copied from web pages and spreadsheets.
_INVISIBLE = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060))


def normalize(text: str) -> str:
    """Half-width, upper-case (ASCII letters only) text with every dash as ``-`` and all white space removed.

    >>> normalize(" gb／t 44436—2024 ")
    'GB/T44436-2024'
    """
    if not isinstance(text, str):
        raise TypeError(f"an identifier must be given as text, not as {type(text).__name__}: convert it with str()")
    plain = text.translate(_FULL_WIDTH).translate(_INVISIBLE).translate(_DASHES).translate(_ASCII_UPPER)
    return "".join(plain.split())


def require_length(text: str, *, expected: int, what: str) -> None:
    """Raise code ``length`` unless ``text`` has the expected number of characters.

    >>> require_length("12", expected=2, what="a code")
    """
    if len(text) == expected:
        return
    found = f"{len(text)} were found in {text!r}" if text else "none was found"
    direction = "add the missing ones" if len(text) < expected else "remove what does not belong to it"
    raise IdentifierError("length", f"{what} has {expected} characters, {found}: {direction}")
