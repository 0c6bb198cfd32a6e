"""The matching engine with what is shipped: vocabulary, thesaurus and trained model."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from keqiao.catalogue.files import CatalogueError
from keqiao.catalogue.lexicon import shipped_lexicon
from keqiao.catalogue.thesaurus import everyday_phrases, shipped_thesaurus
from keqiao.engines.matching import Document, Encoder, Entry, Index, Indicator, Matcher, Model, Query
from keqiao.engines.text import Segmenter

_MODEL = Path(__file__).parent / "models" / "matching.json"


@cache
def shipped_segmenter() -> Segmenter:
    """Return the segmenter every index and matcher of this process shares.

    >>> shipped_segmenter().words("激光熔覆涂层")
    ['激光', '熔覆', '涂层']
    """
    return Segmenter()


@cache
def shipped_model() -> Model:
    """Return the trained model, `models/matching.json` (made by `benchmarks/train.py`)."""
    return read_model(_MODEL)


@cache
def read_model(path: Path) -> Model:
    """Return the model in a file that `benchmarks/train.py` wrote.

    Raises CatalogueError where the file is missing or holds no model.
    """
    try:
        return Model.load(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CatalogueError(path=path, what="the model cannot be read", remedy="correct the path") from error
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueError(path=path, what=f"no model: {error}", remedy="train it anew") from error


@cache
def model_stamp(path: Path | None = None) -> str:
    """Return eight characters that name a model, the shipped one or one in a file, by its content.

    >>> len(model_stamp())
    8
    """
    return hashlib.sha256((path or _MODEL).read_bytes()).hexdigest()[:8]


def create_index(path: str | Path | None = None) -> Index:
    """Return a new empty index in folder `path`, or in memory, that reads indicators from its documents.

    >>> len(create_index())
    0
    """
    return Index.create(path, segmenter=shipped_segmenter(), lexicon=shipped_lexicon())


def open_index(path: str | Path) -> Index:
    """Return the index in folder `path`."""
    return Index.open(path, segmenter=shipped_segmenter(), lexicon=shipped_lexicon())


def matcher_over(index: Index, model: Model, *, extra: Iterable[Entry] = (), encoder: Encoder | None = None) -> Matcher:
    """Return a matcher for a moment, such as one that tries an entry out."""
    return Matcher(index, model, shipped_thesaurus(extra), everyday=everyday_phrases(), encoder=encoder)


def shipped_matcher(
    index: Index, *, extra: Iterable[Entry] = (), model: Model | None = None, encoder: Encoder | None = None
) -> Matcher:
    """Return the matcher over `index` with shipped thesaurus and model; `extra` entries are an office's own.

    An office that trained a `model` on its own judgements brings it, too.
    """
    matcher = matcher_over(index, model or shipped_model(), extra=extra, encoder=encoder)
    # Thesaurus, lexicon and trees live as long as the process: without this every collection walks them again, which
    # costs answers and pages up to half their time (benchmarks/speed.py, benchmarks/pages.py).
    gc.freeze()
    return matcher


def document_from_row(row: Mapping[str, object]) -> Document:
    """Return the document of a table row with canonical column names (id, title, text, keywords, field …).

    Without a text the abstract stands in. Raises ValueError, naming the column, for a value that cannot be read.

    >>> document_from_row({"id": "a", "title": "涂层", "text": "耐磨", "trl": 6}).trl
    6
    """
    return Document(
        key=str(row["id"]),
        title=_text(row, "title"),
        text=_body(row),
        keywords=_keywords(row),
        kind=_text(row, "kind") or "offer",
        field=_text(row, "field"),
        region=_text(row, "region"),
        trl=_whole(row, "trl"),
        budget_fen=_money(row, "budget"),
        valid_until=_day(row, "valid_until"),
        indicators=indicators_from_value(row.get("indicators")),
    )


def query_from_row(row: Mapping[str, object], *, expand: bool = True) -> Query:
    """Return the query of a table row with canonical column names.

    >>> query_from_row({"id": "n", "text": "路面打滑", "keywords": ["防滑"]}).keywords
    ('防滑',)
    """
    return Query(
        text=_body(row),
        title=_text(row, "title"),
        keywords=_keywords(row),
        indicators=indicators_from_value(row.get("indicators")),
        field=_text(row, "field"),
        region=_text(row, "region"),
        trl_min=_whole(row, "trl_min"),
        budget_fen=_money(row, "budget"),
        deadline=_day(row, "deadline"),
        expand=expand,
    )


def indicators_from_value(value: object) -> tuple[Indicator, ...]:
    """Return the indicators of a list of objects (name, op, value, unit, sense, must); anything else gives none.

    Raises ValueError where an object lacks its operator or value.

    >>> indicators_from_value([{"name": "功率", "op": "ge", "value": 2, "unit": "kW"}])[0].value
    (2.0,)
    """
    if not isinstance(value, list | tuple):
        return ()
    return tuple(_indicator(item) for item in value)


def _indicator(item: object) -> Indicator:
    if not isinstance(item, Mapping):
        raise ValueError(f"An indicator must be an object with name, op, value and unit, not {item!r}.")
    raw = item.get("value")
    numbers: Sequence[Any] = raw if isinstance(raw, list | tuple) else [raw]
    try:
        values = tuple(float(number) for number in numbers)
    except (TypeError, ValueError) as error:
        raise ValueError(f"Indicator {item.get('name')!r}: the value {raw!r} is no number.") from error
    if not item.get("op"):
        raise ValueError(f"Indicator {item.get('name')!r} has no operator: use one of eq, ge, gt, le, lt, range, pm.")
    return Indicator(
        name=str(item.get("name") or ""),
        op=str(item["op"]),
        value=values,
        unit=str(item.get("unit") or "1"),
        sense=str(item["sense"]) if item.get("sense") else None,
        must=item.get("must") is not False,
        cap=item.get("cap") is True,
        quote=str(item.get("surface") or item.get("quote") or ""),
    )


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _body(row: Mapping[str, object]) -> str:
    text = _text(row, "text") or _text(row, "abstract")
    stated = row.get("indicators")  # an indicator column of plain words belongs to the text
    return f"{text}\n{stated}" if isinstance(stated, str) and stated else text


def _keywords(row: Mapping[str, object]) -> tuple[str, ...]:
    value = row.get("keywords")
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _whole(row: Mapping[str, object], name: str) -> int | None:
    digits = "".join(letter for letter in _text(row, name).split(".")[0] if letter.isdecimal())
    return int(digits) if digits else None


def _day(row: Mapping[str, object], name: str) -> date | None:
    value = row.get(name)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(row, name).replace("/", "-")[:10])
    except ValueError:
        return None  # "三个月内" and the like: a soft facet that cannot be read is left out


def _money(row: Mapping[str, object], name: str) -> tuple[int, int] | None:
    """A budget in 万元, one number or two: "30-50", 40, "80万元"."""
    numbers = [part for part in _text(row, name).replace("~", "-").replace("—", "-").rstrip("万元").split("-") if part]
    try:
        fen = sorted(round(float(part) * 1_000_000) for part in numbers)
    except ValueError:
        return None
    return (fen[0], fen[-1]) if fen else None
