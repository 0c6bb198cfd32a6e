"""What the facts of firms say now that they did not say before, for those who are told."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from keqiao.apps.parties.models import Certificate, Fact, Organization
from keqiao.catalogue import facts

from . import certificates

Slot = tuple[str, int | None]  # the name of a fact and its year
CERTIFICATES: Slot = (certificates.NAME, None)


@dataclass
class FactNews:
    """The facts of one body that have another value than before, and those that sources contradict each other in."""

    body: Organization
    changed: list[Slot] = field(default_factory=list)
    disputed: list[Slot] = field(default_factory=list)


def fact_news(
    *, by: Collection[str], moments: Collection[datetime], bodies: Collection[str] = (), edited: Collection[str] = ()
) -> list[FactNews]:
    """What these people have changed or contradicted at these moments, body by body; of `bodies` alone if named.

    A fact that nobody had stated before is no news, nor is a value that only has another day. `edited` are the bodies
    whose certificates were corrected. Five queries for any number.
    """
    named = {"organization__key__in": list(bodies)} if bodies else {}
    fresh = {
        (row.organization_id, slot_of(row), row.register): row.value
        for row in Fact.objects.filter(brought_by__in=by, brought_at__in=moments, **named)
    }
    touched: dict[int, set[Slot]] = defaultdict(set)
    for pk, slot, _register in fresh:
        touched[pk].add(slot)
    entered = Certificate.objects.filter(changed_at__in=moments, kind__in=list(facts.certificate_types()), **named)
    for pk in entered.values_list("organization", flat=True):
        touched[pk].add(CERTIFICATES)
    live, ended = _rows(touched, moments)
    registered: dict[int, list[Certificate]] = defaultdict(list)
    for one in certificates.registered(set(touched)).order_by("issued_date", "pk"):
        registered[one.organization_id].append(one)
    found = []
    for body in Organization.objects.filter(pk__in=touched).order_by("key"):
        changed = {
            slot for slot, register, value in ended[body.pk] if fresh.get((body.pk, slot, register), value) != value
        }
        changed |= {CERTIFICATES} if body.key in edited else set()
        disputed = {slot for slot in touched[body.pk] if _is_disputed(live[body.pk, slot], slot, registered[body.pk])}
        if changed | disputed:
            found.append(FactNews(body, sorted(changed, key=_order), sorted(disputed, key=_order)))
    return found


def slot_of(row: Fact) -> Slot:
    return row.name, row.year


def _rows(
    touched: dict[int, set[Slot]], moments: Iterable[datetime]
) -> tuple[dict[tuple[int, Slot], list[Fact]], dict[int, list[tuple[Slot, str, Any]]]]:
    """The values that stand beside those that were brought, and what these replaced."""
    live: dict[tuple[int, Slot], list[Fact]] = defaultdict(list)
    ended: dict[int, list[tuple[Slot, str, Any]]] = defaultdict(list)
    names = {name for some in touched.values() for name, _year in some}
    rows = Fact.objects.filter(Q(ended_at=None) | Q(ended_at__in=moments), organization__in=touched, name__in=names)
    for row in rows:
        slot = slot_of(row)
        if slot in touched[row.organization_id]:
            if row.ended_at is None:
                live[row.organization_id, slot].append(row)
            else:
                ended[row.organization_id].append((slot, row.register, row.value))
    return live, ended


def _order(slot: Slot) -> tuple[str, int]:
    return slot[0], -(slot[1] or 0)


def _is_disputed(rows: list[Fact], slot: Slot, registered: list[Certificate]) -> bool:
    """Whether live values contradict each other; what is for statistics alone stands apart."""
    stated = [row for row in rows if not row.is_statistical]
    if any(row.value != stated[0].value for row in stated[1:]):
        return True
    if slot != CERTIFICATES or not stated:
        return False
    own = certificates.as_facts(registered)
    return not certificates.merge([stated[0].value, *(row.value for row in own)]).agrees
