"""Whether this process can serve: what a load balancer asks every few seconds, and what an administrator reads."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from keqiao.apps.market import indexing
from keqiao.apps.market.names import MODELS

from . import heartbeat

LEAST_FREE_BYTES = 200 * 1024 * 1024
# Once the tables are up to date they stay so for the life of a process: a new version is a new process.
_up_to_date: set[str] = set()


@dataclass(frozen=True)
class Part:
    """One thing that must hold: its name, whether it does, a code that says why not, and what was measured."""

    name: str
    is_ready: bool
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def parts(*, at: datetime) -> list[Part]:
    """Everything that readiness consists of; without the database the others are not asked."""
    database = _database()
    if not database.is_ready:
        return [database, _worker(at), disk(), _index()]
    return [database, _migrations(), _worker(at), disk(), _index()]


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        return Part("database", is_ready=False, reason="unreachable", facts={"error": type(error).__name__})
    return Part("database", is_ready=True)


def _migrations() -> Part:
    if connection.alias in _up_to_date:
        return Part("migrations", is_ready=True)
    waiting = unapplied()
    if waiting:
        return Part("migrations", is_ready=False, reason="unapplied", facts={"unapplied": waiting})
    _up_to_date.add(connection.alias)
    return Part("migrations", is_ready=True)


def unapplied() -> list[str]:
    """Migrations that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _worker(at: datetime) -> Part:
    beat = heartbeat.read()
    if beat is None:
        return Part("worker", is_ready=False, reason="never_ran")
    facts = {"at": beat.at, "pid": beat.pid, "step": beat.step}
    if beat.is_silent(at):
        return Part("worker", is_ready=False, reason="silent", facts=facts)
    if beat.is_stuck(at):
        return Part("worker", is_ready=False, reason="stuck", facts=facts)
    return Part("worker", is_ready=True, facts=facts)


def disk() -> Part:
    try:
        usage = shutil.disk_usage(settings.HOME)
    except OSError as error:
        return Part("disk", is_ready=False, reason="unreadable", facts={"error": type(error).__name__})
    facts = {"free": usage.free, "total": usage.total}
    return Part(
        "disk",
        is_ready=usage.free >= LEAST_FREE_BYTES,
        reason="" if usage.free >= LEAST_FREE_BYTES else "full",
        facts=facts,
    )


def _index() -> Part:
    places = {listing: indexing.place(listing) for listing in MODELS}
    absent = [listing for listing, place in places.items() if place is None or not Path(place.folder).is_dir()]
    facts = {listing: place.seq for listing, place in places.items() if place is not None}
    return Part("index", is_ready=not absent, reason="absent" if absent else "", facts=facts)
