"""Copying a database while it serves: SQLite by its own online backup, PostgreSQL by pg_dump on one snapshot."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from . import archive

SQLITE_NAME, POSTGRES_NAME = "database.sqlite3.gz", "database.dump"


class ToolError(RuntimeError):
    """A program that the work needs is missing, too old, or has failed."""


@dataclass(frozen=True)
class Snapshot:
    """What a copied database holds, read at the same moment as the copy."""

    counts: dict[str, int]
    migrations: list[list[str]]
    ledger_seq: int
    ledger_digest: str
    files: list[str]


def dump(folder: Path) -> tuple[Path, str, Snapshot]:
    """Copy the database into a file of the folder; the file, its name in the archive, and what it holds."""
    if connection.vendor == "sqlite":
        copy, packed = folder / "copy.sqlite3", folder / SQLITE_NAME
        copy_sqlite(Path(connection.settings_dict["NAME"]), copy)
        with closing(sqlite3.connect(copy)) as opened:
            found = snapshot(opened.execute, sqlite_tables(opened))
        archive.compress(copy, packed)
        copy.unlink()
        return packed, SQLITE_NAME, found
    target = folder / POSTGRES_NAME
    return target, POSTGRES_NAME, dump_postgres(target)


def snapshot(execute: Any, tables: list[str]) -> Snapshot:
    """Read what the manifest says of a database, through the `execute` of any connection."""
    seq, digest = execute("SELECT seq, digest FROM ledger_chain").fetchone()
    migrations = execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return Snapshot(
        counts={table: execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables},  # noqa: S608
        migrations=[list(row) for row in migrations],
        ledger_seq=seq,
        ledger_digest=digest,
        files=[row[0] for row in execute("SELECT DISTINCT sha256 FROM files_attachment ORDER BY 1").fetchall()],
    )


# SQLite


def copy_sqlite(source: Path, target: Path) -> None:
    """One consistent copy; in WAL mode the writers are not held up."""
    address = f"file:{source}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=60)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def sqlite_tables(opened: sqlite3.Connection) -> list[str]:
    rows = opened.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%' ORDER BY 1")
    return [row[0] for row in rows]


def sqlite_problems(path: Path) -> list[str]:
    """What SQLite's own examination says of a file; empty if it is sound."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
            said = [row[0] for row in opened.execute("PRAGMA integrity_check")]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [] if said == ["ok"] else said


# PostgreSQL


def dump_postgres(target: Path) -> Snapshot:
    tool = postgres_tool("pg_dump")
    with _one_moment() as (execute, name):
        rows = execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        found = snapshot(execute, [row[0] for row in rows])
        options = ["--format=custom", "--schema=public", "--no-owner", "--no-privileges", "--no-comments"]
        run_tool([tool, *options, f"--snapshot={name}", f"--file={target}"])
    return found


@contextmanager
def _one_moment() -> Iterator[tuple[Any, str]]:
    """A transaction that sees one moment, and the name under which pg_dump sees the same."""
    with closing(connection.get_new_connection(connection.get_connection_params())) as own:
        own.autocommit = True
        own.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield own.execute, own.execute("SELECT pg_export_snapshot()").fetchone()[0]
        own.execute("ROLLBACK")


def server_version() -> int:
    connection.ensure_connection()
    return int(connection.pg_version) // 10000  # type: ignore[attr-defined]


def postgres_tool(name: str) -> str:
    """The path of pg_dump, pg_restore or psql, at least as new as the server; ToolError says what to install."""
    server, seen = server_version(), []
    places = [shutil.which(name), *map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True))]
    for place in filter(None, places):
        said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        version = re.search(r"\(PostgreSQL\) (\d+)", said)
        if version and int(version[1]) >= server:
            return str(place)
        seen.append(f"{place} {version[1] if version else '?'}")
    have = f"only {', '.join(seen)} found" if seen else "it is not installed"
    raise ToolError(
        f"{name} of PostgreSQL {server} or newer is needed, for the server is version {server}; {have}. "
        f"On Debian: apt-get install postgresql-client-{server}"
    )


def run_tool(command: list[str]) -> None:
    """Run a tool against the site's database; the password goes by the environment, never by the command line."""
    wanted = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    variables = {name: str(wanted[key]) for name, key in names.items() if wanted[key]}
    done = subprocess.run(  # noqa: S603 - tools found by postgres_tool
        command, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise ToolError(f"{Path(command[0]).name} failed: {' '.join(lines[-4:]) or done.returncode}")
