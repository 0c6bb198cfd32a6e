"""Where the bytes lie: a folder, each file under the digest of its content, written once and never changed."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


def path_of(digest: str) -> Path:
    return Path(settings.FILES_ROOT) / digest[:2] / digest


def keep(content: bytes) -> str:
    """Store the bytes and return their SHA-256. Killed at any moment, it leaves the whole file or none under a digest.

    The row that names the file is written after this; a file without a row is left over and harms nobody.
    """
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest


def read(digest: str) -> bytes:
    """The bytes under a digest; FileNotFoundError if the store has lost them."""
    return path_of(digest).read_bytes()
