"""Prints the figures of the policies: the reference bench, the time of one firm and of a million.

Run: `python benchmarks/policies.py` (KEQIAO_SHARED names the reference folder, default ../shared beside the code).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import polars as pl  # noqa: E402 - the repository root comes first

from keqiao.catalogue import policies  # noqa: E402 - as above
from keqiao.engines.rules import VERDICTS, Checker, Explainer, Program, RuleError  # noqa: E402 - as above
from keqiao.engines.rules.batch import frame_of, judge  # noqa: E402 - as above
from keqiao.engines.rules.frames import read_frame  # noqa: E402 - as above
from keqiao.engines.rules.nearest_many import ManySearcher  # noqa: E402 - as above
from keqiao.engines.rules.trial import Population, simulate  # noqa: E402 - as above
from tests.engines.rules.firms import made_up  # noqa: E402 - as above

BENCH = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared")) / "bench" / "policycases"
DAY = date(2026, 6, 15)
ROUNDS = 300
MANY, VARIED, SAMPLE = 1_000_000, 100_000, 2_000


def main() -> None:
    one_firm()
    many_firms()
    variants()
    nearest_ways()
    with tempfile.TemporaryDirectory() as folder:
        for count in (MANY // 10, MANY):
            all_policies(Path(folder), count=count)
    if not BENCH.exists():
        sys.exit(f"{BENCH} is missing: set KEQIAO_SHARED to the reference folder")
    with tempfile.TemporaryDirectory() as folder:
        bench(Path(folder) / "verdicts.jsonl")


def one_firm() -> None:
    """Milliseconds to read one firm's facts and judge it by every policy, without and with the explanation."""
    judged = explained = 0.0
    for slug, some in policies.editions().items():
        facts = policies.cases(some[-1])[0]["firm"]
        checker = policies.checker(slug, as_of=DAY)
        explainer = Explainer(checker.program)
        judged += milliseconds(lambda c=checker, f=facts: c.check(c.read(f)))
        explained += milliseconds(lambda e=explainer, c=checker, f=facts: e.explain(c.read(f)))
    print(f"one firm, all {len(policies.editions())} policies: {judged:.2f} ms, with explanation {explained:.2f} ms")


def milliseconds(work: Callable[[], object]) -> float:
    """The best of five rounds."""
    found = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(ROUNDS // 5):
            work()
        found.append((time.perf_counter() - start) / (ROUNDS // 5) * 1e3)
    return min(found)


def many_firms() -> None:
    """Milliseconds for a million firms, lists already numbers: verdict and amount, then with clause masks."""
    for slug, some in policies.editions().items():
        program = policies.checker(slug, as_of=DAY).program
        checker = Checker(program)
        start = time.perf_counter()
        sample = frame_of(program, [checker.read(facts) for facts in made_up(some[-1], count=SAMPLE, seed=1)])
        reading = (time.perf_counter() - start) / SAMPLE * 1e6
        frame = pl.concat([sample] * (MANY // SAMPLE)).sample(fraction=1, shuffle=True, seed=1).rechunk()
        plain, masks = (min(timed(program, frame, with_masks=one) for _ in range(5)) for one in (False, True))
        print(
            f"{MANY:,} firms, {slug}: verdict {plain:.0f} ms, with masks {masks:.0f} ms; lists {reading:.0f} µs a firm"
        )


def all_policies(folder: Path, *, count: int) -> None:
    """Seconds from a Parquet file of firms with their lists to a Parquet file of verdicts for each policy."""
    chosen = [slug for slug, some in policies.editions().items() if some[-1].vocabulary is policies.vocabulary()]
    base = {
        name: value
        for slug in chosen
        for name, value in policies.cases(policies.editions()[slug][-1])[0]["firm"].items()
    }
    firms = [{**base, **firm} for slug in chosen for firm in made_up(policies.editions()[slug][-1], count=100, seed=1)]
    names = dict.fromkeys(name for firm in firms for name in firm)
    sample = pl.DataFrame({name: pl.Series(name, [firm.get(name) for firm in firms], strict=False) for name in names})
    pl.concat([sample] * (count // len(firms) + 1)).head(count).write_parquet(folder / "firms.parquet")
    start = time.perf_counter()
    facts = read_frame(pl.read_parquet(folder / "firms.parquet"), vocabulary=policies.vocabulary(), year=DAY.year)
    for slug in chosen:
        program = policies.checker(slug, as_of=DAY).program
        judge(program, facts.for_program(program)).write_parquet(folder / f"{slug}.parquet")
    spent = time.perf_counter() - start
    print(f"{count:,} firms, {len(chosen)} policies, lists included, Parquet to Parquet: {spent:.1f} s")


def variants() -> None:
    """Seconds to try a hundred values of a parameter on a hundred thousand firms; lists reduced once, told apart."""
    for slug, name, value in (("tech-sme-2017", "staff_most", "{} 人"), ("demo-rd-grant", "cap", "{} 万元")):
        policy = policies.editions()[slug][-1]
        checker = policies.checker(slug, as_of=DAY)
        sample = [checker.read(facts) for facts in made_up(policy, count=SAMPLE, seed=1)]
        population = Population(sample * (VARIED // SAMPLE))
        start = time.perf_counter()
        population.frame(checker.program)
        reducing = time.perf_counter() - start
        start = time.perf_counter()
        simulate(policy, population, as_of=DAY, variants=[{name: value.format(100 + 5 * n)} for n in range(100)])
        print(f"100 variants of {slug} over {VARIED:,} firms: {time.perf_counter() - start:.1f} s", end=" ")
        print(f"(lists and columns before: {reducing:.1f} s)")


def nearest_ways() -> None:
    """Firms a second whose nearest way is searched, among firms that are not eligible; lists already numbers."""
    for slug, some in policies.editions().items():
        if some[-1].levers:
            program = policies.checker(slug, as_of=policies.cases(some[-1])[0]["as_of"]).program
            checker = Checker(program)
            sample = frame_of(program, [checker.read(facts) for facts in made_up(some[-1], count=SAMPLE, seed=1)])
            short = sample.filter(judge(program, sample)["verdict"] != VERDICTS.index("eligible"))
            frame = pl.concat([short] * (MANY // 5 // short.height))
            try:
                searcher = ManySearcher(program)
            except RuleError as error:
                print(f"nearest way, {slug}: {error.what}, so it is searched firm by firm")
                continue
            start = time.perf_counter()
            searcher.search(frame)
            print(f"nearest way, {slug}: {frame.height / (time.perf_counter() - start):,.0f} firms a second")


def timed(program: Program, frame: pl.DataFrame, *, with_masks: bool) -> float:
    start = time.perf_counter()
    judge(program, frame, with_masks=with_masks)
    return (time.perf_counter() - start) * 1e3


def bench(out: Path) -> None:
    """Every case of the reference bench, by its own scorer."""
    cases = BENCH / "cases_dev.jsonl"
    command = [sys.executable, "-m", "keqiao.cli", "policy", "check", "--cases", str(cases), "--out", str(out)]
    subprocess.run(command, check=True, cwd=ROOT)
    scored = [sys.executable, str(BENCH / "score.py"), str(cases), str(out)]
    print(subprocess.run(scored, check=False, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    main()
