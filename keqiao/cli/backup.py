"""`keqiao backup` and `keqiao restore`: the whole installation in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import _django

if TYPE_CHECKING:
    from keqiao.apps.operations.restore import Restored

Incomplete = Annotated[bool, typer.Option("--incomplete", help="Go on without lost or damaged attachments.")]
VerifyOnly = Annotated[bool, typer.Option("--verify-only", help="Prove that the file is whole; change nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Replace what stands here; the old database is kept aside.")]
Passphrase = Annotated[
    Path | None, typer.Option(help="File whose first line is the passphrase that seals and opens the backup.")
]


def backup(
    out: Annotated[Path, typer.Argument(help="File to write, or a folder, where the name will hold the moment.")],
    *,
    passphrase_file: Passphrase = None,
    keep: Annotated[int, typer.Option(help="Keep so many named backups in the folder; 0 keeps all.", min=0)] = 0,
    incomplete: Incomplete = False,
) -> None:
    """Write database and attached files into one file, while the site goes on serving."""
    _django.start()
    from django.utils import timezone

    from keqiao.apps.operations import actions
    from keqiao.apps.operations import backup as backups
    from keqiao.apps.operations.archive import ArchiveError
    from keqiao.apps.operations.databases import ToolError
    from keqiao.apps.parties.actors import system

    _require_tables()
    secret = _passphrase(passphrase_file)
    try:
        taken = backups.take(out, at=timezone.now(), passphrase=secret, keep=keep, incomplete=incomplete)
    except (backups.BackupError, ArchiveError, ToolError, OSError) as error:
        _django.fail(f"no backup was made: {error}")
    actions.note_backup(taken, by=system("backup"), at=timezone.now())
    files = len(taken.manifest.files)
    typer.echo(
        f"{taken.path}: {taken.size:,} bytes, {files} attached file(s), ledger up to {taken.manifest.ledger_seq}"
    )
    typer.echo(f"sha256 {taken.sha256}")
    for path in taken.removed:
        typer.echo(f"removed {path}")
    if taken.manifest.missing:
        typer.secho(f"{len(taken.manifest.missing)} attachment(s) are missing in it", err=True, fg="yellow")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `keqiao backup` wrote.")],
    *,
    passphrase_file: Passphrase = None,
    verify_only: VerifyOnly = False,
    force: Force = False,
) -> None:
    """Bring an installation back from a backup, compare it with its manifest, and prove the ledger."""
    _django.start()
    from django.utils import timezone

    from keqiao.apps.operations import restore as restores
    from keqiao.apps.operations.databases import ToolError

    secret = _passphrase(passphrase_file)
    try:
        if verify_only:
            manifest = restores.verify(file, passphrase=secret)
            rows = sum(manifest.counts.values())
            typer.echo(f"{file.name} is whole: version {manifest.version}, taken {manifest.at}, {manifest.engine}, ")
            typer.echo(f"{rows:,} rows, {len(manifest.files)} attached file(s), ledger up to {manifest.ledger_seq}")
            return
        done = restores.restore(file, at=timezone.now(), passphrase=secret, force=force)
    except (restores.RestoreError, ToolError, OSError) as error:
        _django.fail(str(error))
    _finish(done)


def _finish(done: Restored) -> None:
    """Bring the tables up to date, build the indexes, prove the ledger. Each can be repeated; `serve` does the same."""
    from django.utils import timezone

    from keqiao.apps.ledger import queries as ledger
    from keqiao.apps.market import indexing
    from keqiao.apps.market.names import MODELS
    from keqiao.apps.operations import actions
    from keqiao.apps.parties.actors import system

    from . import _server

    _server.prepare()
    _server.mark_demo_loaded()
    problems = [problem.message for problem in ledger.verify()]
    for listing in MODELS:
        indexing.rebuild(listing, at=timezone.now())
    actions.note_restore(done, by=system("restore"), at=timezone.now())
    typer.echo(f"Restored what was taken {done.manifest.at}: {sum(done.manifest.counts.values()):,} rows, ")
    typer.echo(f"{len(done.manifest.files)} attached file(s), ledger up to {done.manifest.ledger_seq}.")
    if done.aside:
        typer.echo(f"What stood here before: {done.aside}")
    if done.manifest.missing:
        typer.secho(f"The backup lacked {len(done.manifest.missing)} attachment(s).", err=True, fg="yellow")
    if problems:
        typer.secho(f"The ledger is NOT sound: {problems[0]} ({len(problems)} problem(s))", err=True, fg="red")
        raise typer.Exit(1)
    typer.echo("The ledger is sound. Everybody has to sign in again. Next: keqiao serve")


def _require_tables() -> None:
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        tables = connection.introspection.table_names()
    except OperationalError as error:
        _django.fail(f"the database cannot be reached: {str(error).splitlines()[0]}")
    if "ledger_chain" not in tables:
        _django.fail("there is nothing to back up here yet: KEQIAO_HOME and KEQIAO_DATABASE_URL name an empty place.")


def _passphrase(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        mode, lines = path.stat().st_mode, path.read_bytes().splitlines()
    except OSError as error:
        _django.fail(f"the passphrase cannot be read: {error}")
    if mode & 0o077:
        _django.fail(f"{path} can be read by other users of the machine. Run: chmod 600 {path}")
    if not lines or len(lines[0].strip()) < 12:
        _django.fail(f"the first line of {path} must hold at least 12 characters.")
    return lines[0].strip()
