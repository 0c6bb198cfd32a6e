"""Prints how well public replies are read: the reference replies, our own labelled ones, and the speed.

Run: `python benchmarks/replies.py` (KEQIAO_SHARED names the reference folder, default ../shared beside the repository).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from keqiao.catalogue.replies import parse_reply  # noqa: E402 - the repository root comes first
from tests.engines.replies.labelled import MARKED, labelled  # noqa: E402 - as above
from tests.engines.replies.scoring import add, rate, score  # noqa: E402 - as above

SHARED = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared")) / "replies"


def main() -> None:
    if SHARED.exists():
        table("reference replies", reference())
    table("our own replies", ((path.stem[:3], *labelled(path)) for path in sorted(MARKED.glob("*.txt"))))
    speed()


def reference() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in sorted((SHARED / "gold").glob("*.json")):
        if path.stem != "links":
            gold = json.loads(path.read_text("utf-8"))
            yield path.stem[:6], (SHARED / "texts" / gold["source"]["file"]).read_bytes().decode("utf-8"), gold


def table(title: str, replies: Iterator[tuple[str, str, dict[str, Any]]]) -> None:
    """A row for each measure, a column for each document: F1 or share."""
    total: dict[str, list[int]] = {}
    columns = []
    for name, text, gold in replies:
        counts = score(gold, parse_reply(text).to_dict())
        columns.append((name, counts))
        add(total, counts)
    print(f"{title:24}" + "".join(f"{name:>7}" for name, _ in columns) + "  total")
    for measure in total:
        cells = "".join(f"{rate(counts[measure]):7.2f}" for _, counts in columns)
        print(f"{measure:24}{cells}  {rate(total[measure]):.3f}  {total[measure]}")


def speed() -> None:
    texts = [labelled(path)[0] for path in sorted(MARKED.glob("*.txt"))]
    joined = "\n".join(texts)
    page = (joined * 3)[:4000]
    parse_reply(page)
    start = time.perf_counter()
    for _ in range(25):
        parse_reply(page)
    print(f"replies of 4,000 characters a second: {25 / (time.perf_counter() - start):.0f}")


if __name__ == "__main__":
    main()
