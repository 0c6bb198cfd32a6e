"""The shipped words of the trade: attributes, their better side, and the cue words of the quantity engine."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from keqiao.engines.text import Lexicon

_FOLDER = Path(__file__).parent / "vocab"


@cache
def shipped_lexicon() -> Lexicon:
    """The lexicon in `catalogue/vocab`: attributes_up, attributes_down, attributes_range and words (.toml).

    Files of one field of technology in `vocab/attributes` add to these; their sections are up, down, cover and in.
    A way of writing that two attributes claim belongs to the first; the canonical name always belongs to itself.

    >>> shipped_lexicon().side("电光转换效率")
    'up'
    """
    better = {name: side for side, names in _attributes() for name in names}
    synonyms: dict[str, str] = {name.lower(): name for name in better}
    for _, names in _attributes():
        for name, others in names.items():
            for other in others:
                synonyms.setdefault(other.lower(), name)
    words = _read("words")
    for name, groups in words["families"].items():
        for other in " ".join(groups).lower().split():
            synonyms.setdefault(other, name)
    return Lexicon(
        synonyms=synonyms,
        better=better,
        adjustable=frozenset(words["adjustable"]),
        opposites=tuple(frozenset(group) for group in words["opposites"]),
        ignored=tuple(words["ignored"]),
        plain=frozenset(words["plain"]),
        present=tuple(words["present"]),
        prices=frozenset(words["prices"]),
        units=words["units"],
        by_unit=words["by_unit"],
        broader={name: frozenset(others) for name, others in words["broader"].items()},
        families={
            name: tuple(frozenset(group.lower().split()) for group in groups)
            for name, groups in words["families"].items()
        },
        heads={other: head for head, others in words["heads"].items() for other in others.split()},
    )


@cache
def _attributes() -> tuple[tuple[str, dict[str, list[str]]], ...]:
    tables: list[tuple[str, dict[str, list[str]]]] = []
    tables += [("up", names) for names in _read("attributes_up").values()]
    tables += [("down", names) for names in _read("attributes_down").values()]
    tables += list(_read("attributes_range").items())
    for path in sorted((_FOLDER / "attributes").glob("*.toml")):
        tables += list(_read(f"attributes/{path.stem}").items())
    return tuple(tables)


def _read(name: str) -> dict[str, Any]:
    path = _FOLDER / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name} in catalogue/vocab is no valid TOML: {error}; correct that line") from error
