"""Reads of facts: what may be used of them for a purpose, and what one person may see of them on a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from keqiao.apps.parties import permissions
from keqiao.apps.parties.actors import Actor
from keqiao.apps.parties.models import PLATFORM, Fact, FactConsent, FactStatus, Organization, Purpose
from keqiao.catalogue import facts
from keqiao.catalogue.facts import Group

from . import certificates

# More bodies than this are not named one by one in the question to the database.
NAMED_AT_MOST = 10_000
FIELDS = ("organization", "name", "year", "value", "status", "purposes")


@dataclass(slots=True)
class Stated:
    """What live values of a fact say together: whether they agree, whether one needs no consent (`Fact.needs_consent`).

    Read as bare columns, for a region has a million of them.
    """

    value: Any
    agrees: bool = True
    is_free: bool = False


def facts_of(
    organizations: Iterable[Organization], *, purpose: str, on: date, actor: Actor | None = None
) -> dict[str, dict[str, Any]]:
    """What policies may compute with, by the key of each body: `revenue_fen_t1` is that of the year before `on`.

    Without an actor it is the office's own view: registers' values of class P0 and P1, and with the firm's consent to
    the purpose also confidential ones and the firm's own statements. A firm's people use all of theirs; officers have
    the office's view of their place; others get bodies without facts. Left out, so that the fact is unknown, is what
    two live values contradict each other in, and what was not collected for the purpose. The platform's own
    certificates stand beside what is stated of certificates. Three queries for any number.
    """
    bodies = {row.pk: row for row in organizations}
    found: dict[str, dict[str, Any]] = {row.key: {"firm_id": row.key} for row in bodies.values()}
    full, partly = _readers(bodies.values(), actor)
    if not full | partly:
        return found
    agreed = set(_live(FactConsent, full | partly).filter(purpose=purpose).values_list("organization", flat=True))
    columns = _columns(on=on)
    free = frozenset(one.name for one in facts.facts().values() if one.privacy.is_exportable)
    values: dict[tuple[int, str], Stated] = {}
    for pk, name, year, value, status, purposes in _live(Fact, full | partly).values_list(*FIELDS):
        column = columns.get((name, year))
        if column is None or purpose not in purposes:
            continue
        is_free = status == FactStatus.CONFIRMED and name in free and Purpose.SUPPORT in purposes
        stated = values.setdefault((pk, column), Stated(value))
        stated.agrees = stated.agrees and stated.value == value
        stated.is_free = stated.is_free or is_free
    disputed = set()
    for (pk, column), stated in values.items():
        is_usable = pk in full or (pk in partly and (stated.is_free or pk in agreed))
        if stated.agrees and is_usable:
            found[bodies[pk].key][column] = stated.value
        if column == certificates.NAME and not stated.agrees:
            disputed.add(pk)
    for pk, parts in _registered(full, partly, agreed).items():
        if pk not in disputed:
            given = found[bodies[pk].key]
            listed = given.get(certificates.NAME)
            given[certificates.NAME] = certificates.merge(parts if listed is None else [listed, *parts]).items
            if listed is None:
                given[certificates.NAME].append(dict(certificates.POSSIBLE))
    return found


def _registered(full: set[int], partly: set[int], agreed: set[int]) -> dict[int, list[list[Any]]]:
    """The platform's certificates that may be used, by body; what the body itself has entered with its consent."""
    found: dict[int, list[list[Any]]] = defaultdict(list)
    named = full | partly
    rows = certificates.registered(named if len(named) <= NAMED_AT_MOST else None).order_by("issued_date", "pk")
    for pk, confirmed_at, *days in rows.values_list("organization", "confirmed_at", *certificates.COLUMNS):
        if pk in full or (pk in partly and (confirmed_at is not None or pk in agreed)):
            found[pk].append([certificates.item_of(*days)])
    return found


def _readers(bodies: Iterable[Organization], actor: Actor | None) -> tuple[set[int], set[int]]:
    """The bodies of which everything may be used, and those of which only what the office may use."""
    full, partly = set(), set()
    own = actor.organizations() if actor else frozenset()
    for row in bodies:
        if row.key in own:
            full.add(row.pk)
        elif actor is None or permissions.can_see_facts(actor, row).allowed:
            partly.add(row.pk)
    return full, partly


def _live(model: Any, bodies: set[int]) -> Any:
    rows = model.objects.filter(ended_at=None)
    return rows.filter(organization__in=bodies) if len(bodies) <= NAMED_AT_MOST else rows


def _columns(*, on: date) -> Mapping[tuple[str, int | None], str]:
    """The names policies use for the values of facts, by fact and the year they belong to."""
    return {
        (one.name, on.year - period if period else None): one.column(period)
        for one in facts.facts().values()
        for period in one.periods or (0,)
    }


def _agree(rows: Sequence[Fact]) -> bool:
    return all(row.value == rows[0].value for row in rows[1:])


@dataclass(frozen=True)
class FactFace:
    """What one person may see of a fact in one year: the values that stand, and what they count as together.

    Values of the platform's own register are kept elsewhere and have no key.
    """

    about: facts.Fact
    year: int | None
    rows: tuple[Fact, ...]
    status: FactStatus
    # Somebody states another value, which the reader may not see without the firm's consent.
    hides_rival: bool = False
    # What several lists say together that do not contradict each other.
    merged: Any = None

    @property
    def value(self) -> Any:
        """The value that counts, None where several contradict each other."""
        if self.status == FactStatus.CONFLICT:
            return None
        return self.rows[0].value if self.merged is None else self.merged

    @property
    def row(self) -> Fact:
        """The row that speaks for it: a register's before the firm's own."""
        return self.rows[0]


@dataclass(frozen=True)
class FactGroup:
    """The facts of one group that there are, and those of which nothing is known yet."""

    group: Group
    faces: tuple[FactFace, ...]
    absent: tuple[facts.Fact, ...]


def fact_rows(organization: Organization, actor: Actor) -> list[FactGroup]:
    """All facts of a body by group: own people see all, officers what needs no consent (the rest: `fact_sheet`)."""
    if not permissions.can_see_facts(actor, organization).allowed:
        return []
    is_own = organization.key in actor.organizations()
    kept: dict[str, dict[tuple[int, bool], list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for row in organization.facts.filter(ended_at=None).order_by("-year", "status", "pk"):
        kept[row.name][-(row.year or 0), row.is_statistical].append(row)
    for row in certificates.as_facts(certificates.registered({organization.pk}).order_by("issued_date", "pk")):
        kept[row.name][0, False].append(row)
    groups = []
    for group in facts.groups():
        faces = []
        for name in group.facts:
            for _place, rows in sorted(kept.get(name, {}).items()):
                face = _face(rows, sees_all=is_own)
                faces += [face] if face else []
        known = {face.about.name for face in faces}
        absent = tuple(facts.facts()[name] for name in group.facts if name not in known)
        groups.append(FactGroup(group, tuple(faces), absent))
    return groups


def _face(rows: list[Fact], *, sees_all: bool) -> FactFace | None:
    """What the values that stand look like to somebody; None where nothing of them may be seen."""
    seen = [row for row in rows if sees_all or not (row.is_statistical or row.needs_consent)]
    return face_of(seen, among=rows) if seen else None


def face_of(seen: list[Fact], *, among: list[Fact] | None = None, is_disputed: bool = False) -> FactFace:
    """What values look like that may be seen, `among` all there are; `is_disputed` if one that is kept back differs."""
    agree, together = _together(among or seen, seen)
    one = seen[0]
    if agree and not is_disputed:
        return FactFace(one.about, one.year, tuple(seen), FactStatus(one.status), merged=together)
    is_hidden = len(seen) < len(among) if among else agree
    return FactFace(one.about, one.year, tuple(seen), FactStatus.CONFLICT, is_hidden)


def _together(rows: list[Fact], seen: list[Fact]) -> tuple[bool, Any]:
    """Whether the values agree, and what those that are seen say together if they are put together."""
    stated = [row for row in rows if row.register != PLATFORM]
    if not _agree(stated) or len(stated) == len(rows):
        return _agree(stated), None
    lists = [row.value for row in (*stated[:1], *(row for row in rows if row.register == PLATFORM))]
    usable = [row.value for row in seen]
    return certificates.merge(lists).agrees, certificates.merge(usable).items


def earlier_facts(organization: Organization, actor: Actor) -> list[Fact]:
    """What stood before and does not count any more, newest first: the firm's own people see how it changed."""
    if organization.key not in actor.organizations():
        return []
    return list(organization.facts.exclude(ended_at=None).order_by("-ended_at", "-pk")[:100])


def consents_of(organization: Organization) -> dict[str, FactConsent]:
    """The consents in force, by purpose."""
    return {row.purpose: row for row in organization.consents.filter(ended_at=None)}
