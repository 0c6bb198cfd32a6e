"""A throw-away PostgreSQL: its own folder, a socket only, no fsync. As a module it runs a command against one:

python -m tests.postgres pytest -m databases
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

HOW = "apt-get install postgresql"
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def available() -> bool:
    return bool(BINARIES) or shutil.which("initdb") is not None


def _folder() -> Path:
    return BINARIES[-1].parent if BINARIES else Path(str(shutil.which("initdb"))).parent


def _run(*command: str) -> None:
    """Run a server tool; PostgreSQL refuses to run as root, so root steps down to the user postgres."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *command], capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr or done.stdout}")


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Yields the address of a fresh server's database; the server is gone afterwards.

    `durable` leaves fsync on, for measuring.
    """
    folder = Path(tempfile.mkdtemp(prefix="keqiao-pg-"))
    folder.chmod(0o777)
    data, tools = folder / "data", _folder()
    try:
        _run(str(tools / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        careless = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        # Two test processes may each let fifty people press at once, which the usual hundred places do not hold.
        options = f"-k {folder} -c listen_addresses='' -c max_connections=250 {careless}"
        _run(str(tools / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            _run(str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(address: str, *, like: str = "template1") -> str:
    """The address of a new database in the same server, empty or with all that another one holds."""
    name = f"drill_{secrets.token_hex(4)}"
    start, _, end = address.partition("?")
    server = start.rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres?{end}", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    return f"{server}/{name}?{end}"


def main(command: list[str]) -> int:
    if not available():
        print(f"PostgreSQL is missing: {HOW}", file=sys.stderr)  # noqa: T201 - this is a command
        return 1 if "postgres" in os.environ.get("KEQIAO_REQUIRE", "") else 0
    with cluster() as url:
        return subprocess.run(command, env=os.environ | {"KEQIAO_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
