"""Start-up checks of what would otherwise fail under load."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection


@register(Tags.database, deploy=False)
def sqlite_is_immediate(
    app_configs: Sequence[AppConfig] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse SQLite's DEFERRED transactions: concurrent writers would fail with "database is locked"."""
    if connection.vendor != "sqlite" or connection.settings_dict["OPTIONS"].get("transaction_mode") == "IMMEDIATE":
        return []
    return [Error("SQLite must run with transaction_mode IMMEDIATE.", hint="See docs/settings.md.", id="keqiao.E001")]
