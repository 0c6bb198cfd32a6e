"""A reply to try the parser with: written for the purpose, of a region that does not exist."""

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("sample.txt")


@cache
def sample_reply() -> str:
    """The text of the sample; it has what replies have: figures, promises, a refusal, a suggestion without an answer.

    >>> "中试" in sample_reply()
    True
    """
    return _FILE.read_text(encoding="utf-8")
