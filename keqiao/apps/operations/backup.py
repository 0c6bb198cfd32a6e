"""Taking a backup: one file, whole or not there, while the site goes on serving.

The database is copied first. Files are stored before the row that names them and never changed or deleted, so
whatever the copy names is in the store afterwards.
"""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

import keqiao
from keqiao.apps.files import store

from . import archive, databases, locks
from .archive import Manifest, Part

NAMED = re.compile(r"keqiao-\d{8}-\d{6}\.tar(\.sealed)?")
PARTIAL = ".part"


class BackupError(RuntimeError):
    """No backup was made; the text says why and what to do."""


@dataclass(frozen=True)
class Taken:
    """A finished backup, and which older ones made room for it."""

    path: Path
    manifest: Manifest
    size: int
    sha256: str
    removed: list[Path]


def take(out: Path, *, at: datetime, passphrase: bytes | None = None, keep: int = 0, incomplete: bool = False) -> Taken:
    """Write a backup to the file `out`, or into the folder `out` under a name with the moment in it.

    `keep` leaves that many of the newest named backups in the folder. A lost or damaged attachment is an error unless
    `incomplete` allows it; the manifest then lists it.
    """
    target = _target(out, at=at, sealed=passphrase is not None)
    with _alone(), _workshop() as folder:
        database, name, found = databases.dump(folder)
        sources = {name: database}
        parts, missing = [archive.part_of(database, name)], []
        for digest in found.files:
            part = _attachment(digest)
            if part is None:
                missing.append(digest)
            else:
                parts.append(part)
                sources[part.name] = store.path_of(digest)
        if missing and not incomplete:
            raise BackupError(_lost(missing))
        manifest = _manifest(found, parts, missing, at=at)
        _publish(target, manifest, sources, passphrase=passphrase)
    removed = _prune(target, keep=keep) if keep else []
    return Taken(target, manifest, target.stat().st_size, archive.digest_of(target), removed)


def _target(out: Path, *, at: datetime, sealed: bool) -> Path:
    if out.is_dir():
        out = out / f"keqiao-{at:%Y%m%d-%H%M%S}.tar{'.sealed' if sealed else ''}"
    if out.exists():
        raise BackupError(f"{out} exists already. Name another file, or a folder.")
    if not out.parent.is_dir():
        raise BackupError(f"the folder {out.parent} does not exist. Make it first.")
    if _is_inside(out, Path(settings.FILES_ROOT)) or _is_inside(out, Path(settings.STATIC_ROOT or "")):
        raise BackupError(f"{out} lies among the site's own files. Choose another folder, best on another disk.")
    return out


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


@contextmanager
def _alone() -> Iterator[None]:
    try:
        with locks.hold("backup"):
            yield
    except locks.Busy as error:
        raise BackupError("another backup of this installation is being taken. Wait for it.") from error


@contextmanager
def _workshop() -> Iterator[Path]:
    """A folder for the passing copy, in the home folder and closed to others; what a killed run left is removed."""
    home = Path(settings.HOME)
    for old in home.glob(".backup-*"):
        shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".backup-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _attachment(digest: str) -> Part | None:
    """An attached file as a part; None if it is lost or its bytes are no longer those of its name."""
    try:
        part = archive.part_of(store.path_of(digest), f"files/{digest[:2]}/{digest}")
    except FileNotFoundError:
        return None
    return part if part.sha256 == digest else None


def _lost(missing: list[str]) -> str:
    shown = ", ".join(digest[:12] for digest in missing[:5]) + (" …" if len(missing) > 5 else "")
    return (
        f"{len(missing)} attached file(s) that rows name are lost or damaged in {settings.FILES_ROOT}: {shown}. "
        "Bring them back from an older backup, or take this one without them: --incomplete"
    )


def _manifest(found: databases.Snapshot, parts: list[Part], missing: list[str], *, at: datetime) -> Manifest:
    return Manifest(
        version=keqiao.__version__, at=at.isoformat(timespec="seconds"), engine=connection.vendor,
        migrations=found.migrations, counts=found.counts, ledger_seq=found.ledger_seq,
        ledger_digest=found.ledger_digest, parts=parts, missing=missing, mode=settings.MODE, region=settings.REGION,
        settings=sorted(name for name in os.environ if name.startswith("KEQIAO_")),
    )  # fmt: skip


def _publish(target: Path, manifest: Manifest, sources: dict[str, Path], *, passphrase: bytes | None) -> None:
    """Write beside the target, push it to the disk, rename: the target appears whole or not at all."""
    _sweep(target.parent)
    passing = target.with_name(f".{target.name}{PARTIAL}")
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # says to others that this one is not left over
            archive.write(file, manifest, sources, passphrase=passphrase)
            file.flush()
            os.fsync(file.fileno())
            passing.replace(target)
        sync_folder(target.parent)
    finally:
        passing.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what a killed backup left behind; one that is being written is locked."""
    for left in folder.glob(f".*.tar*{PARTIAL}"):
        with left.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            left.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Push a folder's entries to the disk, so that a rename outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prune(newest: Path, *, keep: int) -> list[Path]:
    """Remove all but the newest `keep` of the folder's named backups; never the one just made."""
    named = sorted((path for path in newest.parent.iterdir() if NAMED.fullmatch(path.name)), reverse=True)
    old = [path for path in named[keep:] if path != newest]
    for path in old:
        path.unlink()
    return old
