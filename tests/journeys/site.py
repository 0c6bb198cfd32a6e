"""A real site in a folder of its own: built, asked and served in processes of its own, to be used and to be killed."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 40


@dataclass
class Site:
    """One installation: its folder, its address, and the processes that serve it."""

    home: Path
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    others: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KEQIAO_", "DJANGO_"))}
        own = {"DJANGO_SETTINGS_MODULE": "keqiao.site.settings", "KEQIAO_HOME": str(self.home)}
        return kept | own | self.variables

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
        )

    def ask(self, *arguments: str) -> dict[str, Any]:
        """Run a function of tests/journeys/inside.py in a process of its own and read its answer."""
        done = self.run("tests.journeys.inside", *arguments)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """A process of `keqiao`, leader of a group of its own so that it dies with all its children."""
        command = [sys.executable, "-m", "keqiao.cli", *arguments]
        with (self.home / "process.log").open("ab") as log:
            return subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def serve(self, *, workers: int = 1) -> None:
        """Serve on a free port and wait until the front page answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = self.start("serve", "--port", str(self.port), "--workers", str(workers))
        wait_until(self.answers, "the site answers")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=5) as response:  # noqa: S310 - our own address
                return bool(response.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def kill(self) -> None:
        """kill -9 for server, workers and all."""
        if self.process is not None:
            for pid in [*descendants(self.process.pid), self.process.pid]:
                kill_one(pid)
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """End it as systemd does; its exit code."""
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(PATIENCE_SECONDS)
        self.process = None
        return code


def descendants(pid: int) -> list[int]:
    """The processes below one, by what the system says now."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(path.parent.name)] = int(fields[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def kill_one(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def wait_until(condition: Callable[[], object], what: str, *, step: float = 0.1) -> None:
    for _ in range(int(PATIENCE_SECONDS / step)):
        if condition():
            return
        time.sleep(step)
    raise AssertionError(f"waited {PATIENCE_SECONDS} s in vain until {what}")
