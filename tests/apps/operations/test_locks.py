"""Locks between processes, and turns between machines."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from keqiao.apps.operations import locks


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path) -> Iterator[Path]:
    with override_settings(HOME=tmp_path):
        yield tmp_path


def test_lock_is_for_one_and_free_afterwards() -> None:
    with locks.hold("worker"), pytest.raises(locks.Busy), locks.hold("worker"):
        raise AssertionError("two held it")
    with locks.hold("worker"):
        pass


def test_shared_lock_is_for_many_but_keeps_out_the_one_who_wants_it_alone() -> None:
    with locks.hold("site", shared=True):
        with locks.hold("site", shared=True):
            pass
        with pytest.raises(locks.Busy), locks.hold("site"):
            raise AssertionError("it was shared")
    with locks.hold("site"), pytest.raises(locks.Busy), locks.hold("site", shared=True):
        raise AssertionError("it was held alone")


@pytest.mark.slow
def test_lock_of_a_killed_process_is_free(own_home: Path) -> None:
    program = textwrap.dedent(f"""
        import fcntl, os, time
        handle = os.open({str(own_home / "run" / "worker.lock")!r}, os.O_RDWR | os.O_CREAT)
        fcntl.flock(handle, fcntl.LOCK_EX)
        print("held", flush=True)
        time.sleep(60)
    """)
    (own_home / "run").mkdir()
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(locks.Busy), locks.hold("worker"):
            raise AssertionError("two held it")
        holder.kill()
    with locks.hold("worker"):
        pass


@pytest.mark.django_db
@pytest.mark.databases
def test_turn_is_taken_by_one_machine_at_a_time() -> None:
    with locks.turn("step:digest") as is_mine:
        assert is_mine
        if connection.vendor == "postgresql":
            other = connection.get_new_connection(connection.get_connection_params())
            key = [locks.number("step:digest")]
            assert other.execute("SELECT pg_try_advisory_lock(%s)", key).fetchone()[0] is False
            other.close()
    with locks.turn("step:digest") as is_mine:
        assert is_mine
