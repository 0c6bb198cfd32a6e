"""Setting up and running an installation, as an administrator types it: real processes on a folder of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

OFFICE = {"KEQIAO_MODE": "office", "KEQIAO_SECRET": "not-a-real-secret-" * 4, "KEQIAO_HOSTS": "localhost"}


def keqiao(*arguments: str, home: Path, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KEQIAO_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "keqiao.cli", *arguments],
        env=clean | {"KEQIAO_HOME": str(home), **variables},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_production_without_a_secret_names_the_variable(tmp_path: Path) -> None:
    done = keqiao("init", "22", home=tmp_path, KEQIAO_MODE="production")

    assert done.returncode == 2
    assert "KEQIAO_SECRET is not set" in done.stderr


def test_init_of_another_region_says_what_to_set(tmp_path: Path) -> None:
    done = keqiao("init", "99", home=tmp_path, **OFFICE)

    assert done.returncode == 2
    assert "KEQIAO_REGION=99" in done.stderr


def test_empty_region_is_set_up_and_verified(tmp_path: Path) -> None:
    password = "Songhua-2026-river"

    made = keqiao("init", "22", home=tmp_path, **OFFICE)
    first, second = ("--email", "a@example.test", "--name", "甲"), ("--security-email", "s@example.test")
    people = (*first, *second, "--security-name", "丙")
    twice = "\n".join([password] * 4) + "\n"
    weak = keqiao("setup", *people, home=tmp_path, typed="123\n" * 4, **OFFICE)
    alone = keqiao("setup", *first, "--security-email", "A@example.test", home=tmp_path, typed="\n", **OFFICE)
    set_up = keqiao("setup", *people, home=tmp_path, typed=twice, **OFFICE)
    again = keqiao("setup", *people, home=tmp_path, typed=twice, **OFFICE)
    verified = keqiao("ledger", "verify", home=tmp_path, **OFFICE)

    assert [done.returncode for done in (made, weak, alone, set_up, again)] == [0, 2, 2, 0, 2]
    assert "two people" in alone.stderr
    assert "administrator already" in again.stderr
    assert verified.stdout == "The ledger is sound: 5 entries.\n"


def test_demo_refuses_where_real_data_may_stand(tmp_path: Path) -> None:
    done = keqiao("demo", home=tmp_path, **OFFICE)

    assert done.returncode == 2
    assert "KEQIAO_MODE=demo" in done.stderr
    assert not (tmp_path / "keqiao.sqlite3").exists()


def test_changed_ledger_row_is_named_by_the_command(tmp_path: Path) -> None:
    keqiao("init", "22", home=tmp_path, **OFFICE)
    password = "Songhua-2026-river"
    people = ("--email", "a@example.test", "--name", "", "--security-email", "s@example.test", "--security-name", "")
    keqiao("setup", *people, home=tmp_path, typed=f"{password}\n" * 4, **OFFICE)
    tamper = (
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]);"
        "c.execute('DROP TRIGGER ledger_entry_update');"
        "c.execute(\"UPDATE ledger_entry SET actor='user:someone' WHERE seq=1\"); c.commit()"
    )
    subprocess.run([sys.executable, "-c", tamper, str(tmp_path / "keqiao.sqlite3")], check=True)

    done = keqiao("ledger", "verify", home=tmp_path, **OFFICE)

    assert done.returncode == 1
    assert "changed: entry 1" in done.stderr


def test_help_names_every_command(tmp_path: Path) -> None:
    done = keqiao("--help", home=tmp_path)

    assert [
        name
        for name in ("match", "specs", "ledger", "init", "setup", "demo", "serve", "worker", "backup", "restore")
        if name not in done.stdout
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("command", [["figure", "list"], ["ledger", "verify"], ["quality", "measure"]])
def test_command_that_reads_rows_says_where_there_are_none(command: list[str], tmp_path: Path) -> None:
    done = keqiao(*command, home=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"keqiao: nothing is installed in {tmp_path}:")
