"""What serving consists of: preparing the database, the web server, the worker beside it."""

import http.client
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from keqiao.apps.market import indexing
from keqiao.apps.market.names import MODELS
from keqiao.apps.operations import locks

from . import _django
from ._processes import Child, stop

GRACE_SECONDS = 10


def prepare() -> None:
    """Bring tables, cache table and static files up to date."""
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    with locks.wait_for("prepare"), _one_migrates():
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)


@contextmanager
def _one_migrates() -> Iterator[None]:
    """Several machines on one PostgreSQL may be brought up at once: one migrates, the others wait and find it done."""
    if connection.vendor != "postgresql":
        yield
        return
    with closing(connection.get_new_connection(connection.get_connection_params())) as own:
        own.autocommit = True
        own.execute("SELECT pg_advisory_lock(%s)", [locks.number("prepare")])
        yield


def load_demo(*, fresh: bool) -> None:
    """Load the demo region unless it stands already; an interrupted load starts anew."""
    from keqiao.demo import loader

    done = Path(settings.HOME) / "demo-loaded"
    if fresh or (not done.exists() and _database_file().exists()):
        done.unlink(missing_ok=True)
        connection.close()
        for path in (_database_file(), *_database_file().parent.glob(f"{_database_file().name}-*")):
            path.unlink(missing_ok=True)
        indexing.throw_away()
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


@contextmanager
def standing() -> Iterator[None]:
    """Nobody may restore a backup while the site stands."""
    try:
        with locks.hold("site", shared=True):
            yield
    except locks.Busy:
        _django.fail("a backup is being restored here. Start the site when that has ended.")


def serve(*, host: str, port: int, workers: int) -> None:
    """Run web server and worker until told to stop; whichever dies is started again.

    One that dies again and again at once ends the whole with exit code 1: somebody has to look.
    """
    _refuse_taken_port(host, port)
    web = Child((
        "granian", "keqiao.site.wsgi:application", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "--workers-kill-timeout", str(GRACE_SECONDS),
    ))  # fmt: skip
    helper = Child(("keqiao.cli", "worker"))
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        web.keep_running()
        helper.keep_running()
        _announce(host, port)
        while web.keep_running() and helper.keep_running():
            time.sleep(1)
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(web, helper)
    typer.echo("A process of the server dies again and again; see the messages above.", err=True)
    raise typer.Exit(1)


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            _django.fail(
                f"cannot listen on {host}:{port}: {error.strerror}. Stop what uses it or choose another --port."
            )


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
