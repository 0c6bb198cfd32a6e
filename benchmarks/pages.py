"""CPU time and queries of list and detail pages over 100,000 offers and 20,000 needs, in one process on SQLite.

    .venv/bin/python benchmarks/pages.py --offers 100000 --needs 20000

Rows are written in bulk past the actions, for this measures reading; the indexes are built as the worker builds them.
Prints, for each page, its queries and the median and 95th percentile of CPU milliseconds, warm.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

REPEATS = 40
BATCH = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offers", type=int, default=100_000)
    parser.add_argument("--needs", type=int, default=20_000)
    parser.add_argument("--home", help="measure in this folder, which an earlier run has filled")
    wanted = parser.parse_args()
    if wanted.home:
        start(wanted.home)
        report()
        return
    with tempfile.TemporaryDirectory() as home:
        start(home)
        prepare()
        fill(wanted.offers, wanted.needs)
        build_indexes()
        tune()
        sys.stdout.flush()
        # A process of its own, as the server is one: what building has left in memory would slow every page.
        subprocess.run([sys.executable, __file__, "--home", home], check=True)


def start(home: str) -> None:
    os.environ |= {"KEQIAO_HOME": home, "KEQIAO_HOSTS": "testserver", "OPENBLAS_NUM_THREADS": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "keqiao.site.settings"
    import django

    django.setup()


def prepare() -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from keqiao.demo import loader

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    loader.load(at=timezone.now())


def fill(offers: int, needs: int) -> None:
    from keqiao.demo import generator

    started = time.perf_counter()
    for rows, make in (
        (generator.generate_offers(offers, seed=1), offer_rows),
        (generator.generate_needs(needs, seed=2), need_rows),
    ):
        for batch in batches(rows):
            make(batch)
    print(f"{offers:,} offers and {needs:,} needs written in {time.perf_counter() - started:.0f} s")


def batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def shared(row: dict[str, Any], number: int) -> dict[str, Any]:
    from django.utils import timezone

    from keqiao.apps.parties.models import Organization

    if not hasattr(shared, "owners"):
        shared.owners = list(Organization.objects.all())
    owner = shared.owners[number % len(shared.owners)]
    now = timezone.now()
    return {
        "key": row["key"], "organization": owner, "title": row["title"][:120],
        "abstract": row.get("abstract", ""), "text": row.get("text") or row.get("problem", ""),
        "keywords": row.get("keywords", []), "field": row.get("field", ""), "area": owner.area, "state": "published",
        "created_at": now, "updated_at": now, "published_at": now - timedelta(minutes=number),
        "expires_date": (now + timedelta(days=365)).date(),
    }  # fmt: skip


def indicator_rows(model: Any, owner: str, made: list[Any], batch: list[dict[str, Any]]) -> None:
    lines = []
    for listing, row in zip(made, batch, strict=True):
        for position, line in enumerate(row.get("indicators", ())):
            value = line["value"] if isinstance(line["value"], list) else [line["value"]]
            lines.append(
                model(
                    **{owner: listing},
                    position=position,
                    name=line["name"][:60],
                    op=line["op"],
                    low=value[0],
                    high=value[1] if len(value) > 1 else None,
                    unit=line.get("unit", ""),
                    sense=line.get("sense", "ge"),
                )
            )
    model.objects.bulk_create(lines)


def offer_rows(batch: list[dict[str, Any]]) -> None:
    from keqiao.apps.market.models import Offer, OfferIndicator

    start = Offer.objects.count()
    made = Offer.objects.bulk_create(
        Offer(**shared(row, start + number), kind=row.get("kind", "achievement"), trl=row.get("trl"))
        for number, row in enumerate(batch)
    )
    indicator_rows(OfferIndicator, "offer", made, batch)


def need_rows(batch: list[dict[str, Any]]) -> None:
    from keqiao.apps.market.models import Need, NeedIndicator

    start = Need.objects.count()
    made = Need.objects.bulk_create(
        Need(**shared(row, start + number), need_kind=row.get("need_kind", "process"))
        for number, row in enumerate(batch)
    )
    indicator_rows(NeedIndicator, "need", made, batch)


def build_indexes() -> None:
    from django.utils import timezone

    from keqiao.apps.market import indexing

    for listing in ("offer", "need"):
        started = time.perf_counter()
        count = indexing.rebuild(listing, at=timezone.now())
        print(f"{listing} index: {count:,} documents in {time.perf_counter() - started:.0f} s")


def tune() -> None:
    """What the worker does when it starts: let SQLite learn how its tables are filled."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize=0x10002")


def pages() -> dict[str, str]:
    from keqiao.apps.market.models import Need, Offer

    offer = Offer.objects.order_by("pk")[Offer.objects.count() // 2]
    need = Need.objects.order_by("pk")[Need.objects.count() // 2]
    return {
        "offers": "/offers/",
        "offers, page 500": "/offers/?page=500",
        "offers by field and place": "/offers/?field=new_materials&area=229901",
        "offers by kind": "/offers/?kind=patent",
        "offers by words": "/offers/?q=%E7%A2%B3%E7%BA%A4%E7%BB%B4+%E5%88%86%E5%B1%82",
        "needs": "/needs/",
        "organizations": "/organizations/",
        "offer": f"/offers/{offer.key}/",
        "need": f"/needs/{need.key}/",
        "matches of an offer": f"/offers/{offer.key}/matches/",
        "matches of a need": f"/needs/{need.key}/matches/",
        "home": "/",
    }


def report() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.get("/offers/?q=%E6%BF%80%E5%85%89")  # opens the index, as the first visitor of the day does
    print(f"{'page':<28}{'queries':>8}{'median':>9}{'p95':>8}  CPU ms")
    for name, address in pages().items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, address
            queries = len(captured)
        times = []
        for _ in range(REPEATS):
            started = time.process_time()
            client.get(address)
            times.append((time.process_time() - started) * 1000)
        times.sort()
        worst = times[int(len(times) * 0.95) - 1]
        print(f"{name:<28}{queries:>8}{statistics.median(times):>9.1f}{worst:>8.1f}")


if __name__ == "__main__":
    main()
