"""Prints how well public replies are read: the reference replies, our own labelled ones, and the speed.

Run: `python benchmarks/replies.py` (KEQIAO_SHARED names the reference folder, default ../shared beside the repository).
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from keqiao.catalogue.replies import link_replies, parse_reply  # noqa: E402 - the repository root comes first
from tests.engines.replies.judging import judge  # noqa: E402 - as above
from tests.engines.replies.labelled import MARKED, labelled  # noqa: E402 - as above
from tests.engines.replies.pairs import pairs  # noqa: E402 - as above
from tests.engines.replies.scoring import add, rate, score  # noqa: E402 - as above

SHARED = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared")) / "replies"


def main() -> None:
    if SHARED.exists():
        table("reference replies", reference())
    table("our own replies", ((path.stem[:3], *labelled(path)) for path in sorted(MARKED.glob("*.txt"))))
    if SHARED.exists():
        links()
    written()
    speed()
    linking_speed()


def links() -> None:
    """Series by relation, false links made, statuses of promises, verdicts of sums: ours beside the labels."""
    gold = json.loads((SHARED / "gold" / "links.json").read_text("utf-8"))
    names = ("000", "001", "004")
    labels = {name: json.loads((SHARED / "gold" / f"{name}.json").read_text("utf-8")) for name in names}
    span = {(name, one["id"]): tuple(one["span"]) for name in names for one in labels[name]["figures"]}
    texts = {name: (SHARED / "texts" / f"{name}.txt").read_bytes().decode() for name in names}
    found = link_replies({name: parse_reply(text) for name, text in texts.items()}, texts=texts)
    series = {frozenset((part.doc, part.span) for part in one.points): one.relation for one in found.series}
    sums = {frozenset((part.doc, part.span) for part in one.parts): one.verdict for one in found.arithmetic}

    def key(points: list[dict[str, Any]]) -> frozenset[tuple[str, tuple[int, int]]]:
        return frozenset((one["doc"], span[one["doc"], one["id"]]) for one in points)

    wanted = [one for one in gold["series"] if one["relation"] != "part_of"]
    right = sum(1 for one in wanted if series.get(key(one["points"])) == one["relation"])
    false = sum(1 for one in gold["false_links"] if key([one["a"], one["b"]]) in series)
    judged = [one for one in gold["arithmetic"] if key(one["parts"]) in sums]
    agree = sum(1 for one in judged if sums[key(one["parts"])] == one["verdict"])
    print(
        f"links: {right} of {len(wanted)} series with their relation, {false} of {len(gold['false_links'])} false links"
    )
    print(f"sums: {agree} of {len(judged)} verdicts agree, {len(gold['arithmetic']) - len(judged)} not recomputed")
    told = {(one.promise["doc"], one.promise["text"][:12]): one.status for one in found.promises}
    pairs = [
        (one["status"], told.get((one["promise"]["doc"], one["promise"]["text"][:12]))) for one in gold["promises"]
    ]
    print("promises:", ", ".join(f"{label} → {ours}" for label, ours in pairs))


def written() -> None:
    """What is said of pairs of replies written from templates: nothing false, and how much of what is true."""
    judged = judge(1_000, seed=11)
    print(f"1,000 written pairs: {len(judged.faults)} false links, verdicts or contradictions")
    print("found:", ", ".join(f"{name} {judged.found[name]} of {count}" for name, count in sorted(judged.of.items())))


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


def linking_speed() -> None:
    """2,000 replies of our own and from templates, over eight years, linked at once."""
    texts: dict[str, str] = {}
    own = [labelled(path)[0] for path in sorted(MARKED.glob("*.txt"))]
    for number, pair in enumerate(pairs(1_000, seed=5)):
        for at, text in enumerate(pair.texts.values()):
            year = 2018 + number % 8 + at
            body = "\n".join(own[(number + at + more) % len(own)] for more in range(3))
            texts[f"{number}{at}"] = re.sub(r"20\d\d年(?=\d+月\d+日\n$)", f"{year}年", f"{body}\n{text}")
    read = {name: parse_reply(text) for name, text in texts.items()}
    start = time.perf_counter()
    found = link_replies(read, texts=texts)
    seconds = time.perf_counter() - start
    size = sum(map(len, texts.values())) // len(texts)
    print(
        f"{len(read)} replies of {size} characters linked in {seconds:.1f} s: {len(found.series)} series, "
        f"{len(found.promises)} promises, {len(found.arithmetic)} sums"
    )


if __name__ == "__main__":
    main()
