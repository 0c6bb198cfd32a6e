"""The words public replies are read by, and the reply engine with them.

One file a subject: ``units`` (units and classifiers), ``traps`` (numerals that are no figures), ``words`` (about
and exactly, growth, modality, time, structure), ``departments`` (long and short names), ``verbs`` (promises), ``links``
(what later replies say of promises and figures) and ``names`` (programmes, organisations, cited documents). A region
adds the departments of its own pack.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from keqiao.catalogue.files import CatalogueError
from keqiao.catalogue.regions import region as region_pack
from keqiao.engines.replies import Links, Reply, Vocabulary, link, parse

_FOLDER = Path(__file__).parent
_TABLES = ("units", "traps", "words", "departments", "verbs", "links", "names")


@cache
def shipped_reply_vocabulary(region: str | None = None) -> Vocabulary:
    """Return the shipped vocabulary, with the departments of a region where its code is given.

    Raises CatalogueError for a malformed file, UnknownRegionError for a code without a pack.

    >>> shipped_reply_vocabulary().units["亿元"[1:]].code
    'CNY'
    """
    tables = {name: _read(name) for name in _TABLES}
    own = {}
    if region is not None:
        short = tables["departments"]["short"]
        for department in region_pack(region).departments.values():
            own[department.name] = short_name(department.name, short)
    try:
        return Vocabulary.of(tables, departments=own)
    except (KeyError, re.error) as error:
        raise CatalogueError(path=_FOLDER, what=f"{error}", remedy="correct that table") from error


def parse_reply(text: str, *, region: str | None = None) -> Reply:
    """Parse a reply with the shipped vocabulary.

    >>> parse_reply("二、关于人才的建议\\n2024年，选派专员12名。").figures[0].value
    Decimal('12')
    """
    return parse(text, vocabulary=shipped_reply_vocabulary(region))


def link_replies(
    replies: Mapping[str, Reply], *, texts: Mapping[str, str] | None = None, on: str | None = None
) -> Links:
    """Link parsed replies with the shipped vocabulary; `texts` are the texts their spans point into.

    >>> link_replies({"a": parse_reply("2024年，选派专员12名。")}).series
    ()
    """
    return link(replies, vocabulary=shipped_reply_vocabulary(), texts=texts, on=on)


def short_name(name: str, short: dict[str, str]) -> str:
    """Return the name an office goes by: the long form of its function contracted.

    >>> short_name("某某省科学技术厅", {"科学技术厅": "科技厅"})
    '某某省科技厅'
    """
    for long, brief in sorted(short.items(), key=lambda pair: -len(pair[0])):
        if name.endswith(long):
            return name[: -len(long)] + brief
    return name


def _read(name: str) -> dict[str, Any]:
    path = _FOLDER / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(path=path, what=f"no valid TOML: {error}", remedy="correct that line") from error
