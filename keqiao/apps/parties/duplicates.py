"""Reads of possible duplicates and of merges."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, Count, Q, QuerySet, Value

from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import DuplicatePair, MergeRecord, Organization, PairState, Person


@dataclass(frozen=True)
class Pair:
    """Two records side by side in the queue."""

    pair: DuplicatePair
    one: Any
    other: Any


def duplicate_pairs(noun: str, *, actor: Actor) -> QuerySet[DuplicatePair]:
    """Open pairs of records that both lie in the places the actor serves, the surest first."""
    keys = _served_keys(noun, actor)
    rows = DuplicatePair.objects.filter(noun=noun, state=PairState.OPEN).order_by("-score", "id")
    return rows if keys is None else rows.filter(one__in=keys, other__in=keys)


def with_parties(pairs: Iterable[DuplicatePair], noun: str) -> list[Pair]:
    """The pairs with their records, read by one query; a pair whose record is gone is left out."""
    given = list(pairs)
    rows = parties_of(noun, {key for pair in given for key in (pair.one, pair.other)})
    return [Pair(pair, rows[pair.one], rows[pair.other]) for pair in given if pair.one in rows and pair.other in rows]


def parties_of(noun: str, keys: Iterable[str]) -> dict[str, Any]:
    model: Any = Organization if noun == "organization" else Person
    joined = ("parent", "merged_into") if noun == "organization" else ("organization", "merged_into")
    return {row.key: row for row in model._default_manager.filter(key__in=list(keys)).select_related(*joined)}


def merge_records(*, actor: Actor) -> QuerySet[MergeRecord]:
    """Merges the actor could undo, newest first."""
    rows = MergeRecord.objects.annotate(moved=Count("moves", filter=Q(moves__kind="moved"))).order_by("-at", "-id")
    shown = Q()
    for noun in ("organization", "person"):
        keys = _served_keys(noun, actor)
        shown |= Q(noun=noun) if keys is None else Q(noun=noun, kept__in=keys, gone__in=keys)
    return rows.filter(shown)


def _served_keys(noun: str, actor: Actor) -> QuerySet[Any] | None:
    """The keys of the records an officer serves; None means all."""
    served = places.served_by(actor.areas())
    if served is None or actor.is_product:
        return None
    if noun == "organization":
        return Organization.objects.filter(area__in=served).values("key")
    return Person.objects.filter(organization__area__in=served).values("key")


def weights_of(one: Any, other: Any) -> dict[str, tuple[int, int]]:
    """How many rows of each table point to either record, for a reviewer who chooses which one stays: one query."""
    parts = []
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model is type(one) and field.name != "merged_into":
                rows = model._base_manager.filter(**{f"{field.name}__in": (one.pk, other.pk)}).order_by()
                named = rows.annotate(weighed_table=Value(model._meta.label_lower, output_field=CharField()))
                parts.append(named.values_list("weighed_table", field.attname).annotate(weighed_rows=Count("pk")))
    found: dict[str, list[int]] = {}
    for table, pk, n in parts[0].union(*parts[1:], all=True):
        found.setdefault(table, [0, 0])[pk == other.pk] += n
    return {table: (counts[0], counts[1]) for table, counts in sorted(found.items())}


def pair_of(noun: str, one: str, other: str) -> DuplicatePair | None:
    first, second = sorted((one, other))
    return DuplicatePair.objects.filter(noun=noun, one=first, other=second).first()
