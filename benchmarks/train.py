"""Trains a ranking model: keqiao/catalogue/models/matching.json, or one of an office's own.

    .venv/bin/python benchmarks/train.py
    .venv/bin/python benchmarks/train.py --extra own.jsonl --to var/matching.json

Reads the development halves of the shared bench and the judgements of the demo region, with `--extra` also what
`keqiao quality export` wrote. The figures of
`ranking.py` come from models that did not see the queries they are measured on; this one has seen them all.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightgbm  # noqa: TID253 - training only: the program evaluates the trees itself
import numpy as np
from train_learn import Calibration, calibrate, groups, out_of_fold, train
from train_sets import ROOT, judged_sets
from train_trees import flat_trees

from keqiao.engines.matching import Model
from keqiao.engines.matching._features import NAMES
from keqiao.engines.matching._model import FORM, weights_record

TARGET = ROOT / "keqiao" / "catalogue" / "models" / "matching.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extra", type=Path, help="an office's own judgements")
    parser.add_argument("--to", type=Path, default=TARGET, help="the file to write")
    wanted = parser.parse_args()
    start = time.perf_counter()
    model = Model()
    everything = [group for part in judged_sets(extra=wanted.extra) for group in groups(part, model=model, strip=True)]
    print(f"{len(everything)} lists of candidates after {time.perf_counter() - start:.0f} s")
    calibration = calibrate(everything, out_of_fold(everything))
    boosters = train(everything)
    wanted.to.parent.mkdir(exist_ok=True, parents=True)
    wanted.to.write_text(
        json.dumps(record(model, boosters, calibration), separators=(",", ":")) + "\n", encoding="utf-8"
    )
    print(f"{wanted.to.name}: {wanted.to.stat().st_size / 1024:.0f} KiB after {time.perf_counter() - start:.0f} s")
    gain = np.sum([booster.feature_importance("gain") for booster in boosters], axis=0)
    for name, share in sorted(zip(NAMES, gain / gain.sum(), strict=True), key=lambda pair: -pair[1]):
        print(f"  {name:16s} {share:.3f}")


def record(model: Model, boosters: Sequence[lightgbm.Booster], calibration: Calibration) -> dict[str, Any]:
    """The model as the JSON object that `Model.load` reads."""
    return {
        "form": FORM,
        "names": list(NAMES),
        "weights": weights_record(model.weights),
        "depth": model.depth,
        "trees": flat_trees(boosters),
        "chance": [round(float(value), 6) for value in calibration.chance],
        "chance_any": [round(float(value), 6) for value in calibration.chance_any],
        "abstain": round(calibration.abstain, 4),
    }


if __name__ == "__main__":
    main()
