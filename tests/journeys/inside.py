"""What runs inside a site's own process: building it and telling what stands in it, as JSON.

python -m tests.journeys.inside build          the small market of tests/web, with both indexes
python -m tests.journeys.inside publish 50     fifty more offers, published
python -m tests.journeys.inside attach 3       so many attached files
python -m tests.journeys.inside tables 1200    a digest of every table; of the ledger, up to that entry
python -m tests.journeys.inside state          what stands in database, ledger and index
"""
# ruff: noqa: E402 - models are imported after Django is set up

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.utils import timezone

from keqiao.apps.files import actions as files
from keqiao.apps.files import store
from keqiao.apps.ledger import queries as ledger
from keqiao.apps.market import indexing
from keqiao.apps.market.models import Need, Offer
from keqiao.apps.market.names import MODELS
from keqiao.apps.parties.actors import system
from keqiao.apps.parties.models import Organization
from keqiao.apps.parties.permissions import ALLOWED
from keqiao.catalogue import matcher
from keqiao.cli._server import prepare
from tests.web import world as worlds
from tests.web.pages import agreements, duplicates, figures, promises, proposals, replies, replies_office
from tests.web.world import World


def build() -> dict[str, Any]:
    prepare()
    world = worlds.build(at=timezone.now(), is_demo=True)
    for listing in MODELS:
        indexing.rebuild(listing, at=timezone.now())
    return {
        "users": {name: str(user.key) for name, user in world.users.items()},
        "organizations": {name: row.key for name, row in world.organizations.items()},
        "more": {
            "manager": [
                f"/desk/imports/{world.things[f'import-{name}'].key}/" for name in ("mapping", "checked", "paused")
            ],
            "officer": [page.path for page in duplicates.pages(world) if "officer" in page.readers],
        }
        | {
            name: [
                page.path
                for page in (*agreements.pages(world), *figures.pages(world), *replies.pages(world))
                if name in page.readers and not re.search("export|/files/|jsonld|atom|file=", page.path)
            ]
            for name in ("", "scholar", "registrar")
        }
        | {
            name: [
                page.path
                for page in (*proposals.pages(world), *replies_office.pages(world), *promises.pages(world))
                if name in page.readers and not re.search("export|/files/", page.path)
            ]
            for name in ("dispatcher", "lead", "deputy", "expert")
        },
    }


def publish(count: str) -> dict[str, Any]:
    """Offers that nobody has indexed yet."""
    world = World(at=timezone.now())
    world.organizations["school"] = Organization.objects.get(kind="university")
    first = Offer.objects.count()
    for number in range(first, first + int(count)):
        worlds.offer(world, f"late-{number}")
    return {"published": Offer.objects.filter(state="published").count(), "last": ledger.last_seq()}


def attach(count: str) -> dict[str, Any]:
    """Files of one need, no two alike."""
    digests = [
        files.attach(
            subject="need:N-public", name=f"plan-{number}.txt", content=f"plan {number}\n".encode() * 5000,
            permit=ALLOWED, by=system("test"), at=timezone.now(),
        ).sha256
        for number in range(int(count))
    ]  # fmt: skip
    return {"digests": sorted(digests)}


def tables(seq: str) -> dict[str, Any]:
    """What each table holds, comparable between two databases. Sign-ins and counters are left out."""
    found, limits = {}, {"ledger_entry": "seq", "ledger_entryvalues": "entry_id"}
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        for name in set(names) - {"django_session", "keqiao_cache", "ledger_chain", "django_migrations"}:
            where = f"WHERE {limits[name]} <= {int(seq)}" if name in limits else ""
            cursor.execute(f'SELECT * FROM "{name}" {where}')  # noqa: S608
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[name] = f"{len(rows)} {hashlib.sha256(''.join(rows).encode()).hexdigest()}"
    stored = sorted(path.name for path in Path(settings.FILES_ROOT).glob("*/*"))
    return {"tables": found, "files": stored, "sound": [hashlib.sha256(store.read(n)).hexdigest() for n in stored]}


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
    commands: dict[str, Any] = {
        "build": build, "publish": publish, "attach": attach, "tables": tables, "state": state
    }  # fmt: skip
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - this is a command
