"""Reads of past contracts and projects."""

from django.db.models import Q, QuerySet

from keqiao.apps.market.models import LegacyProject
from keqiao.apps.parties import places
from keqiao.apps.parties.actors import Actor


def projects(*, actor: Actor, text: str = "", year: int | None = None, kind: str = "") -> QuerySet[LegacyProject]:
    """The past contracts and projects the actor may read: of their bodies, and of the places they serve as officers."""
    own = Q(organization__key__in=actor.organizations()) | Q(partner__key__in=actor.organizations())
    if actor.areas():
        served = places.served_by(actor.areas())
        own |= Q() if served is None else Q(area__in=served)
        if served is None:
            own = Q(pk__isnull=False)
    rows = LegacyProject.objects.filter(own).select_related("organization", "partner")
    if text:
        found = Q(title__icontains=text) | Q(number=text) | Q(partner_name__icontains=text)
        rows = rows.filter(found | Q(organization__name__icontains=text))
    if year is not None:
        rows = rows.filter(year=year)
    return (rows.filter(kind=kind) if kind else rows).order_by("-year", "-id")
