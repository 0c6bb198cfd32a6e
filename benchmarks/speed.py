"""Speed and size of the matching engine over generated offers and needs, on this machine.

    .venv/bin/python benchmarks/speed.py                        100,000 offers, 1,000 of 20,000 needs
    .venv/bin/python benchmarks/speed.py --offers 10000

Prints build rate (indicators read from the texts), size on disk, memory of a process that answers, median and 95th
percentile of full answers (retrieve, re-rank, check indicators, explain), time for a batch and until a new offer is
found. The answering process is a fresh one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from keqiao.catalogue.matcher import create_index, document_from_row, open_index, query_from_row, shipped_matcher
from keqiao.demo.generator import generate_needs, generate_offers
from keqiao.engines.matching import Document, Query

NEEDS = 20_000
SEED = 20261121


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=100_000)
    parser.add_argument("--needs", type=int, default=1000)
    parser.add_argument("--answer-in", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.answer_in:
        answer(wanted.answer_in, wanted.needs)
        return
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "index"
        build(folder, wanted.offers)
        command = [sys.executable, __file__, "--answer-in", str(folder), "--needs", str(wanted.needs)]
        subprocess.run(command, check=True)


def build(folder: Path, offers: int) -> None:
    start = time.perf_counter()
    index = create_index(folder)
    with index.writer() as writer:
        writer.add(documents(offers), processes=2)
    seconds = time.perf_counter() - start
    size = sum(path.stat().st_size for path in folder.rglob("*"))
    print(
        f"built {offers} offers in {seconds:.0f} s: {offers / seconds:.0f} documents/s, {size / 2**20:.0f} MiB on disk"
    )


def documents(count: int) -> Iterator[Document]:
    for row in generate_offers(count, seed=SEED):
        # Without the indicators, so that they are read from the text: the dearer way.
        yield document_from_row({**row, "id": row["key"], "indicators": None})


def answer(folder: Path, count: int) -> None:
    index = open_index(folder)
    matcher = shipped_matcher(index)
    step = max(NEEDS // count, 1)
    needs = [
        query_from_row({**row, "id": row["key"]}) for row in islice(generate_needs(NEEDS, seed=SEED), 0, None, step)
    ]
    for query in needs[:20]:
        matcher.answer(query)
    times, busy = [], []
    start = time.perf_counter()
    for query in needs:
        before, used = time.perf_counter(), time.process_time()
        matcher.answer(query)
        times.append((time.perf_counter() - before) * 1000)
        busy.append((time.process_time() - used) * 1000)
    whole = time.perf_counter() - start
    middle, late = np.percentile(times, [50, 95])
    print(f"full answer over {len(index)} offers: p50 {middle:.1f} ms, p95 {late:.1f} ms by the clock")
    middle, late = np.percentile(busy, [50, 95])
    print(f"  of processor time: p50 {middle:.1f} ms, p95 {late:.1f} ms (the clock also counts what others do here)")
    print(f"{len(times)} needs one after the other: {whole:.1f} s")
    print(f"memory of the answering process: {memory():.0f} MiB resident, {memory('RssAnon'):.0f} MiB of it its own")
    before = time.perf_counter()
    with index.writer() as writer:
        writer.add([Document(key="offer-new", title="全新的纳米晶软磁带材", text="用于高频变压器铁心")])
    index.reload()
    found = matcher.answer(Query(text="纳米晶软磁带材")).matches
    assert found[0].key == "offer-new", found
    print(f"a new offer is found after {time.perf_counter() - before:.2f} s")


def memory(field: str = "VmRSS") -> float:
    lines = Path(f"/proc/{os.getpid()}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024


if __name__ == "__main__":
    main()
