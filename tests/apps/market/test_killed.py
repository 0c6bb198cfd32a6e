"""`kill -9` in the middle of writing: what was written is whole, what was not is not there at all."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ENOUGH = 25


def command(mode: str) -> list[str]:
    return [sys.executable, "-m", "tests.apps.market.writing", mode]


def kill_a_writer(environment: dict[str, str]) -> int:
    """Let a process write, kill it without warning, and say how many needs it had reported."""
    with subprocess.Popen(command("write"), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        reported = 0
        for line in process.stdout:
            reported = int(line)
            if reported == ENOUGH:
                break
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    return reported


@pytest.mark.slow
def test_killed_writer_leaves_whole_needs_and_a_sound_chain(own_process: dict[str, str]) -> None:
    reported = kill_a_writer(own_process)

    done = subprocess.run(command("inspect"), cwd=ROOT, env=own_process, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found.pop("needs") in (reported, reported + 1, reported + 2)
    assert found == {
        "problems": [],
        "created_without_the_other": [],
        "submitted_without_the_other": [],
        "missing_lines": 0,
    }
