"""The shipped thesaurus of trade language and the list of everyday words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from keqiao.catalogue.files import CatalogueError
from keqiao.engines.matching import Entry, Phrases, Thesaurus
from keqiao.engines.text import normalise

VOCABULARY = Path(__file__).parent / "vocab"


def shipped_thesaurus(extra: Iterable[Entry] = ()) -> Thesaurus:
    """Return the entries of `vocab/trade/*.tsv`, with `extra` entries (rows of an office) after them.

    >>> [found.trade for found in shipped_thesaurus([Entry(("呜噜呜噜",), ("异响",))]).expand("呜噜呜噜")]
    ['呜噜呜噜']
    """
    own = tuple(extra)
    return Thesaurus([*_shipped_entries(), *own]) if own else _shipped()


@cache
def everyday_phrases() -> Phrases:
    """Return the words of everyday speech without technical content, `vocab/everyday.txt`.

    >>> everyday_phrases().blanked("我们想要一种涂层")
    '   涂层'
    """
    return Phrases(read_words(VOCABULARY / "everyday.txt"))


def read_words(path: Path) -> list[str]:
    """Return the words of a text file, separated by white space; lines beginning with # are remarks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    words = [normalise(word) for line in lines if not line.startswith("#") for word in line.split()]
    for word in words:
        if len(word) < 2:
            raise CatalogueError(path=path, what=f"{word!r} is a single character", remedy="use at least two")
    return words


def read_entries(path: Path) -> list[Entry]:
    """Return the entries of a .tsv file: trade phrases, technical terms, context words, each separated by |.

    Raises CatalogueError, naming the line, where a part is missing or a trade phrase has a single character.
    """
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [tuple(filter(None, map(str.strip, part.split("|")))) for part in line.split("\t")]
        if len(parts) not in (2, 3) or not parts[0] or not parts[1]:
            raise CatalogueError(
                path=path,
                line=number,
                what="no trade phrase and technical term",
                remedy="write both, with a tab between",
            )
        if short := [phrase for phrase in parts[0] if len(normalise(phrase)) < 2]:
            raise CatalogueError(
                path=path,
                line=number,
                what=f"trade phrase {short[0]!r} is too short",
                remedy="use two characters or more",
            )
        entries.append(Entry(parts[0], parts[1], parts[2] if len(parts) == 3 else ()))
    return entries


@cache
def _shipped() -> Thesaurus:
    return Thesaurus(_shipped_entries())


@cache
def _shipped_entries() -> tuple[Entry, ...]:
    return tuple(entry for path in sorted((VOCABULARY / "trade").glob("*.tsv")) for entry in read_entries(path))
