"""What serving consists of: preparing the database, the web server, the worker beside it."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from keqiao.apps.market import indexing
from keqiao.apps.market.names import MODELS

STOP_SECONDS = 10


def prepare() -> None:
    """Bring tables, cache table and static files up to date."""
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def load_demo(*, fresh: bool) -> None:
    """Load the demo region unless it stands already; an interrupted load starts anew."""
    from keqiao.demo import loader

    done = Path(settings.HOME) / "demo-loaded"
    if fresh or (not done.exists() and _database_file().exists()):
        done.unlink(missing_ok=True)
        connection.close()
        for path in (_database_file(), *_database_file().parent.glob(f"{_database_file().name}-*")):
            path.unlink(missing_ok=True)
        shutil.rmtree(settings.INDEX_ROOT, ignore_errors=True)
    prepare()
    if done.exists():
        return
    loader.load(at=timezone.now(), progress=sys.stderr.isatty())
    for listing in MODELS:
        indexing.rebuild(listing, at=timezone.now())
    mark_demo_loaded()


def mark_demo_loaded() -> None:
    """Say that the demo's home folder holds a whole site, so that nobody loads over it."""
    if settings.DEMO:
        (Path(settings.HOME) / "demo-loaded").write_text(timezone.now().isoformat(), encoding="ascii")


def _database_file() -> Path:
    return Path(settings.HOME) / "keqiao.sqlite3"


def serve(*, host: str, port: int, workers: int) -> None:
    """Run web server and worker until one is told to stop; a worker that dies is started again."""
    web = _start(
        "granian", "keqiao.site.wsgi:application", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
    )  # fmt: skip
    helper = _start("keqiao.cli", "worker")
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _announce(host, port)
        while web.poll() is None:
            if helper.poll() is not None:
                helper = _start("keqiao.cli", "worker")
            time.sleep(1)
    except KeyboardInterrupt:
        pass
    finally:
        _stop(web, helper)


def _start(module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    # The matrices of an answer are small: a second BLAS thread doubles the processor time and saves none.
    variables = {"OPENBLAS_NUM_THREADS": "1"} | os.environ
    return subprocess.Popen([sys.executable, "-m", module, *arguments], env=variables)  # noqa: S603 - our own modules


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(*processes: "subprocess.Popen[bytes]") -> None:
    """Ask first, then kill: granian may ignore SIGTERM while it starts."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _announce(host: str, port: int) -> None:
    """Say where the site is as soon as it answers anything at all."""
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    for _ in range(150):
        if _answers(shown, port):
            typer.echo(f"科桥 Keqiao: http://{shown}:{port}/  (Ctrl-C stops it)")
            return
        time.sleep(0.2)
    typer.echo(f"The server does not answer at http://{shown}:{port}/ yet; see the messages above.", err=True)


def _answers(host: str, port: int) -> bool:
    # Neither redirects nor statuses matter here; the header spares production its redirect to https.
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("HEAD", "/", headers={"Host": settings.ALLOWED_HOSTS[0], "X-Forwarded-Proto": "https"})
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True
