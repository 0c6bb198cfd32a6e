"""Two hundred signed-in people browse and write for a minute against `keqiao serve`, all on this machine.

    .venv/bin/python benchmarks/load.py                          SQLite, one web process
    .venv/bin/python benchmarks/load.py --database postgresql    PostgreSQL with fsync, two web processes

Closed loop: each person waits for the answer, thinks (exponential, five seconds on average), goes on. One act in eight
writes. Prints, for each kind, how often, median, 95th percentile and worst wall time in milliseconds, errors, and the
CPU seconds of server and client. The address is always 127.0.0.1; people, seconds and requests are bounded.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MOST_PEOPLE, MOST_SECONDS, MOST_REQUESTS = 500, 300, 100_000
WORDS = ("碳纤维 分层", "激光 功率", "轴承 噪声", "人参 提取", "秸秆", "传感器 漂移", "电池 低温", "视觉 检测")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Tally:
    """What all people together have seen."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    written: list[str] = field(default_factory=list)
    requests: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, ms: float, status: int) -> None:
        with self.lock:
            self.requests += 1
            self.times[kind].append(ms)
            if status >= 400:
                self.errors[f"{kind} {status}"] += 1


class Person:
    """One browser: a kept connection, cookies, the token of its forms."""

    def __init__(self, port: int, key: str, role: str, tally: Tally, seed: int) -> None:
        self.port, self.key, self.role, self.tally = port, key, role, tally
        self.random = random.Random(seed)
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.needs: list[str] = []
        self.offers: list[str] = []

    def ask(self, kind: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
        started = time.perf_counter()
        try:
            self.connection.request("POST" if form is not None else "GET", path, body, headers)
            response = self.connection.getresponse()
            content = response.read().decode()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.tally.note(kind, (time.perf_counter() - started) * 1000, 599)
            return 599, "", ""
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition(";")[0].partition("=")
                self.cookies[cookie] = rest
        self.tally.note(kind, (time.perf_counter() - started) * 1000, response.status)
        return response.status, content, response.getheader("Location") or ""

    def sign_in(self) -> None:
        self.ask("(demo page)", "/demo/")
        status, _, place = self.ask("sign in", "/demo/sign-in/", {"user": self.key})
        if (status, place) != (302, "/desk/"):
            raise SystemExit(f"{self.key} could not sign in: {status} {place}")

    def live(self, until: float, think: float) -> None:
        acts = [
            (self.browse_needs, 16), (self.browse_offers, 16), (self.search, 10), (self.read_need, 16),
            (self.read_offer, 10), (self.matches, 6), (self.desk, 10), (self.home, 4), (self.write, 12),
        ]  # fmt: skip
        wheel = [act for act, weight in acts for _ in range(weight)]
        time.sleep(self.random.uniform(0, think))
        while time.monotonic() < until and self.tally.requests < MOST_REQUESTS:
            self.random.choice(wheel)()
            time.sleep(min(self.random.expovariate(1 / think), 4 * think))

    def browse_needs(self) -> None:
        _, page, _ = self.ask("list of needs", f"/needs/?page={self.random.choice((1, 1, 1, 2))}")
        self.needs = re.findall(r'href="/needs/([\w-]+)/"', page) or self.needs

    def browse_offers(self) -> None:
        _, page, _ = self.ask("list of offers", f"/offers/?page={self.random.choice((1, 1, 2, 3))}")
        self.offers = re.findall(r'href="/offers/([\w-]+)/"', page) or self.offers

    def search(self) -> None:
        words = urllib.parse.quote(self.random.choice(WORDS))
        self.ask("search", f"/{self.random.choice(('needs', 'offers'))}/?q={words}")

    def read_need(self) -> None:
        if not self.needs:
            self.browse_needs()
        self.ask("need", f"/needs/{self.random.choice(self.needs)}/")

    def read_offer(self) -> None:
        if not self.offers:
            self.browse_offers()
        self.ask("offer", f"/offers/{self.random.choice(self.offers)}/")

    def matches(self) -> None:
        if not self.needs:
            self.browse_needs()
        self.ask("matches of a need", f"/needs/{self.random.choice(self.needs)}/matches/")

    def desk(self) -> None:
        self.ask("desk", "/desk/introductions/" if self.role == "broker" else "/desk/")

    def home(self) -> None:
        self.ask("home", "/")

    def write(self) -> None:
        if self.role != "editor":
            self.ask("ask", "/ask/", {"problem": f"{self.random.choice(WORDS)}，怎么解决？"})
            return
        form = {"title": f"难题 {self.key[:6]} {self.random.random():.9f}", "text": "连续运行两小时后功率下降。",
                "secrecy": "public", "urgency": "normal",
                "indicators-TOTAL_FORMS": "0", "indicators-INITIAL_FORMS": "0"}  # fmt: skip
        status, _, place = self.ask("write a need", "/desk/needs/new/", form)
        found = re.fullmatch(r"/desk/needs/([\w-]+)/edit/", place)
        if status == 302 and found:
            with self.tally.lock:
                self.tally.written.append(found[1])


# The site


def environment(home: Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KEQIAO_", "DJANGO_"))}
    own = {"KEQIAO_HOME": str(home), "DJANGO_SETTINGS_MODULE": "keqiao.site.settings", "OPENBLAS_NUM_THREADS": "1"}
    return kept | own | ({"KEQIAO_DATABASE_URL": url} if url else {})


def prepare(people: int) -> None:
    """In a process of its own: so many people more, each with a role in one of the demo's bodies."""
    import django

    django.setup()
    from django.utils import timezone

    from keqiao.apps.parties import actions, queries
    from keqiao.apps.parties.actors import system
    from keqiao.apps.parties.models import Role, Station

    firms = list(queries.organizations().filter(kind="enterprise")[:40])
    stations = list(Station.objects.filter(kind="station"))
    made = []
    for number in range(people):
        by, at = system("loader"), timezone.now()
        user = actions.add_user(email=f"load{number}@example.invalid", name=f"负载{number}", password=None,
                                is_demo=True, by=by, at=at)  # fmt: skip
        role = "broker" if number % 5 == 4 and stations else "editor"
        scope: dict[str, Any] = (
            {"station": stations[number % len(stations)]} if role == "broker" else {"organization": firms[number % 40]}
        )
        actions.grant(user, role=Role(role), by=by, at=at, **scope)
        made.append([str(user.key), role])
    print(json.dumps(made))


def proof() -> None:
    """In a process of its own: which needs stand in the database, and whether the ledger is sound."""
    import django

    django.setup()
    from keqiao.apps.ledger import queries
    from keqiao.apps.market.models import Need

    keys = list(Need.objects.filter(title__startswith="难题 ").values_list("key", flat=True))
    print(json.dumps({"keys": keys, "problems": sum(1 for _ in queries.verify())}))


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    from tests import postgres

    with postgres.cluster(durable=True) as url:
        yield url


@contextlib.contextmanager
def served(home: Path, url: str, workers: int) -> Iterator[tuple[int, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "keqiao.cli", "serve", "--port", str(port), "--workers", str(workers)]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment(home, url), cwd=ROOT, stdout=log, stderr=log)
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.2)
            time.sleep(3)
            yield port, server.pid
        finally:
            server.terminate()
            server.wait(30)


def cpu_seconds(root: int) -> float:
    """CPU time of a process and all below it."""
    parents, spent = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
            spent[int(path.parent.name)] = (int(fields[11]) + int(fields[12])) / TICKS
    found = [root]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return sum(spent.get(pid, 0) for pid in found)


def run(port: int, server: int, made: list[list[str]], wanted: argparse.Namespace) -> Tally:
    entering, tally = Tally(), Tally()
    people = [Person(port, key, role, entering, seed) for seed, (key, role) in enumerate(made)]
    for person in people:
        person.sign_in()
    report(entering)
    before, started = cpu_seconds(server), time.process_time()
    load_before = Path("/proc/loadavg").read_text().split()[0]
    until = time.monotonic() + wanted.seconds
    for person in people:
        person.tally = tally
    threads = [threading.Thread(target=person.live, args=(until, wanted.think)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent, own = cpu_seconds(server) - before, time.process_time() - started
    print(f"\n{tally.requests} requests of {len(people)} people in {wanted.seconds} s")
    print(f"load of the machine before: {load_before}; CPU seconds: server {spent:.1f}, client {own:.1f}")
    return tally


def report(tally: Tally) -> None:
    print(f"\n{'kind':<20}{'n':>7}{'p50':>9}{'p95':>9}{'max':>9}  ms")
    everything = [one for kind, times in tally.times.items() if not kind.startswith("(") for one in times]
    for kind, times in [*sorted(tally.times.items()), ("all", everything)]:
        ordered = sorted(times)
        p95 = ordered[max(0, int(len(ordered) * 0.95) - 1)]
        print(f"{kind:<20}{len(ordered):>7}{statistics.median(ordered):>9.0f}{p95:>9.0f}{ordered[-1]:>9.0f}")
    print(f"errors: {dict(tally.errors) or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--part", choices=["prepare", "proof"], help="used by the command itself")
    wanted = parser.parse_args()
    if wanted.people > MOST_PEOPLE or wanted.seconds > MOST_SECONDS or wanted.think < 0.5:
        parser.error(f"at most {MOST_PEOPLE} people, {MOST_SECONDS} s, thinking half a second or more")
    if wanted.part:
        prepare(wanted.people) if wanted.part == "prepare" else proof()
        return
    home = Path(tempfile.mkdtemp(prefix="keqiao-load-"))
    workers = wanted.workers or (1 if wanted.database == "sqlite" else 2)
    try:
        with database(wanted.database) as url:
            inside = {"env": environment(home, url), "cwd": ROOT, "check": True}
            subprocess.run([sys.executable, "-m", "keqiao.cli", "demo"], **inside)
            part = [sys.executable, __file__, "--people", str(wanted.people), "--part"]
            made = subprocess.run([*part, "prepare"], capture_output=True, text=True, **inside).stdout
            with served(home, url, workers) as (port, pid):
                tally = run(port, pid, json.loads(made), wanted)
            report(tally)
            after = json.loads(subprocess.run([*part, "proof"], capture_output=True, text=True, **inside).stdout)
            lost, doubled = set(tally.written) - set(after["keys"]), len(after["keys"]) - len(set(after["keys"]))
            more = len(after["keys"]) - len(tally.written)
            print(f"needs confirmed {len(tally.written)}, lost {len(lost)}, doubled {doubled}, unconfirmed {more}; "
                  f"ledger problems {after['problems']}; {workers} web process(es)")  # fmt: skip
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
