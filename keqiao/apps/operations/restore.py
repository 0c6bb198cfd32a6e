"""Bringing a backup back. Everything is unpacked and compared before anything is touched.

Attached files lie under their digests, so adding the backup's to the store harms nobody. The index is thrown away and
built anew. What remains is the database, and that changes in one step: a rename on SQLite, a transaction on
PostgreSQL. Killed at any moment, the site has the old database or the new one, and all files that it names.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from keqiao.apps.files import store
from keqiao.apps.market import indexing

from . import archive, databases, locks
from .archive import ArchiveError, Manifest
from .backup import sync_folder

# Sign-ins that have ended since must not come back to life, nor counts of attempts.
FORGOTTEN = ("django_session", "keqiao_cache")


class RestoreError(RuntimeError):
    """Nothing was changed; the text says why and what to do."""


@dataclass(frozen=True)
class Restored:
    """What was brought back, and where the old database stands now (a file or a schema; empty if there was none)."""

    manifest: Manifest
    aside: str


def verify(path: Path, *, passphrase: bytes | None = None) -> Manifest:
    """Unpack into a passing folder and prove: digests, and for SQLite the database itself. Changes nothing."""
    with _workshop(path) as folder:
        manifest = _open(path, folder, passphrase=passphrase)
        if manifest.engine == "sqlite":
            _unpack_sqlite(folder, manifest)
    return manifest


def restore(path: Path, *, at: datetime, passphrase: bytes | None = None, force: bool = False) -> Restored:
    """Make the installation what the backup says. An installation that holds something is replaced only by `force`."""
    with _site_stands_still(), _workshop(path) as folder:
        if not force and _holds_something():
            raise RestoreError(
                "this installation holds data already. Restore into an empty home folder and database, or add --force: "
                "the database here is then kept aside."
            )
        manifest = _open(path, folder, passphrase=passphrase)
        _check_fit(manifest)
        stamp = f"{at:%Y%m%d_%H%M%S}"
        if connection.vendor == "sqlite":
            fresh = _unpack_sqlite(folder, manifest)
            _forget(fresh)
            _bring_files(folder, manifest)
            return Restored(manifest, _swap_sqlite(fresh, stamp))
        _bring_files(folder, manifest)
        return Restored(manifest, _swap_postgres(folder, manifest, stamp))


def _open(path: Path, folder: Path, *, passphrase: bytes | None) -> Manifest:
    if not path.is_file():
        raise RestoreError(f"{path} is no file.")
    try:
        return archive.extract(path, folder, passphrase=passphrase)
    except ArchiveError as error:
        raise RestoreError(f"{error}. Nothing was changed.") from error


@contextmanager
def _site_stands_still() -> Iterator[None]:
    try:
        with locks.hold("site"):
            yield
    except locks.Busy as error:
        raise RestoreError("the site is running on this home folder. Stop `keqiao serve` and its workers.") from error


@contextmanager
def _workshop(path: Path) -> Iterator[Path]:
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    for old in home.glob(".restore-*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".restore-", dir=home))
    try:
        yield folder
    except OSError as error:
        if error.errno == 28:
            raise RestoreError(f"the disk of {home} is full: {path.name} cannot be unpacked there.") from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _holds_something() -> bool:
    if connection.vendor == "sqlite":
        here = Path(connection.settings_dict["NAME"])
        return here.exists() and here.stat().st_size > 0
    return bool(connection.introspection.table_names())


def _check_fit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise RestoreError(
            f"the backup holds a database of {manifest.engine}, this installation uses {connection.vendor}. "
            "Set KEQIAO_DATABASE_URL accordingly."
        )
    here = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {})
    ahead = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in here]
    if ahead:
        raise RestoreError(
            f"the backup was taken by version {manifest.version}, which this one does not understand "
            f"(it lacks {', '.join(ahead[:3])}). Install that version or a newer one."
        )


def _bring_files(folder: Path, manifest: Manifest) -> None:
    """Put the attached files into the store, each by a rename; one that is there and damaged is replaced."""
    for part in manifest.files:
        target = store.path_of(part.sha256)
        if target.exists() and archive.digest_of(target) == part.sha256:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        _push(folder / part.sha256)
        (folder / part.sha256).replace(target)
        sync_folder(target.parent)
    indexing.throw_away()


def _push(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


# SQLite


def _unpack_sqlite(folder: Path, manifest: Manifest) -> Path:
    """The database of the backup as a file, after it has been compared with the manifest."""
    fresh = folder / "fresh.sqlite3"
    try:
        archive.expand(folder / manifest.database.sha256, fresh)
    except ArchiveError as error:
        raise RestoreError(f"{error}. Nothing was changed.") from error
    if problems := databases.sqlite_problems(fresh):
        raise RestoreError(f"the database inside is damaged: {problems[0]}. Nothing was changed.")
    with closing(sqlite3.connect(fresh)) as opened:
        found = databases.snapshot(opened.execute, databases.sqlite_tables(opened))
    if (found.counts, found.ledger_digest) != (manifest.counts, manifest.ledger_digest):
        raise RestoreError("the database inside is not the one that the manifest describes. Nothing was changed.")
    return fresh


def _forget(fresh: Path) -> None:
    with closing(sqlite3.connect(fresh)) as opened:
        for table in FORGOTTEN:
            if table in databases.sqlite_tables(opened):
                opened.execute(f'DELETE FROM "{table}"')  # noqa: S608
        opened.commit()
    _push(fresh)


def _swap_sqlite(fresh: Path, stamp: str) -> str:
    here = Path(connection.settings_dict["NAME"])
    connection.close()
    aside = _set_aside(here, stamp) if here.exists() else ""
    fresh.replace(here)
    sync_folder(here.parent)
    return aside


def _set_aside(here: Path, stamp: str) -> str:
    """Give the old database a second name. Leaving WAL fails while anybody has it open, and leaves one file."""
    try:
        with closing(sqlite3.connect(here, timeout=5)) as opened:
            mode = opened.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        mode = "busy"
    except sqlite3.DatabaseError:  # the old one is damaged, which may be why one restores
        mode = "delete"
        _move_beside(here, stamp)
    if mode != "delete":
        raise RestoreError(f"{here} is in use by another program. Stop it; nothing was changed.")
    aside = here.parent / f"before-restore-{stamp}.sqlite3"
    try:
        os.link(here, aside)
    except FileExistsError:
        raise RestoreError(f"{aside} exists already. Try again in a second; nothing was changed.") from None
    except OSError:  # a file system without second names
        shutil.copy2(here, aside)
    sync_folder(here.parent)
    return str(aside)


def _move_beside(here: Path, stamp: str) -> None:
    for ending in ("-wal", "-shm"):
        path = here.with_name(here.name + ending)
        if path.exists():
            path.rename(here.parent / f"before-restore-{stamp}.sqlite3{ending}")


# PostgreSQL


def _swap_postgres(folder: Path, manifest: Manifest, stamp: str) -> str:
    """Old schema aside, new one in, compared with the manifest, all in one transaction."""
    aside = f"before_restore_{stamp}" if _holds_something() else ""
    _refuse_others()
    restore_tool, psql = databases.postgres_tool("pg_restore"), databases.postgres_tool("psql")
    scripts = [folder / name for name in ("1.sql", "2.sql", "3.sql")]
    rename = f"ALTER SCHEMA public RENAME TO {aside};\n" if aside else "DROP SCHEMA IF EXISTS public;\n"
    scripts[0].write_text("SET client_min_messages = warning;\n" + rename, encoding="utf-8")
    dump = folder / manifest.database.sha256
    options = ["--no-owner", "--no-privileges", "--no-comments", "--schema=public"]
    databases.run_tool([restore_tool, *options, f"--file={scripts[1]}", str(dump)])
    with scripts[1].open(encoding="utf-8") as file:
        makes_schema = "CREATE SCHEMA public;" in file.read(65536)
    if not makes_schema:
        with scripts[0].open("a", encoding="utf-8") as file:
            file.write("CREATE SCHEMA public;\n")
    scripts[2].write_text(_comparison(manifest), encoding="utf-8")
    connection.close()
    files = [word for script in scripts for word in ("--file", str(script))]
    databases.run_tool([psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", *files])
    return aside


def _refuse_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        raise RestoreError(f"{others} other connection(s) use the database. Stop the site; nothing was changed.")


def _comparison(manifest: Manifest) -> str:
    """SQL that fails, and so takes everything back, if the restored tables are not those of the manifest."""
    checks = [
        f'IF (SELECT count(*) FROM public."{table}") <> {count} THEN '  # noqa: S608
        f"RAISE EXCEPTION 'table {table} does not have {count} rows'; END IF;"
        for table, count in manifest.counts.items()
    ]
    checks.append(
        f"IF (SELECT digest FROM public.ledger_chain) <> '{manifest.ledger_digest}' THEN "  # noqa: S608
        "RAISE EXCEPTION 'the ledger does not end as the manifest says'; END IF;"
    )
    forget = [f'DELETE FROM public."{table}";' for table in FORGOTTEN if table in manifest.counts]  # noqa: S608
    return "\n".join(["DO $check$ BEGIN", *checks, "END $check$;", *forget, ""])
