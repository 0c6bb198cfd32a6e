"""Narrowing a list by filters and words: the same for the list on a page and for a search that somebody keeps."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from keqiao.apps.market import answers
from keqiao.apps.parties import places
from keqiao.engines.matching import Query

MOST_FOUND = 100
Rows = QuerySet[Any]


def _equal(name: str) -> Callable[[Rows, Any, date], Rows]:
    return lambda rows, value, on: rows.filter(**{name: value})


FILTERS: dict[str, Callable[[Rows, Any, date], Rows]] = {
    "field": _equal("field"),
    "area": lambda rows, value, on: rows.filter(area__in=places.inside(value, on=on)),
    "need_kind": _equal("need_kind"),
    "urgency": _equal("urgency"),
    "kind": _equal("kind"),
    "trl": lambda rows, value, on: rows.filter(trl__gte=value),
}
NAMES = {"need": ("field", "area", "need_kind", "urgency"), "offer": ("field", "area", "kind", "trl")}


def narrow(rows: Rows, listing: str, values: Mapping[str, Any], *, on: date) -> Rows:
    """The rows that pass all filters; a value that is empty filters nothing."""
    for name in NAMES[listing]:
        if values.get(name):
            rows = FILTERS[name](rows, values[name], on)
    return rows


def search(rows: Rows, listing: str, text: str, *, kind: str = "") -> list[int]:
    """Primary keys of the rows that hold some words, best first, without the second look that answers take."""
    engine = answers.current_matcher(listing)
    if engine is None:
        return list(rows.filter(title__icontains=text).values_list("pk", flat=True)[:MOST_FOUND])
    # Whoever types words into a list means these words.
    query = Query(text=text, kinds=frozenset({kind}) if kind else None, expand=False)
    keys = [found.record.key for found in engine.candidates(query, engine.prepared(query))]
    known = dict(rows.filter(key__in=keys).order_by().values_list("key", "pk"))
    return [known[key] for key in keys if key in known][:MOST_FOUND]
