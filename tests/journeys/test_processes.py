"""kill -9 for each process of a served site alone: what dies comes back, and nobody is left over."""

import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import Built
from tests.journeys.site import Site, descendants, kill_one, wait_until
from tests.journeys.test_kill import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def find(site: Site, what: Callable[[int], bool]) -> int:
    assert site.process is not None
    wait_until(lambda: [pid for pid in descendants(site.process.pid) if what(pid)], "the process runs")  # type: ignore[union-attr]
    return next(pid for pid in descendants(site.process.pid) if what(pid))


def web_main(site: Site) -> int:
    assert site.process is not None
    own = site.process.pid
    return find(site, lambda pid: "granian" in command_of(pid) and parent_of(pid) == own)


def web_worker(site: Site) -> int:
    main = web_main(site)
    return find(site, lambda pid: parent_of(pid) == main and "resource_tracker" not in command_of(pid))


def helper(site: Site) -> int:
    return find(site, lambda pid: "keqiao.cli worker" in command_of(pid))


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@pytest.mark.parametrize("which", [web_main, web_worker, helper], ids=lambda which: which.__name__)
def test_killed_process_comes_back(which: Callable[[Site], int], own_site: Site, built: Built) -> None:
    own_site.serve()
    client = signed_in(own_site, built.users["editor"])
    client.write_need("之前")
    pid = which(own_site)

    kill_one(pid)
    wait_until(lambda: not is_alive(pid), "it is dead")

    wait_until(lambda: is_alive(which(own_site)), "another one runs")
    wait_until(own_site.answers, "the site answers again")
    assert signed_in(own_site, built.users["editor"]).write_need("之后") in own_site.ask("state")["needs"]
    assert own_site.ask("state")["problems"] == []


def test_killed_supervisor_leaves_nobody_behind(own_site: Site) -> None:
    own_site.serve()
    assert own_site.process is not None
    helper(own_site)
    family, port = descendants(own_site.process.pid), own_site.port

    os.kill(own_site.process.pid, signal.SIGKILL)
    own_site.process.wait()
    own_site.process = None

    wait_until(lambda: not [pid for pid in family if is_alive(pid)], "all are gone")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    own_site.serve()


def test_stop_is_graceful_and_complete(own_site: Site) -> None:
    own_site.serve()
    assert own_site.process is not None
    family = descendants(own_site.process.pid)

    assert own_site.stop() == 0
    assert [pid for pid in family if is_alive(pid)] == []


def test_second_worker_stands_by_and_takes_over(own_site: Site) -> None:
    own_site.serve()
    first = helper(own_site)
    second = own_site.start("worker")
    try:
        beat = own_site.home / "run" / "worker.json"
        wait_until(lambda: beat.exists() and json.loads(beat.read_text())["pid"] == first, "the first one works")
        late = own_site.ask("publish", "3")
        own_site.kill()
        wait_until(lambda: json.loads(beat.read_text())["pid"] == second.pid, "the second one works")
        wait_until(lambda: own_site.ask("state")["indexed"] == late["published"], "it indexes", step=1)
    finally:
        second.kill()
        second.wait()


def test_taken_port_is_named(own_site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = own_site.run("keqiao.cli", "serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 2
    assert "choose another --port" in done.stderr


def test_killed_migration_is_finished_by_the_next_start(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for _ in range(3):
        process = site.start("init", "229999")
        wait_until(lambda: (tmp_path / "keqiao.sqlite3").exists(), "tables are being made", step=0.01)
        wait_until(lambda: (tmp_path / "keqiao.sqlite3").stat().st_size > 100_000, "some are there", step=0.005)
        process.kill()
        process.wait()

    done = site.run("keqiao.cli", "init", "229999")
    assert done.returncode == 0, done.stderr
    assert site.run("django", "migrate", "--check").returncode == 0
    assert site.ask("state")["problems"] == []
