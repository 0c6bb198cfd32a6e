"""The worker's heartbeat: a small file in the home folder that says what it does and how its steps fared.

It is written every few seconds by a thread of its own, so a step that takes long is seen as such and not as silence.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

BEAT_SECONDS = 5.0
SILENT_AFTER = timedelta(seconds=45)
STUCK_AFTER = timedelta(minutes=15)


@dataclass
class StepState:
    """How a step fared: when it last ended well, when it last failed and with what kind of error."""

    name: str
    every_seconds: float = 0
    ended_at: str = ""
    took_ms: int = 0
    failed_at: str = ""
    error: str = ""
    failures: int = 0


@dataclass
class Heartbeat:
    """One worker. `step` is what it is doing since `step_at`, empty between two steps."""

    at: str
    pid: int
    started_at: str
    step: str = ""
    step_at: str = ""
    steps: list[StepState] = field(default_factory=list)

    def is_silent(self, at: datetime) -> bool:
        return at - datetime.fromisoformat(self.at) > SILENT_AFTER

    def is_stuck(self, at: datetime) -> bool:
        return bool(self.step) and at - datetime.fromisoformat(self.step_at) > STUCK_AFTER


def _path() -> Path:
    return Path(settings.HOME) / "run" / "worker.json"


def write(beat: Heartbeat) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".worker-{os.getpid()}.new")
    fresh.write_text(json.dumps(asdict(beat)), encoding="utf-8")
    fresh.replace(path)


def read() -> Heartbeat | None:
    """The last heartbeat; None if no worker has ever run here or the file cannot be read."""
    try:
        raw = json.loads(_path().read_text(encoding="utf-8"))
        return Heartbeat(**raw | {"steps": [StepState(**step) for step in raw["steps"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return None
