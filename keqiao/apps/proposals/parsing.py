"""The one place where the reply engine is called: a text in, its rows as JSON out, and the edition that read it."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from keqiao.catalogue import regions
from keqiao.catalogue import replies as vocabulary
from keqiao.catalogue.proposals import add_months
from keqiao.engines import replies as engine

from .clocks import end_of_next_year
from .merging import Merged


@cache
def stamp() -> str:
    """Twelve characters that change with the program and with any word it reads by: then replies are read again."""
    folders = [Path(str(module.__file__)).parent for module in (engine, vocabulary)]
    files = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in (".py", ".toml", ".csv")]
    files.append(Path(str(regions.__file__)).parent / f"r{settings.REGION}" / "departments.csv")
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def read(text: str) -> dict[str, Any]:
    """What the engine reads in a text, as `keqiao.reply.gold/1`."""
    return vocabulary.parse_reply(text, region=settings.REGION).to_dict()


def rebuilt(parsed: Mapping[str, Any], merged: Merged) -> engine.Reply:
    """The engine's own form of a reply with the corrections in it, for checking it and linking it with others.

    Figures and promises are called by their places (`f12-15`), which tells them again whatever else is read.
    """
    figures = [_named("f", thing) for thing in merged.figures if thing.get("value") is not None]
    promises = [_named("c", thing) for thing in merged.promises]
    whole = {**parsed, "meta": merged.meta, "suggestions": merged.suggestions}
    return engine.reply_from_dict(whole | {"figures": figures, "commitments": promises})


def link(read: Mapping[str, engine.Reply], texts: Mapping[str, str]) -> engine.Links:
    """Replies linked with each other; `texts` are the texts that their spans point into, by the same names."""
    return vocabulary.link_replies(read, texts=texts)


def _named(letter: str, thing: Mapping[str, Any]) -> dict[str, Any]:
    named = dict(thing) | {"id": f"{letter}{thing['span'][0]}-{thing['span'][1]}"}
    if letter == "c":
        named["anchor_span"] = thing.get("anchor_span") or thing["span"]
    return named


def place_of(id: str) -> tuple[int, int]:
    """Where a figure or promise stands, by the name that `rebuilt` gave it."""
    start, _dash, end = id[1:].partition("-")
    return int(start), int(end)


def last_day_of(horizon: str | None, *, signed: date) -> tuple[date, bool]:
    """The last day that a promise names, and whether it names one; none stated means the end of next year.

    Horizons are months ("2025-09"), years ("2026"), days, or words such as every_year.
    """
    parts = (horizon or "").split("-")
    if parts[0].isdigit() and all(part.isdigit() for part in parts):
        numbers = [int(part) for part in parts]
        try:
            if len(numbers) == 1:
                return date(numbers[0], 12, 31), True
            if len(numbers) == 2:
                return add_months(date(numbers[0], numbers[1], 1), 1) - timedelta(days=1), True
            return date(*numbers[:3]), True
        except ValueError:
            pass
    return end_of_next_year(signed), False
