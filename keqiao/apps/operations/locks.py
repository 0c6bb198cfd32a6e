"""Locks of processes on one home folder. The system lets go of them when a process dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


class Busy(RuntimeError):
    """Another process holds the lock."""


def _path(name: str) -> Path:
    folder = Path(settings.HOME) / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.lock"


@contextmanager
def hold(name: str, *, shared: bool = False) -> Iterator[None]:
    """Hold a lock while the block runs; `Busy` at once if another process is in the way."""
    handle = os.open(_path(name), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(name) from error
        yield
    finally:
        os.close(handle)
