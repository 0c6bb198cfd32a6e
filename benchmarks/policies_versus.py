"""Prints the flat rule over a million firms beside OpenFisca: milliseconds, memory, and wrong verdicts on thresholds.

Run: `python benchmarks/policies_versus.py` (needs `var/peers` with openfisca-core, see README). Ours counts every firm
exactly; a tenth of the firms lies on a threshold of R&D intensity, as firms that aim at it do.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - the repository root comes first
import polars as pl  # noqa: E402 - as above

from keqiao.engines.rules import Program, compile_policy, read_policy, read_vocabulary  # noqa: E402 - as above
from keqiao.engines.rules.batch import judge  # noqa: E402 - as above

HERE = ROOT / "benchmarks"
PEERS = ROOT / "var" / "peers" / "bin" / "python"
FIRMS, ROUNDS, SEED = 1_000_000, 5, 20260615
FLAGS = {"resident": 0.97, "normal_product": 0.95, "clean": 0.97, "has_hte": 0.08, "has_award": 0.01, "has_body": 0.02}


def main() -> None:
    python = PEERS if len(sys.argv) < 2 else Path(sys.argv[1])
    if not python.exists():
        sys.exit(f"{python} is missing: make the peers' environment, see benchmarks/README.md")
    program = flat_rule()
    frame = firms()
    plain = best(program, frame, with_masks=False)
    masks = best(program, frame, with_masks=True)
    holes = best(program, with_gaps(frame), with_masks=False)
    reading, theirs, found = peer(python, frame)
    ours = judge(program, frame, with_masks=False)
    print(f"OpenFisca {theirs:.0f} ms, and {reading:.0f} ms to take its inputs; ours {plain:.0f} ms", end="; ")
    print(f"with the states of all clauses {masks:.0f} ms")
    print(f"ratios: verdict {theirs / plain:.1f}, with clauses {theirs / masks:.1f} (the peer computes each anyway)")
    print(f"a tenth of four columns unknown: {holes:.0f} ms ({holes / plain:.2f} times)")
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


def best(program: Program, frame: pl.DataFrame, *, with_masks: bool) -> float:
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        judge(program, frame, with_masks=with_masks)
        found.append(time.perf_counter() - start)
    return min(found) * 1e3


def peer(python: Path, frame: pl.DataFrame) -> tuple[float, float, dict[str, np.ndarray]]:
    names = {name: name.removesuffix("_t1").removesuffix("_fen") for name in frame.columns} | {"rd_fen_t2": "rd_before"}
    columns = {}
    for name, theirs in names.items():
        values = frame[name].to_numpy()
        columns[theirs] = values / 100 if "_fen" in name else values
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "firms.npz", Path(folder) / "found.npz"
        np.savez(given, **columns)
        command = [str(python), str(HERE / "policies_peers.py"), str(given), str(found), str(ROUNDS)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        reading, computing = map(float, printed.split())
        return reading, computing, dict(np.load(found))


if __name__ == "__main__":
    main()
