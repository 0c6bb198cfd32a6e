"""One file that holds a whole installation: a tar, its manifest first, then the database and the attached files.

The manifest names every part with size and SHA-256, so that a reader knows what must come before it comes. Unsealed,
the file opens with any `tar`.
"""

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from . import sealing

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1024 * 1024
_MOST_MANIFEST = 256 * 1024 * 1024


class ArchiveError(ValueError):
    """The file is no backup, is damaged, or holds something else than its manifest says."""


@dataclass(frozen=True)
class Part:
    """One file inside: its name, size and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is inside, and what it was when it was taken."""

    version: str
    at: str
    engine: str
    migrations: list[list[str]]
    counts: dict[str, int]
    ledger_seq: int
    ledger_digest: str
    parts: list[Part]
    missing: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    mode: str = ""
    region: str = ""
    format: int = FORMAT

    @property
    def database(self) -> Part:
        return self.parts[0]

    @property
    def files(self) -> list[Part]:
        return self.parts[1:]

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def part_of(path: Path, name: str) -> Part:
    return Part(name, path.stat().st_size, digest_of(path))


def compress(source: Path, target: Path) -> None:
    with source.open("rb") as plain, target.open("wb") as packed, gzip.GzipFile("", "wb", 6, packed, mtime=0) as stream:
        shutil.copyfileobj(plain, stream, BLOCK)


def expand(source: Path, target: Path) -> None:
    try:
        with gzip.open(source) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, BLOCK)
    except (OSError, EOFError) as error:
        raise ArchiveError(f"the database inside cannot be unpacked: {error}") from error


def write(to: BinaryIO, manifest: Manifest, sources: dict[str, Path], *, passphrase: bytes | None) -> None:
    """Write manifest and parts; a part that has changed since the manifest was made is an error."""
    sealer = sealing.Sealer(to, passphrase=passphrase) if passphrase else None
    with tarfile.open(fileobj=sealer or to, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        head = manifest.as_bytes()
        tar.addfile(_entry(MANIFEST, len(head)), io.BytesIO(head))
        for part in manifest.parts:
            with sources[part.name].open("rb") as file:
                reader = _Counting(file)
                tar.addfile(_entry(part.name, part.size), reader)
            if reader.digest.hexdigest() != part.sha256:
                raise ArchiveError(f"{sources[part.name]} changed while it was being copied")
    if sealer:
        sealer.finish()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Counting:
    """Reads a file and computes its digest on the way."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.digest.update(data)
        return data


@contextmanager
def _tar(path: Path, *, passphrase: bytes | None) -> Iterator[tarfile.TarFile]:
    with path.open("rb") as file:
        sealed = sealing.is_sealed(file.read(len(sealing.MAGIC)))
        file.seek(0)
        if sealed and not passphrase:
            raise ArchiveError("the backup is sealed: name the file with its passphrase (--passphrase-file)")
        try:
            source: Any = sealing.Opener(file, passphrase=passphrase or b"") if sealed else file
            with tarfile.open(fileobj=source, mode="r|") as tar:
                yield tar
        except tarfile.TarError as error:
            raise ArchiveError(f"{path.name} is no backup of Keqiao, or it is damaged: {error}") from error
        except sealing.SealError as error:
            raise ArchiveError(f"{path.name} cannot be opened: {error}") from error


def extract(path: Path, into: Path, *, passphrase: bytes | None) -> Manifest:
    """Unpack into an empty folder and compare every part with the manifest; ArchiveError names what does not fit.

    Names come from the manifest and are looked up, never joined from what the tar says.
    """
    with _tar(path, passphrase=passphrase) as tar:
        members = iter(tar)
        manifest = _manifest(tar, next(members, None), path)
        for part in manifest.parts:
            _take(tar, next(members, None), part, into)
        if next(members, None) is not None:
            raise ArchiveError("more is inside than the manifest names")
    return manifest


def read_manifest(path: Path, *, passphrase: bytes | None) -> Manifest:
    with _tar(path, passphrase=passphrase) as tar:
        return _manifest(tar, next(iter(tar), None), path)


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo | None, path: Path) -> Manifest:
    if member is None or member.name != MANIFEST or not member.isreg() or member.size > _MOST_MANIFEST:
        raise ArchiveError(f"{path.name} is no backup of Keqiao: it does not begin with {MANIFEST}")
    file = tar.extractfile(member)
    try:
        raw = json.loads(file.read() if file else b"")
        known = raw["format"]
        if known != FORMAT:
            raise ArchiveError(
                f"the backup has format {known}; this version reads format {FORMAT}: install a newer one"
            )
        parts = [Part(**part) for part in raw.pop("parts")]
        return Manifest(parts=parts, **raw)
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"the manifest cannot be read: {error}") from error


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo | None, part: Part, into: Path) -> None:
    if member is None or member.name != part.name or not member.isreg() or member.size != part.size:
        found = "nothing" if member is None else f"{member.name} of {member.size} bytes"
        raise ArchiveError(f"where {part.name} of {part.size} bytes should stand, there is {found}")
    target = into / part.sha256
    file, digest = tar.extractfile(member), hashlib.sha256()
    if file is None:
        raise ArchiveError(f"{part.name} cannot be read")
    with target.open("wb") as out:
        while block := file.read(BLOCK):
            digest.update(block)
            out.write(block)
    if digest.hexdigest() != part.sha256:
        raise ArchiveError(f"{part.name} is damaged: its SHA-256 is not the one in the manifest")
