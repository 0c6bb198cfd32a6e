"""What runs inside a site's own process: building it and telling what stands in it, as JSON.

python -m tests.journeys.inside build          the small market of tests/web, with both indexes
python -m tests.journeys.inside publish 50     fifty more offers, published
python -m tests.journeys.inside state          what stands in database, ledger and index
"""
# ruff: noqa: E402 - models are imported after Django is set up

import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.utils import timezone

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.market import indexing
from keqiao.apps.market.models import Need, Offer
from keqiao.apps.market.names import MODELS
from keqiao.apps.parties.models import Organization
from keqiao.catalogue import matcher
from keqiao.cli._server import prepare
from tests.web import world as worlds
from tests.web.world import World


def build() -> dict[str, Any]:
    prepare()
    world = worlds.build(at=timezone.now(), is_demo=True)
    for listing in MODELS:
        indexing.rebuild(listing, at=timezone.now())
    return {
        "users": {name: str(user.key) for name, user in world.users.items()},
        "organizations": {name: row.key for name, row in world.organizations.items()},
    }


def publish(count: str) -> dict[str, Any]:
    """Offers that nobody has indexed yet."""
    world = World(at=timezone.now())
    world.organizations["school"] = Organization.objects.get(kind="university")
    first = Offer.objects.count()
    for number in range(first, first + int(count)):
        worlds.offer(world, f"late-{number}")
    return {"published": Offer.objects.filter(state="published").count(), "last": ledger.last_seq()}


def state() -> dict[str, Any]:
    here = indexing.place("offer")
    return {
        "needs": sorted(Need.objects.values_list("key", flat=True)),
        "published": Offer.objects.filter(state="published").count(),
        "indexed": len(matcher.open_index(Path(here.folder))) if here else 0,
        "entries": ledger.last_seq(),
        "problems": [problem.message for problem in ledger.verify()],
    }


if __name__ == "__main__":
    commands: dict[str, Any] = {"build": build, "publish": publish, "state": state}
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - this is a command
