"""A firm with facts of every standing: confirmed, declared, contradicted, for statistics alone, a list, none."""

from datetime import timedelta
from typing import Any

from keqiao.apps.parties import actions
from keqiao.apps.parties.actors import actor_of, system
from keqiao.apps.parties.models import Fact
from tests.web.world import World, localdate

BY = system("test")


def extend(world: World) -> None:
    last = localdate(world.at).year - 1
    bring(world, name="staff", value=30, year=last)
    bring(world, name="staff", value=31, year=last, register="社保/年报")
    bring(world, name="rd_fen", value=123_400_00, year=last)
    bring(world, name="is_sme", value=True, purposes=["statistics"])
    bring(world, name="certificates", value=[{"type": "srdi", "from": "2024-01-01"}])
    declare(world, name="tech_staff", value=8, year=last)
    firm, own = world.organizations["firm"], actor_of(world.users["editor"], on=localdate(world.at))
    day = localdate(world.at) - timedelta(days=30)
    actions.add_certificate(firm, kind="tech_sme", issued_date=day, by=own, at=world.at)
    actions.authorise(world.organizations["firm"], purpose="support", by=BY, at=world.at)


def bring(world: World, **stated: Any) -> Fact:
    given = {"register": "税务", "observed_on": localdate(world.at)} | stated
    return actions.bring_fact(world.organizations["firm"], by=BY, at=world.at, **given)


def declare(world: World, **stated: Any) -> Fact:
    return actions.declare_fact(world.organizations["firm"], by=BY, at=world.at, **stated)


def row_of(world: World, name: str) -> str:
    rows = Fact.objects.filter(organization=world.organizations["firm"], name=name, ended_at=None)
    return str(rows.order_by("pk")[0].pk)
