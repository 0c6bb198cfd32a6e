"""`kill -9` in the middle of an import: no row is written by half or twice, and the rest is written afterwards."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.apps.files.importing import ROWS

ROOT = Path(__file__).resolve().parents[3]


def command(mode: str) -> list[str]:
    return [sys.executable, "-m", "tests.apps.files.importing", mode]


def kill_the_worker(environment: dict[str, str], *, batches: int, pause: float) -> None:
    """Let a worker write some batches, and kill it somewhere inside the next one."""
    with subprocess.Popen(command("work"), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(batches):
            process.stdout.readline()
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def inspected(environment: dict[str, str]) -> dict[str, object]:
    done = subprocess.run(command("inspect"), cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_killed_import_goes_on_without_a_half_or_double_row(own_process: dict[str, str]) -> None:
    environment = own_process
    subprocess.run(command("prepare"), cwd=ROOT, env=environment, check=True)

    for batches, pause in ((2, 0.0), (1, 0.05), (3, 0.2)):
        kill_the_worker(environment, batches=batches, pause=pause)
        found = inspected(environment)
        n = found["needs"]
        assert found == {"state": "writing", "problems": []} | dict.fromkeys(
            ("needs", "titles", "submitted", "marked", "numbers", "written", "position", "counted"), n
        )
        assert 0 < n < ROWS

    subprocess.run(command("work"), cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert inspected(environment) == {"state": "done", "problems": []} | dict.fromkeys(
        ("needs", "titles", "submitted", "marked", "numbers", "written", "position", "counted"), ROWS
    )
