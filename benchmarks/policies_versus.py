"""Prints the flat rule over a million firms beside OpenFisca: milliseconds, memory, and wrong verdicts on thresholds.

Run: `python benchmarks/policies_versus.py` (needs `var/peers` with openfisca-core, see README). Ours counts every firm
exactly; a tenth of the firms lies on a threshold of R&D intensity, as firms that aim at it do.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the repository root comes first
import polars as pl  # noqa: E402 - as above

from keqiao.engines.rules import Program, compile_policy, read_policy, read_vocabulary  # noqa: E402 - as above
from keqiao.engines.rules.batch import judge  # noqa: E402 - as above

HERE = ROOT / "benchmarks"
PEERS = ROOT / "var" / "peers" / "bin" / "python"
FIRMS, ROUNDS, SEED = 1_000_000, 12, 20260615
IN_A_ROW = 3  # as variants of a rule are tried one after another: the first finds the memory cold, ours and theirs
FIRST_OPEN = [  # the same firms, but one: what the plan costs that allows for unknown cells
    pl.when(pl.int_range(pl.len()) > 0).then(pl.col(name)).alias(name)
    for name in ("staff_t1", "sales_fen_t1", "rd_fen_t1", "clean")
]
FLAGS = {"resident": 0.97, "normal_product": 0.95, "clean": 0.97, "has_hte": 0.08, "has_award": 0.01, "has_body": 0.02}


def main() -> None:
    python = PEERS if len(sys.argv) < 2 else Path(sys.argv[1])
    if not python.exists():
        sys.exit(f"{python} is missing: make the peers' environment, see benchmarks/README.md")
    program = flat_rule()
    frame = firms()
    ways = {
        "plain": (frame, False),
        "masks": (frame, True),
        "open": (frame.with_columns(FIRST_OPEN), False),
        "holes": (with_gaps(frame), False),
    }
    ours = judge(program, frame, with_masks=False)  # plans are made once, as the peer's system is
    with peers(python, frame) as theirs:
        times = best(program, ways, theirs)
        found = theirs["scales"].found()
    plain, masks = times["plain"], times["masks"]
    print(f"ours {plain:.1f} ms, with the states of all clauses {masks:.1f} ms")
    for name in theirs:
        spent = times[name]
        whole = times["reading"] + spent
        print(f"OpenFisca with {name} {spent:.1f} ms, {whole:.1f} ms with taking its inputs; ratios:", end=" ")
        print(f"verdict {spent / plain:.1f}, the whole job {whole / plain:.1f};", end=" ")
        print(f"with clauses {spent / masks:.1f} and {whole / masks:.1f} (it computes each anyway)")
    print(f"four columns with one unknown cell each: {times['open']:.1f} ms ({times['open'] / plain:.2f} times)")
    print(f"a tenth of four columns unknown: {times['holes']:.1f} ms ({times['holes'] / plain:.2f} times)")
    print(f"memory beside the input: {memory()} MB")
    verdict = ours["verdict"].to_numpy() == 3
    print(f"verdicts that differ from exact integers: OpenFisca {int((verdict != found['eligible']).sum())}, ours 0")
    print(f"amounts that differ: {int((ours['amount'].to_numpy() != np.rint(found['amount'] * 100)).sum())}")


def flat_rule() -> Program:
    words = read_vocabulary((HERE / "policies_flat_facts.toml").read_text("utf-8"))
    policy = read_policy((HERE / "policies_flat.toml").read_text("utf-8"), vocabulary=words)
    return compile_policy(policy, as_of=date(2026, 6, 15))


def firms() -> pl.DataFrame:
    chance = np.random.default_rng(SEED)
    size = FIRMS
    staff = chance.integers(1, 700, size)
    sales = chance.integers(1, 30_000_000_000, size)
    rd = (sales * chance.beta(1.2, 20, size)).astype(np.int64)
    on_bound = chance.random(size) < 0.1
    percent = chance.choice([3, 4, 5, 6], size)
    sales = np.where(on_bound, sales // 100 * 100, sales)
    rd = np.where(on_bound, sales // 100 * percent, rd)
    found = {
        **{name: chance.random(size) < share for name, share in FLAGS.items()},
        "has_standard": chance.random(size) < 0.03,
        "class_1": chance.poisson(0.4, size),
        "class_2": chance.poisson(1.5, size),
        "staff_t1": staff,
        "tech_staff_t1": (staff * chance.beta(2, 8, size)).astype(np.int64),
        "sales_fen_t1": sales,
        "assets_fen_t1": chance.integers(1, 30_000_000_000, size),
        "cost_fen_t1": (sales * chance.uniform(0.5, 1.1, size)).astype(np.int64) + 1,
        "rd_fen_t1": rd,
        "rd_fen_t2": (rd * chance.uniform(0.5, 1.2, size)).astype(np.int64),
    }
    return pl.DataFrame(found)


def with_gaps(frame: pl.DataFrame) -> pl.DataFrame:
    chance = np.random.default_rng(SEED + 1)
    names = ("staff_t1", "sales_fen_t1", "rd_fen_t1", "clean")
    return frame.with_columns(
        [pl.when(pl.Series(chance.random(frame.height) > 0.1)).then(pl.col(name)).alias(name) for name in names]
    )


def best(program: Program, ways: dict[str, tuple[pl.DataFrame, bool]], theirs: dict[str, Peer]) -> dict[str, float]:
    """Milliseconds of each way, all of them in each round, so that a slow moment of the machine meets them alike."""
    found: dict[str, float] = {}
    order = list(ways)
    for _ in range(ROUNDS):
        times = []
        for name, one in theirs.items():
            for _ in range(IN_A_ROW):
                reading, computing = one.round()
                times += [("reading", reading), (name, computing)]
        order.append(order.pop(0))
        for name in order:
            frame, with_masks = ways[name]
            for _ in range(IN_A_ROW):
                start = time.perf_counter()
                judge(program, frame, with_masks=with_masks)
                times.append((name, (time.perf_counter() - start) * 1e3))
        for name, spent in times:
            found[name] = min(spent, found.get(name, spent))
    return found


def memory() -> int:
    """Megabytes above the input at the peak of a judgement with clauses, in a process of its own."""
    return int(subprocess.run([sys.executable, __file__, "--memory"], check=True, capture_output=True).stdout)


def print_memory() -> None:
    program, frame = flat_rule(), firms()
    judge(program, frame.head(1000))
    peak = Path("/proc/self/clear_refs")
    peak.write_text("5", "utf-8")  # starts the peak anew
    before = resident("VmRSS")
    judge(program, frame)
    print((resident("VmHWM") - before) // 1024)


def resident(name: str) -> int:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


class Peer:
    """OpenFisca in its own process, a round at a time."""

    def __init__(self, command: list[str], result: Path) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._result = result
        self._lines().readline()

    def _lines(self) -> IO[str]:
        if self._process.stdout is None:
            raise RuntimeError("the peer has no output")
        return self._process.stdout

    def round(self) -> tuple[float, float]:
        """Milliseconds to take the inputs and to compute."""
        if self._process.stdin is None:
            raise RuntimeError("the peer has no input")
        print(file=self._process.stdin, flush=True)
        reading, computing = map(float, self._lines().readline().split())
        return reading, computing

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.communicate()

    def found(self) -> dict[str, np.ndarray]:
        self.close()
        return dict(np.load(self._result))


@contextmanager
def peers(python: Path, frame: pl.DataFrame) -> Iterator[dict[str, Peer]]:
    """The peer with scales of its own, and with choices between conditions."""
    names = {name: name.removesuffix("_t1").removesuffix("_fen") for name in frame.columns} | {"rd_fen_t2": "rd_before"}
    columns = {}
    for name, theirs in names.items():
        values = frame[name].to_numpy()
        columns[theirs] = values / 100 if "_fen" in name else values
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "firms.npz"
        np.savez(given, **columns)
        made = {}
        for way in ("scales", "choices"):
            found = Path(folder) / f"{way}.npz"
            made[way] = Peer([str(python), str(HERE / "policies_peers.py"), str(given), str(found), way], found)
        yield made
        for one in made.values():
            one.close()


if __name__ == "__main__":
    print_memory() if "--memory" in sys.argv else main()
