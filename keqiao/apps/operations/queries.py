"""What the system page shows: versions, counts, the last backup."""

import platform
from dataclasses import dataclass
from datetime import datetime

import django
from django.db import connection

import keqiao
from keqiao.apps.files.models import Attachment
from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.models import EntryValues
from keqiao.apps.market.models import Need, Offer
from keqiao.apps.parties.models import Organization, User


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
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return str(cursor.fetchone()[0])


def counts() -> dict[str, int]:
    return {
        "organizations": Organization.objects.count(),
        "users": User.objects.count(),
        "needs": Need.objects.count(),
        "offers": Offer.objects.count(),
        "files": Attachment.objects.filter(removed_at=None).count(),
        "entries": ledger.last_seq(),
    }


def last_backup() -> LastBackup | None:
    entry = ledger.entries().filter(kind="backup.take", outcome="done").first()
    if entry is None:
        return None
    kept = EntryValues.objects.filter(entry=entry).first()
    values = kept.values if kept else {}
    return LastBackup(
        entry.at,
        entry.subject.partition(":")[2],
        values.get("size"),
        values.get("missing"),
        values.get("ledger_seq"),
    )
