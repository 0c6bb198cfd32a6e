"""Real workers, killed while a letter is on its way or several at once: no letter comes twice, none is forgotten."""

import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.apps.post.servers import HttpSink, MailSink, http_sink, mail_sink
from tests.apps.post.working import LETTERS

ROOT = Path(__file__).resolve().parents[3]
AFTER_THE_CLAIM, MANY = "20", 25


@pytest.fixture
def environment(own_process: dict[str, str]) -> dict[str, str]:
    return own_process | {
        "KEQIAO_MODE": "office", "KEQIAO_SECRET": "s" * 50, "KEQIAO_HOSTS": "127.0.0.1", "KEQIAO_REGION": "229999",
    }  # fmt: skip


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "tests.apps.post.working", *words]


def run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(command(*words), cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def kill_while_sending(environment: dict[str, str], sink: HttpSink | MailSink) -> None:
    """Let a worker deliver until its second letter has arrived and not been answered; then it is gone."""
    arrived, gone = threading.Event(), threading.Event()

    def hold(count: int) -> None:
        if count == 2:
            arrived.set()
            gone.wait(20)

    sink.on_arrival = hold
    with subprocess.Popen(command("deliver", "1"), cwd=ROOT, env=environment) as process:
        assert arrived.wait(60)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    gone.set()
    sink.on_arrival = None


@pytest.mark.slow
def test_killed_worker_leaves_no_letter_that_comes_twice(environment: dict[str, str]) -> None:
    with mail_sink() as sink:
        environment |= {"KEQIAO_MAIL_HOST": "127.0.0.1", "KEQIAO_MAIL_PORT": str(sink.port)}
        run(environment, "prepare", "email", "")
        kill_while_sending(environment, sink)
        run(environment, "deliver", "2")
        run(environment, "deliver", AFTER_THE_CLAIM)
        run(environment, "deliver", AFTER_THE_CLAIM)

    assert len(sink.letters) == 2 < LETTERS
    # What had been claimed waits for a person: the first went out, the second too, the third did not; nobody can tell.
    assert json.loads(run(environment, "inspect")) == {"problems": [], "states": ["uncertain"] * LETTERS}


@pytest.mark.slow
def test_killed_worker_s_webhooks_are_repeated_under_the_same_identity(environment: dict[str, str]) -> None:
    with http_sink() as sink:
        environment |= {"KEQIAO_PRIVATE_HOSTS": f"127.0.0.1:{sink.port}"}
        run(environment, "prepare", "webhook", sink.url)
        kill_while_sending(environment, sink)
        run(environment, "deliver", "2")
        assert len(sink.calls) == 2
        run(environment, "deliver", AFTER_THE_CLAIM)
        run(environment, "deliver", AFTER_THE_CLAIM)

    received: dict[str, bytes] = {}
    for call in sink.calls:
        assert received.setdefault(call.headers["webhook-id"], call.body) == call.body
    assert len(received) == LETTERS
    assert json.loads(run(environment, "inspect")) == {"problems": [], "states": ["sent"] * LETTERS}


@pytest.mark.slow
def test_workers_at_once_send_each_letter_once(environment: dict[str, str]) -> None:
    with mail_sink() as sink:
        environment |= {"KEQIAO_MAIL_HOST": "127.0.0.1", "KEQIAO_MAIL_PORT": str(sink.port)}
        run(environment, "prepare", "email", "", str(MANY))
        workers = [subprocess.Popen(command("work", "1"), cwd=ROOT, env=environment) for _ in range(3)]
        assert [worker.wait(120) for worker in workers] == [0, 0, 0]

    found = Counter(line for letter in sink.letters for line in letter.splitlines() if line.startswith("Message-ID"))
    assert (len(found), set(found.values())) == (MANY, {1})
    assert json.loads(run(environment, "inspect")) == {"problems": [], "states": ["sent"] * MANY}
