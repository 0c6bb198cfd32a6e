"""What the system page shows: versions, counts, the last backup."""

import platform
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django
from django.db import connection
from django.db.models import Count, QuerySet, Value

import keqiao
from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.models import Chain
from keqiao.apps.market.models import Need, Offer
from keqiao.apps.parties.models import Organization, User
from keqiao.apps.post.models import IN_TROUBLE, Delivery


@dataclass(frozen=True)
class LastBackup:
    """The newest backup that the ledger knows of; sizes are unknown once the entry's values were erased."""

    at: datetime
    name: str
    size: int | None
    missing: int | None
    ledger_seq: int | None


def versions() -> dict[str, str]:
    return {
        "keqiao": keqiao.__version__,
        "django": django.get_version(),
        "python": platform.python_version(),
        "database": f"{connection.display_name} {database_version()}",
        "machine": f"{platform.system()} {platform.machine()}",
    }


def database_version() -> str:
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version
    number = int(connection.pg_version)  # type: ignore[attr-defined]
    return f"{number // 10000}.{number % 10000}"


def counts() -> dict[str, int]:
    """How much there is of what, in one query."""
    tables: dict[str, QuerySet[Any]] = {
        "organizations": Organization.objects.all(),
        "users": User.objects.all(),
        "needs": Need.objects.all(),
        "offers": Offer.objects.all(),
        "files": Attachment.objects.filter(removed_at=None),
        "troubled_deliveries": Delivery.objects.filter(state__in=IN_TROUBLE),
    }
    found = Chain.objects.order_by().values_list(Value("entries"), "seq")
    for name, rows in tables.items():
        counted = rows.order_by().annotate(of=Value(name)).values("of").annotate(many=Count("pk"))
        found = found.union(counted.values_list("of", "many"), all=True)
    return dict.fromkeys([*tables, "entries"], 0) | dict(found)


def last_backup() -> LastBackup | None:
    entry = ledger.entries().filter(kind="backup.take", outcome="done").select_related("values_row").first()
    if entry is None:
        return None
    kept = getattr(entry, "values_row", None)
    values = kept.values if kept else {}
    return LastBackup(
        entry.at,
        entry.subject.partition(":")[2],
        values.get("size"),
        values.get("missing"),
        values.get("ledger_seq"),
    )
