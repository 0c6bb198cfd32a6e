"""Prints the figures of the policies: the reference bench through the command line, and the time of one firm.

Run: `python benchmarks/policies.py` (KEQIAO_SHARED names the reference folder, default ../shared beside the code).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from keqiao.catalogue import policies  # noqa: E402 - the repository root comes first

BENCH = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared")) / "bench" / "policycases"
DAY = date(2026, 6, 15)
ROUNDS = 300


def main() -> None:
    one_firm()
    if not BENCH.exists():
        sys.exit(f"{BENCH} is missing: set KEQIAO_SHARED to the reference folder")
    with tempfile.TemporaryDirectory() as folder:
        bench(Path(folder) / "verdicts.jsonl")


def one_firm() -> None:
    """Milliseconds to read one firm's facts and judge it, by each policy and by all."""
    whole = 0.0
    for slug, some in policies.editions().items():
        facts = policies.cases(some[-1])[0]["firm"]
        checker = policies.checker(slug, as_of=DAY)
        start = time.perf_counter()
        for _ in range(ROUNDS):
            checker.check(checker.read(facts))
        spent = (time.perf_counter() - start) / ROUNDS * 1e3
        whole += spent
        print(f"one firm, {slug}: {spent:.3f} ms")
    print(f"one firm, all {len(policies.editions())} policies: {whole:.3f} ms")


def bench(out: Path) -> None:
    """Every case of the reference bench, by its own scorer."""
    cases = BENCH / "cases_dev.jsonl"
    command = [sys.executable, "-m", "keqiao.cli", "policy", "check", "--cases", str(cases), "--out", str(out)]
    subprocess.run(command, check=True, cwd=ROOT)
    scored = [sys.executable, str(BENCH / "score.py"), str(cases), str(out)]
    print(subprocess.run(scored, check=False, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
