"""What the platform's own register of certificates says, as items of the fact `certificates`.

The rows stay the only place where it is kept; here they are read as a source beside imported lists. The list of a
register is complete: what is not on it, the firm does not have. The platform's is not: who has entered one certificate
may hold others, so without such a list one more item is possible of which nothing is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from keqiao.apps.parties.models import PLATFORM as PLATFORM
from keqiao.apps.parties.models import Certificate, Fact, FactStatus, Purpose
from keqiao.catalogue import facts

NAME = "certificates"
COLUMNS = ("kind", "issued_date", "expires_date", "revoked_date")
ENDS = ("to", "revoked_on")
Item = Mapping[str, Any]
POSSIBLE: Item = {}  # one of which nothing is known


@dataclass(frozen=True)
class Merged:
    """One list from several: each certificate once, and whether sources contradict each other about one."""

    items: list[dict[str, Any]]
    agrees: bool = True


def registered(bodies: set[int] | None) -> "QuerySet[Certificate]":
    """The certificates that policies know; of all bodies where none are named."""
    rows = Certificate.objects.filter(kind__in=list(facts.certificate_types()))
    return rows if bodies is None else rows.filter(organization__in=bodies)


def item_of(kind: str, issued: Any, expires: Any, revoked: Any) -> dict[str, Any]:
    """A certificate as policies read it; days that are not known are left out."""
    days = {"from": issued, "to": expires, "revoked_on": revoked}
    return {"type": facts.certificate_types()[kind]} | {
        name: day.isoformat() for name, day in days.items() if day is not None
    }


def as_facts(rows: Iterable[Certificate]) -> list[Fact]:
    """Certificates of one body as values of the fact that are kept nowhere: what an office says, what the body says."""
    kept: dict[bool, list[Certificate]] = defaultdict(list)
    for row in rows:
        kept[row.is_confirmed].append(row)
    return [
        _as_fact(kept[is_confirmed], is_confirmed=is_confirmed) for is_confirmed in (True, False) if kept[is_confirmed]
    ]


def _as_fact(rows: Sequence[Certificate], *, is_confirmed: bool) -> Fact:
    changed = [localdate(row.changed_at) for row in rows if row.changed_at is not None]
    return Fact(
        organization_id=rows[0].organization_id, name=NAME, register=PLATFORM,
        value=[item_of(row.kind, row.issued_date, row.expires_date, row.revoked_date) for row in rows],
        observed_on=max(changed or [row.issued_date for row in rows]),
        status=FactStatus.CONFIRMED if is_confirmed else FactStatus.SELF_DECLARED,
        purposes=[Purpose.SUPPORT, Purpose.STATISTICS],
    )  # fmt: skip


def merge(lists: Iterable[Sequence[Item]]) -> Merged:
    """Put lists together: an end that one leaves open is another's to give; two that differ make the end unknown.

    Where two sources date the same title differently and the periods overlap, it is held from the first to the last
    day, once: an announcement and the certificate bear different days, and a title is renewed before it ends.

    >>> one, other = {"type": "srdi", "from": "2024-01-01"}, {"type": "srdi", "to": "2026-12-31", "from": "2024-01-01"}
    >>> merge([[one], [other]])
    Merged(items=[{'type': 'srdi', 'from': '2024-01-01', 'to': '2026-12-31'}], agrees=True)
    """
    found: list[list[Item]] = []
    for some in lists:
        fresh = []
        for item in some:
            same = next((one for one in found if _is_same(one[0], item)), None)
            same = same or next((one for one in found if _overlap(one[0], item)), None)
            if same is None:
                fresh.append([item])
            else:
                same.append(item)
        found += fresh
    items, agrees = [], True
    for same_items in found:
        item, is_settled = _settle(same_items)
        items.append(item)
        agrees = agrees and is_settled
    return Merged(items, agrees)


def _is_same(one: Item, other: Item) -> bool:
    """Whether two sources speak of one certificate: the same title from the same day, or until it."""
    if one.get("type") is None or one.get("type") != other.get("type"):
        return dict(one) == dict(other)
    if one.get("from") and other.get("from"):
        return bool(one["from"] == other["from"])
    return bool(one.get("to")) and one.get("to") == other.get("to")


def _overlap(one: Item, other: Item) -> bool:
    """Whether two sources date one title differently: both from when until when, neither revoked."""
    if one.get("type") is None or one.get("type") != other.get("type") or "revoked_on" in {*one, *other}:
        return False
    days = [item.get(name) for item in (one, other) for name in ("from", "to")]
    return all(days) and one["from"] <= other["to"] and other["from"] <= one["to"]


def _settle(same: Sequence[Item]) -> tuple[dict[str, Any], bool]:
    item: dict[str, Any] = {}
    if len({one["from"] for one in same if "from" in one}) > 1 and all("to" in one for one in same):
        first, last = min(one["from"] for one in same), max(one["to"] for one in same)
        return {"type": same[0]["type"], "from": first, "to": last}, True
    for one in same:
        item |= {name: value for name, value in one.items() if name not in item}
    if all(len({one[name] for one in same if name in one}) <= 1 for name in ENDS):
        return item, True
    # Without any end it can be told neither that it holds nor that it does not.
    return {name: value for name, value in item.items() if name not in ENDS}, False
