"""Child processes that never outlive their parent, and that are started again when they die."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

STOP_SECONDS = 15
CALM_SECONDS = 60.0
LONGEST_PAUSE = 30.0
MOST_DEATHS = 6
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Runs in the child before it becomes the program: it is told to stop when the parent is gone, even by kill -9."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One of our programs, with a process group of its own."""

    arguments: tuple[str, ...]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0
    deaths: int = 0
    due: float = field(default=0, repr=False)

    def start(self) -> None:
        # The matrices of an answer are small: a second BLAS thread doubles the processor time and saves none.
        variables = {"OPENBLAS_NUM_THREADS": "1"} | os.environ
        command = [sys.executable, "-m", *self.arguments]
        self.process = subprocess.Popen(  # noqa: S603 - our own modules
            command,
            env=variables,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self.started = time.monotonic()

    def keep_running(self) -> bool:
        """Start it again if it has died, after a pause that grows; False if it dies again and again at once."""
        if self.process is not None and self.process.poll() is None:
            return True
        if self.process is not None:
            self._bury()
        if self.deaths >= MOST_DEATHS:
            return False
        if time.monotonic() >= self.due:
            self.start()
        return True

    def _bury(self) -> None:
        """What the dead process has started is killed too: it would hold the port."""
        if self.process is not None:
            _kill_group(self.process.pid)
        lived = time.monotonic() - self.started
        self.deaths = 1 if lived > CALM_SECONDS else self.deaths + 1
        self.due = time.monotonic() + min(LONGEST_PAUSE, 0.5 * 2 ** (self.deaths - 1))
        self.process = None


def stop(*children: Child) -> None:
    """Ask first, then kill: granian may ignore SIGTERM while it starts."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
        _kill_group(process.pid)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
