"""A firm of which registers know enough to stand somewhere with every policy, and what changed for it."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from keqiao.apps.parties.models import Fact, FactConsent
from keqiao.apps.programmes.models import StandingChange
from tests.apps.programmes.knowing import know, small_firm
from tests.factories.parties import FactConsentFactory
from tests.web.world import World


def know_firm(world: World, **changed: Any) -> None:
    """What registers state of the firm: a technology-based SME but for what is changed. Nothing else is known of it."""
    firm, today = world.organizations["firm"], localdate(world.at) + timedelta(days=1)
    Fact.objects.filter(organization=firm).delete()
    FactConsent.objects.filter(organization=firm).delete()
    lists = [dict(row, checked_at=localdate(world.at).isoformat()) for row in small_firm()["list_checks"]]
    for row in know(firm, small_firm(list_checks=lists, **changed), on=today):
        row.observed_on = localdate(world.at)
        row.save()
    FactConsentFactory(organization=firm)


def extend(world: World) -> None:
    if not Fact.objects.filter(organization=world.organizations["firm"]).exists():
        know_firm(world)
    change(world, "tech-sme-2017")


def change(world: World, policy: str) -> None:
    StandingChange.objects.create(
        organization=world.organizations["firm"], policy=policy, at=world.at, edition_before="a", edition="b",
        verdict_before="eligible", verdict="ineligible",
    )  # fmt: skip


def grow(world: World) -> None:
    for policy in ("srdi-2026", "voucher-demo"):
        change(world, policy)
