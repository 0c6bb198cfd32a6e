from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "keqiao.apps.ledger"
    label = "ledger"
    verbose_name = "台账"

    def ready(self) -> None:
        post_migrate.connect(_restore_triggers, sender=self)


def _restore_triggers(using: str, **kwargs: Any) -> None:
    """A table that a migration rebuilt has lost its triggers on SQLite; put back what is missing."""
    from . import triggers  # noqa: PLC0415 - apps.py is read before the apps are

    connection = connections[using]
    tables = connection.introspection.table_names()
    if "ledger_entry" in tables and "ledger_entryvalues" in tables:
        missing = triggers.wanted(connection) - triggers.installed(connection)
        if missing:
            triggers.install(connection)
