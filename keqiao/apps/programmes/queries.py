"""Where firms stand, what has changed, whose turn it is to be reckoned."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from keqiao.apps.parties import places
from keqiao.apps.parties import queries as parties
from keqiao.apps.parties.actors import Actor, Grant
from keqiao.apps.parties.models import Certificate, Fact, Organization, OrganizationKind, Purpose, Role

from .models import Reckoning, Standing, StandingChange, StandingVerdict

ORDER = {verdict: place for place, verdict in enumerate(StandingVerdict.values)}


def due(*, on: date, catalogue: str) -> "QuerySet[Organization]":
    """Firms with facts or certificates, of which standings are older than these, the day or the catalogue.

    Longest waiting first.
    """
    known = Reckoning.objects.filter(organization=OuterRef("pk"))
    facts = Fact.objects.filter(organization=OuterRef("pk"))
    certificates = Certificate.objects.filter(organization=OuterRef("pk"))
    since = OuterRef("reckoned_at")
    rows = Organization.objects.filter(kind=OrganizationKind.ENTERPRISE, merged_into=None)
    rows = rows.annotate(reckoned_at=Subquery(known.values("at")))
    newer = Q(Exists(facts.filter(Q(brought_at__gt=since) | Q(ended_at__gt=since))))
    newer |= Q(Exists(certificates.filter(changed_at__gt=since)))
    has_any = Q(Exists(facts)) | Q(Exists(certificates))
    is_current = Exists(known.filter(on__gte=on, catalogue=catalogue))
    return rows.filter(has_any, ~is_current | newer).order_by(F("reckoned_at").asc(nulls_first=True), "pk")


def standings(organization: Organization) -> list[Standing]:
    """One row a policy, in the order in which a firm reads them: what it qualifies for first."""
    rows = Standing.objects.filter(organization=organization)
    return sorted(rows, key=lambda row: (ORDER[row.verdict], -(row.amount_fen or 0), row.policy))


def supported(organizations: Iterable[Organization]) -> "QuerySet[Standing]":
    """The policies that firms qualify for."""
    return Standing.objects.filter(organization__in=organizations, verdict=StandingVerdict.ELIGIBLE)


def changes(organization: Organization, *, since: datetime) -> "QuerySet[StandingChange]":
    return StandingChange.objects.filter(organization=organization, at__gte=since)


def facts_of_own(firms: "Iterable[Organization]", *, on: date) -> dict[str, dict[str, Any]]:
    """All facts that the firms' own people may use, by the firms' keys; for the product, which has no people."""
    known = list(firms)
    own = Actor(key="system:standings", grants=frozenset(Grant(Role.MEMBER, firm.key) for firm in known))
    return parties.facts_of(known, purpose=Purpose.SUPPORT, on=on, actor=own)


def firms_served(actor: Actor) -> "QuerySet[Organization]":
    """The enterprises of the places an officer serves; the product's are all."""
    rows = Organization.objects.filter(kind=OrganizationKind.ENTERPRISE, merged_into=None).order_by("pk")
    if actor.is_product:
        return rows
    served = places.served_by(actor.areas()) if actor.areas() else ()
    return rows if served is None else rows.filter(area__in=served)


def own_firms(actor: Actor) -> "QuerySet[Organization]":
    """The enterprises an actor belongs to."""
    keys = actor.organizations(Role.MEMBER, Role.EDITOR, Role.MANAGER)
    return Organization.objects.filter(key__in=keys, kind=OrganizationKind.ENTERPRISE).order_by("name")
