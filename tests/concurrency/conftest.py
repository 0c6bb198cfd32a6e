from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture
def committed(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database as installations have it. Tests' own SQLite, in memory, locks whole tables against those who read."""
    if connection.vendor != "sqlite":
        yield
        return
    settings, file = connection.settings_dict, str(tmp_path / "keqiao.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [file])
    memory, kept = settings["NAME"], connection.connection
    settings["NAME"], connection.connection = file, None  # what threads open is opened by the same settings
    try:
        yield
    finally:
        connection.close()
        settings["NAME"], connection.connection = memory, kept
