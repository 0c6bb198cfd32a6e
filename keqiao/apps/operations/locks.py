"""Locks of processes on one home folder. The system lets go of them when a process dies, however it dies."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection


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


@contextmanager
def wait_for(name: str) -> Iterator[None]:
    """Hold a lock while the block runs, after whoever holds it now."""
    handle = os.open(_path(name), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def number(name: str) -> int:
    """The number that stands for a lock in PostgreSQL."""
    return int.from_bytes(hashlib.sha256(f"keqiao:{name}".encode()).digest()[:8], "big", signed=True)


@contextmanager
def turn(name: str) -> Iterator[bool]:
    """Whether it is this process's turn at something only one machine may do at a time; decided by the database.

    On SQLite there is one machine, and its worker is alone already.
    """
    if connection.vendor != "postgresql":
        yield True
        return
    key = number(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
