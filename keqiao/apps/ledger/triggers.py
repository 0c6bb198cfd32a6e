"""The database itself refuses to change or delete what was written.

Two vendors, one meaning. A rebuild of a SQLite table may drop its triggers: `installed` lets a check see that.
"""

from typing import Any

SQLITE = {
    "ledger_entry_update": "BEFORE UPDATE ON ledger_entry",
    "ledger_entry_delete": "BEFORE DELETE ON ledger_entry",
    "ledger_values_update": "BEFORE UPDATE ON ledger_entryvalues",
}
POSTGRES = {
    "ledger_entry_update": ("BEFORE UPDATE OR DELETE", "ledger_entry", "ROW"),
    "ledger_entry_truncate": ("BEFORE TRUNCATE", "ledger_entry", "STATEMENT"),
    "ledger_values_update": ("BEFORE UPDATE", "ledger_entryvalues", "ROW"),
    "ledger_values_truncate": ("BEFORE TRUNCATE", "ledger_entryvalues", "STATEMENT"),
}
MESSAGE = "the ledger is append-only"


def install(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, event in SQLITE.items():
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} {event} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
                )
            return
        cursor.execute(
            "CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
        )
        for name, (event, table, level) in POSTGRES.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(
                f"CREATE TRIGGER {name} {event} ON {table} FOR EACH {level} EXECUTE FUNCTION ledger_append_only()"
            )


def remove(connection: Any) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for name, (_, table, _) in POSTGRES.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def installed(connection: Any) -> set[str]:
    """The names of the triggers that stand in the database now."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%%'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'ledger%%'")
        return {row[0] for row in cursor.fetchall()}


def wanted(connection: Any) -> set[str]:
    return set(SQLITE if connection.vendor == "sqlite" else POSTGRES)
