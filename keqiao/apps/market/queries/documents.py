"""Listings as the matching engine reads them.

Only what everyone may read goes into the index: then no answer, list or log of the index can give away more,
whoever asks (docs/decisions).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from keqiao.apps.market.models import Listing, Need, Offer, Secrecy, State
from keqiao.apps.market.names import MODELS
from keqiao.engines.matching import Document, Indicator


def documents_of(listing: str, keys: Iterable[str], *, on: date) -> dict[str, Document | None]:
    """For each key the public document, or None where the listing is not public (any more)."""
    wanted = list(keys)
    rows = _rows(listing).filter(key__in=wanted, state=State.PUBLISHED, expires_date__gt=on)
    found = {row.key: document_of(row) for row in rows}
    return {key: found.get(key) for key in wanted}


def offers_table(*, on: date) -> Iterator[Document]:
    return _table("offer", on=on)


def needs_table(*, on: date) -> Iterator[Document]:
    return _table("need", on=on)


def _table(listing: str, *, on: date) -> Iterator[Document]:
    live = _rows(listing).filter(state=State.PUBLISHED, expires_date__gt=on).order_by("pk")
    for row in live.iterator(chunk_size=500):
        yield document_of(row)


def _rows(listing: str) -> Any:
    return MODELS[listing]._default_manager.prefetch_related("indicators")


def document_of(row: Listing) -> Document:
    """What everyone may read of a listing; its relation `indicators` is read with it."""
    open_text = row.secrecy == Secrecy.PUBLIC
    return Document(
        key=row.key,
        title=row.title,
        # The English title and abstract come last: a problem told in English finds its answer too.
        text="\n".join(filter(None, (row.abstract, row.text if open_text else "", row.title_en, row.abstract_en))),
        keywords=tuple(row.keywords),
        kind=row.kind if isinstance(row, Offer) else "need",
        field=row.field,
        region=row.area,
        trl=row.trl if isinstance(row, Offer) else None,
        budget_fen=budget_of(row) if open_text else None,
        valid_until=row.expires_date,
        indicators=engine_indicators(row) if open_text else (),
    )


def budget_of(row: Listing) -> tuple[int, int] | None:
    if not isinstance(row, Need) or row.budget_min_fen is None or row.budget_max_fen is None:
        return None
    return row.budget_min_fen, row.budget_max_fen


def engine_indicators(row: Listing) -> tuple[Indicator, ...]:
    """The indicator rows of a listing as the engine reads them."""
    return tuple(
        Indicator(
            name=line.name,
            op=line.op,
            value=(line.low,) if line.high is None else (line.low, line.high),
            unit=line.unit or "1",
            sense=line.sense,
            must=getattr(line, "must", True),
        )
        # Each kind of listing has indicator rows of its own under this name; the abstract model cannot say so.
        for line in row.indicators.all()  # type: ignore[attr-defined]
    )
