"""Prints the figures of quantity extraction and indicator checks: the reference bench, our held-out texts, speed.

Run: `python benchmarks/specs.py` (KEQIAO_SHARED names the reference folder, default ../shared beside the repository).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from keqiao.catalogue.lexicon import shipped_lexicon  # noqa: E402 - the repository root comes first
from keqiao.engines.matching import Indicator, check, indicators_from, overall  # noqa: E402 - as above
from keqiao.engines.text import extract  # noqa: E402 - as above
from tests.engines.text.scoring import scores  # noqa: E402 - as above

BENCH = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared")) / "bench" / "needs"


def main() -> None:
    held_out()
    for name in ("unseen", "unseen2", "unseen3"):
        unseen(name)
    if not BENCH.exists():
        sys.exit(f"{BENCH} is missing: set KEQIAO_SHARED to the reference folder")
    with tempfile.TemporaryDirectory() as folder:
        bench(Path(folder))
    speed()


def held_out() -> None:
    """Texts of other categories, written with the rules known; both were used to correct rules after a first run."""
    for name in ("heldout", "heldout2"):
        path = ROOT / "tests" / "engines" / "text" / "data" / f"{name}.jsonl"
        texts = rows(path)
        detect, full = scores(texts, [extract(text["text"], lexicon=shipped_lexicon()) for text in texts])
        print(f"{name}: {len(texts)} texts, detect F1 {detect:.4f}, value+unit+operator F1 {full:.4f}")


def unseen(name: str) -> None:
    """Needs and offers of categories outside the reference bench, with our labels and verdicts."""
    folder = ROOT / "tests" / "engines" / "matching" / "data"
    needs = {row["id"]: [given(one) for one in row["indicators"]] for row in rows(folder / f"{name}_needs.jsonl")}
    offers = {
        row["id"]: indicators_from(row["text"], lexicon=shipped_lexicon())
        for row in rows(folder / f"{name}_offers.jsonl")
    }
    pairs = rows(folder / f"{name}_pairs.jsonl")
    verdicts = [overall(check(needs[row["need"]], offers[row["offer"]], lexicon=shipped_lexicon())) for row in pairs]
    both = [(row["overall"], ours) for row, ours in zip(pairs, verdicts, strict=True)]
    right = sum(gold == ours for gold, ours in both) / len(both)
    wrong = sum(ours == "pass" != gold for gold, ours in both)
    missed = sum(gold == "pass" != ours for gold, ours in both)
    texts = [
        row | {"quantities": [one for one in row["quantities"] if one["is_spec"]]}
        for row in rows(folder / f"{name}_gold.jsonl")
    ]
    detect, full = scores(texts, [extract(text["text"], lexicon=shipped_lexicon()) for text in texts])
    print(f"{name}: {len(texts)} texts, detect F1 {detect:.4f}, value+unit+operator F1 {full:.4f}")
    print(f"{name}: {len(both)} pairs, accuracy {right:.4f}, {wrong} wrong passes, {missed} missed passes")


def given(row: dict[str, Any]) -> Indicator:
    value = row["value"] if isinstance(row["value"], list) else [row["value"]]
    return Indicator(row["name"], row["op"], tuple(value), row["unit"], row["sense"], row["must"])


def bench(folder: Path) -> None:
    """The reference bench through the command line, scored by its own scorer."""
    texts, out, pairs = folder / "texts.jsonl", folder / "quantities.jsonl", folder / "pairs.jsonl"
    gold = rows(BENCH / "extraction_gold.jsonl")
    texts.write_text(
        "".join(json.dumps({"id": row["id"], "text": row["text"]}) + "\n" for row in gold), encoding="utf-8"
    )
    specs("extract", texts, "--out", out)
    scorer("extract", out)
    wanted = ("--pairs", BENCH / "pairs_dev.jsonl", "--out", pairs)
    specs("check", BENCH / "needs_spec_dev.jsonl", BENCH / "offers_spec.jsonl", *wanted)
    scorer("pairs", pairs)


def speed() -> None:
    """Milliseconds per text: a bench text, four of them as one offer, and a text without numerals."""
    texts = [row["text"] for row in rows(BENCH / "offers_spec.jsonl")]
    joined = ["".join(texts[at : at + 4]) for at in range(0, len(texts), 4)]
    plain = ["本项目围绕新型材料的制备方法开展研究,形成了完整的工艺路线并在企业完成验证。" * 5] * 50
    for name, sample in (("bench offers", texts), ("four offers joined", joined), ("no numerals", plain)):
        best = min(timed(sample) for _ in range(5))
        length = sum(map(len, sample)) / len(sample)
        print(f"speed, {name}: {best / len(sample) * 1e3:.3f} ms/text of {length:.0f} characters")


def timed(sample: list[str]) -> float:
    start = time.perf_counter()
    for text in sample:
        extract(text, lexicon=shipped_lexicon())
    return time.perf_counter() - start


def specs(*arguments: object) -> None:
    subprocess.run([sys.executable, "-m", "keqiao.cli", "specs", *map(str, arguments)], check=True, cwd=ROOT)


def scorer(kind: str, predictions: Path) -> None:
    command = [sys.executable, str(BENCH / "score.py"), kind, "--pred", str(predictions)]
    print(kind, subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
