"""A firm's facts as its office may see them for a purpose: what may not be seen is not asked for.

Without a purpose these are the public and internal values of registers. A purpose adds what the firm has authorised for
it: confidential values and its own statements. What was collected for statistics alone leaves for nobody.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from keqiao.apps.ledger.models import Entry, Outcome
from keqiao.apps.parties.models import Certificate, Fact, FactStatus, Organization, Purpose
from keqiao.catalogue import facts

from . import certificates
from .facts import FactFace, face_of

Slot = tuple[str, int | None]
MOST_LOOKS = 20
ALONE, BOTH = [Purpose.STATISTICS.value], [Purpose.SUPPORT.value, Purpose.STATISTICS.value]
USABLE = {
    Purpose.SUPPORT: Q(purposes=[Purpose.SUPPORT.value]) | Q(purposes=BOTH),
    Purpose.STATISTICS: Q(purposes=BOTH),
}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What of the facts is looked for; empty is everything."""

    privacy: str = ""
    register: str = ""
    year: int | None = None
    status: str = ""


@dataclass(frozen=True, kw_only=True)
class FactSheet:
    """What may be seen, and how much there is besides: for another purpose, without consent, for statistics alone."""

    faces: tuple[FactFace, ...]
    closed: int
    unauthorised: bool
    statistical: int

    @property
    def confidential(self) -> list[FactFace]:
        """Those for which a purpose and an authorisation were needed."""
        return [face for face in self.faces if any(row.needs_consent for row in face.rows)]


@dataclass(frozen=True, kw_only=True)
class Look:
    """An officer's look at confidential facts, as the firm is told of it: when, for what, at how many; not who."""

    at: datetime
    purpose: str
    matter: str
    count: int


def looks_at(organization: Organization) -> list[Look]:
    """The newest looks at a firm's confidential facts; of erased ones no more than that they were."""
    rows = Entry.objects.filter(kind="fact.look", subject=f"organization:{organization.key}", outcome=Outcome.DONE)
    found = []
    for entry in rows.select_related("values_row").order_by("-seq")[:MOST_LOOKS]:
        kept = getattr(entry, "values_row", None)
        values = kept.values if kept else {}
        purpose = values.get("purpose", "")
        label = str(Purpose(purpose).label) if purpose in Purpose.values else ""
        found.append(
            Look(at=entry.at, purpose=label, matter=values.get("matter", ""), count=entry.facts.get("count", 0))
        )
    return found


def fact_sheet(organization: Organization, *, purpose: str = "", chosen: Chosen | None = None) -> FactSheet:
    """The facts of a body that its office may see for a purpose. Who may ask is for the caller to say."""
    chosen = chosen or Chosen()
    live = organization.facts.filter(ended_at=None)
    for_purpose = USABLE[Purpose(purpose or Purpose.SUPPORT)]
    usable = live.filter(for_purpose)
    has_consent = bool(purpose) and organization.consents.filter(ended_at=None, purpose=purpose).exists()
    seen = usable if has_consent else usable.filter(_open())
    counts = live.aggregate(
        usable=Count("pk", filter=for_purpose),
        open=Count("pk", filter=for_purpose & _open()),
        statistical=Count("pk", filter=Q(purposes=ALONE)),
    )
    disputed = set(conflicts_in(usable).get(organization.pk, ()))
    kept: dict[Slot, list[Fact]] = defaultdict(list)
    for row in _narrow(seen, chosen).order_by("-year", "status", "pk"):
        kept[row.name, row.year].append(row)
    if chosen.privacy in ("", "P0") and not chosen.year:
        rows = certificates.registered({organization.pk}).order_by("issued_date", "pk")
        rows = rows if has_consent else rows.filter(confirmed_at__isnull=False)
        for row in certificates.as_facts(rows):
            kept[certificates.NAME, None].append(row)
    faces = [face_of(kept[slot], is_disputed=slot in disputed) for slot in _ordered(kept)]
    found = tuple(
        face
        for face in faces
        if chosen.status in ("", str(face.status)) and chosen.register in ("", *(row.register for row in face.rows))
    )
    closed = 0 if has_consent else counts["usable"] - counts["open"]
    return FactSheet(
        faces=found, closed=closed, unauthorised=bool(purpose) and not has_consent,
        statistical=counts["statistical"],
    )  # fmt: skip


def _open() -> Q:
    """What needs no consent: registers' values that are public or internal."""
    names = [one.name for one in facts.facts().values() if one.privacy.is_exportable]
    return Q(status=FactStatus.CONFIRMED, name__in=names)


def _narrow(rows: "QuerySet[Fact]", chosen: Chosen) -> "QuerySet[Fact]":
    if chosen.privacy:
        rows = rows.filter(name__in=[one.name for one in facts.facts().values() if one.privacy == chosen.privacy])
    return rows.filter(year=chosen.year) if chosen.year else rows


def _ordered(kept: Iterable[Slot]) -> list[Slot]:
    places = {name: place for place, name in enumerate(facts.facts())}
    return sorted(kept, key=lambda slot: (places.get(slot[0], len(places)), -(slot[1] or 0)))


def conflicts_in(rows: "QuerySet[Fact]") -> dict[int, list[Slot]]:
    """By body the facts of which live values contradict each other; the database compares, no value is read."""
    found: dict[int, list[Slot]] = defaultdict(list)
    apart = rows.values("organization", "name", "year").annotate(n=Count("value", distinct=True)).filter(n__gt=1)
    for pk, name, year in apart.order_by("organization", "name", "-year").values_list("organization", "name", "year"):
        found[pk].append((name, year))
    return found


def fact_conflicts(bodies: "QuerySet[Organization]") -> list[tuple[Organization, list[Slot]]]:
    """The bodies with facts that wait for somebody to say which value is right, the most waiting first."""
    live = Fact.objects.filter(ended_at=None, organization__in=bodies.values("pk"))
    found = conflicts_in(live.filter(USABLE[Purpose.SUPPORT]))
    for pk in _disputed_certificates(live):
        if (certificates.NAME, None) not in found[pk]:
            found[pk].append((certificates.NAME, None))
    rows = Organization.objects.filter(pk__in=found)
    return sorted(((row, found[row.pk]) for row in rows), key=lambda pair: (-len(pair[1]), pair[0].name))


def _disputed_certificates(live: "QuerySet[Fact]") -> Iterable[int]:
    """The bodies of which the platform's certificates contradict the lists of registers."""
    with_rows = Certificate.objects.values("organization")
    lists: dict[int, list[Any]] = defaultdict(list)
    for row in live.filter(USABLE[Purpose.SUPPORT], name=certificates.NAME, organization__in=with_rows):
        lists[row.organization_id].append(row.value)
    own: dict[int, list[Certificate]] = defaultdict(list)
    for one in certificates.registered(set(lists)):
        own[one.organization_id].append(one)
    for pk, rows in own.items():
        if not certificates.merge([*lists[pk][:1], *(row.value for row in certificates.as_facts(rows))]).agrees:
            yield pk
